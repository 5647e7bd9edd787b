"""Turn what a student's function returns into plain arrays, or into the reason why not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence, ValuesView
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnlib.grading.exercise import Array

LARGEST = 1_000_000
"""Entries of an array above which it is not looked at."""


@dataclass(frozen=True)
class Refused:
    """A returned value that holds no numbers to compare, and what it is instead."""

    reason: str


Answer = Array | Refused


class WrongCountError(Exception):
    """Not as many values were returned as asked for; the message says what was."""


def unpacked(returned: object, names: Sequence[str], axes: str) -> object:
    """What was returned, as a list where it is something else that unpacks into the values.

    Args:
        returned: What the function returned.
        names: The names of the values asked for.
        axes: The axes of the first of them: a stack of such values has one axis more.
    """
    if len(names) == 1:
        return returned
    if isinstance(returned, Iterator | ValuesView):
        return list(islice(returned, len(names) + 1))  # what a student makes may never end
    if isinstance(returned, np.ndarray) and returned.ndim == len(axes.split()) + 1:
        return list(returned) if len(returned) == len(names) else returned
    return returned


def answers(returned: object, names: Sequence[str], axes: str = "") -> tuple[Answer, ...]:
    """The returned values, in order, each as a float64 array of its own or refused.

    Args:
        returned: What the function returned.
        names: The names of the values asked for.
        axes: The axes of the first of them, which tell a tuple of one array from one of one step.

    Raises:
        WrongCountError: What was returned is no tuple or list of as many values as names.
    """
    if len(names) == 1 and returned is not None:
        return (_single(returned, axes),)
    plural = "values" if len(names) > 1 else "value"
    wanted = f"{len(names)} {plural}: {', '.join(names)}"
    if returned is None:
        raise WrongCountError(f"returned None, expected {wanted}: is the return statement missing?")
    if not isinstance(returned, tuple | list):
        raise WrongCountError(f"returned {_kind(returned)}, expected {wanted}")
    values = list(islice(returned, len(names) + 1))  # the class of a list may be the student's
    if len(values) != len(names):
        plural = "value" if len(returned) == 1 else "values"
        raise WrongCountError(f"returned {len(returned)} {plural}, expected {wanted}")
    return tuple(answer(value) for value in values)


def _single(returned: object, axes: str) -> Answer:
    """The one value asked for: what was returned, or the element of a tuple of one.

    Raises:
        WrongCountError: It is a tuple of several that are not the steps of one.
    """
    if type(returned) is tuple and len({getattr(each, "shape", ()) for each in returned}) > 1:
        raise WrongCountError(f"returned {len(returned)} values, expected 1 value")
    if type(returned) is tuple and len(returned) == 1:
        element = answer(returned[0])
        if isinstance(element, Refused) or element.ndim >= len(axes.split()):
            return element
    return answer(returned)


def answer(value: Any) -> Answer:
    """One value as a new float64 array; NumPy and torch, lists and numbers are taken."""
    if value is None:
        return Refused("is None")
    if _is_tensor(value):
        if value.numel() > LARGEST:
            return _too_large(value.numel(), tuple(value.shape))
        value = value.detach().cpu()
        value = (value.double() if value.is_floating_point() else value).numpy()  # bfloat16 too
    if not isinstance(value, np.ndarray | np.generic | int | float | complex | list | tuple):
        return Refused(f"is {_kind(value)}, not an array")
    try:
        array = np.asarray(value)
    except ValueError:
        return Refused("is a list whose rows differ in length")
    if array.size > LARGEST:
        return _too_large(array.size, array.shape)
    if array.dtype.kind == "c":
        return Refused("holds complex numbers")
    if array.dtype.kind not in "fiub":
        return Refused(f"is an array of {_dtype(array)}, not of numbers")
    return np.array(array, dtype=np.float64)


def _too_large(size: int, shape: tuple[int, ...]) -> Refused:
    return Refused(f"has {size:,} entries, shape {shape}")


def _is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")  # a tensor exists only where torch has been imported
    return torch is not None and isinstance(value, torch.Tensor)


def _kind(value: object) -> str:
    name = type(value).__name__
    return f"an {name}" if name.lower().startswith((*"aeiou", "nd")) else f"a {name}"


def _dtype(array: npt.NDArray[Any]) -> str:
    return {"O": "Python objects", "U": "text", "S": "text"}.get(array.dtype.kind, str(array.dtype))
