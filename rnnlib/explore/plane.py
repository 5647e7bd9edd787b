"""A panel in which x moves too: points in a plane, and curves through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

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
class Points:
    """Points in a plane, for every position of the sliders.

    Args:
        name: Their name in the legend; a name that appears in two panels looks the same in both.
        x, y: shape (*grid, points) each, of length 1 where a slider makes no difference. A pair
            that is not finite is not shown.

    Raises:
        ValueError: the values are not real numbers, or x and y differ in shape.
    """

    name: str
    x: ArrayLike
    y: ArrayLike

    kind: ClassVar[str] = "points"

    def __post_init__(self) -> None:
        for axis in ("x", "y"):
            values = numbers(getattr(self, axis), f"{axis} of {self.name!r}")
            object.__setattr__(self, axis, values)
        shapes = np.shape(self.x), np.shape(self.y)
        require(
            shapes[0] == shapes[1] and len(shapes[0]) > 0,
            f"{self.name!r}: x has shape {shapes[0]} and y {shapes[1]}; both must be the same, "
            "with the points last",
        )


@dataclass(frozen=True, eq=False)
class Curve(Points):
    """Points that are connected in their order: a trajectory, or a curve that changes its form.

    Arguments and errors are those of `Points`; a pair that is not finite leaves a gap.
    """

    kind: ClassVar[str] = "curve"


@dataclass(frozen=True, eq=False)
class Plane:
    """One pair of axes with points and curves of their own x.

    Args:
        title: Stands above the panel, and is its key in `Explorer.at()`.
        x_label, y_label: what the axes show, with the unit.
        items: One `Points` or `Curve` or more.
        x_limits, y_limits: (lowest, highest) shown. Default: all that the grid holds.
        equal: Draw one unit as long in x as in y.
        outlines: Curves that no slider moves, as {label: (x, y)}, such as the unit circle.
        log_y: Draw log10 of y; zero and below leave a gap.

    Raises:
        ValueError: there is nothing in it, a name repeats, or limits are not in order.
    """

    title: str
    x_label: str
    y_label: str
    items: Sequence[Points]
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    equal: bool = False
    outlines: Mapping[str, tuple[ArrayLike, ArrayLike]] = field(default_factory=dict)
    log_y: bool = False

    def __post_init__(self) -> None:
        where = f"plane {self.title!r}"
        object.__setattr__(self, "items", tuple(self.items))
        require(len(self.items) > 0, f"{where} is empty; give it at least one Points or Curve")
        unique([*(item.name for item in self.items), *self.outlines], f"{where}: names")
        for axis, given, log in (("x", self.x_limits, False), ("y", self.y_limits, self.log_y)):
            if given is not None:
                low, high = drawn(given, log)
                require(low < high, f"{where}: {axis}_limits {given} must be (lowest, highest)")
        for label, (x, y) in self.outlines.items():
            require(
                np.ndim(x) == 1 and np.shape(x) == np.shape(y),
                f"{where}: outline {label!r} must be a pair of (points,) and (points,)",
            )

    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the drawn ranges of x and of y, the same for every position of the sliders."""

        def of(axis: int, given: tuple[float, float] | None, log: bool) -> tuple[float, float]:
            if given is not None:
                low, high = drawn(given, log)
                return float(low), float(high)
            every = [drawn((item.x, item.y)[axis], log) for item in self.items]
            return limits([*every, *(drawn(pair[axis], log) for pair in self.outlines.values())])

        return of(0, self.x_limits, False), of(1, self.y_limits, self.log_y)

    # What an explorer asks of everything that stands in it.

    @property
    def looks(self) -> list[str]:
        """The names that have a look of their own."""
        return [item.name for item in self.items]

    def check(self, grid: tuple[int, ...]) -> None:
        """Raise a ValueError unless every item is there for every cell of the grid."""
        for item in self.items:
            x = np.asarray(item.x)
            what = f"{item.kind} {item.name!r} of plane {self.title!r}"
            expect_shape(x, grid, x.shape[-1:], what)

    def arrays(self) -> list[Numbers]:
        """What is sent: x and y of one item after the other."""
        return [
            array for item in self.items for array in (drawn(item.x), drawn(item.y, self.log_y))
        ]

    def at(self, cell: tuple[int, ...]) -> dict[str, Numbers]:
        """The items at one position of the sliders: x and y one above the other, (2, points)."""
        return {
            item.name: np.stack([pick(np.asarray(axis), cell) for axis in (item.x, item.y)])
            for item in self.items
        }

    def describe(self, looks: Mapping[str, int], offsets: Sequence[int]) -> dict[str, Any]:
        """What the browser needs to draw it, besides the arrays, which begin at `offsets`."""
        x_limits, y_limits = self.limits()
        return {
            "kind": "plane",
            "title": self.title,
            "xLabel": self.x_label,
            "yLabel": self.y_label,
            "xLimits": x_limits,
            "yLimits": y_limits,
            "equal": self.equal,
            "log": self.log_y,
            "outlines": [
                [label, np.asarray(x, dtype=float).tolist(), drawn(y, self.log_y).tolist()]
                for label, (x, y) in self.outlines.items()
            ],
            "lines": [
                {
                    "name": item.name,
                    "kind": item.kind,
                    "look": looks[item.name],
                    "points": np.shape(item.x)[-1],
                    **place(np.asarray(item.x), offsets[2 * k], np.ndim(item.x) - 1),
                    "offsetY": offsets[2 * k + 1],
                }
                for k, item in enumerate(self.items)
            ],
        }
