"""Backpropagation through time for sequences of unequal length.

    dL/dh_t = ∂L/∂h_t + (∂h_{t+1}/∂h_t)ᵀ dL/dh_{t+1}   for t < n_b
    dL/dh_t = ∂L/∂h_t + ∂L/∂last                        for t = n_b

n_b is the length of sequence b, `last` the state after its own last step. Padding adds to no
gradient, and hands the gradient of the state on as it is; what dh and h hold there may be anything.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, padding, slopes, withheld
from rnnlib.grading.exercises.ps2 import rnn_backward, rnn_step_backward
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Any, ...]:
    """A batch with its states, and direct gradients at every step; the padding is random."""
    dh, x, h0, _, *params = rnn_backward.draw(rng, T, B, D, H)
    lengths = padding.draw(rng, T, B)
    h, _ = rl.forward(rl.elman, rl.ElmanParams(*params), x, state0=h0, lengths=lengths)
    counts = np.arange(T)[:, None, None] < lengths[:, None]
    h = np.where(counts, h, rng.uniform(-1, 1, h.shape))
    return dh, rng.normal(size=(B, H)), x, h0, h, *params, lengths


def reference(
    dh: Array,
    dlast: Array,
    x: Array,
    h0: Array,
    h: Array,
    U: Array,
    W: Array,
    b: Array,
    lengths: Array,
) -> tuple[Array, ...]:
    """dx, dh0, dU, dW, db, as `rnnlib.backward` computes them."""
    p = rl.ElmanParams(U, W, b)
    _, tape = rl.forward(rl.elman, p, x, state0=h0, lengths=lengths)
    gradients = rl.backward(rl.elman, p, tape, dh, dlast)
    return gradients.x, gradients.state0, *gradients.params


def solution(
    dh: Array,
    dlast: Array,
    x: Array,
    h0: Array,
    h: Array,
    U: Array,
    W: Array,
    b: Array,
    lengths: Array,
) -> tuple[Array, ...]:
    """As a student could write it."""
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    carry = dlast
    for t in reversed(range(len(x))):
        counts = (t < lengths)[:, None]
        h_prev = h[t - 1] if t > 0 else h0
        da = (dh[t] + carry) * (1 - h[t] ** 2)
        da = np.where(counts, da, 0)
        dx[t] = da @ U
        carry = np.where(counts, da @ W, carry)
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ h_prev
        db = db + da.sum(axis=0)
    return dx, carry, dU, dW, db


mistakes = (
    padding.COUNTED(
        ("        da = np.where(counts, da, 0)\n", ""),
        ("np.where(counts, da @ W, carry)", "da @ W"),
    ),
    padding.ONE_STEP_TOO_MANY(("t < lengths", "t <= lengths")),
    padding.LAST_STEP_MISSED(("t < lengths", "t < lengths - 1")),
    padding.PADDING_IN_FRONT(("(t < lengths)", "(len(x) - 1 - t < lengths)")),
    padding.FIRST_LENGTH_FOR_ALL(("(t < lengths)", "(t < 0 * lengths + lengths[0])")),
    Mistake(
        "the gradient of the last state is lost at the padded steps",
        "dlast arrives at row T. How does it come to the last step of a short sequence?",
        (("np.where(counts, da @ W, carry)", "da @ W"),),
    ),
    Mistake(
        "the direct gradients of the padded steps are carried back",
        "Whose state is it that a padded row of dh speaks of?",
        (("np.where(counts, da @ W, carry)", "np.where(counts, da @ W, carry + dh[t])"),),
    ),
    Mistake(
        "the gradients at padded steps are not set to zero",
        "Which rows of x did the network read, and which are padding?",
        (("        da = np.where(counts, da, 0)\n", ""),),
    ),
    Mistake(
        "the gradient of the last state is left out",
        "The loss reads the last state too. Where does its gradient enter?",
        (("carry = dlast", "carry = np.zeros_like(dlast)"),),
    ),
    known.FIRST_STEP_MISSED(("range(len(x))", "range(1, len(x))")),
    known.CARRY_LOST(("dh[t] + carry", "dh[t]")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    slopes.LEFT_OUT((" * (1 - h[t] ** 2)", "")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h[t]")),
    known.FIRST_STATE_FORGOTTEN(("t > 0 else h0", "t > 0 else np.zeros_like(h0)")),
    known.OVERWRITTEN(("dU = dU + ", "dU = "), ("dW = dW + ", "dW = "), ("db = db + ", "db = ")),
    known.BIAS_MEAN(("da.sum(axis=0)", "da.mean(axis=0)")),
)

exercise = Exercise(
    name="lengths/rnn_backward",
    arguments=("dh", "dlast", "x", "h0", "h", "U", "W", "b", "lengths"),
    parts=(
        Part("dx", "T B D", points=2),
        Part("dh0", "B H", points=2),
        Part("dU", "H D", points=2),
        Part("dW", "H H", points=2),
        Part("db", "H", points=2),
    ),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 7, "B": 4, "D": 3, "H": 6},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.BACKWARD,
    builds_on={"rnn_step_backward": rnn_step_backward.solution},
)
