"""The adding problem: two of many numbers are marked; what is their sum?

Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997),
Experiment 4, in the form of Le, Jaitly and Hinton, "A simple way to initialize recurrent networks
of rectified linear units" (2015): numbers in [0, 1) and sequences of one length.
"""

from __future__ import annotations

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch

BASELINE = 1 / 6
"""The mean squared error of always saying 1: the variance of the sum, 2 · 1/12."""


def sample(rng: np.random.Generator, *, steps: int, sequences: int) -> Batch:
    """Random sequences; the marks stand at one step of the first half and one of the second.

        y = Σ_t mark_t · number_t

    Whoever guesses says 1, the mean, and has the mean squared error 1/6 (`BASELINE`).

    Args:
        rng: The source of randomness.
        steps: The length T, at least 2. The longer, the harder.
        sequences: How many, B.

    Returns:
        x (T, B, 2): a number in [0, 1), and its mark, 0 or 1. y (B, 1): the sum of the two.

    Raises:
        TypeError, ValueError: Not a Generator, or bad sizes.

    Example:
        >>> x, y, _ = sample(np.random.default_rng(0), steps=50, sequences=4)
        >>> x.shape, y.shape
        ((50, 4, 2), (4, 1))
    """
    expect_generator("adding.sample", rng)
    T = expect_size("adding.sample", "steps", steps)
    B = expect_size("adding.sample", "sequences", sequences)
    if T < 2:
        raise ValueError(f"adding.sample: steps is {T}, expected at least 2, one a mark.")
    numbers, marks = rng.random((T, B)), np.zeros((T, B))
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    marks[first, np.arange(B)] = marks[second, np.arange(B)] = 1
    return Batch(np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)[:, None])
