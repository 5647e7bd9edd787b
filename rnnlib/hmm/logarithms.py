"""Sums and products of probabilities that are given by their logarithms, zero included.

(+, ×) becomes (logsumexp, +), and 0 becomes -∞, without NaN and without warnings.
"""

from __future__ import annotations

from rnnlib.backend import Array, namespace

INFINITY = float("inf")


def log(p: Array) -> Array:
    """ln p, and -∞ for p = 0.

    Example:
        >>> import numpy as np
        >>> log(np.array([0.0, 1.0]))
        array([-inf,   0.])
    """
    xp = namespace(p)
    return xp.where(p > 0, xp.log(xp.where(p > 0, p, 1.0)), -INFINITY)


def logsumexp(a: Array, axis: int = -1) -> Array:
    """ln Σ exp(a), without overflow; -∞ where all are.

    Example:
        >>> import numpy as np
        >>> float(logsumexp(np.array([-1000.0, -1000.0, -np.inf])))  # -1000 + ln 2
        -999.3068528194401
    """
    xp = namespace(a)
    largest = finite(xp.amax(a, axis=axis, keepdims=True))
    return log(xp.exp(a - largest).sum(axis=axis)) + largest.squeeze(axis)


def log_normalise(a: Array) -> tuple[Array, Array]:
    """The logarithms of p / Σp and of Σp, over the last axis, from a = ln p; -∞ stays -∞."""
    log_c = logsumexp(a)
    return a - finite(log_c)[..., None], log_c


def log_matmul(A: Array, B: Array) -> Array:
    """The matrix product with + for × and logsumexp for +: ln(exp(A) exp(B)).

    Example:
        >>> import numpy as np
        >>> A = np.log(np.array([[0.5, 0.5], [0.25, 0.75]]))
        >>> np.exp(log_matmul(A, A)).round(4)
        array([[0.375 , 0.625 ],
               [0.3125, 0.6875]])
    """
    return logsumexp(A[..., :, :, None] + B[..., None, :, :], axis=-2)


def finite(a: Array) -> Array:
    """`a` with 0 for -∞, so that it can be subtracted from -∞."""
    return namespace(a).where(a > -INFINITY, a, 0.0)
