"""One linear unit under the hand: what the weight w leaves of the first input.

Used in lecture 5. The curves are `rnnlib.forward`, the function that the exercises grade.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel
from rnnlib.explore.plane import Plane, Points

STEPS = 40
WEIGHTS = np.linspace(-1.2, 1.2, 121).round(2)
AFTER = ("nothing", "always ½", "noise")
ENOUGH = 0.01
LONG = 300  # steps: enough for 0.98 to forget


def scalar_forgetting() -> Explorer:
    """The explorer of h_t = w h_{t-1} + x_t, where x_1 = 1.

    Left: the state with x_1 and without it, whatever comes later. Middle, logarithmic: the
    difference of the two, which is wᵗ⁻¹, beside that of w = ½. Right: after how many steps one
    hundredth of x_1 is left, ln 0.01 / ln |w|.
    """
    h = np.stack([_states(after) for after in AFTER])  # (after, T, 2, w)
    with_it, without = np.moveaxis(h, (2, 1), (0, -1))  # each (after, w, T)
    left = abs(with_it - without)
    half = left[:, WEIGHTS == 0.5]

    forgotten = left[:1] <= ENOUGH * (1 + 1e-9)  # (1, w, T)
    steps = np.where(forgotten.any(axis=-1), forgotten.argmax(axis=-1), np.nan)[..., None]
    inside = np.linspace(0.01, 0.98, 98)
    curve = np.concatenate([-inside[::-1], inside])
    t = np.arange(1, STEPS + 1)
    return Explorer(
        sliders=[
            Slider("after", "after x₁ comes", AFTER),
            Slider("w", "recurrent weight w", WEIGHTS, start=0.5),
        ],
        panels=[
            Panel(
                "The state",
                "step t",
                "h",
                t,
                [
                    Line("with x₁ = 1", with_it[..., :STEPS]),
                    Line("with x₁ = 0", without[..., :STEPS]),
                ],
                y_limits=(-4.0, 6.0),
            ),
            Panel(
                "What is left of x₁",
                "step t",
                "difference",
                t,
                [Line("this w", left[..., :STEPS]), Line("w = ½", half[..., :STEPS])],
                y_limits=(1e-6, 1e4),
                log_y=True,
                marks={"one hundredth": ENOUGH},
            ),
            Plane(
                "Steps until one hundredth is left",
                "w",
                "steps",
                [Points("this w", WEIGHTS.reshape(steps.shape), steps)],
                x_limits=(-1.2, 1.2),
                y_limits=(0.8, LONG),
                outlines={"ln 0.01 / ln |w|": (curve, np.log(ENOUGH) / np.log(abs(curve)))},
                log_y=True,
            ),
        ],
        caption="Whatever comes later, x₁ is forgotten by the factor w a step: a straight line on "
        "the logarithmic axis. Between 0.9 and 1 the memory grows from 44 steps to no end.",
        alt="Two line charts against the step, from 1 to 40: the state of one linear unit with and "
        "without its first input, and on a logarithmic axis the difference of the two, beside the "
        "powers of one half. Right, the number of steps until one hundredth is left, against w: "
        "few where w is near 0, more and more towards 1 and −1.",
    )


def _states(after: str) -> Array:
    """h (LONG, 2, w), with x_1 and without, for every w: units that do not see each other."""
    x = np.zeros((LONG, 2, 1))
    if after == "always ½":
        x[1:] = 0.5
    if after == "noise":
        x[1:] = np.random.default_rng(5).normal(scale=0.5, size=(LONG - 1, 1, 1))
    x[0, 0] = 1.0
    p = rl.ElmanParams(U=np.ones((WEIGHTS.size, 1)), W=np.diag(WEIGHTS), b=np.zeros(WEIGHTS.size))
    h, _ = rl.forward(rl.Elman(g="identity"), p, x)
    return h
