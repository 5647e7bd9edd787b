"""The recurrent cells: one step and its hand-derived backward side by side, one file a cell.

A cell is a frozen dataclass that holds the configuration and no arrays: parameters and states are
passed in, and gradients are returned. `rnnlib.unroll` runs any object with the methods of `Cell`
over time. What is linear in the inputs is taken out of the step: `project` before the loop, for all
steps at once, and `collect` after it. The step holds only what must wait for the previous state.
"""

from __future__ import annotations

from typing import Any, Protocol

from rnnlib.backend import Array

State = Any
"""What a cell hands from one step to the next: an array, or a NamedTuple of arrays (B, H)."""


class Cell(Protocol):
    """What `rnnlib.forward` and `rnnlib.backward` ask of a cell."""

    @property
    def params_type(self) -> type:
        """The NamedTuple of this cell's parameters."""
        ...

    def initial_state(self, params: Any, batch: int) -> State:
        """The state before the first step, all zeros."""
        ...

    def project(self, params: Any, x: Array) -> Array:
        """The part of the pre-activation that needs no state, for all steps at once."""
        ...

    def step(self, params: Any, ax: Array, state_prev: State) -> State:
        """One step: the next state, from the projected input and the previous state."""
        ...

    def step_backward(
        self, params: Any, dstate: State, state: State, state_prev: State
    ) -> tuple[Array, State]:
        """From the whole gradient of a state to those of its pre-activation and its past."""
        ...

    def collect(self, params: Any, da: Array, x: Array, state_prev: State) -> tuple[Any, Array]:
        """The gradients of the parameters and of the inputs, from da at all steps."""
        ...

    def output(self, state: State) -> Array:
        """The hidden state h that a readout sees."""
        ...

    def output_backward(self, dstate: State, dh: Array) -> State:
        """The gradient of a state that reaches it from later steps, plus dh through its output."""
        ...
