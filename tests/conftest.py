"""What the tests share: the backends they run on, and random arrays that hide nothing."""

import numpy as np
import pytest

import rnnlib as rl
from rnnlib import contracts
from rnnlib.backend import lending

contracts.check_returns = True

# Sizes that are all different, so that no transposition and no wrong sum goes unseen.
T, B, D, H, K = 5, 3, 2, 4, 6


def _cuda_is_there() -> bool:
    import torch

    return torch.cuda.is_available()


@pytest.fixture(params=["numpy", "torch", "torch alone", "cuda"])
def move(request, monkeypatch):
    """Move a tree of NumPy arrays to the backend under test, keeping its dtypes.

    "torch alone" keeps NumPy from working on the tensors, as it is on a GPU.
    """
    if request.param == "torch alone":
        monkeypatch.setattr(lending, "_can_be_lent", lambda tree: False)
    if request.param == "numpy":
        return lambda tree: rl.to(tree, "numpy")
    if request.param == "cuda" and not _cuda_is_there():
        pytest.skip("needs a CUDA device: torch.cuda.is_available() is False")
    device = "cuda" if request.param == "cuda" else "cpu"
    return lambda tree: rl.to(tree, "torch", device=device)


@pytest.fixture
def rng():
    return np.random.default_rng(20261121)


@pytest.fixture
def sizes():
    return T, B, D, H, K
