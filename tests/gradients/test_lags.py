"""Products of Jacobians, and the length of a gradient against the lag."""

import numpy as np
import pytest

import rnnlib as rl
from rnnlib import gradients, init
from rnnlib.gradients import numerical_gradient, relative_error
from tests.gradients.test_jacobians import CELLS, LENGTHS, one, run


@pytest.mark.parametrize("name", CELLS)
def test_a_product_is_the_derivative_of_a_state_by_an_earlier_one(name, rng):
    cell = CELLS[name]
    params, _, tape = run(cell, rng)
    J = gradients.step_jacobians(cell, params, tape)
    got = gradients.jacobian_between(J, earlier=1, later=4)[2]
    state = one(tape.states, 1, 2)

    def last(state, i):
        _, later = rl.forward(cell, params, tape.x[1:4, 2:3], state)
        return gradients.side_by_side(later.last)[0, i]

    want = [
        gradients.side_by_side(numerical_gradient(lambda s, i=i: last(s, i), state))[0]
        for i in range(len(got))
    ]
    assert relative_error(got, np.stack(want)) < 1e-8


def test_the_lags_are_the_products_that_end_at_the_last_step(rng, move):
    params, _, tape = run(rl.gru, rng, move)
    J = gradients.step_jacobians(rl.gru, params, tape)
    lags = gradients.lag_jacobians(J)
    assert tuple(lags.shape) == (6, 3, 4, 4)
    for k in range(6):
        product = gradients.jacobian_between(J, earlier=5 - k, later=5)
        assert relative_error(rl.to_numpy(lags[k]), rl.to_numpy(product)) < 1e-14
    norms = rl.to_numpy(gradients.spectral_norms(J))
    assert relative_error(norms, np.linalg.norm(rl.to_numpy(lags), 2, axis=(-2, -1))) < 1e-14


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("padded", [False, True])
def test_the_gradient_norms_are_those_of_the_products(name, padded, rng, move):
    cell = CELLS[name]
    lengths = {"lengths": move(LENGTHS)} if padded else {}
    params, _, tape = run(cell, rng, move, **lengths)
    v = rl.tree.map(lambda s: move(rng.normal(size=tuple(s.shape))), tape.last)
    got = rl.to_numpy(gradients.gradient_norms(cell, params, tape, v))
    lags = rl.to_numpy(gradients.lag_jacobians(gradients.step_jacobians(cell, params, tape)))
    row = gradients.side_by_side(rl.to_numpy(v))
    want = np.linalg.norm(np.einsum("kbij,bi->kbj", lags, row), axis=-1)
    assert got.shape == (6, 3)
    assert relative_error(got, want) < 1e-13
    spectral = np.linalg.norm(lags, 2, axis=(-2, -1))
    assert (got <= spectral * np.linalg.norm(row, axis=-1) * (1 + 1e-13)).all()


def test_the_last_of_the_gradient_norms_is_that_of_the_whole_backward_pass(rng, move):
    params, h, tape = run(rl.elman, rng, move)
    v = move(rng.normal(size=(3, 4)))
    whole = rl.to_numpy(rl.backward(rl.elman, params, tape, 0 * h, v).state0)
    got = rl.to_numpy(gradients.gradient_norms(rl.elman, params, tape, v))
    assert relative_error(got[-1], np.linalg.norm(whole, axis=-1)) < 1e-14


def test_for_a_linear_cell_with_orthogonal_w_the_norm_is_a_power_of_the_scale(rng):
    linear = rl.Elman(g="identity")
    params = linear.init(rng, inputs=2, hidden=6)._replace(W=init.orthogonal(rng, 6, scale=0.9))
    _, tape = rl.forward(linear, params, np.zeros((100, 1, 2)))
    norms = gradients.gradient_norms(linear, params, tape, np.ones((1, 6)))
    assert norms[100, 0] / norms[0, 0] == pytest.approx(0.9**100, rel=1e-12)


def test_a_gradient_that_has_all_but_vanished_is_still_measured_in_single_precision():
    linear = rl.Elman(g="identity")
    params = rl.ElmanParams(U=np.ones((1, 1)), W=np.array([[0.5]]), b=np.zeros(1))
    params, x = rl.to((params, np.zeros((100, 1, 1))), "numpy", dtype="float32")
    _, tape = rl.forward(linear, params, x)
    norms = gradients.gradient_norms(linear, params, tape, np.ones((1, 1), "float32"))
    assert norms.dtype == np.float32
    assert norms[100, 0] == np.float32(0.5**100)  # its square is below the smallest float32


def test_a_product_too_large_for_its_dtype_is_refused():
    J = np.full((400, 1, 1, 1), 10.0)
    assert gradients.spectral_norms(J[:300])[-1, 0] == pytest.approx(1e300)
    with pytest.raises(OverflowError, match=r"too large for float64\. Take fewer"):
        gradients.spectral_norms(J)
    with pytest.raises(OverflowError, match=r'too large for float32\..*or dtype="float64"'):
        gradients.jacobian_between(J.astype("float32"), earlier=0, later=50)


def test_lags_outside_the_sequence_and_gradients_unlike_the_state_are_refused(rng):
    params, h, tape = run(rl.lstm, rng)
    J = gradients.step_jacobians(rl.lstm, params, tape)
    with pytest.raises(ValueError, match="earlier is 3 and later is 2, expected 0 ≤ earlier"):
        gradients.jacobian_between(J, earlier=3, later=2)
    with pytest.raises(ValueError, match="LSTMState with h, c here"):
        gradients.gradient_norms(rl.lstm, params, tape, h[-1])
    with pytest.raises(ValueError, match=r"v.h has shape \(2, 4\), expected \(B, H\) with B = 3"):
        gradients.gradient_norms(rl.lstm, params, tape, rl.LSTMState(h[-1][:2], h[-1][:2]))
