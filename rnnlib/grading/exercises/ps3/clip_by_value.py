"""Clipping by value: every entry is brought into ±limit.

    dp_i ← max(-limit, min(limit, dp_i))

The gradients come as a list and go back as a list. Large entries lose more than small ones, so that
their direction changes.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import withheld
from rnnlib.grading.exercises.ps3.clip_by_norm import SHORT
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, D: int, H: int) -> tuple[Any, ...]:
    """Gradients, and a limit that some entries of each are above, or that none is."""
    gradients = [rng.normal(size=(H, D)), 3 * rng.normal(size=(H, H)), rng.normal(size=H)]
    largest = max(float(np.abs(dp).max()) for dp in gradients)
    smallest = min(float(np.abs(dp).max()) for dp in gradients)
    return gradients, 1.3 * largest if D <= SHORT else 0.6 * smallest


def reference(gradients: list[Array], limit: float) -> tuple[Array, ...]:
    """The clipped gradients, as `rnnlib.gradients` computes them."""
    return tuple(rl.gradients.clip_by_value(gradients, limit))


def solution(gradients: list[Array], limit: float) -> list[Array]:
    """As a student could write it."""
    return [np.maximum(-limit, np.minimum(limit, dp)) for dp in gradients]


mistakes = (
    Mistake(
        "clipping is by norm instead of by value",
        "Divide what comes out by what went in: which entries should have changed?",
        (
            (
                "np.maximum(-limit, np.minimum(limit, dp))",
                "dp * min(1.0, limit / np.sqrt(sum(np.sum(g**2) for g in gradients)))",
            ),
        ),
    ),
    Mistake(
        "every array is clipped by its norm",
        "Divide what comes out by what went in: which entries should have changed?",
        (
            (
                "np.maximum(-limit, np.minimum(limit, dp))",
                "dp * min(1.0, limit / np.linalg.norm(dp))",
            ),
        ),
    ),
    Mistake(
        "every array is scaled by its largest entry",
        "Divide what comes out by what went in: which entries should have changed?",
        (
            (
                "np.maximum(-limit, np.minimum(limit, dp))",
                "dp * min(1.0, limit / np.abs(dp).max())",
            ),
        ),
    ),
    Mistake(
        "all arrays are scaled by the largest entry of all",
        "Divide what comes out by what went in: which entries should have changed?",
        (
            (
                "np.maximum(-limit, np.minimum(limit, dp))",
                "dp * min(1.0, limit / max(np.abs(g).max() for g in gradients))",
            ),
        ),
    ),
    Mistake(
        "large positive entries are clipped, large negative ones are not",
        "What is the smallest entry that comes out?",
        (("np.maximum(-limit, np.minimum(limit, dp))", "np.minimum(limit, dp)"),),
    ),
    Mistake(
        "large negative entries are clipped, large positive ones are not",
        "What is the largest entry that comes out?",
        (("np.minimum(limit, dp)", "dp"),),
    ),
    Mistake(
        "negative entries become zero",
        "Which way does a gradient point whose entries are all positive?",
        (("np.maximum(-limit,", "np.maximum(0,"),),
    ),
    Mistake(
        "negative entries lose their sign",
        "Which way does a gradient point whose entries are all positive?",
        (("np.maximum(-limit, np.minimum(limit, dp))", "np.minimum(limit, np.abs(dp))"),),
    ),
    Mistake(
        "entries that are too large become zero",
        "What should an entry become that is just above the limit?",
        (("np.maximum(-limit, np.minimum(limit, dp))", "np.where(np.abs(dp) > limit, 0, dp)"),),
    ),
    Mistake(
        "minimum and maximum have changed places",
        "How many different numbers come out?",
        (
            (
                "np.maximum(-limit, np.minimum(limit, dp))",
                "np.minimum(-limit, np.maximum(limit, dp))",
            ),
        ),
    ),
    Mistake(
        "nothing is clipped",
        "How large is what comes out, and how large may it be?",
        (("np.maximum(-limit, np.minimum(limit, dp))", "dp"),),
    ),
    Mistake(
        "entries that are too large become the limit, whatever their sign",
        "Which way should a large negative entry still point?",
        (("np.maximum(-limit, np.minimum(limit, dp))", "np.where(np.abs(dp) > limit, limit, dp)"),),
    ),
)

exercise = Exercise(
    name="ps3/clip_by_value",
    arguments=("gradients", "limit"),
    parts=(
        Part("dU", "H D", points=1),
        Part("dW", "H H", points=1),
        Part("db", "H", points=1),
    ),
    sizes=({"D": 3, "H": 4}, {"D": 2, "H": 5}, {"D": 4, "H": 3}, {"D": 3, "H": 1}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.CLIPPING,
)
