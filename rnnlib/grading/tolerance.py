"""When two arrays are equal: the tolerance that every comparison uses."""

from __future__ import annotations

import numpy as np

from rnnlib.grading.exercise import Array

TOLERANCE = 1e-3
"""Largest error, relative to the largest entry of the reference, of an answer that is right.

Single precision is far below it, and so are numbers of size one that are rounded to three places;
of the wrong answers seen in practice the smallest error is 0.03.
"""

NEARLY = 5e-2
"""Error up to which a wrong answer may be a right one that has lost digits."""


def relative_error(got: Array, expected: Array) -> float:
    """The largest difference, relative to the largest entry expected, or absolute if that is 0."""
    scale = np.abs(expected).max(initial=0.0)
    return float(np.abs(got - expected).max(initial=0.0) / (scale or 1.0))


def close(got: Array, expected: Array) -> bool:
    """Whether two arrays have the same shape and, up to the tolerance, the same entries."""
    return got.shape == expected.shape and relative_error(got, expected) <= TOLERANCE
