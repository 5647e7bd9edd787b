"""How a linear unit forgets: h_t = w h_{t-1} leaves wᵗ of the first state, (1/2)ᵗ for w = 1/2.

Taught in lecture 5. Source: Hasegawa-Johnson, Lecture 25, "Exponential forgetting", with a linear g
and the recurrent weight 1/2 (there U).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array


class Result(NamedTuple):
    """What is left of a state, one column a weight."""

    weights: Array
    """w, (N,)."""
    steps: Array
    """t = 0, 1, …, T, (T + 1,)."""
    h: Array
    """h_t from h_0 = 1, (T + 1, N); by the chain rule ∂h_t/∂h_0 as well."""


def scalar_forgetting(
    *, weights: Sequence[float] = (0.5, 0.9, 1.0, 1.05), steps: int = 50
) -> Result:
    """Let linear units, each with its own weight to itself, run on from 1 without any input.

    Args:
        weights: w of each unit.
        steps: T.

    Raises:
        ValueError: `steps` is below 1, or a weight is not finite.

    Example:
        >>> scalar_forgetting(weights=[0.5], steps=4).h[:, 0]
        array([1.    , 0.5   , 0.25  , 0.125 , 0.0625])
    """
    w = np.asarray(weights, float)
    N = len(w)
    p = rl.ElmanParams(U=np.zeros((N, 1)), W=np.diag(w), b=np.zeros(N))
    h0 = np.ones((1, N))
    h, _ = rl.forward(rl.Elman(g="identity"), p, np.zeros((steps, 1, 1)), h0)
    return Result(w, np.arange(steps + 1), np.concatenate([h0, h[:, 0]]))
