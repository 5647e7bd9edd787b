"""Two cells on one sequence, one reading forwards and one backwards, their states side by side.

Sources: the slides "Recurrent Neural Networks", "Bi-Directional RNNs";
Schuster and Paliwal, "Bidirectional Recurrent Neural Networks", IEEE Transactions on Signal
Processing 45 (1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnnlib import network
from rnnlib.backend import Array, is_array, namespace
from rnnlib.tape import Gradients


class Both(NamedTuple):
    """One thing for each direction: parameters, states, or tapes."""

    forward: Any
    """For the cell that reads from the first step to the last."""
    backward: Any
    """For the cell that reads from the last step to the first."""

    @property
    def last(self) -> Both:
        """Of tapes: the last state of each direction, which for `backward` is that at step 1."""
        return Both(self.forward.last, self.backward.last)


@dataclass(frozen=True)
class Bidirectional:
    """A bidirectional layer.

        h→_t = cell(x_t, h→_{t-1})     h←_t = cell(x_t, h←_{t+1})     h_t = (h→_t, h←_t)

    Each direction has parameters of its own. h_t holds the past and the future: the layer is not
    causal, and serves only where the sequence is there as a whole. It is run with `rnnlib.forward`
    and `rnnlib.backward`; parameters and states are pairs, `Both`.

    Attributes:
        cell: Such as `rnnlib.lstm`.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> layer = rl.Bidirectional(rl.gru)
        >>> p = layer.init(np.random.default_rng(0), inputs=3, hidden=4)
        >>> h, tape = rl.forward(layer, p, np.ones((5, 2, 3)))
        >>> h.shape
        (5, 2, 8)
    """

    cell: Any

    causal = False
    """A state depends on later inputs too."""

    def init(self, rng: np.random.Generator, *, inputs: int, hidden: int) -> Both:
        """Random parameters of both directions; `hidden` is the size of each."""
        return Both(*(self.cell.init(rng, inputs=inputs, hidden=hidden) for _ in range(2)))

    def outputs(self, hidden: int) -> int:
        """The size of h: twice that of a direction."""
        return 2 * network.outputs(self.cell, hidden)

    def forward(
        self, params: Both, x: Array, state0: Both | None, *, reverse: bool, **options: Any
    ) -> tuple[Array, Both]:
        """What `rnnlib.forward` calls."""
        _expect_both("params", params)
        first = Both(None, None) if state0 is None else _expect_both("state0", state0)
        there, tape_there = network.forward(
            self.cell, params.forward, x, first.forward, reverse=reverse, **options
        )
        back, tape_back = network.forward(
            self.cell, params.backward, x, first.backward, reverse=not reverse, **options
        )
        return namespace(x).concat([there, back], axis=-1), Both(tape_there, tape_back)

    def backward(self, params: Both, tape: Both, dh: Array, dlast: Both | None) -> Gradients:
        """What `rnnlib.backward` calls."""
        _expect_both("params", params)
        _expect_both("tape", tape)
        last = Both(None, None) if dlast is None else _expect_both("dlast", dlast)
        if not is_array(dh):
            raise TypeError(f"backward: dh is a {type(dh).__name__}, expected an array (T, B, 2H).")
        H = dh.shape[-1] // 2
        there = network.backward(self.cell, params.forward, tape.forward, dh[..., :H], last.forward)
        back = network.backward(
            self.cell, params.backward, tape.backward, dh[..., H:], last.backward
        )
        return Gradients(
            params=Both(there.params, back.params),
            x=there.x + back.x,
            state0=Both(there.state0, back.state0),
        )


def _expect_both(name: str, value: Any) -> Both:
    if not isinstance(value, Both):
        raise TypeError(
            f"{name} is a {type(value).__name__}, expected the pair Both(forward, backward) that a "
            "bidirectional layer takes."
        )
    return value
