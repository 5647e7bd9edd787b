"""The global names around a student's function: the notebook, as its code sees it."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any


def names_around(function: object) -> dict[str, Any] | None:
    """The global names that a function sees, through its decorators; None where it has none."""
    inner = function
    if isinstance(function, FunctionType):
        try:
            inner = inspect.unwrap(function)
        except ValueError:  # it decorates itself
            inner = function
    names = getattr(inner, "__globals__", None)
    return names if type(names) is dict else None
