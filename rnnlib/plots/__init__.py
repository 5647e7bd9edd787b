"""The figures of the lectures: one look for all, each with a caption and a text alternative.

from rnnlib import plots

plots.states(h)        # a Picture; JupyterLab shows it with its caption
"""

from rnnlib.plots.graphs import folded_and_unrolled, structures
from rnnlib.plots.picture import Picture
from rnnlib.plots.sequences import lines, losses, states
from rnnlib.plots.weight_sharing import weight_sharing

__all__ = [
    "Picture",
    "folded_and_unrolled",
    "lines",
    "losses",
    "states",
    "structures",
    "weight_sharing",
]
