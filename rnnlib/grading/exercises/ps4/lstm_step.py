"""One step of the long short-term memory.

    i, f, o = σ(U x + W h_prev + b),   g = tanh(U x + W h_prev + b),   stacked as i, f, g, o
    c = f ⊙ c_prev + i ⊙ g
    h = o ⊙ tanh(c)

What is wrong in the memory c alone is charged there, and not in the h that is read of it.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.lstm import LSTMParams, LSTMState
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises.gated import sigmoid


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One step from a random state and a random memory."""
    x, h_prev, c_prev = (rng.normal(size=shape) for shape in [(B, D), (B, H), (B, H)])
    U, W = rng.normal(0, 0.6, (4 * H, D)), rng.normal(0, 0.6, (4 * H, H))
    return x, np.tanh(h_prev), c_prev, U, W, rng.normal(0, 0.4, 4 * H)


def reference(
    x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """h, c, as `rnnlib.lstm` computes them."""
    return rl.lstm.step(LSTMParams(U, W, b), x, LSTMState(h_prev, c_prev))


def solution(
    x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    a = x @ U.T + h_prev @ W.T + b
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    g = np.tanh(a_g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


GATES = "i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)"
STACK = "a_i, a_f, a_g, a_o"
ORDERS = ("figo", "ifog", "fiog", "igfo", "gifo", "iofg", "iogf", "ofgi", "gfio")
"""Every two gates swapped, and the orders that other courses and libraries have."""

in_the_gates = (
    known.BIAS_LEFT_OUT((" + b\n", "\n")),
    known.BIAS_TWICE((" + b\n", " + 2 * b\n")),
    known.STATE_LEFT_OUT((" + h_prev @ W.T", "")),
    known.INPUT_LEFT_OUT(("x @ U.T + ", "")),
    gated.W_BLOCKS_TRANSPOSED(("h_prev @ W.T", "np.hstack([h_prev @ w for w in np.split(W, 4)])")),
    gated.STACKED_CROSSWISE(
        ("x @ U.T + h_prev @ W.T", "np.hstack([h_prev, x]) @ np.hstack([U, W]).T")
    ),
    gated.RESHAPED(("np.split(a, 4, axis=1)", "a.reshape(4, *h_prev.shape)")),
    gated.OUTPUT_GATE_WITHOUT_SIGMOID(("sigmoid(a_o)", "a_o")),
    gated.FORGET_GATE_PLUS_ONE(("sigmoid(a_f)", "sigmoid(a_f + 1)")),
    gated.MEMORY_IN_GATES(("h_prev @ W.T", "c_prev @ W.T")),
    gated.INTERLEAVED(("np.split(a, 4, axis=1)", "(a[:, k::4] for k in range(4))")),
    gated.GATES_WITH_TANH((GATES, "i, f, o = np.tanh(a_i), np.tanh(a_f), np.tanh(a_o)")),
    gated.GATES_WITHOUT_SIGMOID((GATES, "i, f, o = a_i, a_f, a_o")),
    *(gated.in_order(order, STACK) for order in ORDERS),
)
in_the_memory = (
    gated.FORGET_LEFT_OUT(("f * c_prev", "c_prev"), charged_to=("c",)),
    gated.MEMORY_FORGOTTEN(("f * c_prev + ", ""), charged_to=("c",)),
    gated.INPUT_GATE_LEFT_OUT(("i * g", "g"), charged_to=("c",)),
    gated.CANDIDATE_LEFT_OUT(("i * g", "i"), charged_to=("c",)),
    gated.REST_OF_FORGET(("i * g", "(1 - f) * g"), charged_to=("c",)),
    gated.STATE_FOR_MEMORY(("f * c_prev", "f * h_prev"), charged_to=("c",)),
)
mistakes = (
    *in_the_gates,
    *in_the_memory,
    gated.CANDIDATE_TANH_LEFT_OUT(("np.tanh(a_g)", "a_g"), charged_to=("c",)),
    gated.CANDIDATE_SIGMOID(("np.tanh(a_g)", "sigmoid(a_g)"), charged_to=("c",)),
    gated.TANH_IN_MEMORY(
        ("f * c_prev + i * g", "np.tanh(f * c_prev + i * g)"),
        ("np.tanh(c)", "c"),
        charged_to=("c",),
    ),
    gated.OUTPUT_TANH_LEFT_OUT(("np.tanh(c)", "c"), charged_to=("h",)),
    gated.OUTPUT_SIGMOID(("np.tanh(c)", "sigmoid(c)"), charged_to=("h",)),
    gated.OUTPUT_TANH_OUTSIDE(("o * np.tanh(c)", "np.tanh(o * c)"), charged_to=("h",)),
    gated.OUTPUT_GATE_LEFT_OUT(("o * np.tanh(c)", "np.tanh(c)"), charged_to=("h",)),
    gated.OUTPUT_OF_OLD_MEMORY(("np.tanh(c)", "np.tanh(c_prev)"), charged_to=("h",)),
)
swapped = gated.RETURNED_SWAPPED(("return h, c", "return c, h"))

exercise = Exercise(
    name="ps4/lstm_step",
    arguments=("x", "h_prev", "c_prev", "U", "W", "b"),
    parts=(Part("h", "B H", points=1), Part("c", "B H", points=1)),
    sizes=(
        {"B": 3, "D": 4, "H": 2},
        {"B": 2, "D": 3, "H": 5},
        {"B": 1, "D": 4, "H": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=(*mistakes, swapped),
    withholds=withheld.GATED_FORWARD,
)
