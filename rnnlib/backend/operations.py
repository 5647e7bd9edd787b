"""The operations of a recurrent step, looked up once and not at every step.

All of them take their result's place as the last argument, by position; None, or none, makes a new
array.
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
    return _of_numpy() if xp is np else _of_torch(xp)


def _of_numpy() -> Operations:
    def matmul_add(x: Array, W: Array, y: Array, out: Array | None = None) -> Array:
        return np.add(np.dot(x, W), y, out)

    def multiply_add(x: Array, y: Array, z: Array, out: Array | None = None) -> Array:
        return np.add(np.multiply(x, y, None if out is z else out), z, out)

    # For matrices dot is matmul, and is called faster.
    return Operations(
        np.tanh, np.add, np.subtract, np.multiply, np.concat, np.dot, matmul_add, multiply_add
    )


def _of_torch(torch: ModuleType) -> Operations:
    def with_out(function: Callable[..., Array], inputs: int) -> Callable[..., Array]:
        return lambda *xs: function(*xs[:inputs], out=xs[inputs] if len(xs) > inputs else None)

    def matmul_add(x: Array, W: Array, y: Array, out: Array | None = None) -> Array:
        return torch.addmm(y, x, W, out=out)

    def multiply_add(x: Array, y: Array, z: Array, out: Array | None = None) -> Array:
        return torch.addcmul(z, x, y, out=out)

    return Operations(
        tanh=with_out(torch.tanh, 1),
        add=with_out(torch.add, 2),
        subtract=with_out(torch.subtract, 2),
        multiply=with_out(torch.multiply, 2),
        concat=torch.concat,
        matmul=with_out(torch.matmul, 2),
        matmul_add=matmul_add,
        multiply_add=multiply_add,
    )
