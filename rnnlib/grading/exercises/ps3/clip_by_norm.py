"""Clipping by norm: all gradients are shortened by one factor, where together they are too long.

    dp ← dp · min(1, limit / ‖dp‖),   ‖dp‖ = √(the sum of all squares, over all arrays)

The gradients come as a list and go back as a list. Their direction stays.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import withheld
from rnnlib.grading.mistake import Mistake

SHORT = 2
"""Up to so many inputs, the gradients that are drawn are shorter than the limit."""

LONG = 4
"""From so many inputs on, each of them is longer than the limit."""


def draw(rng: np.random.Generator, D: int, H: int) -> tuple[Any, ...]:
    """Gradients of three sizes; a limit above their length, below it, or below that of each."""
    gradients = [rng.normal(size=(H, D)), 3 * rng.normal(size=(H, H)), rng.normal(size=H)]
    lengths = [float(np.linalg.norm(dp)) for dp in gradients]
    length = float(np.linalg.norm(lengths))
    if D <= SHORT:
        return gradients, 1.5 * length
    return gradients, 0.5 * min(lengths) if D >= LONG else 0.3 * length


def reference(gradients: list[Array], limit: float) -> tuple[Array, ...]:
    """The clipped gradients, as `rnnlib.gradients` computes them."""
    clipped, _ = rl.gradients.clip_by_norm(gradients, limit)
    return tuple(clipped)


def solution(gradients: list[Array], limit: float) -> list[Array]:
    """As a student could write it."""
    norm = np.sqrt(sum(np.sum(dp**2) for dp in gradients))
    factor = min(1.0, limit / norm)
    return [dp * factor for dp in gradients]


mistakes = (
    Mistake(
        "clipping is by value instead of by norm",
        "Divide what comes out by what went in: is it one factor for all entries?",
        (("dp * factor", "np.clip(dp, -limit, limit)"),),
    ),
    Mistake(
        "every array is clipped for itself",
        "How long are all the gradients together, taken as one vector?",
        (("dp * factor", "dp * min(1.0, limit / np.linalg.norm(dp))"),),
    ),
    Mistake(
        "the longest array's length stands for the length of all",
        "How long are all the gradients together, taken as one vector?",
        (
            (
                "np.sqrt(sum(np.sum(dp**2) for dp in gradients))",
                "max(np.linalg.norm(dp) for dp in gradients)",
            ),
        ),
    ),
    Mistake(
        "short gradients are lengthened to the limit",
        "What should happen to gradients that are shorter than the limit?",
        (("min(1.0, limit / norm)", "limit / norm"),),
    ),
    Mistake(
        "long gradients stay, and short ones are lengthened",
        "Which gradients should change: those above the limit, or those below?",
        (("min(1.0", "max(1.0"),),
    ),
    Mistake(
        "the root of the sum of squares is left out",
        "How long is the vector (3, 4)?",
        (
            (
                "np.sqrt(sum(np.sum(dp**2) for dp in gradients))",
                "sum(np.sum(dp**2) for dp in gradients)",
            ),
        ),
    ),
    Mistake(
        "the norms of the arrays are added",
        "How long are two arrays together that have the lengths 3 and 4?",
        (
            (
                "np.sqrt(sum(np.sum(dp**2) for dp in gradients))",
                "sum(np.sqrt(np.sum(dp**2)) for dp in gradients)",
            ),
        ),
    ),
    Mistake(
        "the absolute values are added, not the squares",
        "How long is the vector (3, 4)?",
        (
            (
                "np.sqrt(sum(np.sum(dp**2) for dp in gradients))",
                "sum(np.sum(np.abs(dp)) for dp in gradients)",
            ),
        ),
    ),
    Mistake(
        "the mean of the squares is taken instead of their sum",
        "How long is the vector (3, 4)?",
        (("np.sum(dp**2)", "np.mean(dp**2)"),),
    ),
    Mistake(
        "the gradients are brought to length 1",
        "How long should what comes out be?",
        (("min(1.0, limit / norm)", "min(1.0, 1 / norm)"),),
    ),
    Mistake(
        "gradients that are too long are brought to length 1 instead of to the limit",
        "How long should what comes out be?",
        (("min(1.0, limit / norm)", "1 / norm if norm > limit else 1.0"),),
    ),
    Mistake(
        "gradients that are too long are multiplied by the limit",
        "How long are gradients of length 10 that are multiplied by a limit of 2?",
        (("min(1.0, limit / norm)", "limit if norm > limit else 1.0"),),
    ),
    Mistake(
        "nothing is clipped",
        "How large is what comes out, and how large may it be?",
        (("dp * factor", "dp"),),
    ),
    Mistake(
        "the factor is upside down",
        "Should the factor for long gradients be above 1 or below?",
        (("min(1.0, limit / norm)", "norm / limit if norm > limit else 1.0"),),
    ),
    Mistake(
        "gradients that are too long are set to zero",
        "How long should what comes out be?",
        (("min(1.0, limit / norm)", "float(norm <= limit)"),),
    ),
)

exercise = Exercise(
    name="ps3/clip_by_norm",
    arguments=("gradients", "limit"),
    parts=(
        Part("dU", "H D", points=1),
        Part("dW", "H H", points=1),
        Part("db", "H", points=1),
    ),
    sizes=(
        {"D": 3, "H": 4},
        {"D": 2, "H": 5},
        {"D": 5, "H": 2},
        {"D": 4, "H": 3},
        {"D": 3, "H": 1},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.CLIPPING,
)
