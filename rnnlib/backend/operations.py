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


def operations(x: Array) -> Operations:
    """The operations of the library that an array belongs to.

    Example:
        >>> x = np.array([2.0])
        >>> operations(x).multiply(x, x, x), x
        (array([4.]), array([4.]))
    """
    return _operations(namespace(x))


@functools.cache
def _operations(xp: ModuleType) -> Operations:
    return _of_numpy() if xp is np else _of_torch(xp)


def _of_numpy() -> Operations:
    # For matrices dot is matmul, and is called faster.
    return Operations(np.tanh, np.add, np.subtract, np.multiply, np.concat, np.dot)


def _of_torch(torch: ModuleType) -> Operations:
    def with_out(function: Callable[..., Array], inputs: int) -> Callable[..., Array]:
        return lambda *xs: function(*xs[:inputs], out=xs[inputs] if len(xs) > inputs else None)

    return Operations(
        tanh=with_out(torch.tanh, 1),
        add=with_out(torch.add, 2),
        subtract=with_out(torch.subtract, 2),
        multiply=with_out(torch.multiply, 2),
        concat=torch.concat,
        matmul=with_out(torch.matmul, 2),
    )
