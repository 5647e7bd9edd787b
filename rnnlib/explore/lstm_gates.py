"""The gates of an LSTM under the hand: what they let in, keep and show, and what of a gradient.

Used in lecture 6. The curves are computed by `rnnlib.forward` and `rnnlib.gradients`.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import gradients
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel

STEPS = 24
PULSES = {3: 1.0, 10: -1.0, 17: 1.0}
STEP = "step t; pulses " + ", ".join(f"{'↑' if x > 0 else '↓'} {t}" for t, x in PULSES.items())
KINDS = ("set by hand", "computed")
FORGET = np.array([*np.linspace(0, 0.95, 20), 0.98, 0.99, 1.0]).round(2)
LEVELS = np.linspace(0, 1, 11).round(1)
FAR = 20.0  # σ(20) is 1 up to 2e-9


def lstm_gates() -> Explorer:
    """The explorer of c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t), with one unit.

    The candidate is g_t = tanh(2 x_t), and x is a pulse up at steps 3 and 17, one down at step 10.
    Each gate is σ(b + u x_t + w h_{t-1}), with b such that σ(b) is what its slider says. Set by
    hand, u = w = 0, and the gate stays there. Computed, a pulse up opens the input gate and closes
    the forget gate, a pulse down does the reverse, and the state moves all three a little.

    Left: the gates. Middle: cell and state. Right, logarithmic: the gradient of the last cell by
    the cell at step t, and the product of the forget gates f_T … f_{t+1} alone.
    """
    shape = (len(KINDS), len(FORGET), len(LEVELS), len(LEVELS), STEPS)
    runs = [_run(kind) for kind in KINDS]
    f, i, o, c, h, kept, whole = (
        np.stack(parts).reshape(shape) for parts in zip(*runs, strict=True)
    )
    t = np.arange(1, STEPS + 1)
    return Explorer(
        sliders=[
            Slider("gates", "gates", KINDS),
            Slider("f", "forget gate f", FORGET, start=0.9),
            Slider("i", "input gate i", LEVELS, start=0.5),
            Slider("o", "output gate o", LEVELS, start=0.5),
        ],
        panels=[
            Panel(
                "The gates",
                STEP,
                "open",
                t,
                [Line("forget", f), Line("input", i), Line("output", o)],
                y_limits=(-0.05, 1.05),
            ),
            Panel(
                "Cell and state",
                STEP,
                "value",
                t,
                [Line("cell c", c), Line("state h", h)],
                y_limits=(-1.1, 2.1),
            ),
            Panel(
                "The gradient of the last cell",
                STEP,
                "whole: |∂c₂₄ / ∂cₜ|;  forget: f₂₄ ⋯ fₜ₊₁",
                t,
                [Line("whole", whole), Line("forget", kept)],
                y_limits=(1e-8, 10.0),
                log_y=True,
            ),
        ],
        caption="Set by hand, the gates let in every pulse alike, and the gradient is a power of "
        "f. Computed, they tell pulses apart: one up replaces the memory, one down is kept out. "
        "Where the forget gate closes, the gradient falls too.",
        alt="Three line charts against the step, from 1 to 24. Left, the forget, input and output "
        "gates of one unit. Middle, its cell and its state, which three pulses move. Right, on a "
        "logarithmic axis, the gradient of the last cell by each earlier one, and the product of "
        "the forget gates between them.",
    )


def levels() -> Array:
    """Every position of the sliders f, i, o: (cells of the grid, 3)."""
    return np.stack(np.meshgrid(FORGET, LEVELS, LEVELS, indexing="ij"), axis=-1).reshape(-1, 3)


def logit(level: Array) -> Array:
    """b with σ(b) = level, as near as ±20 comes to 0 and 1."""
    inside = np.clip(level, 1e-12, 1 - 1e-12)
    return np.clip(np.log(inside / (1 - inside)), -FAR, FAR)


def weights(kind: str) -> rl.LSTMParams:
    """One unit, rows i, f, g, o; its inputs are the pulse and the three biases, f, i, o."""
    U = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1]], float)
    W = np.zeros((4, 1))
    if kind == "computed":
        U[:, 0] = [4, -4, 2, 0]
        W[:, 0] = [1, -1, 0, 2]
    return rl.LSTMParams(U, W, np.zeros(4))


def _run(kind: str) -> list[Array]:
    """f, i, o, c, h, the product of forget gates and the whole gradient: (cells, STEPS) each."""
    grid = logit(levels())  # the biases come as inputs: one sequence for each position
    x = np.broadcast_to(grid, (STEPS, *grid.shape))
    pulse = np.zeros((STEPS, len(grid), 1))
    for t, size in PULSES.items():
        pulse[t - 1] = size
    p = weights(kind)
    h, tape = rl.forward(rl.lstm, p, np.concatenate([pulse, x], axis=-1))

    f, i, o = tape.cache.f, tape.cache.i, tape.cache.o  # (T, cells, 1)
    c = tape.states.c[1:]
    later = np.concatenate([f[1:], np.ones_like(f[:1])])  # f_{t+1}, and nothing after the last
    kept = np.cumprod(later[::-1], axis=0)[::-1]

    J = gradients.step_jacobians(rl.lstm, p, tape)  # by (h, c), h first
    P = gradients.lag_jacobians(J[1:])[::-1]  # ∂s_T/∂s_t for t = 1, …, T
    whole = P[..., 1, 1] + P[..., 1, 0] * (o * (1 - np.tanh(c) ** 2))[..., 0]  # h_t moves with c_t
    every = (f, i, o, c, h, kept, abs(whole))
    return [values.reshape(STEPS, -1).T for values in every]
