"""The operations of a recurrent step, looked up once and not at every step.

All of them write into `out` where one is given, and make a new array where it is None.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np

from rnnlib.backend.arrays import Array, namespace


class Operations(NamedTuple):
    """One library's functions."""

    tanh: Callable[..., Array]
    add: Callable[..., Array]
    subtract: Callable[..., Array]
    multiply: Callable[..., Array]
    concat: Callable[..., Array]
    matmul: Callable[..., Array]
    matmul_add: Callable[..., Array]
    """x W + y, called with (x, W, y, out); `out` may be y."""
    multiply_add: Callable[..., Array]
    """x ⊙ y + z, called with (x, y, z, out); `out` may be any of the three."""


def operations(x: Array) -> Operations:
    """The operations of the library that an array belongs to.

    Example:
        >>> operations(np.zeros(1)).multiply_add(np.array([2.0]), np.array([3.0]), np.array([4.0]))
        array([10.])
    """
    return _operations(namespace(x))


@functools.cache
def _operations(xp: ModuleType) -> Operations:
    own = (_numpy_matmul_add, _numpy_multiply_add)
    if xp is not np:

        def matmul_add(x: Array, W: Array, y: Array, out: Array | None = None) -> Array:
            return xp.addmm(y, x, W, out=out)

        def multiply_add(x: Array, y: Array, z: Array, out: Array | None = None) -> Array:
            return xp.addcmul(z, x, y, out=out)

        own = (matmul_add, multiply_add)
    matmul = np.dot if xp is np else xp.matmul  # for matrices the same, and dot is called faster
    return Operations(xp.tanh, xp.add, xp.subtract, xp.multiply, xp.concat, matmul, *own)


def _numpy_matmul_add(x: Array, W: Array, y: Array, out: Array | None = None) -> Array:
    return np.add(np.dot(x, W), y, out)


def _numpy_multiply_add(x: Array, y: Array, z: Array, out: Array | None = None) -> Array:
    return np.add(np.multiply(x, y, None if out is z else out), z, out)
