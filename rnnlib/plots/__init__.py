"""The figures of the lectures: one look for all, each with a caption and a text alternative.

from rnnlib import plots
plots.states(h)        # a Picture; JupyterLab shows it with its caption
"""

from rnnlib.plots.cliff import cliff
from rnnlib.plots.gates import gates
from rnnlib.plots.graphs import folded_and_unrolled, structures
from rnnlib.plots.learning import curves, forget_bias
from rnnlib.plots.picture import Picture
from rnnlib.plots.sequences import lines, losses, states
from rnnlib.plots.spectrum import spectrum
from rnnlib.plots.weight_sharing import weight_sharing

__all__ = [
    "Picture",
    "cliff",
    "curves",
    "folded_and_unrolled",
    "forget_bias",
    "gates",
    "lines",
    "losses",
    "spectrum",
    "states",
    "structures",
    "weight_sharing",
]
