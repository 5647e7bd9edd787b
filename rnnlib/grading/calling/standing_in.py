"""Right versions of earlier functions, for a while in the place of a student's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from rnnlib.grading.calling.notebook import names_around
from rnnlib.grading.calling.withholding import permitted
from rnnlib.grading.exercise import Array


@contextmanager
def given(
    function: Callable[..., object], references: Mapping[str, Callable[..., Any]]
) -> Iterator[set[str]]:
    """While the block lasts, the global names of a student's function lead to the references.

    The names are changed where they stand, and not in a copy for this one function: its helpers
    find them too. Afterwards they are as they were.

    Yields:
        The names that have been called, so far.
    """
    names = names_around(function)
    called: set[str] = set()
    if names is None:
        yield called
        return
    before = {name: names[name] for name in references if name in names}
    names.update({name: _noted(name, right, called) for name, right in references.items()})
    try:
        yield called
    finally:
        for name in references:
            names.pop(name, None)
        names.update(before)


def _noted(name: str, right: Callable[..., Any], called: set[str]) -> Callable[..., Any]:
    """A reference that notes that it is called; it takes whatever holds numbers."""

    def reference(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        named = {key: numbers(value) for key, value in kwargs.items()}
        with permitted():
            return right(*map(numbers, args), **named)

    return reference


def numbers(value: Any) -> Array:
    """An argument as an array of its own, whatever holds its numbers."""
    return np.array(value, dtype=np.float64)
