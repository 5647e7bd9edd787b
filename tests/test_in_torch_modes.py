"""rnnlib where torch is told to record otherwise: inference mode, no_grad, forward mode."""

import pytest
import torch
from torch.autograd import forward_ad

import rnnlib as rl
from rnnlib.cells import gates

T, B, D, H = 5, 3, 2, 4
CELLS = [rl.lstm, rl.gru, rl.elman, rl.additive_lstm, rl.GRU(reset="before")]
each_cell = pytest.mark.parametrize("cell", CELLS, ids=str)
of_torch = pytest.mark.filterwarnings(  # forward mode loads a part of torch that warns of another
    "ignore:`torch.jit.script` is deprecated:DeprecationWarning"
)
each_engine = pytest.mark.parametrize("engine", ["equations", "fused"])


def drawn(cell, rng):
    return rl.to((cell.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))), "torch")


@each_cell
def test_what_runs_in_inference_mode_leaves_nothing_that_later_calls_stumble_over(cell, rng):
    gates._scale_and_shift.cache_clear()
    p, x = drawn(cell, rng)
    p = rl.tree.map(lambda a: a.requires_grad_(), p)
    with torch.inference_mode():
        rl.forward(cell, p, x)
    h, _ = rl.forward(cell, p, x)
    h.sum().backward()
    assert p.W.grad is not None


@each_engine
@pytest.mark.parametrize("cell", [rl.lstm, rl.gru], ids=str)
def test_both_ways_can_be_gone_in_inference_mode(cell, engine, rng):
    p, x = drawn(cell, rng)
    h, tape = rl.forward(cell, p, x)
    expected = rl.backward(cell, p, tape, h)
    with torch.inference_mode():
        twice = x * 1  # a tensor of that mode
        h, tape = rl.forward(cell, p, twice, engine=engine)
        g = rl.backward(cell, p, tape, h)
    for got, wanted in zip(rl.tree.leaves(g), rl.tree.leaves(expected), strict=True):
        torch.testing.assert_close(got, wanted)


@each_cell
def test_a_recorded_run_can_be_gone_back_where_gradients_are_switched_off(cell, rng):
    p, x = drawn(cell, rng)
    h, tape = rl.forward(cell, p, x)
    expected = rl.backward(cell, p, tape, h)
    recorded = rl.tree.map(lambda a: a.clone().requires_grad_(), p)
    _, tape = rl.forward(cell, recorded, x)
    with torch.no_grad():
        g = rl.backward(cell, recorded, tape, h)
    for got, wanted in zip(rl.tree.leaves(g), rl.tree.leaves(expected), strict=True):
        torch.testing.assert_close(got, wanted)


@of_torch
@each_cell
def test_forward_mode_gives_the_derivative_along_a_direction(cell, rng):
    p, x = drawn(cell, rng)
    v = torch.tensor(rng.normal(size=(T, B, D)))
    with forward_ad.dual_level():
        h, _ = rl.forward(cell, p, forward_ad.make_dual(x, v))
        along = forward_ad.unpack_dual(h).tangent
    e = 1e-6
    ahead, behind = (rl.forward(cell, p, x + step * v)[0] for step in (e, -e))
    torch.testing.assert_close(along, (ahead - behind) / (2 * e), rtol=1e-6, atol=1e-8)


@of_torch
@each_cell
def test_the_transform_jvp_gives_the_same(cell, rng):
    p, x = drawn(cell, rng)
    v = torch.tensor(rng.normal(size=(T, B, D)))
    with forward_ad.dual_level():
        h, _ = rl.forward(cell, p, forward_ad.make_dual(x, v))
        along = forward_ad.unpack_dual(h).tangent
    _, got = torch.func.jvp(lambda x: rl.forward(cell, p, x)[0], (x,), (v,))
    torch.testing.assert_close(got, along)
