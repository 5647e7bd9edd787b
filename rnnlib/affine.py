"""The affine map y = x Wᵀ + b, over all steps and sequences at once, and its backward.

Everything in a recurrent network that is not sequential is this map: the input's share of the
pre-activation, the readout, and the gradients of every weight matrix. Arrays hold one vector a row,
so that the lecture's W x is `x @ W.T`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract


@contract
def affine(
    x: Float[Array, "... N"], W: Float[Array, "M N"], b: Float[Array, "M"]
) -> Float[Array, "... M"]:
    """y = W x + b for every vector x.

    Example:
        >>> import numpy as np
        >>> affine(np.array([[1.0, 2.0]]), W=np.array([[1.0, 1.0]]), b=np.array([0.5]))
        array([[3.5]])
    """
    y = rows(x) @ W.T  # (…, M): one product for all steps and sequences
    y += b  # into y: a second large array would cost more than the sum
    return y.reshape(*x.shape[:-1], len(b))


@contract
def affine_backward(
    dy: Float[Array, "... M"], x: Float[Array, "... N"], W: Float[Array, "M N"]
) -> tuple[Float[Array, "... N"], Float[Array, "M N"], Float[Array, "M"]]:
    """The gradients of L through y = W x + b, summed over all steps and sequences.

        dx = Wᵀ dy
        dW = Σ dy xᵀ
        db = Σ dy

    Returns:
        dx, dW, db.
    """
    dx = (rows(dy) @ W).reshape(*dy.shape[:-1], W.shape[1])  # (..., N)
    dW = weight_gradient(dy, x)  # (M, N)
    ones = namespace(dy).ones(len(rows(dy)), dtype=dy.dtype, device=dy.device)
    db = ones @ rows(dy)  # (M,): the sum over all rows, faster than `sum`
    return dx, dW, db


@contract
def weight_gradient(dy: Float[Array, "... M"], x: Float[Array, "... N"]) -> Float[Array, "M N"]:
    """dW = Σ dy xᵀ, summed over all steps and sequences."""
    return rows(dy).T @ rows(x)


def rows(x: Array) -> Array:
    """All leading axes as one: (T, B, N) becomes (T·B, N)."""
    return x.reshape(-1, x.shape[-1])
