"""What annotations ask of arrays: `Float[Array, "T B D"]`, read as text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_SHAPED = re.compile(r"(Float|Int|Bool)\[Array, ['\"]([^'\"]*)['\"]\]")
_MEMBERS = re.compile(r"\w+\[[^\]]*\]|\w+")  # of tuple[ElmanParams, Float[Array, "T B D"]]


class Asked(NamedTuple):
    """What an annotation asks of an array."""

    kind: str
    """"Float", "Int" or "Bool"."""
    shape: tuple[str, ...]
    """A symbol an axis; the first may be "..."."""
    optional: bool
    """Whether None will do."""


@functools.cache
def read(annotation: str) -> Asked | None:
    """What an annotation asks for; None if it states no shape.

    Example:
        >>> read('Float[Array, "T B D"] | None')
        Asked(kind='Float', shape=('T', 'B', 'D'), optional=True)
    """
    found = _SHAPED.search(annotation)
    return Asked(found[1], tuple(found[2].split()), "None" in annotation) if found else None


def members(annotation: str) -> list[str]:
    """The members of a tuple's annotation; of any other, itself alone.

    Example:
        >>> members('tuple[ElmanParams, Float[Array, "T B D"]]')
        ['ElmanParams', 'Float[Array, "T B D"]']
    """
    inner = annotation.removeprefix("tuple[")
    return [annotation] if inner == annotation else _MEMBERS.findall(inner[:-1])


def arrays(name: str, value: Any, annotation: str) -> Iterator[tuple[str, Any, Asked]]:
    """The arrays of one argument, with their names and what is asked of them.

    A NamedTuple gives its fields that state a shape; what states none, and None where it will do,
    gives nothing.
    """
    asked = read(annotation)
    if value is None and (asked is None or asked.optional):
        return
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        for field, hint in _shaped_fields(type(value)):
            yield from arrays(f"{name}.{field}", getattr(value, field), hint)
    elif asked:
        yield name, value, asked


@functools.cache
def _shaped_fields(type_: type) -> tuple[tuple[str, str], ...]:
    hints = {
        field: str(getattr(hint, "__forward_arg__", hint))
        for field, hint in type_.__annotations__.items()
    }
    return tuple((field, hint) for field, hint in hints.items() if read(hint))
