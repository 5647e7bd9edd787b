"""A recurrent matrix with all singular values σ: over k steps a gradient is multiplied by σᵏ.

Taught in lecture 5. Sources: the slides "Recurrent Neural Networks", "Exploding and Vanishing
Gradients", on the largest singular value; Nath, Lecture 13, §13.5, on tanh and sigmoid, whose
slopes of at most 1 and ¼ make gradients vanish sooner; Pascanu, Mikolov and Bengio, "On the
difficulty of training recurrent neural networks", ICML 2013, §2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib import init
from rnnlib.backend import Array
from rnnlib.gradients import gradient_norms


class Result(NamedTuple):
    """The length of a gradient against the lag, for every scale and seed."""

    sigmas: Array
    """σ, (N,)."""
    lags: Array
    """k = 0, 1, …, T, (T + 1,)."""
    ratios: Array
    """‖∂L/∂h_{T-k}‖ / ‖∂L/∂h_T‖, (N, seeds, T + 1)."""
    powers: Array
    """σᵏ, (N, T + 1)."""


def sigma_power(
    *,
    sigmas: Sequence[float] = (0.9, 1.0, 1.1),
    steps: int = 100,
    hidden: int = 32,
    seeds: int = 3,
    g: Literal["identity", "tanh", "relu", "sigmoid"] = "identity",
) -> Result:
    """Send a random gradient back through a network whose W is σ times an orthogonal matrix.

    Args:
        sigmas: σ, all the singular values of W.
        steps: T.
        hidden: H.
        seeds: How often to repeat it, with another W, other inputs and another gradient.
        g: With "identity" the ratio is σᵏ to the last digits; with "tanh" it is at most that.

    Example:
        >>> sigma_power(sigmas=(0.9, 1.1)).ratios[:, 0, -1]  # 0.9¹⁰⁰ and 1.1¹⁰⁰
        array([2.65613989e-05, 1.37806123e+04])
    """
    cell = rl.Elman(g=g)
    ratios = np.empty((len(sigmas), seeds, steps + 1))
    for i, sigma in enumerate(sigmas):
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            p = cell.init(rng, inputs=1, hidden=hidden)
            p = p._replace(W=init.orthogonal(rng, hidden, scale=sigma))
            _, tape = rl.forward(cell, p, rng.normal(size=(steps, 1, 1)))
            norms = gradient_norms(cell, p, tape, v=rng.normal(size=(1, hidden)))[:, 0]
            ratios[i, seed] = norms / norms[0]
    lags = np.arange(steps + 1)
    return Result(np.array(sigmas), lags, ratios, np.array(sigmas)[:, None] ** lags)
