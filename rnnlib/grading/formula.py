"""A function as plain data: what an exercise hands out that takes a function of an array.

A case travels as numbers and names, never as code. So a function that a student's code is given is
one of those known here, together with the arrays that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnlib.grading.networks import NETWORKS

Array = npt.NDArray[np.float64]


def bowl(a: Array, weights: Array, middle: Array) -> Any:
    """Σ w (a - m)², each entry for itself."""
    return (weights * (a - middle) ** 2).sum()


def waves(a: Array, weights: Array, phases: Array) -> Any:
    """Σ w sin(a + φ), each entry for itself, bent everywhere."""
    return (weights * np.sin(a + phases)).sum()


def product(a: Array, left: Array, right: Array) -> Any:
    """(Σ l a) · (Σ r tanh(a)), in which every entry's slope depends on all the others."""
    return (left * a).sum() * (right * np.tanh(a)).sum()


FORMULAS: Mapping[str, Callable[..., Any]] = {"bowl": bowl, "waves": waves, "product": product}
"""What gives one number, by name: of an array, and of the arrays that a formula holds."""

KNOWN: Mapping[str, Callable[..., Any]] = {**FORMULAS, **NETWORKS}
"""All functions that are known. A network gives the states of a batch of sequences."""


@dataclass(frozen=True, eq=False)
class Formula:
    """One of the known functions with its arrays: called with an array, it gives its value.

    Attributes:
        name: A name in `KNOWN`.
        arrays: What the function takes after its argument.

    Raises:
        ValueError: No known function has that name.

    Example:
        >>> f = Formula("bowl", (np.array([1.0, 2.0]), np.array([0.0, 1.0])))
        >>> float(f(np.array([3.0, 3.0])))
        17.0
    """

    name: str
    arrays: tuple[Array, ...]

    def __post_init__(self) -> None:
        if self.name not in KNOWN:
            raise ValueError(f"There is no formula {self.name!r}, only {', '.join(KNOWN)}.")

    def __call__(self, a: Any) -> Any:
        """The value at an array: a number, or an array of a network's states."""
        value = KNOWN[self.name](np.asarray(a, dtype=np.float64), *self.arrays)
        return value if np.ndim(value) else float(value)
