"""Slider explorers: pictures that are computed in Python and moved in the browser.

A lecture imports this package where it needs a slider; `import rnnlib` alone does not load it.
"""

from rnnlib.explore.diagram import Arrow, Box, Diagram
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel
from rnnlib.explore.plane import Curve, Plane, Points

__all__ = [
    "Arrow",
    "Box",
    "Curve",
    "Diagram",
    "Explorer",
    "Line",
    "Panel",
    "Plane",
    "Points",
    "Slider",
]
