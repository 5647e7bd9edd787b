"""What every task hands out: inputs, targets, and how long each sequence is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from rnnlib.backend import Array, dtype_name, namespace
from rnnlib.init import expect_generator, expect_size


class Batch(NamedTuple):
    """A batch of sequences, time first."""

    x: Array
    """The inputs: numbers (T, B, D), or symbols (T, B)."""
    y: Array
    """The targets: symbols (T, B) or (B,), or numbers (T, B, K) or (B, K)."""
    lengths: Array | None = None
    """How many steps each sequence has, (B,); None where all have T. Behind them x and y are 0."""

    @property
    def mask(self) -> Array:
        """Where a step belongs to its sequence, (T, B), and where it is padding.

        Example:
            >>> Batch(np.zeros((3, 2), int), np.zeros((3, 2), int), np.array([3, 1])).mask.T
            array([[ True,  True,  True],
                   [ True, False, False]])
        """
        xp, device = namespace(self.x), self.x.device
        T, B = self.x.shape[:2]
        steps = xp.arange(T, device=device)[:, None]
        return steps < (xp.full((B,), T, device=device) if self.lengths is None else self.lengths)


class Split(NamedTuple):
    """Sequences to learn from, and others that training never sees."""

    train: Batch
    test: Batch


def minibatches(data: Batch, *, sequences: int) -> Callable[[np.random.Generator], Batch]:
    """What `rnnlib.train.train` draws its batches from: random sequences of a data set.

    Args:
        data: The whole of it.
        sequences: How many to draw at a time, none of them twice.

    Raises:
        TypeError: `sequences` is not an integer.
        ValueError: There are not as many.

    Example:
        >>> data = Batch(x=np.arange(12).reshape(3, 4), y=np.arange(4))
        >>> draw = minibatches(data, sequences=2)
        >>> draw(np.random.default_rng(0)).x.shape
        (3, 2)
    """
    count = expect_size("minibatches", "sequences", sequences)
    size = data.x.shape[1]
    if count > size:
        raise ValueError(f"minibatches: sequences is {count}, but there are {size}.")

    def draw(rng: np.random.Generator) -> Batch:
        expect_generator("minibatches", rng)
        return take(data, rng.choice(size, count, replace=False))

    return draw


def take(data: Batch, which: Array) -> Batch:
    """Those sequences of a batch."""
    symbols = not dtype_name(data.y).startswith(("float", "bfloat"))  # their last axis is B
    y = data.y[..., which] if symbols else data.y[..., which, :]
    return Batch(data.x[:, which], y, None if data.lengths is None else data.lengths[which])


def pad(sequences: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Sequences of unequal length side by side, (T, B) with zeros behind them, and their lengths.

    Example:
        >>> pad([[7, 8, 9], [5]])
        (array([[7, 5],
               [8, 0],
               [9, 0]]), array([3, 1]))
    """
    lengths = np.array([len(sequence) for sequence in sequences])
    padded = np.zeros((lengths.max(), len(lengths)), int)
    for b, sequence in enumerate(sequences):
        padded[: len(sequence), b] = sequence
    return padded, lengths


def shuffled(
    function: str, rng: np.random.Generator, count: int, test: float
) -> tuple[Array, Array]:
    """A random order of `count` things, cut into those to learn from and those to test on."""
    expect_generator(function, rng)
    if not 0 < test < 1:
        raise ValueError(f"{function}: test is {test}, expected a share between 0 and 1.")
    order = rng.permutation(count)
    kept = max(1, min(count - 1, round(count * test)))
    return order[kept:], order[:kept]


def optional(module: str, package: str) -> Any:
    """A module of a package that only this task needs.

    Raises:
        ImportError: It is not installed; the message says how to.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportError(
            f"tasks: {package} is not installed. Install it with: pip install 'rnnlib[tasks]'."
        ) from error
