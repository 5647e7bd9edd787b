"""The recurrence h_t = W h_{t-1} + b_t with one matrix for all steps, as a scan, and its backward.

The plain cell with g = identity is this recurrence, with b_t = U x_t + b. Source: Martin and Cundy,
"Parallelizing linear recurrent neural nets over sequence length", ICLR 2018, §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.affine import weight_gradient
from rnnlib.backend import Array, copy, flip, namespace
from rnnlib.contracts import contract
from rnnlib.scan.prefix import weave


class ConstantGradients(NamedTuple):
    """The gradients of the loss; each has the shape of what it belongs to."""

    W: Float[Array, "H H"]
    """∂L/∂W, summed over the steps and the sequences."""
    b: Float[Array, "T B H"]
    """∂L/∂b."""
    h0: Float[Array, "B H"]
    """∂L/∂h_0."""


@contract
def constant_recurrence(
    W: Float[Array, "H H"], b: Float[Array, "T B H"], h0: Float[Array, "B H"] | None = None
) -> Float[Array, "T B H"]:
    """Every state of h_t = W h_{t-1} + b_t, in O(log T) rounds and O(T) work.

    Two steps are one step of the same form with W², at half the length:

        h_{t+2} = W² h_t + (W b_{t+1} + b_{t+2})

    so that W, W², W⁴, …, one power a round, serve all steps.

    Where powers of W overflow, so does the scan, even if b is so small that h does not.

    Args:
        W: Hidden to hidden.
        b: What each step adds.
        h0: The state before the first step; None for zeros.

    Returns:
        h_1, …, h_T.

    Raises:
        TypeError: Not arrays; integers; libraries, dtypes or devices that are mixed.
        ValueError: Shapes that do not fit, an empty sequence or batch, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> b = np.zeros((4, 1, 1))
        >>> constant_recurrence(np.array([[0.5]]), b, h0=np.ones((1, 1))).ravel()
        array([0.5   , 0.25  , 0.125 , 0.0625])
    """
    if h0 is not None:
        b = namespace(b).concat([(h0 @ W.T)[None] + b[:1], b[1:]])  # b_1 + W h_0
    return _scan(W, b)


@contract
def constant_recurrence_backward(
    W: Float[Array, "H H"],
    h: Float[Array, "T B H"],
    dh: Float[Array, "T B H"],
    h0: Float[Array, "B H"] | None = None,
) -> ConstantGradients:
    """The gradients of L through the recurrence, in O(log T) rounds: a scan in reverse time.

        dL/dh_t = ∂L/∂h_t + Wᵀ dL/dh_{t+1}
        dW = Σ_t dL/dh_t h_{t-1}ᵀ     db_t = dL/dh_t     dh_0 = Wᵀ dL/dh_1

    Args:
        W: As for `constant_recurrence`.
        h: What `constant_recurrence` returned.
        dh: The direct part: ∂L/∂h_t of the loss at every step.
        h0: The state before the first step; None for zeros.

    Raises:
        TypeError, ValueError: As `constant_recurrence` does.
    """
    xp = namespace(h)
    h_first = xp.zeros_like(h[:1]) if h0 is None else h0[None]
    h_prev = xp.concat([h_first, h[:-1]])  # (T, B, H)

    dh_total = flip(_scan(W.T, flip(dh)))  # (T, B, H)
    dW = weight_gradient(dh_total, h_prev)  # (H, H)
    db = dh_total
    dh0 = db[0] @ W  # (B, H)
    return ConstantGradients(dW, db, dh0)


def _scan(W: Array, b: Array) -> Array:
    """The states from h_0 = 0: `associative_scan` where every A_t is W."""
    T = len(b)
    if T == 1:
        return copy(b)
    left, right = b[0::2], b[1::2]  # b_1, b_3, b_5, … and b_2, b_4, …
    h_right = _scan(W @ W, right + left[: T // 2] @ W.T)  # h_2, h_4, …
    h_left = left[1:] + h_right[: (T - 1) // 2] @ W.T  # h_3, h_5, …
    return weave(namespace(b).concat([left[:1], h_left]), h_right)
