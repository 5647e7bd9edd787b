"""Numbers as plain data: what a JSON text can hold, and back again, without trust.

Arrays are base64 of their bytes, with type and shape; nothing is ever pickled or evaluated. What
comes back may have been made by anybody: sizes, types, shapes, counts and lengths are checked
before anything is made of it.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rnnlib.grading.formula import Formula

ENTRIES = 100_000
"""Entries of an array above which it does not travel."""

AXES = 8
"""Axes of an array above which it does not travel."""

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|b1")
"""Types of the entries that travel."""

ELEMENTS = 100
"""Elements of a list above which it does not travel."""

LARGEST = 2**53
"""The whole number from which on none travels."""

TEXT = 1_000
"""Characters of a sentence, a line of code or a warning."""


def pack(value: Any) -> Any:
    """An argument as plain data: an array, a number, a list or tuple of these, or a formula.

    Raises:
        ValueError: It is none of these.
    """
    if isinstance(value, Formula):
        return {"formula": value.name, "arrays": [pack(array) for array in value.arrays]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [pack(element) for element in value]}
    if isinstance(value, bool | int | float):
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"a {type(value).__name__} holds no numbers that travel")
    array = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    if array.dtype.str not in DTYPES:
        array = array.astype(np.float64)
    text = base64.b64encode(array.tobytes()).decode()
    return {"array": text, "dtype": array.dtype.str, "shape": list(array.shape)}


def unpack(data: Any, depth: int = 4) -> Any:
    """The argument of that plain data.

    Raises:
        ValueError: It is not made as it should be; the message says in what.
    """
    if isinstance(data, float | bool) or (isinstance(data, int) and abs(data) < LARGEST):
        return data
    if not isinstance(data, dict) or depth == 0:
        raise ValueError("a value is neither a number nor an array nor a list of these")
    if "array" in data:
        return array_of(data)
    if "formula" in data:
        arrays = tuple(unpack(array, depth - 1) for array in list_of(data, "arrays", ELEMENTS))
        return Formula(text_of(data, "formula"), arrays)
    kind: Callable[[Any], Any]
    for name, kind in (("list", list), ("tuple", tuple)):
        if name in data:
            return kind(unpack(element, depth - 1) for element in list_of(data, name, ELEMENTS))
    raise ValueError("a value is of no known kind")


def array_of(data: Mapping[str, Any]) -> Any:
    """The array of a record.

    Raises:
        ValueError: It is not made as it should be; the message says in what.
    """
    shape, dtype = list_of(data, "shape", AXES), data.get("dtype")
    if not all(type(size) is int and 0 <= size <= ENTRIES for size in shape):
        raise ValueError("a shape is no list of sizes")
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ValueError("an array has entries of another type")
    entries, width = math.prod(shape), np.dtype(dtype).itemsize
    if entries > ENTRIES:
        raise ValueError(f"an array has more than {ENTRIES:,} entries")
    text = text_of(data, "array", 4 * (ENTRIES * 8 // 3 + 3))
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("an array is not in base64") from None
    if len(content) != entries * width:
        raise ValueError("an array has not as many entries as its shape says")
    array = np.frombuffer(content, dtype=dtype).reshape(shape)
    return array.copy()


def text_of(data: Mapping[str, Any], name: str, longest: int = TEXT) -> str:
    """The text of that name in a record.

    Raises:
        ValueError: There is none, or it is too long.
    """
    text = data.get(name)
    if not isinstance(text, str) or len(text) > longest:
        raise ValueError(f"{name} is no text of at most {longest} characters")
    return text.encode("utf-8", "replace").decode()  # half characters can be written nowhere


def texts(data: Mapping[str, Any], name: str, most: int) -> tuple[str, ...]:
    """The texts of that name in a record.

    Raises:
        ValueError: There are none, or too many, or one is too long.
    """
    return tuple(text_of({name: text}, name) for text in list_of(data, name, most))


def list_of(data: Mapping[str, Any], name: str, most: int) -> list[Any]:
    """The list of that name in a record.

    Raises:
        ValueError: There is none, or it is too long.
    """
    found = data.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise ValueError(f"{name} is no list of at most {most}")
    return found
