"""Random starting values of the parameters.

Everything is drawn from a NumPy Generator that is passed in, in float64, and moved afterwards with
`rnnlib.to`: one seed gives the same numbers on every backend and device.
"""

from __future__ import annotations

from operator import index

import numpy as np

from rnnlib.backend import Array


def scaled_uniform(rng: np.random.Generator, shape: tuple[int, ...], *, fan: int) -> Array:
    """Uniform in ±1/√fan, torch.nn's default for recurrent layers with fan = H.

    Example:
        >>> w = scaled_uniform(np.random.default_rng(0), (100, 4), fan=4)
        >>> bool(abs(w).max() <= 0.5)
        True
    """
    expect_generator("scaled_uniform", rng)
    bound = expect_size("scaled_uniform", "fan", fan) ** -0.5
    return rng.uniform(-bound, bound, size=shape)


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
