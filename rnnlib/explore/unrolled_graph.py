"""Three steps of one unit, unrolled: walked forward and back, each arrow with its number.

Used in lecture 4. The numbers are those of `rnnlib.forward` and `rnnlib.backward`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array
from rnnlib.explore.diagram import Arrow, Box, Diagram
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider

T = 3
U, B, V, TARGET = 0.5, 0.1, 1.5, 1.0  # those of lecture 4.2, and h_0 = 0
X = np.array([1.0, 0.5, -1.0])
WEIGHTS = np.linspace(-1.6, 1.6, 33).round(1)
READ = ("the last state", "every state")

MOMENTS = (
    "The network before the first step. Three inputs will come; h₀ = 0.",
    "h₁ = tanh(u x₁ + w h₀ + b)",
    "h₂ = tanh(u x₂ + w h₁ + b)",
    "h₃ = tanh(u x₃ + w h₂ + b)",
    "o = v h: each state that the loss reads has an output.",
    "L = ½ Σ (o − 1)²",
    "Now back. An output's error is do = o − 1.",
    "Direct: ∂L/∂h = v do, wherever a state has an output. At h₃ nothing comes later: "
    "this is all of dh₃.",
    "Indirect: h₂ goes into h₃. What the loss says of h₃ comes back by the factor w (1 − h₃²). "
    "dh₂ is direct plus indirect.",
    "The same from h₂ to h₁, by the factor w (1 − h₂²).",
    "And from h₁ to h₀, by the factor w (1 − h₁²).",
    "w is used three times. Its use at step t counts dh (1 − h²) times the state before.",
    "The gradient of the shared weight is the sum of the three.",
)
"""What each position of the slider adds."""


class Walk(NamedTuple):
    """All that is computed on the way there and back, for every weight w: (w, T) or (w, T + 1)."""

    h: Array
    o: Array
    L: Array
    do: Array
    direct: Array
    indirect: Array
    dh: Array
    shares: Array


def unrolled_graph() -> Explorer:
    """The explorer of h_t = tanh(u x_t + w h_{t-1} + b), o_t = v h_t, L = ½ Σ (o_t - 1)².

    One slider walks from the inputs to the loss and back to the weight; another one is w. The loss
    reads the last state, as in lecture 4.2, or every state, as in 4.4.
    """
    walks = {read: walk(read) for read in READ}

    def over(values: str, t: int, since: int) -> Array:
        """One number of every walk, (step, read, w), NaN until it is reached."""
        numbers = np.stack([getattr(walks[read], values)[:, t] for read in READ])  # (read, w)
        steps = np.arange(len(MOMENTS))[:, None, None]
        return np.where(steps >= since, numbers, np.nan)

    def state(t: int) -> Box:
        name = "₀₁₂₃"[t]
        back = 10 - t  # the gradient of h3 comes at moment 7, that of h0 at moment 10
        return Box(f"h{t}", f"h{name}", (t, 2), over("h", t, t), over("dh", t, back))

    boxes = [Box("L", "L", (2, 0), over("L", 0, 5)), *(state(t) for t in range(T + 1))]
    arrows = []
    for t in range(1, T + 1):
        name = "₀₁₂₃"[t]
        given = np.full((1, 1, 1), X[t - 1])
        boxes += [
            Box(f"x{t}", f"x{name}", (t, 3), given),
            Box(f"o{t}", f"o{name}", (t, 1), over("o", t - 1, 4), over("do", t - 1, 6)),
            Box(f"w{t}", f"w, t = {t}", (t, 4), WEIGHTS[None, None], over("shares", t, 11)),
        ]
        arrows += [
            Arrow(f"x{t}", f"h{t}", np.where(np.isnan(over("h", t, t)), np.nan, U * given)),
            Arrow(f"h{t - 1}", f"h{t}", WEIGHTS * over("h", t - 1, t)),
            Arrow(f"h{t}", f"o{t}", over("o", t - 1, 4)),
            Arrow(f"o{t}", "L", over("o", t - 1, 5)),
            Arrow("L", f"o{t}", over("do", t - 1, 6), "direct"),
            Arrow(f"o{t}", f"h{t}", over("direct", t - 1, 7), "direct"),
            Arrow(f"h{t}", f"h{t - 1}", over("indirect", t - 1, 11 - t), "indirect"),
        ]
    boxes.append(Box("w", "w", (0, 4), WEIGHTS[None, None], over("shares", 0, 12)))
    return Explorer(
        sliders=[
            Slider("step", "step of the walk", np.arange(len(MOMENTS))),
            Slider("read", "the loss reads", READ),
            Slider("w", "recurrent weight w", WEIGHTS, start=0.8),
        ],
        panels=[
            Diagram(
                "Three steps, there and back",
                boxes,
                arrows,
                np.reshape(MOMENTS, (-1, 1, 1)),
            )
        ],
        caption="On an arrow forward stands what it adds to the box where it ends; on an arrow "
        "back, its part of the gradient. In a box stands the value, and below it, slanted, what "
        "the loss says of it: for a state, the sum of what arrives from above, directly, and from "
        "the right, indirectly. In the lowest row is w: once for each use, and as the one weight "
        "that it is.",
        alt="A network of three steps as boxes and arrows: inputs below the states, outputs and "
        "the loss above them, and the shares of the weight's gradient in the lowest row. Walked "
        "one quantity at a time from the inputs to the loss, and back.",
    )


def walk(read: str) -> Walk:
    """Everything for all weights at once: units side by side that do not see each other."""
    n = len(WEIGHTS)
    p = rl.ElmanParams(np.full((n, 1), U), np.diag(WEIGHTS), np.full(n, B))
    h, tape = rl.forward(rl.elman, p, X[:, None, None])
    h = h[:, 0]  # (T, w)
    reads = np.array([[read == READ[1]], [read == READ[1]], [True]])
    o = np.where(reads, V * h, np.nan)
    do = o - TARGET
    direct = np.where(reads, V * do, 0.0)
    g = rl.backward(rl.elman, p, tape, direct[:, None])
    dh, indirect = [g.state0[0]], [g.state0[0]]  # at h_0 all is indirect
    for t in range(1, T + 1):  # what is left when the network begins behind step t
        later = rl.forward(rl.elman, p, X[t:, None, None], h[t - 1][None])[1] if t < T else None
        back = rl.backward(rl.elman, p, later, direct[t:, None]).state0[0] if later else 0 * h[0]
        indirect.append(back)
        dh.append(direct[t - 1] + back)
    before = np.concatenate([0 * h[:1], h[:-1]])
    shares = np.stack(dh[1:]) * (1 - h**2) * before  # (T, w)
    dw = np.diag(g.params.W)
    return Walk(
        h=np.concatenate([0 * h[:1], h]).T,
        o=o.T,
        L=(np.nansum(do**2, axis=0) / 2)[:, None],
        do=do.T,
        direct=np.where(reads, direct, np.nan).T,
        indirect=np.stack(indirect[:-1]).T,
        dh=np.stack(dh).T,
        shares=np.stack([dw, *shares]).T,
    )
