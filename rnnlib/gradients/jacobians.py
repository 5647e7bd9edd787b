"""The Jacobian of one step, ∂s_t/∂s_{t-1}: what a gradient is multiplied by at every step.

Taught in lecture 5. Sources: the slides "Recurrent Neural Networks", "Exploding and Vanishing
Gradients", where ∂E_k/∂W is a sum over i of products of Jacobians, ∂h_k/∂h_i; Pascanu, Mikolov and
Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, equation 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib import network, tree
from rnnlib.activations import ACTIVATIONS
from rnnlib.affine import rows
from rnnlib.backend import Array, detached, namespace
from rnnlib.cells import Cell, State
from rnnlib.contracts import contract
from rnnlib.tape import Tape


@contract
def step_jacobian(
    h: Float[Array, "... H"], W: Float[Array, "H H"], *, g: str = "tanh"
) -> Float[Array, "... H H"]:
    """The Jacobian of a step of the plain cell, ∂h_t/∂h_{t-1} = diag(g′(a_t)) W.

    Args:
        h: The states h_t = g(a_t), with any leading axes, such as (T, B).
        W: Hidden to hidden.
        g: The cell's nonlinearity, a name in `rnnlib.activations.ACTIVATIONS`.

    Returns:
        A matrix for every state; its row i says what h_{t,i} owes to each entry of h_{t-1}.

    Raises:
        TypeError, ValueError: Arrays that do not fit, NaN or infinity, or an unknown g.

    Example:
        >>> import numpy as np
        >>> step_jacobian(np.array([0.0, 0.8]), np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[1.  , 2.  ],
               [1.08, 1.44]])
    """
    if g not in ACTIVATIONS:
        raise ValueError(f"step_jacobian: g is {g!r}, expected one of {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[g].slope(h)[..., None] * W


@contract
def step_jacobians(cell: Cell, params: Any, tape: Tape) -> Float[Array, "T B S S"]:
    """The Jacobians of all steps, ∂s_t/∂s_{t-1}, of any cell.

    Row i of a Jacobian is the backward pass of e_i through the step. The steps do not wait for each
    other once the states are known, so that all T·B of them go back at once, S times.

    Args:
        cell: A cell such as `rnnlib.lstm`.
        params: Its parameters.
        tape: What `rnnlib.forward` returned.

    Returns:
        J, where `J[t - 1]` is ∂s_t/∂s_{t-1} in the order in which the steps were read. The state s
        has S = H entries, or 2H for the (h, c) of an LSTM: h first. At padded steps J is I.

    Raises:
        TypeError: Not the parameters and the tape of one cell; a network is taken cell by cell.
        ValueError: The tape of another cell.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.lstm.init(np.random.default_rng(0), inputs=2, hidden=3)
        >>> _, tape = rl.forward(rl.lstm, p, np.ones((5, 4, 2)))
        >>> step_jacobians(rl.lstm, p, tape).shape
        (5, 4, 6, 6)
    """
    expect_tape("step_jacobians", cell, params, tape)
    params, tape = detached((params, tape))
    T, B, _ = tape.x.shape
    before = tree.map(lambda s: rows(s[:-1]), tape.states)  # (T·B, H): s_{t-1} for every t
    h, step = network.forward(cell, params, rows(tape.x)[None], before)  # T·B sequences of one step

    dh = namespace(h).zeros_like(h)
    gradients = [network.backward(cell, params, step, dh, e_i) for e_i in _basis(before)]
    J = namespace(h).stack([side_by_side(g.state0) for g in gradients], 1)  # (T·B, S, S)
    J = J.reshape(T, B, *J.shape[1:])
    return J if tape.keep is None else namespace(J).where(tape.keep[..., None], J, identity_like(J))


def side_by_side(state: State) -> Array:
    """The parts of a state side by side in one array (..., S); h and then c for an LSTM.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> side_by_side(rl.LSTMState(h=np.array([[1.0]]), c=np.array([[2.0]])))
        array([[1., 2.]])
    """
    parts = list(tree.leaves(state))
    return namespace(parts[0]).concat(parts, -1)


def identity_like(J: Array) -> Array:
    """I of the size, library, dtype and device of the matrices J (..., S, S)."""
    return namespace(J).eye(J.shape[-1], dtype=J.dtype, device=J.device)


def expect_tape(function: str, cell: Any, params: Any, tape: Any) -> None:
    """Raise an error unless these are a cell, its parameters, and a tape of that cell."""
    wanted = getattr(cell, "params_type", None)
    if wanted is None or isinstance(cell, type):
        raise TypeError(f"{function}: cell is {cell!r}, expected a cell such as rnnlib.elman.")
    if not isinstance(params, wanted):
        raise TypeError(
            f"{function}: params is a {type(params).__name__}, expected {wanted.__name__} for the "
            f"cell {cell}."
        )
    if not isinstance(tape, Tape):
        raise TypeError(
            f"{function}: tape is a {type(tape).__name__}, expected the Tape that "
            'rnnlib.forward(cell, params, x) returns with engine="equations".'
        )
    if tape.cell not in (None, cell):
        raise ValueError(f"{function}: the tape is of the cell {tape.cell}, and cell is {cell}.")


def _basis(state: State) -> Iterator[State]:
    """e_1, …, e_S: states like this one, with a one in one place and zeros elsewhere."""
    for part, like in enumerate(tree.leaves(state)):
        for unit in range(like.shape[-1]):
            e = tree.map(lambda s: namespace(s).zeros_like(s), state)
            list(tree.leaves(e))[part][..., unit] = 1
            yield e
