"""Gradients over many steps: products of Jacobians, and how long a gradient still is.

    ∂s_t/∂s_k = J_t J_{t-1} … J_{k+1},   J_t = ∂s_t/∂s_{t-1}

Taught in lecture 5. Sources: the slides "Recurrent Neural Networks", "Exploding and Vanishing
Gradients", which decide by the largest singular value: below 1 (times the largest slope of g) is
enough for vanishing, above 1 is needed for exploding and not enough. Pascanu, Mikolov and Bengio,
"On the difficulty of training recurrent neural networks", ICML 2013, §2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib import network, tree
from rnnlib.backend import Array, all_finite, as_dtype, detached, dtype_name, namespace
from rnnlib.cells import Cell, State
from rnnlib.contracts import contract
from rnnlib.gradients.jacobians import expect_tape, identity_like, side_by_side
from rnnlib.tape import Tape


@contract
def jacobian_between(
    J: Float[Array, "T B S S"], *, earlier: int, later: int
) -> Float[Array, "B S S"]:
    """What a state does to a later one, ∂s_t/∂s_k = J_t … J_{k+1}.

    Args:
        J: The Jacobians of the steps, from `step_jacobians`.
        earlier: k, from 0, the initial state.
        later: t, from k to T.

    Returns:
        The product; I where t = k.

    Raises:
        ValueError: Not 0 ≤ k ≤ t ≤ T.
        OverflowError: The product is larger than its dtype can hold.

    Example:
        >>> import numpy as np
        >>> J = np.full((10, 1, 1, 1), 0.5)
        >>> jacobian_between(J, earlier=2, later=5)
        array([[[0.125]]])
    """
    if not 0 <= earlier <= later <= len(J):
        raise ValueError(
            f"jacobian_between: earlier is {earlier} and later is {later}, expected "
            f"0 ≤ earlier ≤ later ≤ {len(J)}, the number of steps."
        )
    P = 0 * J[0] + identity_like(J)  # (B, S, S)
    for J_t in J[earlier:later]:
        P = _product(J_t, P)
    return P


@contract
def lag_jacobians(J: Float[Array, "T B S S"]) -> Float[Array, "N B S S"]:
    """∂s_T/∂s_{T-k} for every lag k = 0, 1, …, T, so that N = T + 1.

    Args:
        J: The Jacobians of the steps, from `step_jacobians`.

    Raises:
        OverflowError: A product is larger than its dtype can hold.
    """
    products = [0 * J[0] + identity_like(J)]  # (B, S, S)
    for t in reversed(range(len(J))):
        products.append(_product(products[-1], J[t]))
    return namespace(J).stack(products)


@contract
def spectral_norms(J: Float[Array, "T B S S"]) -> Float[Array, "N B"]:
    """‖∂s_T/∂s_{T-k}‖₂ for every lag k = 0, …, T: the most that any gradient can grow.

    Exact, from the products: about S times the work of `gradient_norms`.

    Args:
        J: The Jacobians of the steps, from `step_jacobians`.

    Raises:
        OverflowError: A product is larger than its dtype can hold.

    Example:
        >>> import numpy as np
        >>> J = np.array([[0.9, 5.0], [0.0, 0.9]]) * np.ones((100, 1, 1, 1))
        >>> norms = spectral_norms(J)[:, 0]
        >>> norms[[0, 1, 10, 60]].round(1)  # grows, although |λ| < 1, and then vanishes
        array([ 1. ,  5.2, 19.4,  0.6])
    """
    P = lag_jacobians(J)
    return namespace(P).linalg.svdvals(P)[..., 0]


@contract
def gradient_norms(
    cell: Cell, params: Any, tape: Tape, v: Float[Array, "B H"] | State
) -> Float[Array, "N B"]:
    """‖(∂s_T/∂s_{T-k})ᵀ v‖ for every lag k = 0, …, T: how long a gradient is after k steps back.

        dL/ds_{t-1} = J_tᵀ dL/ds_t,   dL/ds_T = v

    by backpropagation, one step at a time, in which no Jacobian is formed.

    Args:
        cell: A cell such as `rnnlib.lstm`.
        params: Its parameters.
        tape: What `rnnlib.forward` returned, of T steps.
        v: The gradient of the last state, in the form of a state: (B, H), or an `LSTMState`.

    Returns:
        Euclidean norms over the whole state, in units of the loss by those of the state;
        N = T + 1. A lag counts the steps back from the last one read.

    Raises:
        TypeError: Not the parameters and the tape of one cell.
        ValueError: The tape of another cell, or a v that is not like the state.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.ElmanParams(U=np.array([[1.0]]), W=np.array([[0.5]]), b=np.array([0.0]))
        >>> linear = rl.Elman(g="identity")
        >>> _, tape = rl.forward(linear, p, np.ones((4, 1, 1)))
        >>> gradient_norms(linear, p, tape, v=np.ones((1, 1))).ravel()
        array([1.    , 0.5   , 0.25  , 0.125 , 0.0625])
    """
    expect_tape("gradient_norms", cell, params, tape)
    tree.map(lambda s, dv: None, tape.states, v)  # raises where the two differ in form
    nothing = namespace(tape.x).zeros_like(cell.output(tape.states)[:1])  # no direct part
    ds = detached(v)
    norms = [_norm(ds)]
    for step in reversed(_steps(tape)):
        ds = network.backward(cell, params, step, nothing, ds).state0
        norms.append(_norm(ds))
    return namespace(tape.x).stack(norms)


def _steps(tape: Tape) -> list[Tape]:
    """A tape cut into one tape for every step, in the order in which they were read."""

    def cut(t: int) -> Tape:
        x, cache, keep = tree.map(lambda a: a[t : t + 1], (tape.x, tape.cache, tape.keep))
        states = tree.map(lambda s: s[t : t + 2], tape.states)
        return Tape(x, states, cache, keep, recorded=tape.recorded)

    return [cut(t) for t in range(len(tape.x))]


def _norm(state: State) -> Array:
    """The length of each sequence's state, (B,), in units of its largest entry.

    So no square overflows or underflows.
    """
    s = as_dtype(side_by_side(state), "float64")
    xp = namespace(s)
    m = xp.amax(abs(s), -1)  # (B,)
    m = xp.where(m > 0, m, 1.0)
    return as_dtype(m * ((s / m[:, None]) ** 2).sum(-1) ** 0.5, dtype_name(side_by_side(state)))


def _product(later: Array, earlier: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):  # answered below
        P = later @ earlier
    if not all_finite(P):
        raise OverflowError(
            f"the product of the Jacobians is too large for {dtype_name(P)}. Take fewer steps"
            + (', or dtype="float64".' if dtype_name(P) != "float64" else ".")
        )
    return P
