"""One slider explorer for every lecture: Python computes the grid, the browser draws it.

All numbers travel to the browser once, as binary; a slider move then looks up one cell of the grid
and redraws, without asking the kernel. The same data serves a page that has no kernel at all.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from rnnlib.explore.diagram import Diagram
from rnnlib.explore.grid import Slider, require, unique
from rnnlib.explore.panel import Panel
from rnnlib.explore.plane import Plane

BROWSER = pathlib.Path(__file__).with_name("browser")
SCRIPTS = ("helpers", "looks", "ticks", "controls", "axes", "panel", "plane", "diagram", "render")
"""What runs in the browser, in this order: a file names only what stands in it or before it."""

MAX_BYTES = 32 * 2**20  # what one explorer may send to the browser
MAX_NAMES = 6  # as many looks (colour, dash, marker) as looks.js can tell apart


class Explorer(anywidget.AnyWidget):
    """Panels that sliders move, drawn in the browser.

    `index` holds the sliders' positions, in order. It follows the student's hand, and setting it
    (or calling :meth:`move`) moves the picture.

    Args:
        sliders: One axis of the grid each; together they make the grid (n_1, …, n_k).
        panels: Each a `Panel` of lines, a `Plane` of points and curves, or a `Diagram`;
            drawn side by side on a wide screen, one above the other on a narrow one.
        caption: What to see in the picture, in a sentence or two.
        alt: What the picture shows, for those who do not see it.

    Raises:
        ValueError: a shape does not fit the grid, a name repeats, a text is empty, there are more
            than six different lines, or the grid is larger than 32 MiB as float32.

    >>> import numpy as np
    >>> from rnnlib.explore import Line
    >>> gain, steps = np.linspace(0.5, 1.5, 11), np.arange(20)
    >>> power = Line("gᵗ", gain[:, None] ** steps)                                  # (11, 20)
    >>> explorer = Explorer(
    ...     sliders=[Slider("gain", "Gain g", gain, start=1.0)],
    ...     panels=[Panel("A linear recurrence", "step t", "gᵗ", steps, [power], log_y=True)],
    ...     caption="Below one it vanishes, above one it explodes.",
    ...     alt="Powers of the gain against time on a logarithmic axis.",
    ... )
    >>> explorer.at(gain=0.52)["A linear recurrence"]["gᵗ"][:3]
    array([1.  , 0.5 , 0.25])
    """

    _esm = "\n".join((BROWSER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    _css = BROWSER / "explorer.css"
    _spec = traitlets.Dict().tag(sync=True)
    _data = traitlets.Bytes().tag(sync=True)
    index = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self,
        sliders: Sequence[Slider],
        panels: Sequence[Panel | Plane | Diagram],
        *,
        caption: str,
        alt: str,
    ) -> None:
        self.sliders, self.panels = tuple(sliders), tuple(panels)
        self.caption, self.alt = caption, alt
        self._check()
        arrays = [panel.arrays() for panel in self.panels]
        sizes = [[array.size for array in of_panel] for of_panel in arrays]
        require(
            4 * sum(map(sum, sizes)) <= MAX_BYTES,
            f"the grid {self.grid} makes {4 * sum(map(sum, sizes)) / 2**20:.0f} MiB and "
            f"{MAX_BYTES // 2**20} MiB may be sent; use fewer slider values or fewer points",
        )
        super().__init__(
            _spec=self._describe(sizes),
            _data=b"".join(a.astype("<f4").tobytes() for of_panel in arrays for a in of_panel),
            index=[0 if s.start is None else s.position(s.start) for s in self.sliders],
        )

    @property
    def grid(self) -> tuple[int, ...]:
        """How many values each slider has."""
        return tuple(len(slider.values) for slider in self.sliders)

    @property
    def values(self) -> dict[str, float | str]:
        """What each slider stands at now, as {name: value}."""
        return {s.name: s.values[i] for s, i in zip(self.sliders, self.index, strict=True)}

    def at(self, **slider_values: float | str) -> dict[str, dict[str, Any]]:
        """Return the series at the grid point nearest to `slider_values`.

        A slider that is not named is taken where it stands now.

        Returns:
            `{panel title: {name: values}}`, as they were given, not as log10: (points,) of a
            line, (2, points) of what stands in a plane, a number of a box or an arrow.

        Raises:
            ValueError: a slider is unknown, or a value lies outside its range.
        """
        cell = self._cell(slider_values)
        return {panel.title: panel.at(cell) for panel in self.panels}

    def move(self, **slider_values: float | str) -> None:
        """Move the named sliders to the nearest grid values; raises as :meth:`at` does."""
        self.index = list(self._cell(slider_values))

    def __repr__(self) -> str:
        """Return what a viewer that cannot draw shows instead of the picture."""
        return f"Explorer: {self.caption}\n{self.alt}"

    def _cell(self, slider_values: Mapping[str, float | str]) -> tuple[int, ...]:
        names = [slider.name for slider in self.sliders]
        for name in slider_values:
            require(name in names, f"no slider is called {name!r}; the sliders are {names}")
        return tuple(
            s.position(slider_values[s.name]) if s.name in slider_values else i
            for s, i in zip(self.sliders, self.index, strict=True)
        )

    def _check(self) -> None:
        require(len(self.sliders) > 0, "an explorer needs at least one Slider")
        require(len(self.panels) > 0, "an explorer needs at least one Panel")
        require(bool(self.caption.strip()), "caption is empty; say what there is to see")
        require(bool(self.alt.strip()), "alt is empty; say what the picture shows")
        unique([slider.name for slider in self.sliders], "slider names")
        unique([panel.title for panel in self.panels], "panel titles")
        looks = self._looks()
        require(
            len(looks) <= MAX_NAMES,
            f"{len(looks)} different lines cannot be told apart, {MAX_NAMES} can: {list(looks)}",
        )
        for panel in self.panels:
            panel.check(self.grid)

    def _looks(self) -> dict[str, int]:
        names = dict.fromkeys(name for panel in self.panels for name in panel.looks)
        return {name: look for look, name in enumerate(names)}

    def _describe(self, sizes: Sequence[Sequence[int]]) -> dict[str, object]:
        looks, offset, panels = self._looks(), 0, []
        for panel, of_panel in zip(self.panels, sizes, strict=True):
            offsets = [offset + sum(of_panel[:k]) for k in range(len(of_panel))]
            panels.append(panel.describe(looks, offsets))
            offset += sum(of_panel)
        sliders = [
            {
                "name": s.name,
                "label": s.label,
                "unit": s.unit,
                "texts": s.texts,
                "choice": s.is_choice,
            }
            for s in self.sliders
        ]
        return {"sliders": sliders, "panels": panels, "caption": self.caption, "alt": self.alt}

    @traitlets.validate("index")
    def _inside_the_grid(self, proposal: traitlets.Bunch) -> list[int]:
        index: list[int] = proposal["value"]
        inside = all(0 <= i < n for i, n in zip(index, self.grid, strict=False))
        if len(index) != len(self.grid) or not inside:
            raise traitlets.TraitError(f"index {index} is not a position in the grid {self.grid}")
        return index
