"""One slider explorer for every lecture: Python computes the grid, the browser draws it.

All lines travel to the browser once, as binary; a slider move then looks up one cell of the grid
and redraws, without asking the kernel. The same data serves a page that has no kernel at all.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping, Sequence

import anywidget
import numpy as np
import traitlets

from rnnlib.explore.grid import Numbers, Panel, Slider, require, unique

MAX_BYTES = 32 * 2**20  # what one explorer may send to the browser
MAX_NAMES = 6  # as many looks (colour, dash, marker) as explorer.js can tell apart


class Explorer(anywidget.AnyWidget):
    """Panels of lines that sliders move, drawn in the browser.

    ``index`` holds the sliders' positions, in order. It follows the student's hand, and setting it
    (or calling :meth:`move`) moves the picture.

    Args:
        sliders: one axis of the grid each; together they make the grid (n_1, …, n_k).
        panels: drawn side by side on a wide screen, one above the other on a narrow one.
        caption: what to see in the picture, in a sentence or two.
        alt: what the picture shows, for those who do not see it.

    Raises:
        ValueError: a shape does not fit the grid, a name repeats, a text is empty, there are more
            than six different lines, or the grid is larger than 32 MiB as float32.

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

    _esm = pathlib.Path(__file__).with_suffix(".js")
    _css = pathlib.Path(__file__).with_suffix(".css")
    _spec = traitlets.Dict().tag(sync=True)
    _data = traitlets.Bytes().tag(sync=True)
    index = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(
        self, sliders: Sequence[Slider], panels: Sequence[Panel], *, caption: str, alt: str
    ) -> None:
        self.sliders, self.panels = tuple(sliders), tuple(panels)
        self.caption, self.alt = caption, alt
        self._check()
        super().__init__(
            _spec=self._describe(),
            _data=b"".join(
                panel.drawn(line.values).astype("<f4").tobytes()
                for panel in self.panels
                for line in panel.lines
            ),
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

    def at(self, **slider_values: float | str) -> dict[str, dict[str, Numbers]]:
        """Return the series at the grid point nearest to ``slider_values``.

        A slider that is not named is taken where it stands now.

        Returns:
            ``{panel title: {line name: values (points,)}}``, as they were given, not as log10.

        Raises:
            ValueError: a slider is unknown, or a value lies outside its range.
        """
        cell = self._cell(slider_values)
        return {
            panel.title: {line.name: np.asarray(line.values)[cell] for line in panel.lines}
            for panel in self.panels
        }

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
            for line in panel.lines:
                expected = (*self.grid, *np.shape(panel.x))
                require(
                    np.shape(line.values) == expected,
                    f"line {line.name!r} of panel {panel.title!r} has shape "
                    f"{np.shape(line.values)}; expected {expected}: {self.grid} slider values, "
                    "then the points of x",
                )
        size = 4 * sum(np.size(line.values) for panel in self.panels for line in panel.lines)
        require(
            size <= MAX_BYTES,
            f"the grid {self.grid} makes {size / 2**20:.0f} MiB and {MAX_BYTES // 2**20} MiB "
            "may be sent; use fewer slider values or fewer points",
        )

    def _looks(self) -> dict[str, int]:
        names = dict.fromkeys(line.name for panel in self.panels for line in panel.lines)
        return {name: look for look, name in enumerate(names)}

    def _describe(self) -> dict[str, object]:
        looks, offset, panels = self._looks(), 0, []
        for panel in self.panels:
            lines = []
            for line in panel.lines:
                lines.append({"name": line.name, "look": looks[line.name], "offset": offset})
                offset += np.size(line.values)
            panels.append(
                {
                    "title": panel.title,
                    "xLabel": panel.x_label,
                    "yLabel": panel.y_label,
                    "x": np.asarray(panel.x).tolist(),
                    "yLimits": panel.limits(),
                    "log": panel.log_y,
                    "marks": [[label, float(panel.drawn(y))] for label, y in panel.marks.items()],
                    "lines": lines,
                }
            )
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
