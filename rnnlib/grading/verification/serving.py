"""Right versions of earlier functions, for a kernel that has none: it asks, and gets their values.

The arguments are the student's. They are read as plain numbers, no more of them than a case has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rnnlib.grading.calling.packing import TEXT, pack, unpack
from rnnlib.grading.calling.standing_in import numbers
from rnnlib.grading.exercise import Array

LONGEST = 200
"""Entries along an axis of what a right version is called with: no case has as many."""

AXES = 3
"""Axes of what a right version is called with: no case has more."""


def serve(prompt: str, token: str, references: Mapping[str, Callable[..., Any]]) -> tuple[str, str]:
    """The outside half of a call of a stand-in: the reply to what a kernel asks for.

    Args:
        prompt: What the kernel asks for; anybody may have made it.
        token: The token of the question under way.
        references: The right versions, by name.

    Returns:
        The name of what was called, or nothing where it was no proper call, and the reply.
    """
    try:
        data = json.loads(prompt)
        if not isinstance(data, dict) or data.get("token") != token:
            raise ValueError("it does not belong to this question")
        name, named = data.get("call"), data.get("kwargs")
        if not isinstance(name, str) or name not in references:
            raise ValueError("there is nothing of that name")
        if not isinstance(named, dict):
            raise ValueError("the arguments have no names")
        args = [_small(value) for value in unpack(data.get("args"))]
        kwargs = {key: _small(unpack(value)) for key, value in named.items()}
    except (ValueError, TypeError, RecursionError) as error:
        return "", json.dumps({"refused": f"{error}"[:TEXT]})
    try:
        with np.errstate(all="ignore"):
            values = references[name](*args, **kwargs)
        return name, json.dumps({"values": pack(values)})
    except Exception as error:  # the arguments are the student's
        return name, json.dumps({"refused": f"{type(error).__name__}: {error}"[:TEXT]})


def _small(value: Any) -> Array:
    """An argument of a right version, which is no larger than one of a case.

    Of larger ones, a few are enough to make an array that fills the memory.
    """
    array = numbers(value)
    if array.ndim > AXES or max(array.shape, default=0) > LONGEST:
        raise ValueError(f"an argument of shape {array.shape} is larger than in any case")
    return array
