"""Layers one above the other: the states of each are the inputs of the next.

Source: Graves, Mohamed and Hinton, "Speech Recognition with Deep Recurrent
Neural Networks", ICASSP 2013, equation (9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnnlib import network
from rnnlib.backend import Array
from rnnlib.tape import Gradients


class Layers(NamedTuple):
    """One thing for each layer, from the lowest: the tapes of a run."""

    tapes: tuple[Any, ...]

    @property
    def last(self) -> tuple[Any, ...]:
        """The last state of every layer."""
        return tuple(tape.last for tape in self.tapes)


@dataclass(frozen=True)
class Stacked:
    """Layers one above the other.

        h⁽ˡ⁾_t = cell⁽ˡ⁾(h⁽ˡ⁻¹⁾_t, h⁽ˡ⁾_{t-1}),   h⁽⁰⁾ = x,   h = h⁽ᴸ⁾

    It is run with `rnnlib.forward` and `rnnlib.backward`; parameters and states are tuples with one
    entry a layer, from the lowest.

    Attributes:
        layers: Cells, or bidirectional layers: `Stacked((rl.lstm, rl.lstm))`.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> net = rl.Stacked((rl.Bidirectional(rl.lstm), rl.lstm))
        >>> p = net.init(np.random.default_rng(0), inputs=3, hidden=4)
        >>> h, tape = rl.forward(net, p, np.ones((5, 2, 3)))
        >>> h.shape
        (5, 2, 4)
    """

    layers: tuple[Any, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.layers, tuple) or not self.layers:
            raise ValueError(
                f"Stacked: layers is {self.layers!r}, expected a tuple of at least one cell."
            )

    def init(self, rng: np.random.Generator, *, inputs: int, hidden: int) -> tuple[Any, ...]:
        """Random parameters of every layer; `hidden` is the size of each."""
        params = []
        for layer in self.layers:
            params.append(layer.init(rng, inputs=inputs, hidden=hidden))
            inputs = network.outputs(layer, hidden)
        return tuple(params)

    def outputs(self, hidden: int) -> int:
        """The size of h: that of the highest layer."""
        return network.outputs(self.layers[-1], hidden)

    @property
    def causal(self) -> bool:
        """Whether every state depends on the inputs up to its own step alone."""
        return all(getattr(layer, "causal", True) for layer in self.layers)

    def forward(
        self, params: tuple[Any, ...], x: Array, state0: tuple[Any, ...] | None, **options: Any
    ) -> tuple[Array, Layers]:
        """What `rnnlib.forward` calls."""
        self._expect("params", params)
        first = (None,) * len(self.layers) if state0 is None else state0
        self._expect("state0", first)
        h, tapes = x, []
        for layer, p, state in zip(self.layers, params, first, strict=True):
            h, tape = network.forward(layer, p, h, state, **options)
            tapes.append(tape)
        return h, Layers(tuple(tapes))

    def backward(
        self, params: tuple[Any, ...], tape: Layers, dh: Array, dlast: tuple[Any, ...] | None
    ) -> Gradients:
        """What `rnnlib.backward` calls: the dx of a layer is the dh of the one below."""
        self._expect("params", params)
        if not isinstance(tape, Layers) or len(tape.tapes) != len(self.layers):
            raise TypeError(
                f"Stacked: tape is a {type(tape).__name__}, expected what forward returned for "
                f"these {len(self.layers)} layers."
            )
        last = (None,) * len(self.layers) if dlast is None else dlast
        self._expect("dlast", last)
        found = []
        for layer, p, layer_tape, dstate in reversed(
            list(zip(self.layers, params, tape.tapes, last, strict=True))
        ):
            g = network.backward(layer, p, layer_tape, dh, dstate)
            dh = g.x
            found.append(g)
        found.reverse()
        return Gradients(tuple(g.params for g in found), dh, tuple(g.state0 for g in found))

    def _expect(self, name: str, value: Any) -> None:
        if (
            not isinstance(value, tuple)
            or hasattr(value, "_fields")
            or len(value) != len(self.layers)
        ):
            raise TypeError(
                f"Stacked: {name} is a {type(value).__name__}, expected a tuple with one entry for "
                f"each of the {len(self.layers)} layers."
            )
