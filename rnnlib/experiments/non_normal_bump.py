"""Eigenvalues below 1 and a singular value above: gradients first grow, and then vanish.

Taught in lecture 5. Sources: the slides "Recurrent Neural Networks", "Exploding and Vanishing
Gradients", where a largest singular value above 1 means explosion: it is needed for one, and not
enough. Singular values bound the first steps, eigenvalues decide the long run: Pascanu, Mikolov and
Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, §2.1, and Trefethen
and Embree, "Spectra and Pseudospectra" (2005), §14.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib import init
from rnnlib.backend import Array
from rnnlib.gradients import gradient_norms, spectral_norms, step_jacobians


class Result(NamedTuple):
    """How far gradients can grow, and how far some have grown, against the lag."""

    lags: Array
    """k = 0, 1, …, T, (T + 1,)."""
    norms: Array
    """‖∂h_T/∂h_{T-k}‖₂, the most that any gradient grows, (seeds, T + 1)."""
    examples: Array
    """‖∂L/∂h_{T-k}‖ / ‖∂L/∂h_T‖ for a random gradient, (seeds, T + 1)."""
    eigenvalue_powers: Array
    """ρᵏ, (T + 1,): what the norms would be if W were normal; they are never less."""
    singular_value_powers: Array
    """σᵏ, (T + 1,): the bound from the largest singular value; the norms are never more."""


def non_normal_bump(
    *, radius: float = 0.9, norm: float = 5.2, steps: int = 100, hidden: int = 16, seeds: int = 3
) -> Result:
    """Follow gradients through a linear network with a non-normal W.

    Args:
        radius: ρ, the largest modulus of an eigenvalue.
        norm: σ, the largest singular value, at least ρ.
        steps: T.
        hidden: H, at least 2.
        seeds: How often to repeat it, with another W and another gradient.

    Raises:
        ValueError: As `rnnlib.init.non_normal` does.

    Example:
        >>> norms = non_normal_bump(seeds=1).norms[0]
        >>> norms[[1, 9, 50]].round(1), int(norms.argmax())
        (array([ 5.2, 18.8,  1.1]), 9)
    """
    cell = rl.Elman(g="identity")
    norms, examples = np.empty((2, seeds, steps + 1))
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        p = cell.init(rng, inputs=1, hidden=hidden)
        p = p._replace(W=init.non_normal(rng, hidden, radius=radius, norm=norm))
        _, tape = rl.forward(cell, p, np.zeros((steps, 1, 1)))
        norms[seed] = spectral_norms(step_jacobians(cell, p, tape))[:, 0]
        example = gradient_norms(cell, p, tape, v=rng.normal(size=(1, hidden)))[:, 0]
        examples[seed] = example / example[0]
    lags = np.arange(steps + 1)
    return Result(lags, norms, examples, radius**lags, norm**lags)
