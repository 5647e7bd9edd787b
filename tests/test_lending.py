import numpy as np
import torch

import rnnlib as rl
from rnnlib.backend import in_numpy
from rnnlib.gradients import relative_error


@in_numpy
def double(x, times=2.0):
    return type(x).__module__, times * x


def test_tensors_on_the_cpu_are_worked_on_by_numpy_and_come_back_as_tensors():
    library, y = double(torch.ones(3))
    assert library == "numpy"
    assert torch.equal(y, torch.full((3,), 2.0))


def test_nothing_is_copied_on_the_way():
    x = torch.zeros(3)

    @in_numpy
    def fill(x):
        x[...] = 7.0
        return x

    y = fill(x)
    assert x.tolist() == [7.0, 7.0, 7.0]
    assert y.data_ptr() == x.data_ptr()


def test_what_numpy_cannot_do_is_left_to_torch():
    assert double(torch.ones(3, dtype=torch.bfloat16))[0] == "torch"
    assert double(torch.ones(3, requires_grad=True))[0] == "torch"
    assert double(torch.ones(3, device="meta"))[0] == "torch"
    assert double(np.ones(3))[0] == "numpy"


def test_half_precision_runs_on_torch(rng):
    p, x = rl.lstm.init(rng, inputs=2, hidden=3), rng.normal(size=(4, 2, 2))
    h, _ = rl.forward(rl.lstm, p, x)
    half = rl.to((p, x), "torch", dtype="bfloat16")
    h_half, tape = rl.forward(rl.lstm, *half)
    g = rl.backward(rl.lstm, half[0], tape, h_half)
    assert h_half.dtype == g.x.dtype == torch.bfloat16
    assert relative_error(h_half.double(), torch.tensor(h)) < 0.05


def test_autograd_may_record_the_equations(rng):
    """The gradients that torch records are those derived by hand."""
    p, x = rl.to((rl.gru.init(rng, inputs=2, hidden=3), rng.normal(size=(4, 2, 2))), "torch")
    h, tape = rl.forward(rl.gru, p, x)
    g = rl.backward(rl.gru, p, tape, h)
    leaves = rl.tree.map(lambda a: a.clone().requires_grad_(), p)
    recorded, recorded_tape = rl.forward(rl.gru, leaves, x)
    (recorded * h).sum().backward()
    again = rl.backward(rl.gru, leaves, recorded_tape, h)
    for leaf, by_hand, later in zip(leaves, g.params, again.params, strict=True):
        assert relative_error(leaf.grad, by_hand) < 1e-12
        assert relative_error(later, by_hand) < 1e-14
