"""Backpropagation through time: a whole sequence, from the direct gradient dL/dh_t at every step.

    h_t = tanh(a_t),  a_t = U x_t + W h_{t-1} + b

Every part is worth the same: each is lost by mistakes that leave the others alone. The function may
call the student's step of part 1, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.exercises.ps2 import rnn_step_backward
from rnnlib.grading.mistake import Mistake

LONG = 30
"""From so many steps on, what is cut off after a few of them has to show."""


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence from a random initial state, and a random direct gradient at every step."""
    p = rl.ElmanParams(
        U=rng.normal(0, 0.6, (H, D)), W=rng.normal(0, 0.6, (H, H)), b=rng.normal(0, 0.3, H)
    )
    x, h0 = rng.normal(size=(T, B, D)), np.tanh(rng.normal(size=(B, H)))
    if T >= LONG:  # a gradient that lasts: W keeps lengths, and small states keep tanh' near 1
        p = rl.ElmanParams(0.2 * p.U, rl.init.orthogonal(rng, H), 0.1 * p.b)
    h, _ = rl.forward(rl.elman, p, x, state0=h0)
    dh = rng.normal(size=(T, B, H))
    return dh, x, h0, h, *p


def reference(
    dh: Array, x: Array, h0: Array, h: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """dx, dh0, dU, dW, db, as `rnnlib.backward` computes them."""
    p = rl.ElmanParams(U, W, b)
    _, tape = rl.forward(rl.elman, p, x, state0=h0)
    gradients = rl.backward(rl.elman, p, tape, dh)
    return gradients.x, gradients.state0, *gradients.params


def solution(
    dh: Array, x: Array, h0: Array, h: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    T = len(x)
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    carry = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = h[t - 1] if t > 0 else h0
        dh_t = dh[t] + carry
        da = dh_t * (1 - h[t] ** 2)
        dx[t] = da @ U
        carry = da @ W
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ h_prev
        db = db + da.sum(axis=0)
    dh0 = carry
    return dx, dh0, dU, dW, db


mistakes = (
    known.CARRY_LOST(("dh[t] + carry", "dh[t]")),
    known.CARRY_BEYOND_TANH(
        ("dh[t] + carry", "dh[t]"), ("dh_t * (1 - h[t] ** 2)", "dh_t * (1 - h[t] ** 2) + carry")
    ),
    known.CARRY_WITHOUT_TANH(("da @ W", "dh_t @ W")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.CARRY_PILES_UP(("carry = da @ W", "carry = carry + da @ W")),
    known.TRUNCATED_AT_ONE_STEP(("da @ W", "dh[t] * (1 - h[t] ** 2) @ W")),
    known.DIRECT_PART_LOST(("dh[t] + carry", "dh[t] if t == T - 1 else carry")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    slopes.LEFT_OUT(("dh_t * (1 - h[t] ** 2)", "dh_t")),
    slopes.TWICE(("(1 - h[t] ** 2)", "(1 - h[t] ** 2) ** 2")),
    slopes.OF_H(("h[t] ** 2", "np.tanh(h[t]) ** 2")),
    slopes.OF_A(("h[t] ** 2", "np.arctanh(h[t]) ** 2")),
    slopes.NOT_SQUARED(("h[t] ** 2", "h[t]")),
    slopes.SQUARE_OUTSIDE(("(1 - h[t] ** 2)", "(1 - h[t]) ** 2")),
    slopes.PLUS(("1 - h[t] ** 2", "1 + h[t] ** 2")),
    slopes.SUBTRACTED(("(1 - h[t] ** 2)", "1 - h[t] ** 2")),
    slopes.OF_SIGMOID(("(1 - h[t] ** 2)", "h[t] * (1 - h[t])")),
    slopes.OF_UPSTREAM(("dh_t * (1 - h[t] ** 2)", "1 - dh_t**2")),
    slopes.OF_OTHER_STEP(("(1 - h[t] ** 2)", "(1 - h_prev**2)")),
    known.UPSTREAM_LEFT_OUT(("dh_t * (1 - h[t] ** 2)", "1 - h[t] ** 2")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h[t]")),
    known.FIRST_STATE_FORGOTTEN(("t > 0 else h0", "t > 0 else np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("h[t - 1] if t > 0 else h0", "h0")),
    known.FIRST_STATE_FROM_THE_END(("h[t - 1] if t > 0 else h0", "h[t - 1]")),
    known.W_GRADIENT_TRANSPOSED(("da.T @ h_prev", "h_prev.T @ da")),
    known.STATE_GRADIENT_ZERO(("dh0 = carry", "dh0 = np.zeros_like(h0)")),
    known.H_GRADIENT_SET_TO_UPSTREAM(("dh0 = carry", "dh0 = dh_t")),
    known.STATE_GRADIENT_BEFORE_W(("dh0 = carry", "dh0 = da")),
    known.OVERWRITTEN(("dU = dU + ", "dU = "), ("dW = dW + ", "dW = "), ("db = db + ", "db = ")),
    known.MEAN_OVER_BATCH(("dU, dW, db\n", "dU / len(h0), dW / len(h0), db / len(h0)\n")),
    known.MEAN_OVER_TIME(("dU, dW, db\n", "dU / T, dW / T, db / T\n")),
    known.BIAS_MEAN(("da.sum(axis=0)", "da.mean(axis=0)")),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()")),
    known.BIAS_FROM_ROWS(("db = db + da.sum(axis=0)", "db = dW.sum(axis=1)")),
    known.BIAS_NOT_SUMMED(("da.sum(axis=0)", "da")),
    known.BIAS_BECOMES_A_MATRIX(("da.sum(axis=0)", "da.sum(axis=0)[:, None]")),
    Mistake(
        "dx is summed over the steps",
        "Is the input of one step shared by the others?",
        (("dx[t] = da @ U", "dx = dx + da @ U"),),
    ),
    known.U_FOR_W(("da @ W", "da @ U")),
    known.FIRST_STEP_MISSED(("range(T)", "range(1, T)")),
    known.STEPS_REVERSED(("reversed(range(T))", "range(T)")),
    known.LAST_STEP_ONLY(("reversed(range(T))", "[T - 1]")),
    known.CARRY_COUNTED_TWICE(("carry = np.zeros_like(h0)", "carry = dh[-1]")),
    Mistake(
        "in dU, dW and db the gradient of h stands where that of a belongs",
        "U, W and b make a, and tanh makes h of it. Which of the two gradients do they receive?",
        (
            ("da.T @ x[t]", "dh_t.T @ x[t]"),
            ("da.T @ h_prev", "dh_t.T @ h_prev"),
            ("da.sum(axis=0)", "dh_t.sum(axis=0)"),
        ),
    ),
    *(
        Mistake(
            f"the gradients of U, W and b are clipped to ±{limit}",
            "Clipping is for training. Is it a part of the derivative?",
            (
                (
                    "dU, dW, db\n",
                    f"*(np.clip(d, -{limit}, {limit}) for d in (dU, dW, db))\n",
                ),
            ),
        )
        for limit in (1, 5)
    ),
)

exercise = Exercise(
    name="ps2/rnn_backward",
    arguments=("dh", "x", "h0", "h", "U", "W", "b"),
    parts=(
        Part("dx", "T B D", points=2),
        Part("dh0", "B H", points=2),
        Part("dU", "H D", points=2),
        Part("dW", "H H", points=2),
        Part("db", "H", points=2),
    ),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 40, "B": 2, "D": 3, "H": 4},
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
