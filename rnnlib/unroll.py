"""The time loop, once, for every cell: forward propagation and backpropagation through time.

Taught in lecture 2 (forward) and lecture 4 (backward). Sources: Jordão, "Forward Propagation";
Hasegawa-Johnson, Lecture 25, "Back-propagation through time".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib import tree
from rnnlib.backend import Array, namespace
from rnnlib.cells import Cell, State
from rnnlib.contracts import contract


class Tape(NamedTuple):
    """What the forward pass keeps for the backward pass: O(T) memory, and the only copy of it."""

    x: Float[Array, "T B D"]
    """The inputs."""
    state0: State
    """The state before the first step, (B, H)."""
    states: State
    """The states after each step, (T, B, H)."""

    @property
    def last(self) -> State:
        """The state after the last step, (B, H), from which a further sequence can start."""
        return tree.map(lambda s: s[-1], self.states)


class Gradients(NamedTuple):
    """The gradients of the loss; each has the type and shape of what it belongs to."""

    params: Any
    """∂L/∂(parameters), the same NamedTuple type as the parameters."""
    x: Float[Array, "T B D"]
    """∂L/∂x."""
    state0: State
    """∂L/∂(initial state), (B, H)."""


@contract
def forward(
    cell: Cell,
    params: Any,
    x: Float[Array, "T B D"],
    state0: Float[Array, "B H"] | State | None = None,
) -> tuple[Float[Array, "T B H"], Tape]:
    """Run a cell over a batch of sequences, with the same parameters at every step.

        state_t = cell.step(params, x_t, state_{t-1}),   t = 1, …, T

    Args:
        cell: Such as `rnnlib.elman`.
        params: The cell's parameters.
        x: The inputs, time first.
        state0: The state before the first step; None for zeros.

    Returns:
        h: The hidden state after every step; `h[t - 1]` is the lecture's h_t.
        tape: What `backward` needs. It holds `x` and the states, not copies of them.

    Raises:
        TypeError: Parameters of another cell; not arrays; integers; libraries, dtypes or devices
            that are mixed.
        ValueError: Shapes that do not fit, an empty sequence or batch, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.elman.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.elman, p, rng.normal(size=(5, 2, 3)))
        >>> h.shape
        (5, 2, 4)
    """
    _expect_params("forward", cell, params)
    if state0 is None:
        state0 = cell.initial_state(params, x.shape[1])

    ax = cell.project(params, x)  # (T, B, H): needs no state, so all steps at once
    states = []
    state = state0
    for ax_t in ax:
        state = cell.step(params, ax_t, state)
        states.append(state)

    tape = Tape(x, state0, tree.map(_stack, *states))
    return cell.output(tape.states), tape


@contract
def backward(
    cell: Cell,
    params: Any,
    tape: Tape,
    dh: Float[Array, "T B H"],
    dlast: Float[Array, "B H"] | State | None = None,
) -> Gradients:
    """Backpropagation through time.

        dL/dh_t = ∂L/∂h_t  +  (∂h_{t+1}/∂h_t)ᵀ dL/dh_{t+1},   t = T, …, 1
                  direct      indirect

    and the gradient of each shared parameter is the sum over the steps of what each contributes.

    Args:
        cell: The cell of the forward pass.
        params: Its parameters.
        tape: What `forward` returned.
        dh: The direct part: ∂L/∂h_t of the loss at every step, zero where a step has none.
        dlast: The gradient that reaches the last state from beyond the sequence; None for none.

    Returns:
        The gradients of the parameters, of the inputs, and of the initial state.

    Raises:
        TypeError, ValueError: As `forward` does.

    Source:
        Hasegawa-Johnson, Lecture 25, "Back-propagation through time"; its second equation sums
        over h_{i,t} where h_{j,t} is meant.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.elman.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.elman, p, rng.normal(size=(5, 2, 3)))
        >>> g = rl.backward(rl.elman, p, tape, dh=np.ones_like(h))
        >>> g.params.W.shape, g.x.shape, g.state0.shape
        ((4, 4), (5, 2, 3), (2, 4))
    """
    _expect_params("backward", cell, params)
    if not isinstance(tape, Tape):
        raise TypeError(
            f"backward: tape is a {type(tape).__name__}, expected the Tape that forward returns: "
            "h, tape = rnnlib.forward(cell, params, x)."
        )
    before = tree.map(_shift, tape.state0, tape.states)  # state_{t-1} for every t, (T, B, H)
    dstate = tree.map(_zeros_like, tape.state0) if dlast is None else dlast

    das = []
    for t in reversed(range(len(dh))):
        dstate = cell.output_backward(dstate, dh[t])  # indirect + direct
        state, state_prev = _at(tape.states, t), _at(before, t)
        da_t, dstate = cell.step_backward(params, dstate, state, state_prev)
        das.append(da_t)

    da = _stack(*reversed(das))  # (T, B, H)
    dparams, dx = cell.collect(params, da, tape.x, before)
    return Gradients(dparams, dx, dstate)


def _at(states: State, t: int) -> State:
    return tree.map(lambda s: s[t], states)


def _stack(*arrays: Array) -> Array:
    return namespace(arrays[0]).stack(arrays)


def _shift(first: Array, later: Array) -> Array:
    return namespace(first).concat([first[None], later[:-1]])


def _zeros_like(x: Array) -> Array:
    return namespace(x).zeros_like(x)


def _expect_params(function: str, cell: Cell, params: Any) -> None:
    wanted = getattr(cell, "params_type", None)
    if not isinstance(wanted, type):
        raise TypeError(
            f"{function}: cell is {cell!r}, expected a cell such as rnnlib.elman or "
            'rnnlib.Elman(g="relu").'
        )
    if not isinstance(params, wanted):
        raise TypeError(
            f"{function}: params is a {type(params).__name__}, expected {wanted.__name__} for the "
            f"cell {cell}. Make them with cell.init(rng, inputs=D, hidden=H)."
        )
