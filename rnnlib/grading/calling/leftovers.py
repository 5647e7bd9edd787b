"""Find what a function reads from the notebook around it, though nobody handed it in.

Functions, classes, modules and constants such as EPS belong to the notebook. An array W that is
still there from an earlier cell does not: in a fresh kernel it is missing, or is another one.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any

from rnnlib.grading.calling.notebook import names_around

PLAIN = (int, float, complex, str, bytes, bool, type(None))


def read(function: object) -> tuple[str, ...]:
    """The names of the notebook that a function reads, or a helper of it, and that hold data.

    They are found by reading the code, so some may stand where they are never reached.
    """
    namespace = notebook_of(function)
    if namespace is None:
        return ()
    names: dict[str, None] = {}
    waiting, seen = [function], set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        for inner in _functions(thing):
            waiting += _held(inner)
            if inner.__globals__ is namespace:
                found = [name for name in _globals(inner.__code__) if name in namespace]
                waiting += [namespace[name] for name in found]
                names.update((name, None) for name in found if _is_data(name, namespace[name]))
    return tuple(names)


def notebook_of(function: object) -> dict[str, Any] | None:
    """The notebook that a function is defined in; None for one that is imported from a module."""
    names = names_around(function) or {}
    name = names.get("__name__")
    module = sys.modules.get(name) if isinstance(name, str) and name != "__main__" else None
    return None if not names or getattr(module, "__dict__", None) is names else names


@contextmanager
def without(function: object, names: Sequence[str]) -> Iterator[None]:
    """While the block lasts, these names are not in the notebook."""
    namespace = notebook_of(function) or {}
    kept = {name: namespace.pop(name) for name in names if name in namespace}
    try:
        yield
    finally:
        namespace.update(kept)


def _functions(thing: Any) -> list[FunctionType]:
    """The functions that run when a thing is called: itself, or a class's methods."""
    if isinstance(thing, type):
        members = (getattr(member, "__func__", member) for member in vars(thing).values())
        members = (getattr(member, "fget", member) for member in members)
        return [member for member in members if isinstance(member, FunctionType)]
    thing = getattr(thing, "func", thing)  # functools.partial
    return [thing] if isinstance(thing, FunctionType) else []


def _held(function: FunctionType) -> list[Any]:
    """What a function holds by itself: what it decorates, and what it closes over."""
    held = [getattr(function, "__wrapped__", None)]
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # nothing is in it yet
            continue
    return [thing for thing in held if isinstance(thing, FunctionType | type)]


def _globals(code: CodeType) -> Iterator[str]:
    """The global names that a piece of code reads, with those of the code inside it."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def _is_data(name: str, value: object) -> bool:
    """Whether a name holds something that a function should be handed instead."""
    if name.startswith("__") or isinstance(value, ModuleType) or callable(value):
        return False
    return not (name.isupper() and len(name) > 1 and _is_plain(value))


def _is_plain(value: object) -> bool:
    """Whether it is a number or a text, or a tuple of these: what a constant is made of."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, PLAIN)
