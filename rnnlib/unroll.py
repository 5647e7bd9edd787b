"""The time loop, once, for every cell: forward propagation and backpropagation through time.

Taught in lecture 2 (forward) and lecture 4 (backward). Sources: Jordão, "Forward Propagation";
Hasegawa-Johnson, Lecture 25, "Back-propagation through time".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib import tree
from rnnlib.backend import Array, copy, detached, empty_like, flip, is_recording, namespace
from rnnlib.cells import Cache, Cell, State
from rnnlib.contracts import contract


class Tape(NamedTuple):
    """What the forward pass keeps for the backward pass: memory proportional to T."""

    x: Float[Array, "T B D"]
    """The inputs, in the order in which they were read."""
    states: State
    """(T + 1, B, H): `states[t]` is the state after t steps, `states[0]` the initial one."""
    cache: Cache
    """What else the steps left, (T, B, ·); None where torch records the steps itself."""
    keep: Array | None = None
    """(T, B, 1): False at padded steps; None where there are none."""
    reverse: bool = False
    """Whether the sequences were read from their end."""

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
    *,
    lengths: Int[Array, "B"] | None = None,
    reverse: bool = False,
) -> tuple[Float[Array, "T B H"], Tape]:
    """Run a cell over a batch of sequences, with the same parameters at every step.

        state_t = cell.step(params, x_t, state_{t-1}),   t = 1, …, T

    Args:
        cell: Such as `rnnlib.elman`.
        params: The cell's parameters.
        x: The inputs, time first.
        state0: The state before the first step; None for zeros.
        lengths: How many steps each sequence has, between 1 and T; None where all have T. The steps
            after its last one are padding: they leave a sequence's state as it is, their h is 0.
        reverse: Read each sequence from its last step to its first. h stays in the order of x.

    Returns:
        h: The hidden state after every step; `h[t - 1]` is the lecture's h_t.
        tape: What `backward` needs. It holds x and the states, not copies of them.

    Raises:
        TypeError: Parameters of another cell; not arrays; integers; libraries, dtypes or devices
            that are mixed.
        ValueError: Shapes that do not fit, an empty sequence or batch, NaN or infinity, lengths
            outside 1 to T.

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
    T, B, _ = x.shape
    state0 = cell.initial_state(params, B) if state0 is None else state0
    _expect_state("forward", cell, params, state0)
    keep = None if lengths is None else _steps_to_keep(lengths, T)
    if reverse:
        x, keep = tree.map(flip, (x, keep))

    ax = cell.project(params, x)  # (T, B, ·): needs no state, so all steps at once
    run = _recorded_loop if is_recording(params, x, state0) else _loop
    states, cache = run(cell, params, ax, state0, keep)

    h = cell.output(states)[1:]
    if keep is not None:
        h = namespace(h).where(keep, h, 0.0)
    return (flip(h) if reverse else h), Tape(x, states, cache, keep, reverse)


def _loop(
    cell: Cell, params: Any, ax: Array, state0: State, keep: Array | None
) -> tuple[State, Cache]:
    """The steps, written one after the other into arrays that are there from the start."""
    T, B = ax.shape[:2]
    states = tree.map(lambda s: empty_like(s, (T + 1, *s.shape)), state0)
    cache = cell.cache(params, T, B)
    weights = cell.weights(params, B)

    slots = tree.unstack(states)
    state = tree.map(_write, next(slots), state0)
    for t, (ax_t, out, kept) in enumerate(zip(ax, slots, tree.unstack(cache), strict=False)):
        previous = state
        state = cell.transition(weights, ax_t, previous, out, kept)
        if keep is not None:
            state = tree.map(_write, state, _where(keep[t], state, previous))
    return states, cache


def _recorded_loop(
    cell: Cell, params: Any, ax: Array, state0: State, keep: Array | None
) -> tuple[State, None]:
    """The same steps, each into new arrays, so that torch's autograd can follow them."""
    weights = cell.weights(params, ax.shape[1])
    states = [state0]
    for t, ax_t in enumerate(ax):
        state = cell.transition(weights, ax_t, states[-1])
        states.append(state if keep is None else _where(keep[t], state, states[-1]))
    return tree.map(lambda *s: namespace(s[0]).stack(s), *states), None


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
        dh: The direct part: ∂L/∂h_t of the loss at every step, zero where a step has none. At
            padded steps it is not looked at.
        dlast: The gradient that reaches the last state from beyond the sequence; None for none.

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
    _expect_tape(tape)
    params, x, states, dh, dlast = detached((params, tape.x, tape.states, dh, dlast))
    cache, keep = tape.cache, tape.keep
    if is_recording(tape.states):  # torch has recorded the steps: take them again, for their cache
        ax = cell.project(params, x)
        states, cache = _loop(cell, params, ax, tree.map(lambda s: s[0], states), keep)
    dh = flip(dh) if tape.reverse else dh
    dh = dh if keep is None else _where(keep, dh, 0.0 * dh)

    slopes = cell.slopes(params, states, cache)  # (T, B, ·): every step's derivatives, at once
    dstate = tree.map(copy, tree.map(lambda s: 0.0 * s[0], states) if dlast is None else dlast)
    for t, dh_t, slopes_t in _last_to_first(dh, slopes):
        dh_total = cell.output(dstate)
        namespace(dh).add(dh_total, dh_t, out=dh_total)  # indirect + direct
        later = None if keep is None else tree.map(copy, dstate)
        dstate = cell.step_backward(params, dstate, slopes_t)
        if keep is not None:
            dstate = _where(keep[t], dstate, later)

    da = slopes.a if keep is None else _where(keep, slopes.a, 0.0 * slopes.a)
    dparams, dx = cell.collect(params, da, x, states, cache)
    return Gradients(dparams, flip(dx) if tape.reverse else dx, dstate)


def _last_to_first(dh: Array, slopes: Any) -> list[tuple[int, Array, Any]]:
    return list(zip(range(len(dh)), dh, tree.unstack(slopes), strict=True))[::-1]


def _write(into: Array, value: Array) -> Array:
    into[...] = value
    return into


def _where(keep: Array, new: State, old: State) -> State:
    """The new state where a step counts, the old one where it is padding."""
    return tree.map(lambda n, o: namespace(n).where(keep, n, o), new, old)


def _steps_to_keep(lengths: Array, T: int) -> Array:
    """Which steps count: a boolean array (T, B, 1)."""
    low, high = int(lengths.min()), int(lengths.max())
    if low < 1 or high > T:
        raise ValueError(
            f"forward: lengths holds {low if low < 1 else high}, expected 1 to {T}, the steps of x."
        )
    t = namespace(lengths).arange(T, device=lengths.device)
    return (t[:, None] < lengths)[..., None]


def _expect_params(function: str, cell: Cell, params: Any) -> None:
    wanted = getattr(cell, "params_type", None)
    if wanted is None or isinstance(cell, type):
        raise TypeError(
            f"{function}: cell is {cell!r}, expected a cell such as rnnlib.elman or "
            'rnnlib.Elman(g="relu").'
        )
    if not isinstance(params, wanted):
        raise TypeError(
            f"{function}: params is a {type(params).__name__}, expected {wanted.__name__} for the "
            f"cell {cell}. Make them with cell.init(rng, inputs=D, hidden=H)."
        )


def _expect_state(function: str, cell: Cell, params: Any, state: State) -> None:
    wanted = type(cell.initial_state(params, 1))
    if not isinstance(state, wanted):
        raise TypeError(
            f"{function}: the initial state is a {type(state).__name__}, expected "
            f"{wanted.__name__} for the cell {cell}."
        )


def _expect_tape(tape: Any) -> None:
    if not isinstance(tape, Tape):
        raise TypeError(
            f"backward: tape is a {type(tape).__name__}, expected the Tape that forward returns: "
            "h, tape = rnnlib.forward(cell, params, x)."
        )
