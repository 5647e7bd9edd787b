"""One unit, fifty steps: a loss with a cliff, and gradient descent with and without clipping.

Taught in lecture 5. Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
neural networks", ICML 2013, §2.3 and figure 6, in this course's letters: h is their σ(x).

    h_t = σ(w h_{t-1} + b),   h_0 = σ(½),   L = (h_50 - 0.7)²

From w = 4 the unit has two states where it can rest, a high and a low one. The cliff is the line of
all (w, b) at which h_0 lies just between them: on one side of it the unit ends high, on the other
low, and on the border each of the 50 factors w h_t (1 - h_t) of ∂h_50/∂h_0 is above 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnlib.activations import sigmoid, sigmoid_slope
from rnnlib.backend import Array
from rnnlib.gradients import clip_by_norm
from rnnlib.optim import SGD

STEPS, TARGET = 50, 0.7
H0 = float(sigmoid(np.array(0.5)))


class Weights(NamedTuple):
    """The two parameters, or their gradients: a whole grid of them, or (1,) for one network."""

    w: Array
    """Of the unit to itself."""
    b: Array
    """Bias."""


class Surface(NamedTuple):
    """The loss over a grid of parameters."""

    w: Array
    """(N,)."""
    b: Array
    """(M,)."""
    loss: Array
    """L, (M, N): one row a bias."""
    gradient_norm: Array
    """√((∂L/∂w)² + (∂L/∂b)²), (M, N)."""


class Path(NamedTuple):
    """Where gradient descent has been, the start included: (iterations + 1,) each."""

    w: Array
    b: Array
    loss: Array
    gradient_norm: Array
    """Before clipping."""


class Result(NamedTuple):
    """The surface, and two paths from the same start."""

    surface: Surface
    plain: Path
    clipped: Path


def cliff(
    *,
    w: tuple[float, float] = (3.0, 7.0),
    b: tuple[float, float] = (-4.0, -1.5),
    grid: int = 300,
    start: tuple[float, float] = (6.0, -2.9),
    rate: float = 0.5,
    clip: float = 0.1,
    iterations: int = 400,
) -> Result:
    """The surface on a grid, and gradient descent from one start without and with clipping.

    Args:
        w: The least and the largest w of the grid.
        b: The least and the largest b.
        grid: How many values of each.
        start: (w, b) at the start, on the high side of the cliff and near it.
        rate: The learning rate η.
        clip: The largest norm of a gradient.
        iterations: Of gradient descent.

    Example:
        >>> surface, plain, clipped = cliff(grid=50)
        >>> surface.loss.shape, plain.b.max() > surface.b.max() > clipped.b.max()
        ((50, 50), np.True_)
    """
    axes = np.linspace(*w, grid), np.linspace(*b, grid)
    L, d = loss_and_gradient(Weights(*np.meshgrid(*axes)))
    first = Weights(*np.array(start)[:, None])
    return Result(
        surface=Surface(*axes, L, np.hypot(d.w, d.b)),
        plain=descend(first, rate=rate, clip=np.inf, iterations=iterations),
        clipped=descend(first, rate=rate, clip=clip, iterations=iterations),
    )


def loss_and_gradient(p: Weights) -> tuple[Array, Weights]:
    """L and its gradient by backpropagation through time, for a whole grid of parameters at once.

    da_t = dh_t h_t (1 - h_t),   dw = Σ_t da_t h_{t-1},   db = Σ_t da_t,   dh_{t-1} = w da_t
    """
    w, b = p
    h = [np.full(w.shape, H0)]
    for _ in range(STEPS):
        h.append(sigmoid(w * h[-1] + b))
    L = (h[-1] - TARGET) ** 2

    dh, dw, db = 2 * (h[-1] - TARGET), np.zeros_like(w), np.zeros_like(b)
    for t in reversed(range(1, STEPS + 1)):
        da = dh * sigmoid_slope(h[t])
        dw, db = dw + da * h[t - 1], db + da
        dh = w * da
    return L, Weights(dw, db)


def descend(start: Weights, *, rate: float, clip: float, iterations: int) -> Path:
    """Gradient descent from a start, p ← p - η dp with dp clipped to the norm `clip`."""
    optimizer, p, rows = SGD(rate), start, []
    for _ in range(iterations + 1):
        L, dp = loss_and_gradient(p)
        dp, norm = clip_by_norm(dp, clip)
        rows.append((p.w[0], p.b[0], L[0], norm))
        p, _ = optimizer.step(p, dp, ())
    return Path(*np.array(rows).T)
