"""Slider explorers: pictures that are computed in Python and moved in the browser.

A lecture imports this package where it needs a slider; ``import rnnlib`` alone does not load it.
"""

from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Line, Panel, Slider

__all__ = ["Explorer", "Line", "Panel", "Slider"]
