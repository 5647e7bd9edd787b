"""One look for all figures, and what a notebook shows: image, text alternative and caption.

The colours are those of Okabe and Ito, which people with any of the common colour deficiencies tell
apart. Lines differ by dash and marker as well, so that the figures survive a greyscale printer.
"""

from __future__ import annotations

import base64
import functools
import html
import io
from collections.abc import Callable
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib.figure import Figure

P = ParamSpec("P")

BLUE, ORANGE, GREEN, PURPLE, SKY, INK = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#222222",
)
GREY = "#767676"
PAPER = "#FFFFFF"

LOOKS: list[dict[str, Any]] = [
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": ORANGE, "linestyle": "--", "marker": "s"},
    {"color": GREEN, "linestyle": ":", "marker": "^"},
    {"color": PURPLE, "linestyle": "-.", "marker": "D"},
    {"color": INK, "linestyle": (0, (5, 1, 1, 1, 1, 1)), "marker": "v"},
]
"""How the first, second, … line of a figure looks: colour, dash and marker."""

STYLE: dict[Any, Any] = {
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "savefig.facecolor": PAPER,
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same letters on every machine
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.labelsize": 13,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titlelocation": "left",
    "lines.linewidth": 2.2,
    "lines.markersize": 6,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "mathtext.fontset": "dejavusans",
}

PIXELS_PER_INCH = 90  # on screen; the image holds twice as many for sharp displays


class Picture:
    """A figure with what a reader needs beside it.

    Args:
        figure: A matplotlib figure. It is drawn at once and may be forgotten.
        caption: What to see in it, in a sentence or two.
        alt: The same for somebody who cannot see it: what is drawn, and what it shows.

    Raises:
        ValueError: The caption or the text alternative is missing.
    """

    def __init__(self, figure: Figure, *, caption: str, alt: str) -> None:
        for name, text in (("caption", caption), ("alt", alt)):
            if not text.strip():
                raise ValueError(
                    f"Picture: {name} is empty, expected a sentence. Say what the figure shows."
                )
        self.caption = caption
        self.alt = alt
        self.width = round(figure.get_figwidth() * PIXELS_PER_INCH)
        image = io.BytesIO()
        figure.savefig(image, format="png", dpi=2 * PIXELS_PER_INCH)
        self.png = image.getvalue()

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure style="margin: 0.5em 0">'
            f'<img src="data:image/png;base64,{source}" alt="{html.escape(self.alt)}" '
            f'width="{self.width}" style="max-width: 100%; height: auto">'
            f'<figcaption style="max-width: 46em; padding-top: 0.4em"><em>'
            f"{html.escape(self.caption)}</em></figcaption></figure>"
        )


def drawn(function: Callable[P, Picture]) -> Callable[P, Picture]:
    """Draw in the one look of the course, whatever matplotlib is set to elsewhere."""

    @functools.wraps(function)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> Picture:
        with mpl.rc_context(STYLE):
            return function(*args, **kwargs)

    return in_style
