"""The Jacobian of a step, of every cell, against finite differences and torch's autograd."""

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import gradients
from rnnlib.gradients import numerical_gradient, relative_error

CELLS = {
    "elman": rl.elman,
    "elman sigmoid": rl.Elman(g="sigmoid"),
    "lstm": rl.lstm,
    "additive lstm": rl.additive_lstm,
    "gru after": rl.gru,
    "gru before": rl.GRU(reset="before"),
}
LENGTHS = np.array([5, 2, 4])


def run(cell, rng, move=lambda tree: tree, T=5, B=3, D=2, H=4, **options):
    """Parameters and a tape from a random initial state, none of it zero."""
    params = cell.init(rng, inputs=D, hidden=H)
    state0 = rl.tree.map(lambda s: rng.normal(size=s.shape), cell.initial_state(params, B))
    x = rng.normal(size=(T, B, D))
    params, x, state0 = move((params, x, state0))
    h, tape = rl.forward(cell, params, x, state0, **options)
    return params, h, tape


def one(states, t, b):
    """The state of sequence b after t steps, as a batch of one."""
    return rl.tree.map(lambda s: s[t, b : b + 1], states)


def step(cell, params, x, row):
    """One step as a function of the state in a row."""
    H = params.W.shape[1]
    parts = [row[k : k + H][None] for k in range(0, len(row), H)]
    state = parts[0] if len(parts) == 1 else rl.LSTMState(*parts)
    return gradients.side_by_side(cell.step(params, x, state))[0]


@pytest.mark.parametrize("name", CELLS)
def test_the_jacobians_are_those_of_differences_and_of_autograd(name, rng, move):
    cell = CELLS[name]
    params, _, tape = run(cell, rng, move)
    J = rl.to_numpy(gradients.step_jacobians(cell, params, tape))
    params, tape = rl.to_numpy((params, tape._replace(cache=None)))
    params_there = rl.to(params, "torch")
    for t, b in [(0, 0), (2, 1), (4, 2)]:
        row = gradients.side_by_side(one(tape.states, t, b))[0]
        x = tape.x[t, b : b + 1]

        def f(s, x=x):
            return step(cell, params, x, s)

        by_differences = np.stack(
            [numerical_gradient(lambda s, i=i: f(s)[i], row) for i in range(len(row))]
        )
        by_autograd = torch.autograd.functional.jacobian(
            lambda s, x=x: step(cell, params_there, torch.tensor(x), s), torch.tensor(row)
        )
        assert relative_error(J[t, b], by_differences) < 1e-8
        assert relative_error(J[t, b], by_autograd.numpy()) < 1e-13


@pytest.mark.parametrize("g", ["tanh", "sigmoid", "relu", "identity"])
def test_the_plain_cells_jacobian_is_diag_of_the_slopes_times_w(g, rng, move):
    cell = rl.Elman(g=g)
    params, h, tape = run(cell, rng, move)
    general = rl.to_numpy(gradients.step_jacobians(cell, params, tape))
    closed = rl.to_numpy(gradients.step_jacobian(h, params.W, g=g))
    assert closed.shape == (5, 3, 4, 4)
    assert relative_error(general, closed) < 1e-14


def test_at_padded_steps_the_state_is_kept_and_the_jacobian_is_the_identity(rng, move):
    params, _, tape = run(rl.lstm, rng, move, lengths=move(LENGTHS))
    J = rl.to_numpy(gradients.step_jacobians(rl.lstm, params, tape))
    for b, length in enumerate(LENGTHS):
        assert (J[length:, b] == np.eye(8)).all()
        assert not np.allclose(J[:length, b], np.eye(8))


def test_sequences_read_backwards_give_their_jacobians_in_the_order_of_reading(rng):
    params, _, tape = run(rl.gru, rng, reverse=True)
    _, flipped = rl.forward(rl.gru, params, tape.x, tape.states[0])
    got = gradients.step_jacobians(rl.gru, params, tape)
    assert relative_error(got, gradients.step_jacobians(rl.gru, params, flipped)) < 1e-14


def test_steps_that_torch_has_recorded_have_the_same_jacobians(rng):
    params, _, tape = run(rl.lstm, rng)
    want = gradients.step_jacobians(rl.lstm, params, tape)
    recorded = rl.tree.map(lambda p: p.requires_grad_(), rl.to(params, "torch"))
    x, state0 = rl.to((tape.x, rl.tree.map(lambda s: s[0], tape.states)), "torch")
    _, tape = rl.forward(rl.lstm, recorded, x, state0)
    got = gradients.step_jacobians(rl.lstm, recorded, tape)
    assert not got.requires_grad
    assert relative_error(got.numpy(), want) < 1e-14


def test_nothing_that_is_passed_in_is_changed(rng, move):
    params, _, tape = run(rl.lstm, rng, move)
    before = [rl.to_numpy(leaf).copy() for leaf in rl.tree.leaves((params, tape[:3]))]
    gradients.step_jacobians(rl.lstm, params, tape)
    after = [rl.to_numpy(leaf) for leaf in rl.tree.leaves((params, tape[:3]))]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_what_is_no_cell_parameters_or_tape_is_refused(rng):
    params, h, tape = run(rl.elman, rng)
    with pytest.raises(TypeError, match="expected a cell such as"):
        gradients.step_jacobians(rl.Elman, params, tape)
    with pytest.raises(TypeError, match="params is a ElmanParams, expected GRUParams"):
        gradients.step_jacobians(rl.gru, params, tape)
    with pytest.raises(TypeError, match="tape is a ndarray, expected the Tape"):
        gradients.step_jacobians(rl.elman, params, h)
    with pytest.raises(ValueError, match="g is 'softplus', expected one of tanh"):
        gradients.step_jacobian(h, params.W, g="softplus")
    with pytest.raises(ValueError, match=r"W has shape \(3, 3\), expected \(H, H\) with H = 4"):
        gradients.step_jacobian(h, np.eye(3))
