"""What every function that draws random numbers asks of its generator and its sizes."""

from __future__ import annotations

from operator import index

import numpy as np


def expect_generator(function: str, rng: object) -> None:
    """Raise a TypeError that says how to make one, unless `rng` is a NumPy Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{function}: rng is a {type(rng).__name__}, expected a NumPy Generator. "
            "Make one with numpy.random.default_rng(seed)."
        )


def expect_size(function: str, name: str, size: int) -> int:
    """The size as an int, or an error that says what is wrong with it."""
    try:
        if isinstance(size, bool):
            raise TypeError
        value = index(size)
    except TypeError:
        raise TypeError(
            f"{function}: {name} is {size!r}, expected an integer of at least 1."
        ) from None
    if value < 1:
        raise ValueError(f"{function}: {name} is {value}, expected at least 1.")
    return value
