"""A loss with a cliff, and two ways down from the same start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from rnnlib.plots.picture import BLUE, INK, ORANGE, PAPER, Picture, drawn

if TYPE_CHECKING:
    from rnnlib.experiments.cliff import Path, Result


@drawn
def cliff(result: Result) -> Picture:
    """The loss over w and b as shades and lines of equal height, with both paths of descent.

    Args:
        result: What `rnnlib.experiments.cliff.cliff` returns.
    """
    surface, plain, clipped = result
    figure = Figure(figsize=(8.2, 4.6))
    axes = figure.subplots()
    shades = axes.contourf(
        surface.w, surface.b, surface.loss, levels=12, cmap="Greys", vmin=-0.2, vmax=0.9
    )
    figure.colorbar(shades, ax=axes, label="loss")
    axes.set(xlim=surface.w[[0, -1]], ylim=surface.b[[0, -1]], xlabel="w", ylabel="b")
    _draw(axes, plain, "plain", ORANGE, "s--")
    _draw(axes, clipped, "clipped", BLUE, "o-")
    axes.plot(plain.w[0], plain.b[0], "*", color=INK, markersize=14, label="start")
    axes.legend(loc="lower left", facecolor=PAPER, frameon=True)
    thrown = float(np.hypot(np.diff(plain.w), np.diff(plain.b)).max())
    longest = float(np.hypot(np.diff(clipped.w), np.diff(clipped.b)).max())
    return Picture(
        figure,
        caption="Two plains with a cliff between them. At the cliff the plain step is "
        f"{thrown:.1f} long and leaves the picture; the clipped one is {longest:.2f}. Every tenth "
        "place is marked.",
        alt="The loss over w and b in shades of grey: two plains, with a cliff between them that "
        f"runs from upper left to lower right. Plain descent takes a step of {thrown:.1f} at the "
        f"cliff and leaves the picture; clipped descent takes none above {longest:.2f}.",
    )


def _draw(axes: object, path: Path, name: str, colour: str, look: str) -> None:
    axes.plot(  # type: ignore[attr-defined]
        path.w, path.b, look, color=colour, markersize=4.5, markevery=10, linewidth=1, label=name
    )
