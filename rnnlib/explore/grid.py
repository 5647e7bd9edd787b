"""The sliders of an explorer, which span a grid: with n_1, …, n_k values, (n_1, …, n_k) cells.

An array over the grid has one axis a slider; where that slider makes no difference, of length 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Slider:
    """One axis of the grid: numbers become a slider, strings become radio buttons.

    Args:
        name: A Python identifier, the keyword in `Explorer.at(name=value)`.
        label: What the student reads beside the slider.
        values: At least two strictly increasing numbers, or at least two different strings.
        start: Where the slider stands at first; the nearest value is taken. Default: the first.
        unit: Written behind the value, such as `"steps"`.

    Raises:
        ValueError: the name is no identifier, or the values are not of the kind above.

    >>> Slider("gain", "Gain g", [0.5, 1.0, 1.5], start=1.1).texts
    ('0.5', '1.0', '1.5')
    """

    name: str
    label: str
    values: Sequence[float] | Sequence[str] | Numbers
    start: float | str | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        require(self.name.isidentifier(), f"a slider's name must be an identifier: {self.name!r}")
        values = tuple(self.values)
        require(len(values) >= 2, f"slider {self.name!r} needs two values or more: {values}")
        if all(isinstance(value, str) for value in values):
            require(len(set(values)) == len(values), f"slider {self.name!r} repeats: {values}")
        else:
            try:
                values = tuple(float(value) for value in values)
            except (TypeError, ValueError):
                raise ValueError(
                    f"slider {self.name!r} needs only numbers or only strings: {values}"
                ) from None
            require(
                all(map(math.isfinite, values)) and all(np.diff(values) > 0),
                f"slider {self.name!r} needs finite, strictly increasing values; got {values}",
            )
        object.__setattr__(self, "values", values)
        if self.start is not None:
            self.position(self.start)

    @property
    def is_choice(self) -> bool:
        """Whether the values are strings."""
        return isinstance(self.values[0], str)

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as they are written on screen, with as few digits as tell them apart."""
        if self.is_choice:
            return tuple(str(value) for value in self.values)
        numbers = [float(value) for value in self.values]
        for digits in range(5):
            if np.allclose(np.round(numbers, digits), numbers, rtol=0, atol=1e-9):
                return tuple(_minus(f"{value:.{digits}f}") for value in numbers)
        for digits in range(3, 18):
            texts = tuple(_minus(f"{value:.{digits}g}") for value in numbers)
            if len(set(texts)) == len(texts):
                break
        return texts

    def position(self, value: float | str) -> int:
        """Return the index of the grid value nearest to `value`.

        Raises:
            ValueError: `value` is not one of the choices, or lies outside the slider's range.
        """
        if self.is_choice:
            choices = list(self.values)
            require(value in choices, f"{self.name}={value!r} is not one of {choices}")
            return choices.index(value)
        numbers = np.asarray(self.values, dtype=float)
        number, slack = float(value), 1e-9 * (numbers[-1] - numbers[0])
        require(
            numbers[0] - slack <= number <= numbers[-1] + slack,
            f"{self.name}={value} is outside the slider's range {numbers[0]:g} to {numbers[-1]:g}",
        )
        return int(np.argmin(np.abs(numbers - number)))


def require(condition: bool, message: str) -> None:
    """Raise a ValueError with this message unless the condition holds."""
    if not condition:
        raise ValueError(message)


def numbers(values: ArrayLike, what: str) -> Numbers:
    """An array of one's own, that nobody writes into; a ValueError unless it is of real numbers."""
    array = np.array(values, order="C")
    require(array.dtype.kind in "fiub", f"{what} must hold real numbers: {array.dtype}")
    array.flags.writeable = False
    return array


def drawn(values: ArrayLike, log: bool = False) -> Numbers:
    """Values as they are drawn: themselves, or log10, with NaN for what has no place on the axis.

    The logarithm is taken here, in float64, so that 1e-60 and 1e+60 survive the float32 that is
    sent.
    """
    array = np.asarray(values, dtype=float)
    if log:
        positive = array > 0
        array = np.log10(array, where=positive, out=np.full(array.shape, np.nan))
    return np.where(np.isfinite(array), array, np.nan)


def limits(every: Sequence[Numbers]) -> tuple[float, float]:
    """The range of all that is drawn, with a margin."""
    finite = np.concatenate([values[np.isfinite(values)] for values in every])
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    margin = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
    return float(low - margin), float(high + margin)


def expect_shape(
    values: Numbers, grid: tuple[int, ...], points: tuple[int, ...], what: str
) -> None:
    """Raise a ValueError unless an array is there for every cell of the grid."""
    expected = (*grid, *points)
    fits = len(values.shape) == len(expected) and values.shape[len(grid) :] == points
    require(
        fits and all(n in (1, of_slider) for n, of_slider in zip(values.shape, grid, strict=False)),
        f"{what} has shape {values.shape}; expected {expected}: the slider values"
        f"{', then the points' if points else ''}. Where a slider makes no difference its axis may "
        "have length 1",
    )


def pick(values: Numbers, cell: tuple[int, ...]) -> Numbers:
    """What an array holds for one cell of the grid."""
    found: Numbers = values[tuple(min(i, n - 1) for i, n in zip(cell, values.shape, strict=False))]
    return found


def place(values: Numbers, offset: int, sliders: int) -> dict[str, Any]:
    """Where the browser finds an array that begins at `offset`.

    Returns:
        the offset, and how many numbers further on the next position of each slider is: 0 where it
        makes no difference.
    """
    steps = [
        0 if values.shape[k] == 1 else int(np.prod(values.shape[k + 1 :], dtype=int))
        for k in range(sliders)
    ]
    return {"offset": offset, "steps": steps}


def unique(names: list[str], what: str) -> None:
    """Raise a ValueError where a name stands twice."""
    require(len(set(names)) == len(names), f"{what} must all differ; got {names}")


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
