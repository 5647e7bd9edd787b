"""The loss of a batch: the cross-entropy, summed over the steps, averaged over the sequences.

    L = (1/B) Σ_b Σ_t -ln ŷ_{t,b,k},   k = y_{t,b}

y holds the right classes as integers, ŷ the probabilities of all classes.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, K: int) -> tuple[Any, ...]:
    """Probabilities, and right classes, at every step."""
    return rl.losses.softmax(rng.normal(0, 1.5, (T, B, K))), rng.integers(0, K, (T, B))


def reference(y_hat: Array, y: Array) -> tuple[Array, ...]:
    """L, as `rnnlib.losses` computes it: ln ŷ is an output of which ŷ is the softmax."""
    return (rl.losses.cross_entropy(np.log(y_hat), y),)


def solution(y_hat: Array, y: Array) -> Any:
    """As a student could write it."""
    right = np.eye(y_hat.shape[-1])[y]
    losses = -np.sum(right * np.log(y_hat), axis=-1)
    return np.mean(np.sum(losses, axis=0))


mistakes = (
    known.LOSS_MEAN_OVER_TIME(("np.mean(np.sum(losses, axis=0))", "np.mean(losses)")),
    Mistake(
        "the loss is divided by the number of steps instead of sequences",
        "Which axis of the array is the batch?",
        (("np.sum(losses, axis=0)", "np.sum(losses, axis=1)"),),
    ),
    known.SUM_OVER_BATCH(("np.mean(np.sum(losses, axis=0))", "np.sum(losses)")),
    Mistake(
        "only the last step's loss is counted",
        "At how many steps is there a right class?",
        (("np.sum(losses, axis=0)", "losses[-1]"),),
    ),
    Mistake(
        "the first step's loss is left out",
        "At how many steps is there a right class?",
        (("np.sum(losses, axis=0)", "np.sum(losses[1:], axis=0)"),),
    ),
    known.LOSS_WRONG_SIGN(("losses = -", "losses = ")),
    Mistake(
        "the mean over everything is taken, the classes too",
        "One step, one sequence: by what should its loss be divided?",
        (("np.mean(np.sum(losses, axis=0))", "np.mean(losses) / y_hat.shape[-1]"),),
    ),
    Mistake(
        "the logarithm is left out",
        "What is the loss of a class that has the probability 1?",
        (("np.log(y_hat)", "y_hat"),),
    ),
    known.BASE_2(("np.log(", "np.log2(")),
    Mistake(
        "the logarithm to base 10 is taken",
        "The loss is in nats. What is the loss of two classes, each with the probability 1/2?",
        (("np.log(", "np.log10("),),
    ),
    known.CLASSES_FROM_1(("[y]", "[y - 1]")),
    Mistake(
        "the wrong classes are counted too, by ln(1 - ŷ)",
        "Which of the K probabilities does the loss of a step depend on?",
        (("right * np.log(y_hat)", "right * np.log(y_hat) + (1 - right) * np.log(1 - y_hat)"),),
    ),
    Mistake(
        "the squared error is taken instead of the cross-entropy",
        "How much should it cost to give the right class the probability 0?",
        (("-np.sum(right * np.log(y_hat)", "np.sum((right - y_hat) ** 2"),),
    ),
    Mistake(
        "all classes are summed, not the right one alone",
        "Which of the K probabilities does the loss of a step depend on?",
        (("right * np.log", "np.log"),),
    ),
    Mistake(
        "the softmax is taken once more",
        "y_hat holds probabilities already. What does each row of it add up to?",
        (
            (
                "np.log(y_hat)",
                "(y_hat - np.log(np.exp(y_hat).sum(axis=-1, keepdims=True)))",
            ),
        ),
    ),
)

exercise = Exercise(
    name="ps1/sequence_loss",
    arguments=("y_hat", "y"),
    parts=(Part("loss", "", points=3),),
    sizes=(
        {"T": 5, "B": 3, "K": 4},
        {"T": 7, "B": 2, "K": 6},
        {"T": 4, "B": 6, "K": 5},
        {"T": 1, "B": 3, "K": 4},
        {"T": 4, "B": 1, "K": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=("rnnlib.losses.*",),
)
