"""What an explorer is made of: sliders that span a grid, and panels of lines over that grid.

With sliders of n_1, …, n_k values, a line is an array of shape (n_1, …, n_k, points).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Slider:
    """One axis of the grid: numbers become a slider, strings become radio buttons.

    Args:
        name: a Python identifier, the keyword in ``Explorer.at(name=value)``.
        label: what the student reads beside the slider.
        values: at least two strictly increasing numbers, or at least two different strings.
        start: where the slider stands at first; the nearest value is taken. Default: the first.
        unit: written behind the value, such as ``"steps"``.

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
        """Return the index of the grid value nearest to ``value``.

        Raises:
            ValueError: ``value`` is not one of the choices, or lies outside the slider's range.
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


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a panel, for every position of the sliders.

    Args:
        name: its name in the legend; a name that appears in two panels looks the same in both.
        values: shape (*grid, points), one grid axis a slider, in the sliders' order. Values that
            are not finite leave a gap.

    Raises:
        ValueError: the values are not real numbers.
    """

    name: str
    values: ArrayLike

    def __post_init__(self) -> None:
        values = np.array(self.values)
        require(
            values.dtype.kind in "fiub",
            f"line {self.name!r} must hold real numbers: {values.dtype}",
        )
        values.flags.writeable = False
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes.

    Args:
        title: stands above the panel, and is its key in ``Explorer.at()``.
        x_label, y_label: what the axes show, with the unit.
        x: strictly increasing numbers (points,) that the lines share, such as time steps.
        lines: one :class:`Line` or more.
        y_limits: (lowest, highest) shown. Default: all that the grid holds, so that a slider moves
            the line and not the axis.
        log_y: draw log10 of the values; zero and below leave a gap.
        marks: horizontal reference lines, as {label: y}.

    Raises:
        ValueError: the panel has no line, repeats a line's name, or its limits are not in order.
    """

    title: str
    x_label: str
    y_label: str
    x: ArrayLike
    lines: Sequence[Line]
    y_limits: tuple[float, float] | None = None
    log_y: bool = False
    marks: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"panel {self.title!r}"
        x = np.array(self.x, dtype=float)
        require(x.ndim == 1 and x.size > 0, f"{where}: x must have shape (points,), not {x.shape}")
        require(
            bool(np.isfinite(x).all() and (np.diff(x) > 0).all()),
            f"{where}: x must be finite and strictly increasing",
        )
        x.flags.writeable = False
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "lines", tuple(self.lines))
        require(len(self.lines) > 0, f"{where} has no lines; give it at least one Line")
        unique([line.name for line in self.lines], f"{where}: line names")
        if self.y_limits is not None:
            low, high = self.drawn(self.y_limits)
            require(low < high, f"{where}: y_limits {self.y_limits} must be (lowest, highest)")

    def drawn(self, values: ArrayLike) -> Numbers:
        """Return ``values`` as they are drawn: themselves, or log10 with NaN for zero and below.

        The logarithm is taken here, in float64, so that 1e-60 and 1e+60 survive the float32 that
        is sent.
        """
        numbers = np.asarray(values, dtype=float)
        if self.log_y:
            positive = numbers > 0
            numbers = np.log10(numbers, where=positive, out=np.full(numbers.shape, np.nan))
        return np.where(np.isfinite(numbers), numbers, np.nan)

    def limits(self) -> tuple[float, float]:
        """Return the drawn range of y, which stays the same for every position of the sliders."""
        if self.y_limits is not None:
            low, high = self.drawn(self.y_limits)
            return float(low), float(high)
        every = [self.drawn(line.values) for line in self.lines]
        every.append(self.drawn(list(self.marks.values())))
        finite = np.concatenate([values[np.isfinite(values)] for values in every])
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
        margin = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
        return float(low - margin), float(high + margin)


def require(condition: bool, message: str) -> None:
    """Raise a ValueError with this message unless the condition holds."""
    if not condition:
        raise ValueError(message)


def unique(names: list[str], what: str) -> None:
    """Raise a ValueError where a name stands twice."""
    require(len(set(names)) == len(names), f"{what} must all differ; got {names}")


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
