"""The recurrent cells: one step and its hand-derived backward side by side, one file a cell.

A cell is a frozen dataclass that holds the configuration and no arrays: parameters and states are
passed in, and gradients are returned. `rnnlib.unroll` runs any object with the methods of `Cell`
over time. The step holds only what must wait for the previous state; everything else is done for
all steps at once, before the loop (`project`, `slopes`) or after it (`collect`).
"""

from __future__ import annotations

from typing import Any, Protocol

from rnnlib.backend import Array, Operations

State = Any
"""What a cell hands from one step to the next: an array, or a NamedTuple of arrays (B, H)."""

Cache = Any
"""What a step leaves for the backward pass besides the state: a NamedTuple of arrays, or None."""

Slopes = Any
"""What the backward steps multiply with: a NamedTuple of arrays, one slice a step."""


class Cell(Protocol):
    """What `rnnlib.forward` and `rnnlib.backward` ask of a cell."""

    @property
    def params_type(self) -> type:
        """The NamedTuple of this cell's parameters."""
        ...

    def step(self, params: Any, x: Array, state_prev: State) -> State:
        """One step from the input itself: what the lecture writes."""
        ...

    def initial_state(self, params: Any, batch: int) -> State:
        """The state before the first step, all zeros."""
        ...

    def output(self, state: State) -> Array:
        """The part of a state that a readout sees: h, the array itself and not a copy."""
        ...

    def project(self, params: Any, x: Array) -> Array:
        """The part of the pre-activation that needs no state, for all steps at once."""
        ...

    def weights(self, params: Any, batch: int) -> Any:
        """The recurrent weights as the steps use them."""
        ...

    def cache(self, params: Any, ax: Array) -> Cache:
        """Arrays (T, B, ·) for what the steps leave; `ax` may become one of them."""
        ...

    def transition(
        self, weights: Any, ax: Array, state_prev: State, out: State = ..., cache: Cache = ...
    ) -> State:
        """One step: the next state, from the projected input and the previous state.

        `out` and `cache` are arrays to write into; without them new ones are made.
        """
        ...

    def slopes(self, params: Any, states: State, cache: Cache) -> Slopes:
        """The derivatives of every step's elementwise part, for all steps at once.

        The first field, `a`, has the shape of the pre-activation. `step_backward` turns it into da.
        """
        ...

    def step_backward(self, xp: Operations, params: Any, dstate: State, slopes: Slopes) -> State:
        """From the gradient of a state to that of the state before it.

        Overwrites `slopes`, its field `a` with the gradient of the pre-activation, and `dstate`
        with the result: both belong to the loop.
        """
        ...

    def collect(
        self, params: Any, da: Array, x: Array, states: State, cache: Cache
    ) -> tuple[Any, Array]:
        """The gradients of the parameters and of the inputs, from da at all steps."""
        ...
