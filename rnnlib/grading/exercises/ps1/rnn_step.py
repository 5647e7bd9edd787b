"""One step of the plain recurrent network.

h = tanh(a),  a = U x + W h_prev + b
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, withheld
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One input and one state before, for every sequence of the batch."""
    x, h_prev = rng.normal(size=(B, D)), np.tanh(rng.normal(size=(B, H)))
    return x, h_prev, rng.normal(0, 0.6, (H, D)), rng.normal(0, 0.6, (H, H)), rng.normal(0, 0.4, H)


def reference(x: Array, h_prev: Array, U: Array, W: Array, b: Array) -> tuple[Array, ...]:
    """h, as `rnnlib.forward` computes it in a sequence of one step."""
    h, _ = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x[None], state0=h_prev)
    return (h[0],)


def solution(x: Array, h_prev: Array, U: Array, W: Array, b: Array) -> Array:
    """As a student could write it."""
    return np.tanh(x @ U.T + h_prev @ W.T + b)


mistakes = (
    known.TANH_LEFT_OUT(("np.tanh", "")),
    known.SIGMOID_FOR_TANH(
        ("np.tanh(x @ U.T + h_prev @ W.T + b)", "1 / (1 + np.exp(-(x @ U.T + h_prev @ W.T + b)))")
    ),
    known.RELU_FOR_TANH(("np.tanh(", "np.maximum(0, ")),
    known.BIAS_BEYOND_TANH((" + b)", ") + b")),
    known.TANH_OF_A_PART(
        ("np.tanh(x @ U.T + h_prev @ W.T + b)", "np.tanh(x @ U.T + b) + h_prev @ W.T")
    ),
    known.BIAS_LEFT_OUT((" + b)", ")")),
    known.BIAS_TWICE((" + b)", " + 2 * b)")),
    known.W_TRANSPOSED(("h_prev @ W.T", "h_prev @ W")),
    known.U_TRANSPOSED(("x @ U.T", "x @ U")),
    known.STATE_LEFT_OUT(("h_prev @ W.T + ", "")),
    known.INPUT_LEFT_OUT(("x @ U.T + ", "")),
    known.STATE_WITHOUT_W(("h_prev @ W.T", "h_prev")),
    Mistake(
        "W multiplies entry by entry",
        "How many of the old state's entries does a new one depend on?",
        (("h_prev @ W.T", "h_prev * W.sum(axis=0)"),),
    ),
)

exercise = Exercise(
    name="ps1/rnn_step",
    arguments=("x", "h_prev", "U", "W", "b"),
    parts=(Part("h", "B H", points=3),),
    sizes=({"B": 3, "D": 4, "H": 2}, {"B": 2, "D": 3, "H": 5}, {"B": 1, "D": 4, "H": 3}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.FORWARD,
)
