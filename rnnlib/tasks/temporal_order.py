"""Temporal order: two symbols far apart, X or Y each; which four-way order was it?

Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997),
Experiment 6a, whose places scale with the length as in Pascanu, Mikolov and Bengio, "On the
difficulty of training recurrent neural networks", ICML 2013; the original's length varies between
100 and 110.
"""

from __future__ import annotations

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch

SYMBOLS = "abcdXYEB"
"""Four that mean nothing, the two that count, the first and the last of every sequence."""
CLASSES = ("XX", "XY", "YX", "YY")
X = SYMBOLS.index("X")


def sample(rng: np.random.Generator, *, steps: int, sequences: int) -> Batch:
    """Random sequences that begin with E, end with B, and hold X or Y at two places.

    The first stands between the steps T/10 and 2T/10, the second between 4T/10 and 5T/10. Whoever
    guesses is right in 1 of 4 and has a loss of ln 4 = 1.386 nats.

    Args:
        rng: The source of randomness.
        steps: The length T, at least 10.
        sequences: How many, B.

    Returns:
        x (T, B): the places of the symbols in `SYMBOLS`. y (B,): the place of the order in
        `CLASSES`.

    Raises:
        TypeError, ValueError: Not a Generator, or bad sizes.

    Example:
        >>> x, y, _ = sample(np.random.default_rng(0), steps=20, sequences=1)
        >>> "".join(SYMBOLS[k] for k in x[:, 0]), CLASSES[y[0]]
        ('EccXbaaaYdcdccdccccB', 'XY')
    """
    expect_generator("temporal_order.sample", rng)
    T = expect_size("temporal_order.sample", "steps", steps)
    B = expect_size("temporal_order.sample", "sequences", sequences)
    if T < 10:
        raise ValueError(f"temporal_order.sample: steps is {T}, expected at least 10.")
    x = rng.integers(4, size=(T, B))
    x[0], x[-1] = SYMBOLS.index("E"), SYMBOLS.index("B")
    first, second = rng.integers(2, size=(2, B))  # 0 for X, 1 for Y
    x[rng.integers(T // 10, 2 * T // 10, B), np.arange(B)] = X + first
    x[rng.integers(4 * T // 10, 5 * T // 10, B), np.arange(B)] = X + second
    return Batch(x, 2 * first + second)
