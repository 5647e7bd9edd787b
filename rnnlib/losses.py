"""The losses of a sequence: the categorical cross-entropy, and the squared error.

Taught in lecture 2. Sources: Nath, Lecture 13, §13.4.1 (which prints the loss where it defines the
softmax); Jordão, "Loss Function" (whose sum starts at i = 0 where time starts at 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract


@contract
def softmax(o: Float[Array, "... K"]) -> Float[Array, "... K"]:
    """ŷ_k = exp(o_k) / Σ_j exp(o_j), over the last axis.

    The largest o is subtracted first: it cancels in the quotient, and no exponential overflows.

    Raises:
        TypeError, ValueError: Not a finite floating point array.

    Example:
        >>> import numpy as np
        >>> softmax(np.array([[1000.0, 1000.0]]))
        array([[0.5, 0.5]])
    """
    xp = namespace(o)
    e = xp.exp(o - xp.amax(o, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@contract
def log_softmax(o: Float[Array, "... K"]) -> Float[Array, "... K"]:
    """ln ŷ_k = o_k - ln Σ_j exp(o_j), without the logarithm of a vanished probability."""
    xp = namespace(o)
    shifted = o - xp.amax(o, axis=-1, keepdims=True)
    return shifted - xp.log(xp.exp(shifted).sum(axis=-1, keepdims=True))


@contract
def cross_entropy(
    o: Float[Array, "... B K"], y: Int[Array, "... B"], mask: Bool[Array, "... B"] | None = None
) -> Float[Array, ""]:
    """The loss of a batch of sequences: summed over the steps, averaged over the sequences.

        L = (1/B) Σ_b Σ_t -ln ŷ_{t,b,y_{t,b}},   ŷ = softmax(o)

    Args:
        o: The outputs of the readout: (T, B, K) at every step, or (B, K) at the last one alone.
        y: The right classes, integers in 0, …, K - 1.
        mask: True where a step counts; padded steps add nothing. None: all count.

    Returns:
        L, in nats, as an array without axes.

    Raises:
        TypeError: `o` is not floating point, `y` not integer, or `mask` not boolean.
        ValueError: Shapes that do not fit, NaN, or a `y` outside the classes.

    Example:
        >>> import numpy as np
        >>> o = np.zeros((3, 1, 2))  # three steps, one sequence, two classes, all equally likely
        >>> float(cross_entropy(o, np.array([[0], [1], [0]])))  # 3 ln 2
        2.0794415416798357
    """
    at_y = _one_hot("cross_entropy", y, o)
    counted = at_y if mask is None else at_y & mask[..., None]
    return -namespace(o).where(counted, log_softmax(o), 0.0).sum() / o.shape[-2]


@contract
def cross_entropy_backward(
    o: Float[Array, "... B K"], y: Int[Array, "... B"], mask: Bool[Array, "... B"] | None = None
) -> Float[Array, "... B K"]:
    """∂L/∂o = (ŷ - one-hot(y)) / B, and 0 at the steps that do not count.

    Arguments and errors are those of `cross_entropy`.
    """
    at_y = _one_hot("cross_entropy_backward", y, o)
    y_hat = softmax(o)
    do = namespace(o).where(at_y, y_hat - 1, y_hat) / o.shape[-2]
    return _counted(do, mask)


@contract
def squared_error(
    o: Float[Array, "... B K"], y: Float[Array, "... B K"], mask: Bool[Array, "... B"] | None = None
) -> Float[Array, ""]:
    """The squared error of a batch: summed over steps and outputs, averaged over the sequences.

        L = (1/B) Σ_b Σ_t Σ_k (o_{t,b,k} - y_{t,b,k})²

    Args:
        o: The outputs: (T, B, K) at every step, or (B, K) at the last one alone.
        y: What they should be.
        mask: True where a step counts; None: all count.

    Raises:
        TypeError, ValueError: Arrays that do not fit; see `rnnlib.contracts.contract`.

    Example:
        >>> import numpy as np
        >>> float(squared_error(np.array([[1.0]]), np.array([[3.0]])))
        4.0
    """
    return (_counted(o - y, mask) ** 2).sum() / o.shape[-2]


@contract
def squared_error_backward(
    o: Float[Array, "... B K"], y: Float[Array, "... B K"], mask: Bool[Array, "... B"] | None = None
) -> Float[Array, "... B K"]:
    """∂L/∂o = 2 (o - y) / B, and 0 at the steps that do not count."""
    return _counted(2 * (o - y) / o.shape[-2], mask)


def _counted(x: Array, mask: Array | None) -> Array:
    return x if mask is None else namespace(x).where(mask[..., None], x, 0.0)


def _one_hot(function: str, y: Array, o: Array) -> Array:
    """Where class k is the right one: a boolean array of the shape of o."""
    K = o.shape[-1]
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= K:
        raise ValueError(
            f"{function}: y holds {low if low < 0 else high}, expected classes 0 to {K - 1}, "
            f"because o has shape {tuple(o.shape)} and so K = {K}."
        )
    return y[..., None] == namespace(o).arange(K, device=o.device)
