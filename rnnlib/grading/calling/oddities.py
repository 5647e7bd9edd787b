"""What is odd about a call though it costs no points: a record that travels as names alone.

The sentences for it are made where answers are judged.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnlib.grading.calling.answer import Answer, Refused

Memory = npt.NDArray[Any]

EFFORT = 10_000
"""How hard to look for entries that two arrays share; beyond it they count as separate."""

KINDS = {
    "shared": 2,  # a returned value; the arguments and returned values that share its memory
    "rounded": 2,  # a type of half or single precision; the returned values that are of it
    "whole": 2,  # a type of whole numbers; the returned values that are of it
    "unsteady": 1,  # the returned values that differ when it is called again
    "once": 1,  # why it fails when it is called again
    "random": 1,  # the returned values that depend on the seed of global random numbers
    "reseeds": 1,  # the modules whose global random numbers it draws or seeds
    "leftover": 1,  # the names of the notebook that it reads and that are no arguments
}
"""The kinds of oddities, and how many names each has at least."""


@dataclass(frozen=True)
class Oddity:
    """Something odd that a call showed.

    Attributes:
        kind: One of `KINDS`.
        names: What it concerns.
    """

    kind: str
    names: tuple[str, ...]


def of_values(
    returned: object,
    answers: Mapping[str, Answer],
    arguments: Mapping[str, Any],
) -> tuple[Oddity, ...]:
    """What is odd about the arrays that a function returned.

    Args:
        returned: What the function returned.
        answers: What was read from it, by name.
        arguments: What the function was called with, by name.
    """
    alone = len(answers) == 1 and not (type(returned) is tuple and len(returned) == 1)
    values = [returned] if alone or not isinstance(returned, list | tuple) else returned
    arrays = {
        name: array
        for (name, answer), value in zip(answers.items(), values, strict=False)
        if not isinstance(answer, Refused) and (array := _array(value)) is not None
    }
    return (*_shared(arrays, arguments), *_types(arrays))


def _shared(arrays: Mapping[str, Memory], arguments: Mapping[str, Any]) -> list[Oddity]:
    """Values that lie in the memory of arguments, or of values before them."""
    found = []
    others = [(name, array) for name, a in arguments.items() if (array := _array(a)) is not None]
    for name, array in arrays.items():
        shared = [other for other, memory in others if _overlap(array, memory)]
        if shared:
            found.append(Oddity("shared", (name, *shared)))
        others.append((name, array))
    return found


def _types(arrays: Mapping[str, Memory]) -> list[Oddity]:
    """Values that are less precise than the numbers they are made from."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, array in arrays.items():
        if array.dtype in (np.float16, np.float32):
            found.setdefault(("rounded", str(array.dtype)), []).append(name)
        elif array.dtype.kind in "iub" and array.any():  # a zero is a zero
            found.setdefault(("whole", str(array.dtype)), []).append(name)
    return [Oddity(kind, (dtype, *names)) for (kind, dtype), names in found.items()]


def _array(value: object) -> Memory | None:
    """An array, or a tensor as an array on the same memory; None for anything else."""
    if isinstance(value, np.ndarray):
        return value
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        array: Memory
        try:
            array = value.detach().numpy()
        except (TypeError, RuntimeError):  # of a type or on a device that NumPy does not know
            return None
        return array
    return None


def _overlap(a: Memory, b: Memory) -> bool:
    try:
        return np.shares_memory(a, b, max_work=EFFORT)  # type: ignore[arg-type]  # any effort does
    except np.exceptions.TooHardError:
        return False
