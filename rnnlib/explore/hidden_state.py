"""One hidden unit under the hand: what w, b and g make of a pulse, a constant and a changing input.

Used in lecture 2. The curves are `rnnlib.forward`, the function that the exercises grade.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel

STEPS = 30
WEIGHTS = np.linspace(-1.5, 1.5, 61).round(2)
BIASES = np.linspace(-1.0, 1.0, 11).round(1)
NONLINEARITIES = ("tanh", "relu", "sigmoid", "identity")


def hidden_state() -> Explorer:
    """The explorer of h_t = g(w h_{t-1} + x_t + b), a network with one unit.

    Left: the state over time for a pulse at t = 1 and for a constant input. Right, logarithmic:
    what is left of the pulse, as the difference from a run without it.
    """
    inputs = np.zeros((STEPS, 3, 1))
    inputs[0, 0] = 1.0  # a pulse at t = 1
    inputs[:, 1] = 0.5  # the same at every step
    # and nothing at all

    h = np.stack([_states(g, inputs) for g in NONLINEARITIES])  # (g, T, 3, w, b)
    pulse, constant, nothing = np.moveaxis(h, (2, 1), (0, -1))  # each (g, w, b, T)
    t = np.arange(1, STEPS + 1)
    return Explorer(
        sliders=[
            Slider("g", "nonlinearity g", NONLINEARITIES),
            Slider("w", "recurrent weight w", WEIGHTS, start=0.8),
            Slider("b", "bias b", BIASES, start=0.0),
        ],
        panels=[
            Panel(
                "The state",
                "step t",
                "h",
                t,
                [Line("pulse at t = 1", pulse), Line("constant input ½", constant)],
                y_limits=(-2.0, 3.0),
            ),
            Panel(
                "What is left of the pulse",
                "step t",
                "difference",
                t,
                [Line("pulse at t = 1", abs(pulse - nothing))],
                y_limits=(1e-6, 1e6),
                log_y=True,
            ),
        ],
        caption="One unit with input weight 1. Move w, and watch how long the pulse is remembered. "
        "What has come to exactly 0 has no place on the right, logarithmic axis.",
        alt="Two line charts against the step, from 1 to 30. Left, the hidden state of one unit "
        "after a pulse at the first step and under a constant input. Right, on a logarithmic axis, "
        "the difference that the pulse still makes.",
    )


def _states(g: str, inputs: Array) -> Array:
    """h (T, 3, w, b) for every w and b at once: units side by side that do not see each other."""
    w, b = (grid.ravel() for grid in np.meshgrid(WEIGHTS, BIASES, indexing="ij"))
    p = rl.ElmanParams(U=np.ones((w.size, 1)), W=np.diag(w), b=b)
    h, _ = rl.forward(rl.Elman(g=g), p, inputs)  # type: ignore[arg-type]
    return h.reshape(STEPS, inputs.shape[1], WEIGHTS.size, BIASES.size)
