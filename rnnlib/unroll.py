"""The time loop, once, for every cell: forward propagation and backpropagation through time.

Taught in lecture 2 (forward) and lecture 4 (backward). `rnnlib.forward` and `rnnlib.backward` call
it with arguments that have been checked. Sources: Jordão, "Forward Propagation"; Hasegawa-Johnson,
Lecture 25, "Back-propagation through time".
"""

from __future__ import annotations

from itertools import repeat
from typing import Any

from rnnlib import tree
from rnnlib.backend import (
    Array,
    copy,
    detached,
    empty_like,
    flip,
    in_numpy,
    is_recording,
    namespace,
    operations,
)
from rnnlib.cells import Cache, Cell, State
from rnnlib.tape import Gradients, Tape


@in_numpy
def forward(
    cell: Cell, params: Any, x: Array, state0: State, keep: Array | None, reverse: bool
) -> tuple[Array, Tape]:
    """Run the steps from the first to the last.

        state_t = cell.step(params, x_t, state_{t-1}),   t = 1, …, T

    Args:
        cell: The cell.
        params: Its parameters.
        x: The inputs, (T, B, D).
        state0: The initial state, (B, H).
        keep: False at the padded steps, (T, B, 1); None where there are none.
        reverse: Read from the last step to the first.

    Returns:
        h (T, B, H) in the order of x, and the tape.
    """
    if reverse:
        x, keep = tree.map(flip, (x, keep))

    ax = cell.project(params, x)  # (T, B, ·): needs no state, so all steps at once
    recorded = is_recording(params, x, state0)
    run = _recorded_loop if recorded else _loop
    states, cache = run(cell, params, ax, state0, keep)

    h = cell.output(states)[1:]
    if keep is not None:
        h = namespace(h).where(keep, h, 0.0)
    return (flip(h) if reverse else h), Tape(x, states, cache, keep, reverse, cell, recorded)


def _loop(
    cell: Cell, params: Any, ax: Array, state0: State, keep: Array | None
) -> tuple[State, Cache]:
    """The steps, written one after the other into arrays that are there from the start."""
    T, B = ax.shape[:2]
    states = tree.map(lambda s: empty_like(s, (T + 1, *s.shape)), state0)
    cache = cell.cache(params, ax)
    weights = cell.weights(params, B)

    slots = tree.unstack(states)
    state = tree.map(_write, next(slots), state0)
    counts = repeat(None) if keep is None else keep
    for ax_t, out, kept, count in zip(ax, slots, tree.unstack(cache), counts, strict=False):
        previous = state
        state = cell.transition(weights, ax_t, previous, out, kept)
        if count is not None:
            state = tree.map(_write, state, _where(count, state, previous))
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


@in_numpy
def backward(
    cell: Cell, params: Any, tape: Tape, dh: Array, dlast: State | None = None
) -> Gradients:
    """Backpropagation through time.

        dL/dh_t = ∂L/∂h_t  +  (∂h_{t+1}/∂h_t)ᵀ dL/dh_{t+1},   t = T, …, 1
                  direct      indirect

    Args:
        cell: The cell.
        params: Its parameters.
        tape: What `forward` returned.
        dh: The direct part, (T, B, H).
        dlast: The gradient that reaches the last state from beyond the sequence.
    """
    params, x, states, dh, dlast = detached((params, tape.x, tape.states, dh, dlast))
    cache, keep = tape.cache, tape.keep
    if tape.recorded:  # by torch: take the steps again, for their cache
        ax = cell.project(params, x)
        states, cache = _loop(cell, params, ax, tree.map(lambda s: s[0], states), keep)
    dh = flip(dh) if tape.reverse else dh
    dh = dh if keep is None else _where(keep, dh, 0.0 * dh)

    xp = operations(dh)
    slopes = cell.slopes(params, states, cache)  # (T, B, ·): every step's derivatives, at once
    dstate = tree.map(copy, tree.map(lambda s: 0.0 * s[0], states) if dlast is None else dlast)
    for t, dh_t, slopes_t in _last_to_first(dh, slopes):
        dh_total = cell.output(dstate)
        xp.add(dh_total, dh_t, dh_total)  # indirect + direct
        later = None if keep is None else tree.map(copy, dstate)
        dstate = cell.step_backward(xp, params, dstate, slopes_t)
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
