"""Truncated backpropagation through time: the state is carried on, the gradient is cut.

Taught in lecture 4. Source: Williams and Peng, "An Efficient Gradient-Based Algorithm for On-Line
Training of Recurrent Network Trajectories", Neural Computation 2 (1990).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from rnnlib import network
from rnnlib.backend import Array, detached
from rnnlib.init import expect_size
from rnnlib.tape import Gradients


class Chunk(NamedTuple):
    """One piece of a long sequence, run forwards and backwards."""

    start: int
    """The first step of the piece, counted from 0."""
    h: Array
    """Its states, (k, B, H)."""
    gradients: Gradients
    """Those of the loss at these steps alone."""
    last: Any
    """The state at its end, from which the next piece starts."""


def chunks(
    cell: Any,
    params: Any,
    x: Array,
    direct: Callable[[Array, int], Array],
    state0: Any = None,
    *,
    steps: int,
) -> Iterator[Chunk]:
    """Cut a long sequence into pieces, and go forwards and backwards through one after the other.

    The last state of a piece is the initial state of the next, so that the forward pass is that of
    the whole sequence; the gradient stops at the border. Memory is that of one piece, however long
    the sequence.

    Args:
        cell: A cell or a network.
        params: Its parameters.
        x: The inputs, (T, B, D).
        direct: From the states of a piece (k, B, H) and its first step to ∂L/∂h there, (k, B, H).
        state0: The initial state; None for zeros.
        steps: The length k of a piece; the last one may be shorter.

    Yields:
        The pieces, in order.

    Raises:
        ValueError: `steps` is below 1, or a network that reads from the end of the sequence too.
        TypeError, ValueError: As `rnnlib.forward` and `rnnlib.backward` do.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.elman.init(np.random.default_rng(0), inputs=2, hidden=3)
        >>> x = np.ones((10, 1, 2))
        >>> [c.h.shape[0] for c in chunks(rl.elman, p, x, lambda h, start: h, steps=4)]
        [4, 4, 2]
    """
    steps = expect_size("chunks", "steps", steps)
    network.expect_causal("chunks", cell)
    state = state0
    for start in range(0, max(len(x), 1), steps):
        h, tape = network.forward(cell, params, x[start : start + steps], state)
        gradients = network.backward(cell, params, tape, direct(h, start))
        state = detached(tape.last)
        yield Chunk(start, h, gradients, state)
