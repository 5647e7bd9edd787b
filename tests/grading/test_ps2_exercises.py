"""The references of problem set 2 against finite differences of a forward pass written here."""

import numpy as np
import pytest

from rnnlib.grading.exercise import find


def differences(loss, arrays, e=1e-6):
    """Centred differences of loss(*arrays) in every entry of every array."""
    gradients = []
    for array in arrays:
        gradient = np.empty_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + e
            above = loss(*arrays)
            array[index] = kept - e
            below = loss(*arrays)
            array[index] = kept
            gradient[index] = (above - below) / (2 * e)
        gradients.append(gradient)
    return gradients


def states(x, h0, U, W, b):
    h = [h0]
    for x_t in x:
        h.append(np.tanh(x_t @ U.T + h[-1] @ W.T + b))
    return np.array(h[1:])


def assert_equal(case, gradients):
    for expected, gradient in zip(case.expected, gradients, strict=True):
        np.testing.assert_allclose(expected, gradient, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_reference_of_rnn_backward_agrees_with_finite_differences(seed):
    for case in find("ps2/rnn_backward").cases(seed):
        dh, x, h0, h, U, W, b = case.arguments
        np.testing.assert_allclose(h, states(x, h0, U, W, b))
        gradients = differences(lambda *p, dh=dh: (dh * states(*p)).sum(), [x, h0, U, W, b])
        assert_equal(case, gradients)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_reference_of_rnn_step_backward_agrees_with_finite_differences(seed):
    for case in find("ps2/rnn_step_backward").cases(seed):
        dh, x, h_prev, h, U, W = case.arguments
        b = np.arctanh(h) - x @ U.T - h_prev @ W.T  # the bias that the exercise does not hand out
        np.testing.assert_allclose(b, np.broadcast_to(b[0], b.shape), atol=1e-9)

        def loss(x, h_prev, U, W, b, dh=dh):
            return (dh * np.tanh(x @ U.T + h_prev @ W.T + b)).sum()

        assert_equal(case, differences(loss, [x, h_prev, U, W, b[0].copy()]))


@pytest.mark.parametrize("seed", [0, 1])
def test_the_reference_of_readout_backward_agrees_with_finite_differences(seed):
    for case in find("ps2/readout_backward").cases(seed):
        do, h, V = case.arguments
        gradients = differences(
            lambda h, V, b_y, do=do: (do * (h @ V.T + b_y)).sum(), [h, V, np.ones(len(V))]
        )
        assert_equal(case, gradients)
