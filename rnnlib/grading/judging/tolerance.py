"""When two arrays are equal: the tolerance that every comparison uses."""

from __future__ import annotations

from rnnlib.gradients import relative_error
from rnnlib.grading.exercise import Array

TOLERANCE = 1e-3
"""Largest error, relative to the largest entry of the reference, of an answer that is right.

Single precision is far below it, and so are numbers of size one that are rounded to three places;
of the wrong answers seen in practice the smallest error is 0.03.
"""

NEARLY = 1e-2
"""Error up to which a wrong answer may be a right one that has lost digits."""


def close(got: Array, expected: Array) -> bool:
    """Whether two arrays have the same shape and, up to the tolerance, the same entries."""
    return got.shape == expected.shape and relative_error(got, expected) <= TOLERANCE
