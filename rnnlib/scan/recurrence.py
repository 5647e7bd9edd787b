"""The linear recurrence h_t = A_t h_{t-1} + b_t as a scan, and its backward, another scan.

Sources: Blelloch, "Prefix sums and their applications", CMU-CS-90-190 (1990), §1.4; Martin and
Cundy, "Parallelizing linear recurrent neural nets over sequence length", ICLR 2018, §2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.backend import Array, flip, namespace
from rnnlib.contracts import contract
from rnnlib.scan.prefix import associative_scan


class RecurrenceGradients(NamedTuple):
    """The gradients of the loss; each has the shape of what it belongs to."""

    A: Float[Array, "... H"]
    """∂L/∂A."""
    b: Float[Array, "T B H"]
    """∂L/∂b."""
    h0: Float[Array, "B H"]
    """∂L/∂h_0."""


class Kind(NamedTuple):
    """What a linear map A is made of: entries of a diagonal, or a matrix."""

    product: Callable[[Array, Array], Array]
    """A_2 A_1."""
    apply: Callable[[Array, Array], Array]
    """A h."""
    transpose: Callable[[Array], Array]
    """Aᵀ."""
    outer: Callable[[Array, Array], Array]
    """The gradient of A in y = A h, from dy and h: dy hᵀ, or its diagonal."""


DIAGONAL = Kind(
    product=lambda A2, A1: A2 * A1,
    apply=lambda A, h: A * h,
    transpose=lambda A: A,
    outer=lambda dy, h: dy * h,
)
MATRIX = Kind(
    product=lambda A2, A1: A2 @ A1,
    apply=lambda A, h: (A @ h[..., None])[..., 0],
    transpose=lambda A: A.mT,
    outer=lambda dy, h: dy[..., None] * h[..., None, :],
)


@contract
def linear_recurrence(
    A: Float[Array, "... H"], b: Float[Array, "T B H"], h0: Float[Array, "B H"] | None = None
) -> Float[Array, "T B H"]:
    """Every state of h_t = A_t h_{t-1} + b_t, in O(log T) rounds.

    A step is the affine map h ↦ A h + b. One after another, two of them are a third one,

        (A_2, b_2) ∘ (A_1, b_1) = (A_2 A_1,  A_2 b_1 + b_2),

    and all of them up to step t take h_0 to h_t.

    Where products of the A_t overflow, so does the scan, even if b is so small that h does not.

    Args:
        A: The maps: (T, B, H) for diagonal ones, such as gates, or (T, B, H, H) for matrices. For
            one matrix at all steps see `constant_recurrence`.
        b: What each step adds.
        h0: The state before the first step; None for zeros.

    Returns:
        h_1, …, h_T.

    Raises:
        TypeError: Not arrays; integers; libraries, dtypes or devices that are mixed.
        ValueError: Shapes that do not fit, an empty sequence or batch, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> half = np.full((4, 1, 1), 0.5)
        >>> linear_recurrence(half, b=np.zeros((4, 1, 1)), h0=np.ones((1, 1))).ravel()
        array([0.5   , 0.25  , 0.125 , 0.0625])
    """
    kind = _kind("linear_recurrence", A, b)
    if h0 is not None:
        b = namespace(b).concat([kind.apply(A[:1], h0) + b[:1], b[1:]])  # b_1 + A_1 h_0
    return _scan(kind, A, b)


@contract
def linear_recurrence_loop(
    A: Float[Array, "... H"], b: Float[Array, "T B H"], h0: Float[Array, "B H"] | None = None
) -> Float[Array, "T B H"]:
    """The same states one after another, in T rounds.

    Args:
        A: As for `linear_recurrence`.
        b: As for `linear_recurrence`.
        h0: As for `linear_recurrence`.

    Raises:
        TypeError, ValueError: As `linear_recurrence` does.
    """
    kind = _kind("linear_recurrence_loop", A, b)
    h = namespace(b).zeros_like(b[0]) if h0 is None else h0
    states = []
    for A_t, b_t in zip(A, b, strict=True):
        h = kind.apply(A_t, h) + b_t
        states.append(h)
    return namespace(b).stack(states)


@contract
def linear_recurrence_backward(
    A: Float[Array, "... H"],
    h: Float[Array, "T B H"],
    dh: Float[Array, "T B H"],
    h0: Float[Array, "B H"] | None = None,
) -> RecurrenceGradients:
    """The gradients of L through the recurrence, in O(log T) rounds.

    The whole gradient of a state obeys a linear recurrence too, in reverse time,

        dL/dh_t = ∂L/∂h_t + A_{t+1}ᵀ dL/dh_{t+1}

    and is computed by the same scan. Then, for every t at once,

        dA_t = dL/dh_t h_{t-1}ᵀ     db_t = dL/dh_t     dh_0 = A_1ᵀ dL/dh_1

    Args:
        A: As for `linear_recurrence`.
        h: What `linear_recurrence` returned.
        dh: The direct part: ∂L/∂h_t of the loss at every step.
        h0: The state before the first step; None for zeros.

    Raises:
        TypeError, ValueError: As `linear_recurrence` does.
    """
    kind = _kind("linear_recurrence_backward", A, h)
    xp = namespace(h)
    h_first = xp.zeros_like(h[:1]) if h0 is None else h0[None]
    h_prev = xp.concat([h_first, h[:-1]])  # (T, B, H)
    A_next = xp.concat([A[1:], A[:1]])  # A_2, …, A_T, and one that multiplies nothing

    dh_total = flip(_scan(kind, flip(kind.transpose(A_next)), flip(dh)))  # (T, B, H)
    dA = kind.outer(dh_total, h_prev)
    db = dh_total
    dh0 = kind.apply(kind.transpose(A[0]), dh_total[0])
    return RecurrenceGradients(dA, db, dh0)


def _scan(kind: Kind, A: Array, b: Array) -> Array:
    """The states from h_0 = 0: the second half of (A_t, b_t) ∘ … ∘ (A_1, b_1)."""

    def compose(later: tuple[Array, Array], earlier: tuple[Array, Array]) -> tuple[Array, Array]:
        A2, b2 = later
        A1, b1 = earlier
        return kind.product(A2, A1), kind.apply(A2, b1) + b2

    _, h = associative_scan(compose, (A, b))
    return h


def _kind(function: str, A: Array, b: Array) -> Kind:
    T, B, H = b.shape
    if tuple(A.shape) == (T, B, H):
        return DIAGONAL
    if tuple(A.shape) == (T, B, H, H):
        return MATRIX
    raise ValueError(
        f"{function}: A has shape {tuple(A.shape)}, expected (T, B, H) = {T, B, H} for diagonals "
        f"or (T, B, H, H) = {T, B, H, H} for matrices. For one (H, H) matrix at all steps use "
        "constant_recurrence."
    )
