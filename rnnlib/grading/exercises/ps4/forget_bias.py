"""The forget gate's bias set to a value, so that the memory starts by remembering.

The four gates' biases stand one above the other, as i, f, g, o; the others stay as they are.
"""

from typing import Any

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, H: int) -> tuple[Any, ...]:
    """A random bias and a random value."""
    return rng.normal(size=4 * H), float(rng.uniform(0.5, 3))


def reference(b: Array, value: float) -> tuple[Array, ...]:
    """b with its second quarter replaced."""
    i, _, g, o = b.reshape(4, -1)
    return (np.concatenate([i, np.full_like(i, value), g, o]),)


def solution(b: Array, value: float) -> Array:
    """As a student could write it."""
    H = len(b) // 4
    b = b.copy()
    b[H : 2 * H] = value
    return b


ORDER = "In which order do the four gates stand, and which is the forget gate's quarter of b?"

mistakes = (
    Mistake("the input gate's bias is set", ORDER, (("b[H : 2 * H]", "b[:H]"),)),
    Mistake("the candidate's bias is set", ORDER, (("b[H : 2 * H]", "b[2 * H : 3 * H]"),)),
    Mistake("the output gate's bias is set", ORDER, (("b[H : 2 * H]", "b[3 * H :]"),)),
    Mistake("the biases of all gates are set", ORDER, (("b[H : 2 * H]", "b[:]"),)),
    Mistake("the biases of i and f are set", ORDER, (("b[H : 2 * H]", "b[: 2 * H]"),)),
    Mistake("the biases from f on are set", ORDER, (("b[H : 2 * H]", "b[H:]"),)),
    Mistake("every fourth bias is set", ORDER, (("b[H : 2 * H]", "b[1::4]"),)),
    Mistake(
        "one bias alone is set",
        "How many units have a forget gate?",
        (("b[H : 2 * H]", "b[H]"),),
    ),
    Mistake(
        "the value is added to the bias, not put in its place",
        "Does what stood there before still play a part?",
        (("] = value", "] += value"),),
    ),
    Mistake(
        "the other biases are set to zero",
        "Which three quarters of b have to stay as they are?",
        (("b.copy()", "np.zeros_like(b)"),),
    ),
    Mistake(
        "the forget gate's part alone is returned",
        "How many entries does the whole bias have?",
        (("return b", "return np.full(H, value)"),),
    ),
)

exercise = Exercise(
    name="ps4/forget_bias",
    arguments=("b", "value"),
    parts=(Part("b", "4H", points=1),),
    sizes=({"H": 3}, {"H": 4}, {"H": 1}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
)
