"""Gradient descent on a loss with a cliff, with and without clipping, from any start.

Used in lecture 5. The loss and its gradient are those of `rnnlib.experiments.cliff`, with the bias
held fixed, so that there is one parameter to draw.
"""

from __future__ import annotations

import numpy as np

from rnnlib import gradients
from rnnlib.backend import Array
from rnnlib.experiments.cliff import Weights, loss_and_gradient
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel
from rnnlib.explore.plane import Plane, Points

BIAS = -2.25
STARTS = np.linspace(4.0, 5.5, 151).round(2)  # 4.41 stands on the wall
RATES = np.array([0.2, 0.5, 1.0])
LIMITS = np.array([0.05, 0.1, 0.2, 0.5])
ITERATIONS = 40


def cliff() -> Explorer:
    """The explorer of h_t = σ(w h_{t-1} - 2.25), h_0 = σ(½), L = (h_50 - 0.7)².

        w ← w - η dw          and, clipped,          w ← w - η dw · min(1, limit / |dw|)

    Left: the loss against w, and all places that the two descents come to. Middle, logarithmic: w
    after each step. Right: the loss after each step.
    """
    paths = np.stack([descend(np.inf), *(descend(limit) for limit in LIMITS)])
    w = np.moveaxis(paths, 0, 2)  # (start, rate, limit, iterations + 1), none first
    loss, _ = at(w)
    plain, clipped = (w[:, :, :1], loss[:, :, :1]), (w[:, :, 1:], loss[:, :, 1:])
    start = w[:, :1, :1, :1], loss[:, :1, :1, :1]

    axis = np.linspace(3.5, 6.5, 601)
    steps = np.arange(ITERATIONS + 1)
    return Explorer(
        sliders=[
            Slider("start", "start w", STARTS, start=5.2),
            Slider("rate", "learning rate η", RATES, start=0.5),
            Slider("limit", "clip the gradient at", LIMITS, start=0.1),
        ],
        panels=[
            Plane(
                "The cliff",
                "w",
                "loss",
                [
                    Points("with clipping", *clipped),
                    Points("without clipping", *plain),
                    Points("start", *start),
                ],
                x_limits=(3.5, 6.5),
                y_limits=(-0.01, 0.4),
                outlines={"loss": (axis, at(axis)[0])},
            ),
            Panel(
                "w on the way",
                "iteration",
                "w",
                steps,
                [Line("without clipping", plain[0]), Line("with clipping", clipped[0])],
                y_limits=(3.0, 100.0),
                log_y=True,
            ),
            Panel(
                "The loss on the way",
                "iteration",
                "loss",
                steps,
                [Line("without clipping", plain[1]), Line("with clipping", clipped[1])],
                y_limits=(-0.01, 0.4),
            ),
        ],
        caption="The lowest place lies at the foot of the cliff. Without clipping, one step that "
        "begins on the wall ends far away, on the flat. With clipping no step is longer than η "
        "times the limit.",
        alt="Left, the loss of a network with one unit against its weight w: a high plain, a cliff "
        "at w = 4.4 with the minimum at its foot, and a gentle slope upwards behind it; the places "
        "that gradient descent comes to, with and without clipping. Beside it w and the loss "
        "against the iteration, from 0 to 40.",
    )


def at(w: Array) -> tuple[Array, Array]:
    """L and dw for any array of weights w."""
    loss, d = loss_and_gradient(Weights(w, np.full_like(w, BIAS)))
    return loss, d.w


def descend(limit: float) -> Array:
    """w from every start with every rate, (start, rate, iterations + 1).

    Each network has one parameter: the norm of its gradient is its size, and clipping by norm is
    clipping by value.
    """
    w, _ = np.broadcast_arrays(STARTS[:, None], RATES)
    path = [w]
    for _ in range(ITERATIONS):
        _, dw = at(path[-1])
        path.append(path[-1] - RATES * gradients.clip_by_value(dw, limit))
    return np.stack(path, axis=-1)
