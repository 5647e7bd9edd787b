import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib.gradients import relative_error
from tests.three_ways import assert_backward_is_right


@pytest.fixture
def sequence(rng, sizes):
    """Everything the forward pass depends on, none of it zero."""
    T, B, D, H, _ = sizes
    return {
        "params": rl.elman.init(rng, inputs=D, hidden=H),
        "x": rng.normal(size=(T, B, D)),
        "state0": rng.normal(size=(B, H)),
    }


def run(a, cell=rl.elman):
    return rl.forward(cell, a["params"], a["x"], a["state0"])


def test_the_loop_equals_the_steps_taken_by_hand(sequence, move):
    a = move(sequence)
    h, by_hand = a["state0"], []
    for x_t in a["x"]:
        h = rl.elman.step(a["params"], x_t, h)
        by_hand.append(rl.to_numpy(h))
    h, tape = run(a)
    assert relative_error(rl.to_numpy(h), np.stack(by_hand)) < 1e-15
    assert relative_error(rl.to_numpy(tape.last), by_hand[-1]) < 1e-15


@pytest.mark.parametrize("g", ["tanh", "relu", "sigmoid", "identity"])
def test_the_backward_is_right_three_ways(g, sequence, rng, move):
    cell = rl.Elman(g=g)

    def gradients(a, dh):
        _, tape = run(a, cell)
        return rl.backward(cell, a["params"], tape, dh)._asdict()

    w = rng.normal(size=(*sequence["x"].shape[:2], sequence["state0"].shape[1]))
    assert_backward_is_right(lambda a: run(a, cell)[0], sequence, w, gradients, move)


@pytest.mark.parametrize(("T", "B"), [(1, 3), (5, 1), (1, 1)])
def test_one_step_and_one_sequence_are_no_special_case(T, B, rng, move):
    a = {
        "params": rl.elman.init(rng, inputs=2, hidden=4),
        "x": rng.normal(size=(T, B, 2)),
        "state0": rng.normal(size=(B, 4)),
    }

    def gradients(a, dh):
        _, tape = run(a)
        return rl.backward(rl.elman, a["params"], tape, dh)._asdict()

    assert_backward_is_right(lambda a: run(a)[0], a, rng.normal(size=(T, B, 4)), gradients, move)


def test_the_gradient_of_the_last_state_joins_at_the_end(sequence, rng, move):
    """A gradient given as dlast is the same as one added to dh at the last step."""
    a = move(sequence)
    h, tape = run(a)
    dh = rng.normal(size=tuple(h.shape))
    apart = rl.backward(rl.elman, a["params"], tape, move(0.5 * dh), dlast=move(dh[-1]))
    dh_together = 0.5 * dh
    dh_together[-1] += dh[-1]
    together = rl.backward(rl.elman, a["params"], tape, move(dh_together))
    for got, want in zip(rl.tree.leaves(apart), rl.tree.leaves(together), strict=True):
        assert relative_error(got, want) < 1e-14


def test_a_sequence_cut_in_two_gives_the_whole_gradient_when_the_state_is_carried(sequence, rng):
    """The state goes forward over the cut and its gradient back over it."""
    p, x, h0 = sequence["params"], sequence["x"], sequence["state0"]
    h, tape = rl.forward(rl.elman, p, x, h0)
    dh = rng.normal(size=h.shape)
    whole = rl.backward(rl.elman, p, tape, dh)

    _, first = rl.forward(rl.elman, p, x[:2], h0)
    _, second = rl.forward(rl.elman, p, x[2:], first.last)
    g2 = rl.backward(rl.elman, p, second, dh[2:])
    g1 = rl.backward(rl.elman, p, first, dh[:2], dlast=g2.state0)
    assert relative_error(g1.state0, whole.state0) < 1e-14
    assert relative_error(np.concatenate([g1.x, g2.x]), whole.x) < 1e-14
    for a, b, want in zip(g1.params, g2.params, whole.params, strict=True):
        assert relative_error(a + b, want) < 1e-14


def test_both_passes_equal_torch_rnn(sequence, rng):
    p, x, h0 = (rl.to(sequence[name], "torch") for name in ("params", "x", "state0"))
    H, D = p.U.shape
    reference = torch.nn.RNN(D, H, dtype=torch.float64)
    with torch.no_grad():
        values = (p.U, p.W, p.b, torch.zeros_like(p.b))
        for parameter, value in zip(reference.parameters(), values, strict=True):
            parameter.copy_(value)
    x_leaf, h0_leaf = x.clone().requires_grad_(), h0.clone().requires_grad_()
    h_ref, _ = reference(x_leaf, h0_leaf[None])
    h, tape = rl.forward(rl.elman, p, x, h0)
    dh = rl.to(rng.normal(size=tuple(h.shape)), "torch")
    (dh * h_ref).sum().backward()

    g = rl.backward(rl.elman, p, tape, dh)
    assert relative_error(h, h_ref.detach()) < 1e-14
    wanted = [*[q.grad for q in reference.parameters()][:3], x_leaf.grad, h0_leaf.grad]
    for got, want in zip((*g.params, g.x, g.state0), wanted, strict=True):
        assert relative_error(got, want) < 1e-13


def test_no_initial_state_means_zeros(sequence, move):
    a = move(sequence)
    h, _ = rl.forward(rl.elman, a["params"], a["x"])
    zeros, _ = rl.forward(rl.elman, a["params"], a["x"], 0 * a["state0"])
    assert (rl.to_numpy(h) == rl.to_numpy(zeros)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_goes_in_comes_out(sequence, dtype, move):
    a = rl.tree.map(lambda x: x.astype(dtype), sequence)
    a = move(a)
    h, tape = run(a)
    g = rl.backward(rl.elman, a["params"], tape, h)
    for leaf in rl.tree.leaves((h, tape.x, tape.states, g)):
        assert type(leaf) is type(a["x"])
        assert leaf.dtype == a["x"].dtype
        assert leaf.device == a["x"].device
    assert type(g.params) is rl.ElmanParams


def test_float32_is_within_1e_4_of_float64(sequence):
    h64, tape = run(sequence)
    g64 = rl.backward(rl.elman, sequence["params"], tape, h64)
    single = rl.to(sequence, "numpy", dtype="float32")
    h32, tape = run(single)
    g32 = rl.backward(rl.elman, single["params"], tape, h32)
    for got, want in zip(rl.tree.leaves((h32, g32)), rl.tree.leaves((h64, g64)), strict=True):
        assert relative_error(got.astype("float64"), want) < 1e-4


def test_arguments_are_left_as_they_are(sequence, move):
    a = move(sequence)
    before = rl.tree.map(lambda x: rl.to_numpy(x).copy(), a)
    h, tape = run(a)
    dh = 2 * h
    dh_before = rl.to_numpy(dh).copy()
    h_before = rl.to_numpy(h).copy()
    rl.backward(rl.elman, a["params"], tape, dh)
    for got, want in zip(
        rl.tree.leaves((a, dh, h)), (*rl.tree.leaves(before), dh_before, h_before), strict=True
    ):
        assert (rl.to_numpy(got) == want).all()


def test_the_state_is_causal(sequence, move):
    """Changing x_s changes no h_t with t < s, to the bit."""
    h, _ = run(move(sequence))
    s = 3
    changed = sequence | {"x": sequence["x"].copy()}
    changed["x"][s] += 1.0
    h2, _ = run(move(changed))
    h, h2 = rl.to_numpy(h), rl.to_numpy(h2)
    assert (h[:s] == h2[:s]).all()
    assert (h[s:] != h2[s:]).any(axis=(1, 2)).all()


def test_a_tape_serves_twice(sequence, rng):
    h, tape = run(sequence)
    dh = rng.normal(size=h.shape)
    once = rl.backward(rl.elman, sequence["params"], tape, dh)
    again = rl.backward(rl.elman, sequence["params"], tape, dh)
    pairs = zip(rl.tree.leaves(once), rl.tree.leaves(again), strict=True)
    assert all((a == b).all() for a, b in pairs)


@pytest.mark.parametrize(
    ("cell", "per_unit"), [(rl.elman, 1), (rl.lstm, 7), (rl.gru, 5)], ids=["elman", "lstm", "gru"]
)
def test_a_tape_needs_the_memory_that_its_docstring_says(cell, per_unit, rng):
    T, B, H = 200, 3, 16
    p, x = cell.init(rng, inputs=2, hidden=H), rng.normal(size=(T, B, 2))
    _, tape = rl.forward(cell, p, x)
    held = {id(a.base if a.base is not None else a): a for a in rl.tree.leaves(tape[1:3])}
    sizes = [(a.base if a.base is not None else a).nbytes for a in held.values()]
    assert sum(sizes) == pytest.approx(T * B * per_unit * H * 8, rel=0.02)
    assert pytest.approx(219, abs=0.5) == 1000 * 32 * 7 * 256 * 4 / 2**20
