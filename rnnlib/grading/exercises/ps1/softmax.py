"""From outputs to probabilities, along the last axis.

    p_k = exp(o_k) / Σ_j exp(o_j)

Large numbers are no reason for NaN: a network that is trained badly makes them.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, K: int) -> tuple[Array, ...]:
    """Outputs of ordinary size."""
    return (rng.normal(0, 2, (T, B, K)),)


def draw_large(rng: np.random.Generator, T: int, B: int, K: int) -> tuple[Array, ...]:
    """Outputs far beyond what exp can take: rows at other heights, in every third far apart."""
    number = np.indices((T, B)).sum(axis=0)[..., None]
    heights = rng.uniform(1e3, 3e3, (T, B, 1)) * np.where(number % 2, 1, -1)
    spread = np.where(number % 3 == 2, 1e3, 2.0)
    return (heights + spread * rng.normal(size=(T, B, K)),)


def reference(o: Array) -> tuple[Array, ...]:
    """p, as `rnnlib.losses.softmax` computes it."""
    return (rl.losses.softmax(o),)


def solution(o: Array) -> Any:
    """As a student could write it."""
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


mistakes = (
    Mistake(
        "the exponentials overflow",
        "exp(1000) is more than a float can hold. What can be added to a whole row "
        "of outputs without changing its softmax?",
        ((" - o.max(axis=-1, keepdims=True)", ""),),
    ),
    Mistake(
        "one maximum is subtracted for all rows",
        "One row lies far above another. What becomes of the lower one's exponentials?",
        (("o.max(axis=-1, keepdims=True)", "o.max()"),),
    ),
    known.SOFTMAX_OVER_EVERYTHING(("e.sum(axis=-1, keepdims=True)", "e.sum()")),
    known.SOFTMAX_OVER_STEPS(("e.sum(axis=-1,", "e.sum(axis=0,")),
    known.SOFTMAX_OVER_BATCH(("e.sum(axis=-1,", "e.sum(axis=1,")),
    Mistake(
        "maximum and sum run over the steps instead of the classes",
        "What does each row of your probabilities add up to, and what each column?",
        (("o.max(axis=-1,", "o.max(axis=0,"), ("e.sum(axis=-1,", "e.sum(axis=0,")),
    ),
    Mistake(
        "maximum and sum run over the batch instead of the classes",
        "What does each row of your probabilities add up to, and what each column?",
        (("o.max(axis=-1,", "o.max(axis=1,"), ("e.sum(axis=-1,", "e.sum(axis=1,")),
    ),
    Mistake(
        "the probabilities are not divided by their sum",
        "What does each row of your probabilities add up to?",
        ((" / e.sum(axis=-1, keepdims=True)", ""),),
    ),
    Mistake(
        "the sign of the exponent is wrong",
        "Which class should be the likeliest: that with the largest output, or with the smallest?",
        (
            (
                "np.exp(o - o.max(axis=-1, keepdims=True))",
                "np.exp(o.min(axis=-1, keepdims=True) - o)",
            ),
        ),
    ),
    Mistake(
        "the logarithm of the softmax is returned",
        "In what range should a probability lie?",
        (
            (
                "return e / e.sum(axis=-1, keepdims=True)",
                "return np.log(e / e.sum(axis=-1, keepdims=True))",
            ),
        ),
    ),
    Mistake(
        "a sigmoid is taken of every output by itself",
        "Raise one output: what should happen to the probabilities of the others?",
        (("return e / e.sum(axis=-1, keepdims=True)", "return 1 / (1 + np.exp(-o))"),),
    ),
    Mistake(
        "the outputs are divided by their sum without an exponential",
        "Can a probability be negative?",
        (("np.exp(o - o.max(axis=-1, keepdims=True))", "o"),),
    ),
)

exercise = Exercise(
    name="ps1/softmax",
    arguments=("o",),
    parts=(Part("p", "T B K", points=3),),
    sizes=(
        {"T": 5, "B": 3, "K": 4},
        {"T": 3, "B": 2, "K": 6},
        {"T": 1, "B": 3, "K": 4},
        {"T": 4, "B": 1, "K": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=("rnnlib.*softmax*",),
    extremes={"large numbers": draw_large},
)
