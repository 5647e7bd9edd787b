"""A computation as boxes and arrows, on each of them its number; walked one step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from rnnlib.explore.grid import Numbers, drawn, expect_shape, numbers, require, unique

Kind = Literal["forward", "direct", "indirect"]
"""What flows along an arrow: a value, or one of the two parts of a gradient."""


@dataclass(frozen=True, eq=False)
class Box:
    """A quantity: its name, its value, and what the loss says of it.

    Args:
        name: what arrows and ``Explorer.at()`` call it.
        label: what stands in the box, such as "h₂".
        at: its (column, row), counted from the upper left.
        values: shape (*grid,). Where it is NaN the box is there, and has no number yet.
        gradients: the same for dL/d(quantity), which stands below the value; None for none.

    Raises:
        ValueError: the values are not real numbers.
    """

    name: str
    label: str
    at: tuple[int, int]
    values: ArrayLike
    gradients: ArrayLike | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", numbers(self.values, f"box {self.name!r}"))
        if self.gradients is not None:
            what = f"the gradient of box {self.name!r}"
            object.__setattr__(self, "gradients", numbers(self.gradients, what))


@dataclass(frozen=True, eq=False)
class Arrow:
    """What one box hands to another.

    Args:
        start, end: names of boxes.
        values: shape (*grid,). Where it is NaN nothing has gone along the arrow yet.
        kind: "forward" for a value, "direct" or "indirect" for a part of a gradient.

    Raises:
        ValueError: the values are not real numbers, or there is no such kind.
    """

    start: str
    end: str
    values: ArrayLike
    kind: Kind = "forward"

    def __post_init__(self) -> None:
        require(
            self.kind in get_args(Kind),
            f"{self.name!r}: kind is {self.kind!r}, expected one of {get_args(Kind)}",
        )
        object.__setattr__(self, "values", numbers(self.values, f"arrow {self.name!r}"))

    @property
    def name(self) -> str:
        """What ``Explorer.at()`` calls it, such as "h2 → h1"."""
        return f"{self.start} → {self.end}"


@dataclass(frozen=True, eq=False)
class Diagram:
    """Boxes in columns and rows, and arrows between them.

    Args:
        title: stands above it, and is its key in ``Explorer.at()``.
        boxes: one :class:`Box` or more.
        arrows: :class:`Arrow` between them.
        words: what this cell of the grid shows, one text a cell, in the grid's order.

    Raises:
        ValueError: there is no box, a name repeats, or an arrow leads to no box.
    """

    title: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    words: Sequence[str]

    def __post_init__(self) -> None:
        where = f"diagram {self.title!r}"
        object.__setattr__(self, "boxes", tuple(self.boxes))
        object.__setattr__(self, "arrows", tuple(self.arrows))
        object.__setattr__(self, "words", tuple(self.words))
        require(len(self.boxes) > 0, f"{where} has no boxes; give it at least one Box")
        names = [box.name for box in self.boxes]
        unique([*names, *(arrow.name for arrow in self.arrows)], f"{where}: names")
        for arrow in self.arrows:
            for end in (arrow.start, arrow.end):
                require(end in names, f"{where}: no box is called {end!r}; the boxes are {names}")

    # What an explorer asks of everything that stands in it.

    @property
    def looks(self) -> list[str]:
        """None: a box has its label, and arrows are told apart by their kind."""
        return []

    def check(self, grid: tuple[int, ...]) -> None:
        """Raise a ValueError unless every number and text is there for every cell of the grid."""
        for name, values in self._numbers().items():
            expect_shape(values, grid, f"{name!r} of diagram {self.title!r}")
        cells = int(np.prod(grid))
        require(
            len(self.words) == cells,
            f"diagram {self.title!r} has {len(self.words)} words; expected {cells}, one for each "
            "position of the sliders",
        )

    def arrays(self) -> list[Numbers]:
        """What is sent, each (*grid, 1)."""
        return [drawn(values)[..., None] for values in self._numbers().values()]

    def at(self, cell: tuple[int, ...]) -> dict[str, Any]:
        """The numbers at one position of the sliders, and its words."""
        found: dict[str, Any] = {name: v[cell] for name, v in self._numbers().items()}
        shape = np.shape(self.boxes[0].values)
        return found | {"words": self.words[int(np.ravel_multi_index(cell, shape))]}

    def describe(self, looks: Mapping[str, int], offsets: Sequence[int]) -> dict[str, Any]:
        """What the browser needs to draw it, besides the arrays, which begin at ``offsets``."""
        offset = dict(zip(self._numbers(), offsets, strict=True))
        return {
            "kind": "diagram",
            "title": self.title,
            "words": list(self.words),
            "boxes": [
                {
                    "name": box.name,
                    "label": box.label,
                    "at": list(box.at),
                    "offset": offset[box.name],
                    "gradient": offset.get(f"d{box.name}"),
                }
                for box in self.boxes
            ],
            "arrows": [
                {
                    "name": arrow.name,
                    "start": arrow.start,
                    "end": arrow.end,
                    "kind": arrow.kind,
                    "offset": offset[arrow.name],
                }
                for arrow in self.arrows
            ],
        }

    def _numbers(self) -> dict[str, Numbers]:
        """All numbers by name; the gradient of a box has its name with a d in front."""
        found = {}
        for box in self.boxes:
            found[box.name] = np.asarray(box.values)
            if box.gradients is not None:
                found[f"d{box.name}"] = np.asarray(box.gradients)
        return found | {arrow.name: np.asarray(arrow.values) for arrow in self.arrows}
