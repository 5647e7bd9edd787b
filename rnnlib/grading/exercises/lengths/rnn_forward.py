"""The states of sequences of unequal length, and the state in which each one ends.

    h_t = tanh(U x_t + W h_{t-1} + b)   for t ≤ n_b,     h_t = 0 behind it

n_b is the length of sequence b. A padded step leaves the state as it is: `last` is h_{n_b}.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, padding, withheld
from rnnlib.grading.exercises.ps1 import rnn_forward, rnn_step
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Any, ...]:
    """A batch whose padding is as random as its inputs."""
    return *rnn_forward.draw(rng, T, B, D, H), padding.draw(rng, T, B)


def reference(
    x: Array, h0: Array, U: Array, W: Array, b: Array, lengths: Array
) -> tuple[Array, ...]:
    """h and last, as `rnnlib.forward` computes them."""
    h, tape = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x, state0=h0, lengths=lengths)
    return h, tape.last


def solution(
    x: Array, h0: Array, U: Array, W: Array, b: Array, lengths: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    states = []
    h = h0
    for t, x_t in enumerate(x):
        counts = (t < lengths)[:, None]
        h_t = np.tanh(x_t @ U.T + h @ W.T + b)
        h = np.where(counts, h_t, h)
        states.append(np.where(counts, h_t, 0))
    return np.stack(states), h


mistakes = (
    padding.COUNTED(("np.where(counts, h_t, h)", "h_t"), ("np.where(counts, h_t, 0)", "h_t")),
    padding.ONE_STEP_TOO_MANY(("t < lengths", "t <= lengths")),
    padding.LAST_STEP_MISSED(("t < lengths", "t < lengths - 1")),
    padding.PADDING_IN_FRONT(("(t < lengths)", "(len(x) - 1 - t < lengths)")),
    padding.FIRST_LENGTH_FOR_ALL(("(t < lengths)", "(t < 0 * lengths + lengths[0])")),
    Mistake(
        "the padded steps change the state",
        "After its last step a sequence waits for the others. What is its state meanwhile?",
        (("np.where(counts, h_t, h)", "h_t"),),
    ),
    Mistake(
        "the last row of h is returned as the last state: zeros where a sequence is short",
        "In which row of h does a short sequence end?",
        (("np.where(counts, h_t, h)", "np.where(counts, h_t, 0)"),),
    ),
    Mistake(
        "the states of the padded steps are not zero but the last state",
        "What should stand in h where a sequence has no step?",
        (("np.where(counts, h_t, 0)", "h"),),
    ),
    Mistake(
        "the states of the padded steps are computed on and returned",
        "What should stand in h where a sequence has no step?",
        (("np.where(counts, h_t, 0)", "h_t"),),
    ),
    known.TANH_LEFT_OUT(("np.tanh", "")),
    known.BIAS_LEFT_OUT((" + b)", ")")),
    known.W_TRANSPOSED(("h @ W.T", "h @ W")),
    known.FIRST_STATE_FORGOTTEN(("h = h0", "h = np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("h @ W.T", "h0 @ W.T")),
    known.STATE_LEFT_OUT((" + h @ W.T", "")),
)

exercise = Exercise(
    name="lengths/rnn_forward",
    arguments=("x", "h0", "U", "W", "b", "lengths"),
    parts=(Part("h", "T B H", points=2), Part("last", "B H", points=2)),
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
    withholds=withheld.FORWARD,
    builds_on={"rnn_step": rnn_step.solution},
)
