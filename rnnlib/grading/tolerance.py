"""When two arrays are equal: the tolerance that every comparison uses."""

from __future__ import annotations

import numpy as np

from rnnlib.grading.exercise import Array

TOLERANCE = 1e-4
"""Largest error, relative to the largest entry of the reference, of an answer that is right.

float32 answers are well below it; of the wrong answers seen in practice the smallest is at 0.03.
"""


def relative_error(got: Array, expected: Array) -> float:
    """The largest difference, relative to the largest entry expected, or absolute if that is 0."""
    scale = np.abs(expected).max(initial=0.0)
    return float(np.abs(got - expected).max(initial=0.0) / (scale or 1.0))


def close(got: Array, expected: Array) -> bool:
    """Whether two arrays have the same shape and, up to the tolerance, the same entries."""
    return got.shape == expected.shape and relative_error(got, expected) <= TOLERANCE
