"""What a training has reached: all that is needed to use it, to plot it, and to go on with it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rnnlib.backend import Array

ALWAYS = ("iteration", "loss", "gradient_norm")


class Trained(NamedTuple):
    """The parameters, how they came about, and what the next iteration starts from."""

    params: Any
    """The parameters after the last iteration."""
    history: dict[str, Array]
    """One array a quantity and one entry an iteration: "iteration" (from 1), "loss",
    "gradient_norm" (before clipping), and what the callback returned, NaN where it did not."""
    state: Any
    """The optimizer's state."""
    rng: dict[str, Any]
    """The state of the random generator that the batches come from."""

    @property
    def iterations(self) -> int:
        """How many iterations have been made."""
        return len(self.history["iteration"])


def columns(rows: list[dict[str, float]]) -> dict[str, Array]:
    """One array for every name that occurs in any of the rows, NaN where a row lacks it.

    Example:
        >>> history = columns([
        ...     {"iteration": 1, "loss": 0.5, "gradient_norm": 2.0},
        ...     {"iteration": 2, "loss": 0.4, "gradient_norm": 1.0, "accuracy": 0.9},
        ... ])
        >>> history["iteration"], history["accuracy"]
        (array([1, 2]), array([nan, 0.9]))
    """
    names = dict.fromkeys([*ALWAYS, *(name for row in rows for name in row)])
    return {name: np.array([row.get(name, np.nan) for row in rows], kind(name)) for name in names}


def rows(history: dict[str, Array]) -> list[dict[str, float]]:
    """The rows that `columns` was made of."""
    entries = zip(*(column.tolist() for column in history.values()), strict=True)
    return [dict(zip(history, entry, strict=True)) for entry in entries]


def kind(name: str) -> type:
    """What a column counts in."""
    return int if name == "iteration" else float
