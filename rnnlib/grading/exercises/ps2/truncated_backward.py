"""Truncated backpropagation through time: the sequence is cut into pieces of k steps.

The states are those of the whole sequence; the gradient stops at the border between two pieces. The
pieces are counted from the start, and the last one may be shorter. Every gradient is the sum of
those of the pieces; dh0 is that of the first piece, the only one that begins at h0.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.exercises.ps2 import rnn_backward, rnn_step_backward
from rnnlib.grading.mistake import Mistake
from rnnlib.truncated import chunks


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int, k: int) -> tuple[Any, ...]:
    """What `rnn_backward` is given, and the length of a piece."""
    return *rnn_backward.draw(rng, T, B, D, H), k


def reference(
    dh: Array, x: Array, h0: Array, h: Array, U: Array, W: Array, b: Array, k: int
) -> tuple[Array, ...]:
    """dx, dh0, dU, dW, db, from the pieces that `rnnlib.truncated` yields."""
    pieces = chunks(
        rl.elman,
        rl.ElmanParams(U, W, b),
        x,
        lambda states, start: dh[start : start + len(states)],
        h0,
        steps=k,
    )
    gradients = [piece.gradients for piece in pieces]
    parameters = [sum(of_all) for of_all in zip(*(g.params for g in gradients), strict=True)]
    return np.concatenate([g.x for g in gradients]), gradients[0].state0, *parameters


def solution(
    dh: Array, x: Array, h0: Array, h: Array, U: Array, W: Array, b: Array, k: int
) -> tuple[Array, ...]:
    """As a student could write it."""
    T = len(x)
    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    carry = np.zeros_like(h0)
    for t in reversed(range(T)):
        if (t + 1) % k == 0:
            carry = np.zeros_like(h0)
        h_prev = h[t - 1] if t > 0 else h0
        da = (dh[t] + carry) * (1 - h[t] ** 2)
        dx[t] = da @ U
        carry = da @ W
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ h_prev
        db = db + da.sum(axis=0)
    dh0 = carry
    return dx, dh0, dU, dW, db


BORDER = "(t + 1) % k == 0"

mistakes = (
    Mistake(
        "nothing is cut off",
        "Compare with your rnn_backward. How far back may the gradient of the last step reach?",
        ((BORDER, "False"),),
    ),
    Mistake(
        "the border is one step off",
        "Which step is the last one of the first piece? Count from 0.",
        ((BORDER, "t % k == 0"),),
    ),
    Mistake(
        "the pieces are counted from the end",
        "If k does not divide T, which piece is the shorter one?",
        ((BORDER, "(T - 1 - t) % k == 0"),),
    ),
    Mistake(
        "a piece has k + 1 steps",
        "How many steps are there between one border and the next?",
        ((BORDER, "(t + 1) % (k + 1) == 0"),),
    ),
    Mistake(
        "the steps after the last whole piece are left out",
        "With T = 5 and k = 2, which step belongs to no whole piece? Is its gradient zero?",
        (("T = len(x)", "T = len(x) // k * k"),),
    ),
    Mistake(
        "the states start from h0 again in every piece",
        "The gradient stops at the border. Does the state?",
        (("h[t - 1] if t > 0 else h0", "h[t - 1] if t % k > 0 else h0"),),
    ),
    Mistake(
        "the states start from zeros again in every piece",
        "The gradient stops at the border. Does the state?",
        (
            (
                "h[t - 1] if t > 0 else h0",
                "h[t - 1] if t % k > 0 else np.zeros_like(h0) if t > 0 else h0",
            ),
        ),
    ),
    Mistake(
        "a piece is taken to begin at its own first state",
        "Which state did the first step of the second piece read? Is it in the piece?",
        (("h[t - 1] if t > 0 else h0", "h0 if t == 0 else h[t] if t % k == 0 else h[t - 1]"),),
    ),
    Mistake(
        "only the last k steps are gone through",
        "The gradient stops at a border. Does the loop?",
        (("range(T)", "range(max(0, T - k), T)"),),
    ),
    Mistake(
        "only the first piece is counted",
        "The same parameters are used in every piece. Is the sum over all of them?",
        (("range(T)", "range(min(k, T))"),),
    ),
    Mistake(
        "only the last piece is counted",
        "The same parameters are used in every piece. What is left of the pieces before?",
        (("range(T)", "range((T - 1) // k * k, T)"),),
    ),
    Mistake(
        "the gradient of h0 is that of the last piece's start",
        "Which of the pieces begins at h0?",
        (
            (
                "carry = da @ W",
                "carry = da @ W\n        dh0 = carry if t == (T - 1) // k * k else dh0",
            ),
            ("carry = np.zeros_like(h0)\n    for", "dh0 = carry = np.zeros_like(h0)\n    for"),
            ("dh0 = carry\n    return", "return"),
        ),
    ),
    known.CARRY_LOST(("dh[t] + carry", "dh[t]")),
    known.CARRY_WITHOUT_TANH(("da @ W", "(dh[t] + carry) @ W")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.CARRY_PILES_UP(("carry = da @ W", "carry = carry + da @ W")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    slopes.LEFT_OUT(("(dh[t] + carry) * (1 - h[t] ** 2)", "dh[t] + carry")),
    slopes.TWICE(("(1 - h[t] ** 2)", "(1 - h[t] ** 2) ** 2")),
    slopes.OF_H(("h[t] ** 2", "np.tanh(h[t]) ** 2")),
    slopes.OF_A(("h[t] ** 2", "np.arctanh(h[t]) ** 2")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h[t]")),
    known.FIRST_STATE_FORGOTTEN(("t > 0 else h0", "t > 0 else np.zeros_like(h0)")),
    known.FIRST_STATE_FROM_THE_END(("h[t - 1] if t > 0 else h0", "h[t - 1]")),
    known.STATE_GRADIENT_ZERO(("dh0 = carry", "dh0 = np.zeros_like(h0)")),
    known.OVERWRITTEN(("dU = dU + ", "dU = "), ("dW = dW + ", "dW = "), ("db = db + ", "db = ")),
    known.MEAN_OVER_BATCH(("dU, dW, db\n", "dU / len(h0), dW / len(h0), db / len(h0)\n")),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()")),
)

exercise = Exercise(
    name="ps2/truncated_backward",
    arguments=("dh", "x", "h0", "h", "U", "W", "b", "k"),
    parts=(
        Part("dx", "T B D", points=1),
        Part("dh0", "B H", points=1),
        Part("dU", "H D", points=1),
        Part("dW", "H H", points=1),
        Part("db", "H", points=1),
    ),
    sizes=(
        {"T": 7, "B": 4, "D": 5, "H": 2, "k": 3},
        {"T": 8, "B": 2, "D": 3, "H": 6, "k": 4},
        {"T": 40, "B": 2, "D": 3, "H": 4, "k": 12},
        {"T": 1, "B": 3, "D": 2, "H": 4, "k": 5},
        {"T": 5, "B": 1, "D": 3, "H": 4, "k": 2},
        {"T": 5, "B": 3, "D": 2, "H": 4, "k": 1},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.BACKWARD,
    builds_on={
        "rnn_step_backward": rnn_step_backward.solution,
        "rnn_backward": rnn_backward.solution,
    },
)
