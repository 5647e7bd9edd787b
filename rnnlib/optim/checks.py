"""What every optimizer asks of its settings, of gradients and of its state."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlib import tree
from rnnlib.backend import Array, all_finite, backend_of, dtype_name, namespace

NUMBER = int | float | np.integer | np.floating


def zeros_like(x: Array) -> Array:
    """Zeros of the shape, library, dtype and device of `x`."""
    return namespace(x).zeros_like(x)


def expect_gradients(optimizer: Any, params: Any, gradients: Any) -> None:
    """One finite gradient for every parameter, of its shape and dtype."""
    where = f"{type(optimizer).__name__}.step"
    tree.map(lambda p, dp: None, params, gradients)  # raises where the two trees differ in form
    for (name, p), dp in zip(tree.named_leaves(params), tree.leaves(gradients), strict=True):
        of = f"the gradient of {name}" if name else "the gradient"
        if backend_of(p) is None or backend_of(p) != backend_of(dp):
            found, wanted = (backend_of(x) or type(x).__name__ for x in (dp, p))
            raise TypeError(f"{where}: {of} is {found}, its parameter {wanted}; both are arrays.")
        if dp.shape != p.shape or dp.dtype != p.dtype:
            raise ValueError(
                f"{where}: {of} has shape {tuple(dp.shape)} and dtype {dtype_name(dp)}, expected "
                f"{tuple(p.shape)} and {dtype_name(p)} like its parameter."
            )
        if not all_finite(dp):
            raise ValueError(
                f"{where}: {of} holds NaN or infinity. Take a smaller rate, or clip the gradients."
            )


def expect_state(optimizer: Any, params: Any, *remembered: Any) -> None:
    """For every parameter something remembered, of its shape and dtype."""
    kind = type(optimizer).__name__
    try:
        fits = all(all(tree.leaves(tree.map(_alike, params, each))) for each in remembered)
    except ValueError:  # trees of two forms
        fits = False
    if not fits:
        raise ValueError(
            f"{kind}.step: the state does not belong to these parameters. Take the one that the "
            f"last step of this {kind} returned, or make one with init(params)."
        )


def _alike(p: Array, r: Array) -> bool:
    return backend_of(p) == backend_of(r) and p.shape == r.shape and p.dtype == r.dtype


def expect_positive(optimizer: Any, name: str) -> None:
    """A setting is a positive number, and becomes Python's."""
    value = getattr(optimizer, name)
    if not isinstance(value, NUMBER) or not 0 < value < float("inf"):
        kind = type(optimizer).__name__
        raise ValueError(f"{kind}: {name} is {value!r}, expected a positive number.")
    object.__setattr__(optimizer, name, float(value))  # one of NumPy's would widen float32


def expect_fraction(optimizer: Any, name: str) -> None:
    """A setting is at least 0 and less than 1, and becomes Python's number."""
    value = getattr(optimizer, name)
    if not isinstance(value, NUMBER) or not 0 <= value < 1:
        kind = type(optimizer).__name__
        raise ValueError(f"{kind}: {name} is {value!r}, expected at least 0 and less than 1.")
    object.__setattr__(optimizer, name, float(value))
