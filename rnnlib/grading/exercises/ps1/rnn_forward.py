"""A whole sequence: the same step at every time, from the initial state h0.

    h_t = tanh(U x_t + W h_{t-1} + b)

The function may call the student's step of part 1, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, withheld
from rnnlib.grading.exercises.ps1 import rnn_step
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence of inputs for every member of the batch, and a state to start from."""
    x, h0 = rng.normal(size=(T, B, D)), np.tanh(rng.normal(size=(B, H)))
    return x, h0, rng.normal(0, 0.6, (H, D)), rng.normal(0, 0.6, (H, H)), rng.normal(0, 0.4, H)


def reference(x: Array, h0: Array, U: Array, W: Array, b: Array) -> tuple[Array, ...]:
    """h, as `rnnlib.forward` computes it."""
    h, _ = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x, state0=h0)
    return (h,)


def solution(x: Array, h0: Array, U: Array, W: Array, b: Array) -> Array:
    """As a student could write it."""
    states = []
    h = h0
    for x_t in x:
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        states.append(h)
    return np.stack(states)


mistakes = (
    known.TANH_LEFT_OUT(("np.tanh", "")),
    known.SIGMOID_FOR_TANH(
        ("np.tanh(x_t @ U.T + h @ W.T + b)", "1 / (1 + np.exp(-(x_t @ U.T + h @ W.T + b)))")
    ),
    known.RELU_FOR_TANH(("np.tanh(", "np.maximum(0, ")),
    known.BIAS_BEYOND_TANH((" + b)", ") + b")),
    known.TANH_OF_A_PART(("np.tanh(x_t @ U.T + h @ W.T + b)", "np.tanh(x_t @ U.T + b) + h @ W.T")),
    known.BIAS_LEFT_OUT((" + b)", ")")),
    known.BIAS_TWICE((" + b)", " + 2 * b)")),
    known.W_TRANSPOSED(("h @ W.T", "h @ W")),
    known.U_TRANSPOSED(("x_t @ U.T", "x_t @ U")),
    known.STATE_LEFT_OUT(("h @ W.T + ", "")),
    known.INPUT_LEFT_OUT(("x_t @ U.T + ", "")),
    known.STATE_WITHOUT_W(("h @ W.T", "h")),
    known.FIRST_STATE_FORGOTTEN(("h = h0", "h = np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("h @ W.T", "h0 @ W.T")),
    known.ONE_STEP_LATE(
        ("states = []", "states = [h0]"), ("np.stack(states)", "np.stack(states[:-1])")
    ),
    known.STEPS_REVERSED(("for x_t in x", "for x_t in x[::-1]")),
    Mistake(
        "the sequence is read backwards, and its states are returned in the right order",
        "Which inputs has the network seen when it is in the first of your states?",
        (("for x_t in x", "for x_t in x[::-1]"), ("(states)", "(states[::-1])")),
    ),
    Mistake(
        "a_t is carried on instead of h_t: tanh is taken of the output only",
        "What exactly does W multiply: the state before, or what tanh has still to be taken of?",
        (("np.tanh(", "("), ("np.stack(states)", "np.tanh(np.stack(states))")),
    ),
    known.LAST_STATE_EVERYWHERE(("np.stack(states)", "np.stack([h] * len(x))")),
    Mistake(
        "step t reads the input x_{t-1}",
        "Which input does the first step read? In Python, which is x[-1]?",
        (("for x_t in x", "for x_t in np.roll(x, 1, axis=0)"),),
    ),
    Mistake(
        "the first state that is returned is h0, and the first input is never read",
        "Which is the first state that you compute, and which input is it made from?",
        (("states = []", "states = [h0]"), ("for x_t in x", "for x_t in x[1:]")),
    ),
    Mistake(
        "the first input is read at every step",
        "Change the last input only: does anything move?",
        (("x_t @ U.T", "x[0] @ U.T"),),
    ),
)

exercise = Exercise(
    name="ps1/rnn_forward",
    arguments=("x", "h0", "U", "W", "b"),
    parts=(Part("h", "T B H", points=4),),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 20, "B": 2, "D": 3, "H": 4},
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
