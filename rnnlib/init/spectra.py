"""Matrices made to measure: with given singular values, or with given norm and spectral radius.

Taught in lecture 5, to take apart what singular values and what eigenvalues do to a gradient.
Source: Trefethen and Embree, "Spectra and Pseudospectra", Princeton (2005), §14, on the growth of
powers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlib.backend import Array
from rnnlib.init.checks import expect_generator, expect_size
from rnnlib.init.matrices import orthogonal

GAP = 0.01
"""How far apart, relative to ρ, the two eigenvalues of the non-normal block are."""


def with_singular_values(rng: np.random.Generator, values: Any) -> Array:
    """A random matrix with the given singular values, W = P diag(σ) Qᵀ, P and Q orthogonal.

    Args:
        rng: The source of randomness.
        values: σ_1, …, σ_H in any order, none of them negative.

    Returns:
        W (H, H). Its eigenvalues are what they happen to be, with modulus at most max σ.

    Raises:
        TypeError: `rng` is not a Generator.
        ValueError: Not a list of finite numbers, or one of them negative.

    Example:
        >>> W = with_singular_values(np.random.default_rng(0), [2.0, 1.0, 0.5])
        >>> np.linalg.svdvals(W).round(12)
        array([2. , 1. , 0.5])
    """
    expect_generator("with_singular_values", rng)
    sigma = np.asarray(values, float)
    if sigma.ndim != 1 or len(sigma) == 0 or not (np.isfinite(sigma) & (sigma >= 0)).all():
        raise ValueError(
            f"with_singular_values: values is {values!r}, expected a list of finite numbers, none "
            "of them negative."
        )
    P, Q = orthogonal(rng, len(sigma)), orthogonal(rng, len(sigma))
    return (P * sigma) @ Q.T


def non_normal(rng: np.random.Generator, hidden: int, *, radius: float, norm: float) -> Array:
    """A random matrix whose spectral radius ρ and largest singular value σ are both given.

              ⎡ρ  b  0  ⎤
        W = Q ⎢0  μ  0  ⎥ Qᵀ,   μ = 0.99 ρ,   b = √((σ² - ρ²)(σ² - μ²)) / σ
              ⎣0  0  ρ R⎦

    with random orthogonal Q and R. The 2 × 2 block has the singular values σ and ρμ/σ, because
    their product is its determinant and their squares sum to its Frobenius norm; everything else is
    normal. Powers of W first grow, up to about step -1/ln ρ, and then decay like ρᵏ (for ρ < 1).

    Args:
        rng: The source of randomness.
        hidden: The size H, at least 2.
        radius: ρ ≥ 0.
        norm: σ > 0, at least ρ; where they are equal W is normal.

    Returns:
        W (H, H).

    Raises:
        TypeError: `rng` is not a Generator, or `hidden` not an integer.
        ValueError: `hidden` is below 2, or not 0 ≤ ρ ≤ σ: no matrix has an eigenvalue larger
            than its norm.

    Example:
        >>> W = non_normal(np.random.default_rng(0), 8, radius=0.9, norm=5.0)
        >>> abs(np.linalg.eigvals(W)).max().round(10), np.linalg.norm(W, 2).round(10)
        (np.float64(0.9), np.float64(5.0))
    """
    expect_generator("non_normal", rng)
    H = expect_size("non_normal", "hidden", hidden)
    if H < 2:
        raise ValueError("non_normal: hidden is 1, expected at least 2: a number is normal.")
    if not (0 <= radius <= norm < float("inf") and norm > 0):
        raise ValueError(
            f"non_normal: radius is {radius} and norm is {norm}, expected 0 ≤ radius ≤ norm and a "
            "positive norm: no matrix has an eigenvalue larger than its norm."
        )
    rho, sigma, mu = radius, norm, (1 - GAP) * radius
    W = np.zeros((H, H))
    W[:2, :2] = [[rho, np.sqrt((sigma**2 - rho**2) * (sigma**2 - mu**2)) / sigma], [0, mu]]
    if H > 2:
        W[2:, 2:] = orthogonal(rng, H - 2, scale=rho)
    Q = orthogonal(rng, H)
    return Q @ W @ Q.T
