import subprocess
import sys

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import backend


def test_each_array_belongs_to_its_library():
    assert backend.namespace(np.zeros(2)) is np
    assert backend.namespace(torch.zeros(2)) is torch
    assert not backend.is_array([0.0])
    with pytest.raises(TypeError, match="expected a NumPy array or a torch tensor, got list"):
        backend.namespace([0.0])


def test_a_round_trip_changes_no_bit(rng, move):
    p = rl.elman.init(rng, inputs=2, hidden=3)
    back = rl.to(move(p), "numpy")
    assert type(back) is rl.ElmanParams
    for got, want in zip(back, p, strict=True):
        assert got.dtype == want.dtype
        assert (got == want).all()


def test_floats_change_dtype_and_labels_keep_theirs(move):
    x, y = rl.to(move((np.ones(2), np.array([3]))), "torch", dtype="float32")
    assert (x.dtype, y.dtype) == (torch.float32, torch.int64)


def test_numpy_and_torch_share_no_memory():
    x = np.zeros(2)
    moved = rl.to(x, "torch")
    moved += 1
    assert (x == 0).all()


def test_tensors_that_record_gradients_are_detached():
    x = torch.ones(2, requires_grad=True)
    assert rl.to_numpy(x).tolist() == [1.0, 1.0]


def test_bfloat16_comes_back_as_float32():
    x = rl.to(np.array([1.5]), "torch", dtype="bfloat16")
    assert rl.to_numpy(x).dtype == np.float32


def test_none_stays_none():
    assert rl.to((None, np.ones(1)), "torch")[0] is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_bad_entry_is_found(bad, move):
    x = np.ones((3, 4))
    assert backend.all_finite(move(x))
    x[1, 2] = bad
    assert not backend.all_finite(move(x))


def test_finite_numbers_whose_sum_overflows_are_finite(move):
    assert backend.all_finite(move(np.full(4, 1e308)))


def test_infinities_that_cancel_are_not_finite(move):
    assert not backend.all_finite(move(np.array([np.inf, -np.inf])))


def test_without_torch_the_error_says_how_to_install_it():
    code = """
import sys
sys.modules["torch"] = None  # what an absent package looks like to `import`
import numpy as np, rnnlib as rl
h, _ = rl.forward(rl.elman, rl.elman.init(np.random.default_rng(0), inputs=2, hidden=3),
                  np.ones((4, 1, 2)))
assert h.shape == (4, 1, 3)
try:
    rl.to(np.ones(2), "torch")
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "to: torch is not installed. Install it with: pip install 'rnnlib[torch]'.\n"
    )


def test_a_reversed_view_can_be_moved(move):
    x = np.arange(6.0).reshape(3, 2)[::-1]
    assert (rl.to_numpy(move(x)) == x).all()
