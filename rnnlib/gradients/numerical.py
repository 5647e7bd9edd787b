"""Gradients by finite differences: slow, and independent of every derivation.

Taught in lecture 4, where every hand-derived gradient is held against them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnlib import tree as trees
from rnnlib.backend import (
    Array,
    all_finite,
    backend_of,
    copy,
    detached,
    dtype_name,
    is_array,
    namespace,
)

STEP = 6e-6
"""About the cube root of float64's precision: truncation and rounding errors balance there."""


def numerical_gradient(f: Callable[[Any], Any], at: Any, *, step: float = STEP) -> Any:
    """The gradient of a scalar function by central differences.

        ∂f/∂a_i ≈ (f(a + ε e_i) - f(a - ε e_i)) / 2ε,   ε = step · max(1, |a_i|)

    The error is O(ε²) from the series and O(10⁻¹⁶/ε) from rounding: about 1e-10 for functions of
    size 1. Two calls of f for every entry.

    Args:
        f: Takes a tree like `at`, returns a number (or an array without axes).
        at: Where: an array, or a tree of arrays such as a cell's parameters, in float64. It is left
            as it is; f is given copies.
        step: ε, for an entry a_i in units of max(1, |a_i|).

    Returns:
        A tree like `at`.

    Raises:
        TypeError: A leaf that is not a float64 array. In float32 the difference of two nearly equal
            numbers keeps no digit worth trusting.
        ValueError: NaN or infinity in `at`, an `f` that does not return one finite number, or a
            step that is not positive.

    Example:
        >>> import numpy as np
        >>> numerical_gradient(lambda a: (a**2).sum(), np.array([1.0, 3.0])).round(6)
        array([2., 6.])
    """
    if not callable(f):
        raise TypeError(
            f"numerical_gradient: f is a {type(f).__name__}, expected a function of one argument."
        )
    if not step > 0:
        raise ValueError(f"numerical_gradient: step is {step}, expected a positive number.")
    for name, leaf in trees.named_leaves(at):
        _expect_float64(name or "at", leaf)

    moved = trees.map(copy, detached(at))  # f sees this tree, one entry of it moved at a time
    return trees.map(lambda leaf: _leaf_gradient(lambda: _number(f(moved)), leaf, step), moved)


def relative_error(got: Array, want: Array) -> float:
    """The largest difference, relative to the largest entry of what is wanted.

        max |got - want| / max |want|

    One scale for the whole array: an entry that should be zero is not asked to be exactly zero.
    Where all of `want` is zero, the error is max |got|.

    Raises:
        TypeError: Not arrays of one library.
        ValueError: The shapes differ, or the arrays are empty.

    Example:
        >>> import numpy as np
        >>> relative_error(np.array([1.0, 2.2]), np.array([1.0, 2.0]))
        0.10000000000000009
    """
    if backend_of(got) is None or backend_of(got) != backend_of(want):
        raise TypeError(
            f"relative_error: got is a {type(got).__name__} and want a {type(want).__name__}, "
            "expected two NumPy arrays or two tensors. rnnlib.to_numpy moves what needs moving."
        )
    if tuple(got.shape) != tuple(want.shape):
        raise ValueError(
            f"relative_error: got has shape {tuple(got.shape)}, expected {tuple(want.shape)} like "
            "want."
        )
    if 0 in tuple(got.shape):
        raise ValueError(f"relative_error: the arrays of shape {tuple(got.shape)} are empty.")
    scale = float(abs(want).max())
    return float(abs(got - want).max()) / (scale or 1.0)


def _leaf_gradient(f: Callable[[], float], a: Array, step: float) -> Array:
    """Move each entry of `a`, in place, up and down, and put it back."""
    flat = a.reshape(-1)  # a view: `a` is contiguous
    gradient = namespace(a).zeros_like(flat)
    for i in range(len(flat)):
        here = float(flat[i])
        width = step * max(1.0, abs(here))
        flat[i] = here + width
        up = f()
        flat[i] = here - width
        down = f()
        flat[i] = here
        gradient[i] = (up - down) / (2 * width)
    return gradient.reshape(a.shape)


def _number(value: Any) -> float:
    if is_array(value) and value.ndim > 0:
        raise ValueError(
            f"numerical_gradient: f returned an array of shape {tuple(value.shape)}, expected one "
            "number. Sum it, e.g. (weights * value).sum()."
        )
    if not is_array(value) and not isinstance(value, int | float):
        raise TypeError(
            f"numerical_gradient: f returned a {type(value).__name__}, expected one number."
        )
    number = float(value)
    if not abs(number) < float("inf"):
        raise ValueError(f"numerical_gradient: f returned {number}, expected a finite number.")
    return number


def _expect_float64(name: str, leaf: Any) -> None:
    if not is_array(leaf) or dtype_name(leaf) != "float64":
        found = dtype_name(leaf) if is_array(leaf) else type(leaf).__name__
        raise TypeError(
            f"numerical_gradient: {name} is {found}, expected a float64 array. Convert it with "
            'rnnlib.to(…, dtype="float64"): differences of float32 numbers are mostly rounding.'
        )
    if not all_finite(leaf):
        raise ValueError(f"numerical_gradient: {name} holds NaN or infinity.")
