"""Where a unit saturates: its slopes under the hand, and what their product does to a gradient.

Used in lecture 5. The curves are computed by `rnnlib.forward` and `rnnlib.gradients`.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import gradients
from rnnlib.activations import ACTIVATIONS
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel
from rnnlib.explore.plane import Plane, Points

STEPS = 30
NONLINEARITIES = ("tanh", "sigmoid")
WEIGHTS = np.linspace(0.0, 5.0, 51).round(1)
SIZES = np.linspace(0.0, 3.0, 31).round(1)


def saturation() -> Explorer:
    """The explorer of ∂h_T/∂h_{T-k} = wᵏ · g′(a_T) g′(a_{T-1}) … g′(a_{T-k+1}).

    One unit, h_t = g(a_t) with a_t = w h_{t-1} + s x_t, reads the same noise x with any size s.

    Left: each step's slope g′(a_t), on the curve of all slopes. Right, logarithmic: the gradient
    against the lag k, and the two products that it is made of.
    """
    runs = [_run(g) for g in NONLINEARITIES]
    a, slope, slopes, gradient = (np.stack(kind) for kind in zip(*runs, strict=True))
    lags = np.arange(1, STEPS + 1)
    powers = WEIGHTS[None, :, None, None] ** lags  # the same for both g and every size
    axis = np.linspace(-11, 11, 221)
    return Explorer(
        sliders=[
            Slider("g", "nonlinearity g", NONLINEARITIES),
            Slider("w", "recurrent weight w", WEIGHTS, start=1.5),
            Slider("size", "size of the inputs s", SIZES, start=0.5),
        ],
        panels=[
            Plane(
                "Where the steps are",
                "pre-activation a",
                "slope",
                [Points("a step", a, slope)],
                x_limits=(-11.0, 11.0),
                y_limits=(0.0, 1.05),
                outlines={
                    "tanh′, at most 1": (axis, _slope("tanh", axis)),
                    "sigmoid′, at most ¼": (axis, _slope("sigmoid", axis)),
                },
            ),
            Panel(
                "The gradient",
                "lag k",
                "factor",
                lags,
                [
                    Line("gradient", gradient),
                    Line("wᵏ alone", powers),
                    Line("slopes alone", slopes),
                ],
                y_limits=(1e-20, 1e20),
                log_y=True,
            ),
        ],
        caption="The gradient is wᵏ times the product of slopes. Once inputs come, a larger w "
        "pushes the steps down the curve, and the slopes take more than w gives.",
        alt="Left, the slopes of tanh and of the sigmoid against the pre-activation, two bells of "
        "height 1 and one quarter, with a point for each of 30 steps. Right, on a logarithmic axis "
        "against the lag: the powers of w, the product of slopes, and the gradient, which is the "
        "product of the two.",
    )


def _slope(g: str, a: Array) -> Array:
    return ACTIVATIONS[g].slope(ACTIVATIONS[g].g(a))


def _run(g: str) -> tuple[Array, Array, Array, Array]:
    """a_t and g′(a_t), the products of slopes and the gradients at lag k: (w, size, STEPS) each.

    Every w is a unit of its own that does not see the others, every size a sequence.
    """
    noise = np.random.default_rng(6).normal(size=(STEPS, 1, 1))
    x = noise * SIZES[:, None]  # (T, size, 1)
    n = WEIGHTS.size
    p = rl.ElmanParams(U=np.ones((n, 1)), W=np.diag(WEIGHTS), b=np.zeros(n))
    h, _ = rl.forward(rl.Elman(g=g), p, x)  # type: ignore[arg-type]  # (T, size, w)
    a = WEIGHTS * np.concatenate([0 * h[:1], h[:-1]]) + x

    one = h.reshape(STEPS, -1, 1)  # (T, size · w, 1): each as a network with one unit
    slopes = gradients.step_jacobian(one, np.eye(1), g=g)  # w = 1: the slopes alone
    J = slopes * np.tile(WEIGHTS, len(SIZES))[:, None, None]
    products = (gradients.lag_jacobians(factors)[1:] for factors in (slopes, J))
    return tuple(
        np.moveaxis(values.reshape(STEPS, len(SIZES), n), (0, 1, 2), (2, 1, 0))
        for values in (a, slopes, *products)
    )
