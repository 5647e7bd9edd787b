"""A computation as boxes and arrows, on each of them its number; walked one step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from rnnlib.explore.grid import (
    Numbers,
    drawn,
    expect_shape,
    numbers,
    pick,
    place,
    require,
    unique,
)

Kind = Literal["forward", "direct", "indirect"]
"""What flows along an arrow: a value, or one of the two parts of a gradient."""


@dataclass(frozen=True, eq=False)
class Box:
    """A quantity: its name, its value, and what the loss says of it.

    Args:
        name: What arrows and `Explorer.at()` call it.
        label: What stands in the box, such as "h₂".
        at: Its (column, row), counted from the upper left.
        values: Shape (*grid,), of length 1 where a slider makes no difference. Where it is NaN the
            box is there, and has no number yet.
        gradients: The same for dL/d(quantity), which stands below the value; None for none.

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

    @property
    def told(self) -> dict[str, Numbers]:
        """Its numbers by name; the gradient has the box's name with a d in front."""
        found = {self.name: np.asarray(self.values)}
        if self.gradients is not None:
            found[f"d{self.name}"] = np.asarray(self.gradients)
        return found


@dataclass(frozen=True, eq=False)
class Arrow:
    """What one box hands to another.

    Args:
        start, end: names of boxes.
        values: Shape (*grid,). Where it is NaN nothing has gone along the arrow yet.
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
        """What `Explorer.at()` calls it, such as "h2 → h1"."""
        return f"{self.start} → {self.end}"


@dataclass(frozen=True, eq=False)
class Diagram:
    """Boxes in columns and rows, and arrows between them.

    Args:
        title: Stands above it, and is its key in `Explorer.at()`.
        boxes: One `Box` or more.
        arrows: One `Arrow` or more between them, or none.
        words: Texts that say what is shown, shape (*grid,), of length 1 where a slider makes no
            difference.

    Raises:
        ValueError: there is no box, a name repeats, or an arrow leads to no box.
    """

    title: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    words: ArrayLike

    def __post_init__(self) -> None:
        where = f"diagram {self.title!r}"
        object.__setattr__(self, "boxes", tuple(self.boxes))
        object.__setattr__(self, "arrows", tuple(self.arrows))
        object.__setattr__(self, "words", np.array(self.words, dtype=str))
        require(len(self.boxes) > 0, f"{where} has no boxes; give it at least one Box")
        names = [box.name for box in self.boxes]
        told = [name for box in self.boxes for name in box.told]
        unique([*told, *(arrow.name for arrow in self.arrows)], f"{where}: names")
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
            expect_shape(values, grid, (), f"{name!r} of diagram {self.title!r}")
        expect_shape(np.asarray(self.words), grid, (), f"the words of diagram {self.title!r}")

    def arrays(self) -> list[Numbers]:
        """What is sent."""
        return [drawn(values) for values in self._numbers().values()]

    def at(self, cell: tuple[int, ...]) -> dict[str, Any]:
        """The numbers at one position of the sliders, and its words."""
        found: dict[str, Any] = {name: pick(v, cell) for name, v in self._numbers().items()}
        return found | {"words": str(pick(np.asarray(self.words), cell))}

    def describe(self, looks: Mapping[str, int], offsets: Sequence[int]) -> dict[str, Any]:
        """What the browser needs to draw it, besides the arrays, which begin at `offsets`."""
        sent = zip(self._numbers().items(), offsets, strict=True)
        places = {name: place(values, offset, values.ndim) for (name, values), offset in sent}
        return {
            "kind": "diagram",
            "title": self.title,
            "words": np.ravel(self.words).tolist(),
            "wordsAt": place(np.asarray(self.words), 0, np.ndim(self.words)),
            "boxes": [
                {
                    "name": box.name,
                    "label": box.label,
                    "at": list(box.at),
                    "value": places[box.name],
                    "gradient": places.get(f"d{box.name}"),
                }
                for box in self.boxes
            ],
            "arrows": [
                {
                    "name": arrow.name,
                    "start": arrow.start,
                    "end": arrow.end,
                    "kind": arrow.kind,
                    "value": places[arrow.name],
                }
                for arrow in self.arrows
            ],
        }

    def _numbers(self) -> dict[str, Numbers]:
        """All numbers by name."""
        found = {name: values for box in self.boxes for name, values in box.told.items()}
        return found | {arrow.name: np.asarray(arrow.values) for arrow in self.arrows}
