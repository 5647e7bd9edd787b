"""A panel of lines that share their x, such as time steps or lags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnnlib.explore.grid import (
    Numbers,
    drawn,
    expect_shape,
    limits,
    numbers,
    pick,
    place,
    require,
    unique,
)


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a panel, for every position of the sliders.

    Args:
        name: Its name in the legend; a name that appears in two panels looks the same in both.
        values: Shape (*grid, points), one grid axis a slider, in the sliders' order, of
            length 1 where a slider makes no difference. Values that are not finite leave a gap.

    Raises:
        ValueError: the values are not real numbers.
    """

    name: str
    values: ArrayLike

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", numbers(self.values, f"line {self.name!r}"))


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes with lines over the same x.

    Args:
        title: Stands above the panel, and is its key in `Explorer.at()`.
        x_label, y_label: what the axes show, with the unit.
        x: Strictly increasing numbers (points,) that the lines share, such as time steps.
        lines: One `Line` or more.
        y_limits: (lowest, highest) shown. Default: all that the grid holds, so that a slider moves
            the line and not the axis.
        log_y: Draw log10 of the values; zero and below leave a gap.
        marks: Horizontal reference lines, as {label: y}.

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
        """Return `values` as they are drawn: themselves, or log10 with NaN for zero and below."""
        return drawn(values, self.log_y)

    def limits(self) -> tuple[float, float]:
        """Return the drawn range of y, which stays the same for every position of the sliders."""
        if self.y_limits is not None:
            low, high = self.drawn(self.y_limits)
            return float(low), float(high)
        every = [self.drawn(line.values) for line in self.lines]
        return limits([*every, self.drawn(list(self.marks.values()))])

    # What an explorer asks of everything that stands in it.

    @property
    def looks(self) -> list[str]:
        """The names that have a look of their own."""
        return [line.name for line in self.lines]

    def check(self, grid: tuple[int, ...]) -> None:
        """Raise a ValueError unless every line is there for every cell of the grid."""
        for line in self.lines:
            what = f"line {line.name!r} of panel {self.title!r}"
            expect_shape(np.asarray(line.values), grid, np.shape(self.x), what)

    def arrays(self) -> list[Numbers]:
        """What is sent, as it is drawn."""
        return [self.drawn(line.values) for line in self.lines]

    def at(self, cell: tuple[int, ...]) -> dict[str, Numbers]:
        """The lines at one position of the sliders, as they were given."""
        return {line.name: pick(np.asarray(line.values), cell) for line in self.lines}

    def describe(self, looks: Mapping[str, int], offsets: Sequence[int]) -> dict[str, Any]:
        """What the browser needs to draw it, besides the arrays, which begin at `offsets`."""
        return {
            "kind": "panel",
            "title": self.title,
            "xLabel": self.x_label,
            "yLabel": self.y_label,
            "x": np.asarray(self.x).tolist(),
            "yLimits": self.limits(),
            "log": self.log_y,
            "marks": [[label, float(self.drawn(y))] for label, y in self.marks.items()],
            "lines": [
                {
                    "name": line.name,
                    "look": looks[line.name],
                    **place(np.asarray(line.values), offset, np.ndim(line.values) - 1),
                }
                for line, offset in zip(self.lines, offsets, strict=True)
            ],
        }
