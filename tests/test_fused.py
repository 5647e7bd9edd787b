"""The fused engine is the equations on other kernels: the same numbers, the same types."""

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib.gradients import relative_error

CELLS = {"elman": rl.elman, "relu": rl.Elman(g="relu"), "lstm": rl.lstm, "gru": rl.gru}
T, B, D, H = 6, 4, 3, 5
LENGTHS = [3, 6, 1, 6]


@pytest.fixture(params=["cpu", "cuda"])
def device(request):
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device: torch.cuda.is_available() is False")
    return request.param


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_both_engines_give_the_same(name, reverse, lengths, rng, device):
    cell = CELLS[name]
    p, x = cell.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))
    like = cell.initial_state(p, B)
    state0, dlast = (rl.tree.map(lambda s: rng.normal(size=s.shape), like) for _ in range(2))
    dh = rng.normal(size=(T, B, H))
    n = None if lengths is None else np.array(lengths)
    p, x, state0, dlast, dh, n = rl.to((p, x, state0, dlast, dh, n), "torch", device=device)

    results = []
    for engine in ("equations", "fused"):
        h, tape = rl.forward(cell, p, x, state0, lengths=n, reverse=reverse, engine=engine)
        g = rl.backward(cell, p, tape, dh, dlast)
        results.append((h, tape.last, *g))
    for got, want in zip(rl.tree.leaves(results[1]), rl.tree.leaves(results[0]), strict=True):
        assert type(got) is type(want)
        assert (got.dtype, got.device) == (want.dtype, want.device)
        assert not got.requires_grad
        assert relative_error(got, want) < 1e-10
    assert type(results[1][2]) is type(p)


def test_a_tape_serves_twice_and_nothing_passed_in_records_gradients(rng):
    p, x = rl.to((rl.lstm.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))), "torch")
    h, tape = rl.forward(rl.lstm, p, x, engine="fused")
    one = rl.backward(rl.lstm, p, tape, h)
    two = rl.backward(rl.lstm, p, tape, h)
    assert all(
        (a == b).all() for a, b in zip(rl.tree.leaves(one), rl.tree.leaves(two), strict=True)
    )
    assert not any(leaf.requires_grad for leaf in (*p, x))
    assert all(leaf.grad is None for leaf in (*p, x))


def test_it_works_where_gradients_are_switched_off(rng):
    p, x = rl.to((rl.gru.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))), "torch")
    with torch.no_grad():
        h, tape = rl.forward(rl.gru, p, x, engine="fused")
        g = rl.backward(rl.gru, p, tape, h)
    assert relative_error(g.x, rl.backward(rl.gru, p, rl.forward(rl.gru, p, x)[1], h).x) < 1e-10


@pytest.mark.parametrize(
    "cell", [rl.GRU(reset="before"), rl.additive_lstm, rl.Elman(g="sigmoid")], ids=str
)
def test_a_cell_without_a_kernel_is_refused(cell, rng):
    p, x = rl.to((cell.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))), "torch")
    with pytest.raises(ValueError, match=r"no fused kernel for .*Take engine=.equations."):
        rl.forward(cell, p, x, engine="fused")


def test_numpy_arrays_and_unknown_engines_are_refused(rng):
    p, x = rl.lstm.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))
    with pytest.raises(TypeError, match=r"runs on torch, and x is a NumPy array\. Move everything"):
        rl.forward(rl.lstm, p, x, engine="fused")
    with pytest.raises(ValueError, match='engine is \'quick\', expected "equations" or "fused"'):
        rl.forward(rl.lstm, p, x, engine="quick")
