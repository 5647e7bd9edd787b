"""One call's arrays, held against what is asked of them and against each other."""

from __future__ import annotations

from typing import Any

from rnnlib.backend import DTYPES, Array, backend_of, dtype_name, namespace, to_numpy
from rnnlib.contracts.signature import Asked

_SIZES = {"T": "steps", "B": "sequences", "D": "inputs", "H": "hidden units", "K": "classes"}


class Call:
    """The sizes, the library, the dtype and the device that one call has shown so far."""

    def __init__(self, function: str) -> None:
        self.function = function
        self.sizes: dict[str, tuple[int | tuple[int, ...], str]] = {}  # letter -> size, first seen
        self.first: tuple[str, Array] | None = None

    def array(self, name: str, x: Any, asked: Asked) -> None:
        """Check that `x` is an array of this kind and shape, like those before it."""
        kind, shape = asked.kind, list(asked.shape)
        if backend_of(x) is None:
            self._fail(
                TypeError,
                f"{name} is a {type(x).__name__}, expected an array of shape {_text(shape)}. "
                "Make one with numpy.asarray(...) or torch.as_tensor(...).",
            )
        self._kind(name, x, kind)
        self._one_place(name, x, kind)
        self._shape(name, x, shape)

    def params(self, name: str, value: Any, wanted: str) -> None:
        """Check that an argument is the NamedTuple of parameters that is asked for."""
        if type(value).__name__ != wanted:
            self._fail(TypeError, f"{name} is a {type(value).__name__}, expected {wanted}.")

    def not_finite(self, name: str, x: Array) -> None:
        """Raise the error that says where the first NaN or infinity is."""
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
                f"{name} has dtype {dtype}, expected integers. Convert it: "
                + (f'{name}.astype("int64").' if backend_of(x) == "numpy" else f"{name}.long()."),
            )
        if kind == "Bool" and dtype != "bool":
            self._fail(
                TypeError,
                f"{name} has dtype {dtype}, expected booleans, True where a step counts.",
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
            if letter == "...":
                source = f" with the leading axes = {known} as in {first}, not {size}"
            else:
                source = f" with {letter} = {known} as in {first}"
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
