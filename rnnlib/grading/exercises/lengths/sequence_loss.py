"""The loss of sequences of unequal length: summed over each one's own steps, averaged over them.

    L = (1/B) Σ_b Σ_{t ≤ n_b} -ln ŷ_{t,b,k},   k = y_{t,b}

n_b is the length of sequence b. What ŷ and y hold behind it is padding, and may be anything.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, padding
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, K: int) -> tuple[Any, ...]:
    """Probabilities and right classes at every step, those of the padding too."""
    y_hat = rl.losses.softmax(rng.normal(0, 1.5, (T, B, K)))
    return y_hat, rng.integers(0, K, (T, B)), padding.draw(rng, T, B)


def reference(y_hat: Array, y: Array, lengths: Array) -> tuple[Array, ...]:
    """L, as `rnnlib.losses` computes it."""
    mask = np.arange(len(y))[:, None] < lengths
    return (rl.losses.cross_entropy(np.log(y_hat), y, mask=mask),)


def solution(y_hat: Array, y: Array, lengths: Array) -> Any:
    """As a student could write it."""
    t = np.arange(len(y))[:, None]
    counts = t < lengths
    right = np.eye(y_hat.shape[-1])[y]
    losses = -np.sum(right * np.log(y_hat), axis=-1) * counts
    return np.mean(np.sum(losses, axis=0))


mistakes = (
    padding.COUNTED((" * counts", "")),
    padding.ONE_STEP_TOO_MANY(("t < lengths", "t <= lengths")),
    padding.LAST_STEP_MISSED(("t < lengths", "t < lengths - 1")),
    padding.PADDING_IN_FRONT(("t < lengths", "t[::-1] < lengths")),
    padding.FIRST_LENGTH_FOR_ALL(("t < lengths", "t < lengths[0]")),
    Mistake(
        "the padding is counted, and the real steps are not",
        "Where is `counts` true?",
        (("t < lengths", "t >= lengths"),),
    ),
    Mistake(
        "the loss is divided by the number of real steps instead of sequences",
        "A sequence twice as long: should its loss be the same, or about twice as large?",
        (("np.mean(np.sum(losses, axis=0))", "np.sum(losses) / np.sum(counts)"),),
    ),
    Mistake(
        "each sequence's loss is averaged over its own steps",
        "A sequence twice as long: should its loss be the same, or about twice as large?",
        (("np.sum(losses, axis=0)", "np.sum(losses, axis=0) / lengths"),),
    ),
    known.LOSS_MEAN_OVER_TIME(("np.mean(np.sum(losses, axis=0))", "np.mean(losses)")),
    known.SUM_OVER_BATCH(("np.mean(np.sum(losses, axis=0))", "np.sum(losses)")),
    known.LOSS_WRONG_SIGN(("losses = -", "losses = ")),
    Mistake(
        "only the last step of each sequence is counted",
        "At how many steps is there a right class?",
        (("t < lengths", "t == lengths - 1"),),
    ),
)

exercise = Exercise(
    name="lengths/sequence_loss",
    arguments=("y_hat", "y", "lengths"),
    parts=(Part("loss", "", points=3),),
    sizes=(
        {"T": 5, "B": 3, "K": 4},
        {"T": 7, "B": 4, "K": 6},
        {"T": 8, "B": 6, "K": 5},
        {"T": 1, "B": 3, "K": 4},
        {"T": 4, "B": 1, "K": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=("rnnlib.losses.*",),
)
