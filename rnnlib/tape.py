"""What a run leaves for its backward pass, and what the backward pass gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib import tree
from rnnlib.backend import Array
from rnnlib.cells import Cache, State


class Tape(NamedTuple):
    """What the forward pass keeps for the backward pass: memory proportional to T.

    Besides x, which it shares with the caller, a tape holds for each step of each sequence

        plain cell  H numbers    h
        LSTM       7H numbers    h, c, tanh(c), and the gates i, f, g, o
        GRU        5H numbers    h, r, z, n, and the product that the candidate reads

    of 4 bytes in float32 and 8 in float64. An LSTM of 1000 steps, 32 sequences and 256 units keeps
    1000 · 32 · 7 · 256 · 4 bytes = 219 MiB. The backward pass needs about as much again while it
    runs. `rnnlib.truncated.chunks` needs that of one piece only.
    """

    x: Float[Array, "T B D"]
    """The inputs, in the order in which they were read."""
    states: State
    """(T + 1, B, H): `states[t]` is the state after t steps, `states[0]` the initial one."""
    cache: Cache
    """What else the steps left, (T, B, ·); None for the plain cell, and where torch records."""
    keep: Array | None = None
    """(T, B, 1): False at padded steps; None where there are none."""
    reverse: bool = False
    """Whether the sequences were read from their end."""
    cell: Any = None
    """The cell that was run."""
    recorded: bool = False
    """Whether torch has recorded the steps, so that there is no cache."""

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
