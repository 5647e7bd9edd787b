"""Right answers to the exercises, written here independently of rnnlib."""

import sys

import numpy as np
import pytest

import rnnlib.grading  # noqa: F401
from rnnlib.grading.calling import withholding


def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def rnn_backward(dh, x, h0, h, U, W, b):
    dx, dU, dW, db = np.empty_like(x), 0 * U, 0 * W, 0 * b
    carry = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        da = (dh[t] + carry) * (1 - h[t] ** 2)
        dx[t], carry = da @ U, da @ W
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ (h[t - 1] if t else h0)
        db = db + da.sum(axis=0)
    return dx, carry, dU, dW, db


def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))


RIGHT = {
    f"ps2/{function.__name__}": function
    for function in (rnn_step_backward, rnn_backward, readout_backward)
}


@pytest.fixture(params=sorted(RIGHT))
def solved(request):
    """The name of an exercise and a function that solves it, for every exercise."""
    return request.param, RIGHT[request.param]


@pytest.fixture
def right():
    """A function that solves "ps2/rnn_backward"."""
    return rnn_backward


@pytest.fixture(autouse=True)
def a_session_of_its_own(monkeypatch):
    """Every test begins with nothing charged, and may hand in the grader's own solutions."""
    monkeypatch.setattr(sys.modules["rnnlib.grading.check"], "_charged", {})
    monkeypatch.setattr(sys.modules["rnnlib.grading.check"], "_right", {})
    monkeypatch.setattr(withholding, "ANSWERS", ())
