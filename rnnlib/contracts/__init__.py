"""What a function asks of its arrays, read off its signature and checked at the border.

A public function states the shapes of its arguments where a reader looks for them:

    @contract
    def affine(x: Float[Array, "... N"], W: Float[Array, "M N"], b: Float[Array, "M"]): ...

and `contract` holds callers to it: floating point arrays of one library, one dtype and one device,
each letter the same size everywhere, no empty axis, no NaN, no infinity. The annotations are
jaxtyping's, so that type checkers understand them too; at run time they are only read.

Checks happen once, where a caller enters the package: functions called from inside a checked
function trust their arguments, so that a loop over thousands of steps pays nothing. The shapes of
what is returned are part of the signature too; the test suite sets `check_returns` and holds every
function to them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from rnnlib.backend import all_finite
from rnnlib.contracts.call import Call
from rnnlib.contracts.signature import Asked, arrays, members

F = TypeVar("F", bound=Callable[..., Any])

check_returns = False
"""Whether results are held to the signature as well: set in the test suite."""

_inside: ContextVar[bool] = ContextVar("inside a checked function", default=False)


def contract(function: F, seen: Collection[str] = ()) -> F:
    """Check the arrays of a call against the shapes in the function's signature.

    Understood: `Float[Array, "T B D"]` and `Int[Array, "T B"]`; a letter is a size, the same in the
    whole call; a number is itself; `4*H` a multiple; `...` any leading axes, the same in the whole
    call; `| None` an argument that may be left out. Of a NamedTuple, the fields
    that state a shape are checked. Everything else passes unseen.

    Args:
        function: The function to decorate.
        seen: Arguments whose entries an earlier call has looked through, as the forward pass has
            for the backward pass. Their shapes are checked all the same.

    Raises (from the decorated function):
        TypeError: Not an array; integers where floating point is meant; two libraries, dtypes or
            devices in one call.
        ValueError: A wrong shape, an empty axis, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> @contract
        ... def mean(x: 'Float[Array, "T B"]'):
        ...     return x.mean(axis=0)
        >>> mean(np.zeros(3))
        Traceback (most recent call last):
        ValueError: mean: x has shape (3,), expected (T, B). It needs 2 axes and has 1.
    """
    signature = inspect.signature(function)
    annotations = {name: str(p.annotation) for name, p in signature.parameters.items()}
    names = list(annotations)
    name = _shown(function)
    params = [(argument, hint) for argument, hint in annotations.items() if hint.endswith("Params")]
    passed: set[Hashable] = set()  # looks of arguments that have been found right

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return function(*args, **kwargs)
        if kwargs or len(args) != len(names):
            bound = signature.bind(*args, **kwargs).arguments
        else:
            bound = dict(zip(names, args, strict=True))
        given = [
            found
            for argument, value in bound.items()
            for found in arrays(argument, value, annotations[argument])
        ]
        for argument, annotation in params:
            if type(bound[argument]).__name__ != annotation:
                Call(name).params(argument, bound[argument], annotation)
        _check(name, given, passed, seen)
        token = _inside.set(True)
        try:
            result = function(*args, **kwargs)
        finally:
            _inside.reset(token)
        if check_returns:
            _check_result(name, given, result, str(signature.return_annotation))
        return result

    return checked  # type: ignore[return-value]


def _shown(function: Callable[..., Any]) -> str:
    """The name that errors begin with: "step", but "readout.forward"."""
    name, room = function.__name__.lstrip("_"), function.__module__.rpartition(".")[2]
    return f"{room}.{name}" if name in ("forward", "backward") and room != "network" else name


def _check(
    name: str, given: list[tuple[str, Any, Asked]], passed: set[Hashable], seen: Collection[str]
) -> None:
    """Shapes, dtypes and devices, unless such a call was right before; then every entry."""
    looks = tuple(
        (argument, type(x), getattr(x, "shape", 0), getattr(x, "dtype", 0), getattr(x, "device", 0))
        for argument, x, _ in given
    )
    if looks not in passed:
        call = Call(name)
        for argument, x, asked in given:
            call.array(argument, x, asked)
        if len(passed) < 1000:
            passed.add(looks)
    floats = [
        (argument, x)
        for argument, x, asked in given
        if asked.kind == "Float" and argument.partition(".")[0] not in seen
    ]
    if not all_finite(*(x for _, x in floats)):
        for argument, x in floats:
            if not all_finite(x):
                Call(name).not_finite(argument, x)


def _check_result(
    name: str, given: list[tuple[str, Any, Asked]], result: Any, annotation: str
) -> None:
    """The shapes of what is returned, in the sizes of what was given."""
    call = Call(name)
    for argument, x, asked in given:
        call.array(argument, x, asked)
    hints = members(annotation)
    parts = (result,) if len(hints) == 1 else result
    for index, (part, hint) in enumerate(zip(parts, hints, strict=True)):
        for where, x, asked in arrays(f"result[{index}]", part, hint):
            call.array(where, x, asked)
