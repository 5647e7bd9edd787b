"""What a function asks of its arrays, read off its signature and checked at the border.

A public function states the shapes of its arguments where a reader looks for them:

    @contract
    def affine(x: Float[Array, "... D"], U: Float[Array, "H D"], b: Float[Array, "H"]): ...

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
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from rnnlib.backend import DTYPES, Array, all_finite, backend_of, dtype_name, namespace, to_numpy

F = TypeVar("F", bound=Callable[..., Any])

_inside: ContextVar[bool] = ContextVar("inside a checked function", default=False)
_SHAPED = re.compile(r"(Float|Int)\[Array, ['\"]([^'\"]*)['\"]\]")
_MEMBERS = re.compile(r"\w+\[[^\]]*\]|\w+")  # of tuple[ElmanParams, Float[Array, "T B D"]]
check_returns = False
"""Whether results are held to the signature as well: set in the test suite."""

_SIZES = {"T": "steps", "B": "sequences", "D": "inputs", "H": "hidden units", "K": "classes"}


def contract(function: F) -> F:
    """Check the arrays of a call against the shapes in the function's signature.

    Understood: `Float[Array, "T B D"]` and `Int[Array, "T B"]`; a letter is a size, the same in the
    whole call; a number is itself; `4*H` a multiple; `...` any leading axes, the same in the whole
    call; `| None` an argument that may be left out. Of a NamedTuple, the fields
    that state a shape are checked. Everything else passes unseen.

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
    expected = {
        name: str(parameter.annotation)
        for name, parameter in signature.parameters.items()
        if parameter.annotation is not inspect.Parameter.empty
    }

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if _inside.get():
            return function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        call = Call(function.__qualname__.split(".")[-1])
        for name, value in bound.arguments.items():
            call.argument(name, value, expected.get(name, ""))
        token = _inside.set(True)
        try:
            result = function(*args, **kwargs)
        finally:
            _inside.reset(token)
        if check_returns:
            call.result(result, str(signature.return_annotation))
        return result

    return checked  # type: ignore[return-value]


def trusted(method: F) -> F:
    """A function or bound method without its checks, for loops over arguments that are checked."""
    function = inspect.unwrap(method)
    bound_to = getattr(method, "__self__", None)
    return method if bound_to is None else function.__get__(bound_to)


class Call:
    """The sizes, the library, the dtype and the device that one call has shown so far."""

    def __init__(self, function: str) -> None:
        self.function = function
        self.sizes: dict[str, tuple[int | tuple[int, ...], str]] = {}  # letter -> size, first seen
        self.first: tuple[str, Array] | None = None

    def result(self, value: Any, annotation: str) -> None:
        """Check what the function returns: arrays, NamedTuples of arrays, or a tuple of these."""
        if not annotation.startswith("tuple["):
            self.argument("the result", value, annotation, finite=False)
            return
        hints = _MEMBERS.findall(annotation[len("tuple[") : -1])
        for index, (part, hint) in enumerate(zip(value, hints, strict=True)):
            self.argument(f"result[{index}]", part, hint, finite=False)

    def argument(self, name: str, value: Any, annotation: str, *, finite: bool = True) -> None:
        """Check one argument, or the fields of a NamedTuple of arrays, against its annotation."""
        shaped = _SHAPED.search(annotation)
        if value is None and "None" in annotation:
            return
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            for field in value._fields:
                hint = type(value).__annotations__[field]
                hint = str(getattr(hint, "__forward_arg__", hint))
                if _SHAPED.search(hint):
                    self.argument(f"{name}.{field}", getattr(value, field), hint, finite=finite)
        elif shaped:
            self.array(name, value, kind=shaped[1], shape=shaped[2].split(), finite=finite)

    def array(self, name: str, x: Any, *, kind: str, shape: list[str], finite: bool) -> None:
        """Check that `x` is an array of this kind and shape, like those before it."""
        if backend_of(x) is None:
            self._fail(
                TypeError,
                f"{name} is a {type(x).__name__}, expected an array of shape {_text(shape)}. "
                "Make one with numpy.asarray(...) or torch.as_tensor(...).",
            )
        self._kind(name, x, kind)
        self._one_place(name, x, kind)
        self._shape(name, x, shape)
        if finite and kind == "Float" and not all_finite(x):
            bad = namespace(x).isfinite(x) == False  # noqa: E712 (elementwise)
            index = tuple(int(i[0]) for i in to_numpy(bad).nonzero())
            self._fail(
                ValueError,
                f"{name} holds {float(x[index])} at index {index}; every entry must be finite.",
            )

    def _kind(self, name: str, x: Array, kind: str) -> None:
        dtype = dtype_name(x)
        if kind == "Float" and dtype not in DTYPES:
            self._fail(
                TypeError,
                f"{name} has dtype {dtype}, expected floating point. Convert it: "
                + (
                    f'{name}.astype("float64").'
                    if backend_of(x) == "numpy"
                    else f"{name}.double()."
                ),
            )
        if kind == "Int" and not dtype.startswith(("int", "uint")):
            self._fail(
                TypeError,
                f"{name} has dtype {dtype}, expected integers (class labels 0, 1, …, K - 1).",
            )

    def _one_place(self, name: str, x: Array, kind: str) -> None:
        if self.first is None:
            if kind == "Float":
                self.first = name, x
            return
        first, y = self.first
        if backend_of(x) != backend_of(y):
            self._fail(
                TypeError,
                f"{name} is a {backend_of(x)} array and {first} a {backend_of(y)} array. Move one "
                f'of them, e.g. rnnlib.to({name}, "{backend_of(y)}").',
            )
        if x.device != y.device:
            self._fail(
                TypeError,
                f"{name} is on device {x.device} and {first} on {y.device}. Move one of them, e.g. "
                f'rnnlib.to({name}, "torch", device="{y.device}").',
            )
        if kind == "Float" and x.dtype != y.dtype:
            self._fail(
                TypeError,
                f"{name} has dtype {dtype_name(x)} and {first} has {dtype_name(y)}. Convert one of "
                f'them, e.g. rnnlib.to({name}, "{backend_of(x)}", dtype="{dtype_name(y)}").',
            )

    def _shape(self, name: str, x: Array, shape: list[str]) -> None:
        found = tuple(x.shape)
        leading = shape[0] == "..." if shape else False
        named = shape[1:] if leading else shape
        if len(found) < len(named) or (len(found) > len(named) and not leading):
            at_least = "at least " if leading else ""
            axes = f"{at_least}{len(named)} {'axis' if len(named) == 1 else 'axes'}"
            self._fail(
                ValueError,
                f"{name} has shape {found}, expected {_text(shape)}. "
                f"It needs {axes} and has {len(found)}.",
            )
        if 0 in found:
            axis = found.index(0)
            letter = ["..."] * (len(found) - len(named)) + named
            what = _SIZES.get(letter[axis].split("*")[-1], "entries")
            self._fail(
                ValueError,
                f"{name} has shape {found}, expected {_text(shape)} with at least one of each: "
                f"axis {axis} has no {what}.",
            )
        if leading:
            self._size(name, found, shape, "...", found[: len(found) - len(named)], 1)
        for symbol, size in zip(named, found[len(found) - len(named) :], strict=True):
            factor, _, base = symbol.rpartition("*")
            self._size(name, found, shape, base, size, int(factor or 1))

    def _size(
        self,
        name: str,
        found: tuple[int, ...],
        shape: list[str],
        letter: str,
        size: Any,
        factor: int,
    ) -> None:
        wanted: int | tuple[int, ...] | None
        if letter.isdigit():
            wanted, source = int(letter), ""
        elif letter in self.sizes:
            known, first = self.sizes[letter]
            wanted = known * factor if isinstance(known, int) else known
            source = (
                f" with {'the leading axes' if letter == '...' else letter} = {known} as in {first}"
            )
        elif letter == "..." or size % factor == 0:
            self.sizes[letter] = (size if letter == "..." else size // factor), name
            return
        else:
            wanted, source = None, f", a multiple of {factor}"
        if size != wanted:
            self._fail(ValueError, f"{name} has shape {found}, expected {_text(shape)}{source}.")

    def _fail(self, error: type[Exception], message: str) -> None:
        raise error(f"{self.function}: {message}")


def _text(shape: list[str]) -> str:
    inner = ", ".join(shape)
    return f"({inner},)" if len(shape) == 1 and shape[0] != "..." else f"({inner})"
