"""The LSTM without its two tanh: the memory in its plainest form.

Taught in lecture 6, on the way to the LSTM. Source: Hasegawa-Johnson, Lecture 25, "Long Short-Term
Memory", whose five equations these are; there the candidate is the input itself (U_g = I, W_g = 0,
b_g = 0).
"""

from __future__ import annotations

from dataclasses import dataclass

from rnnlib.activations import sigmoid_slope
from rnnlib.backend import Array, copy, empty_like, operations
from rnnlib.cells.gates import split
from rnnlib.cells.lstm import (
    LSTM,
    NEW_CACHE,
    NEW_STATE,
    LSTMCache,
    LSTMParams,
    LSTMSlopes,
    LSTMState,
    LSTMWeights,
)


@dataclass(frozen=True)
class AdditiveLSTM(LSTM):
    """The additive LSTM: parameters, states and the way back are those of the LSTM.

        i, f, o = σ(U x_t + W h_{t-1} + b)     input, forget and output gate
        g       = U x_t + W h_{t-1} + b        candidate
        c_t     = f ⊙ c_{t-1} + i ⊙ g
        h_t     = o ⊙ c_t

    each gate with its own block of U, W and b.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.additive_lstm.init(np.random.default_rng(0), inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.additive_lstm, p, np.ones((5, 2, 3)))
        >>> h.shape
        (5, 2, 4)
    """

    def cache(self, params: LSTMParams, ax: Array) -> LSTMCache:
        """As the LSTM's, without tanh(c), which this cell has not."""
        return super().cache(params, ax)._replace(tanh_c=None)

    def transition(
        self,
        weights: LSTMWeights,
        ax: Array,
        state_prev: LSTMState,
        out: LSTMState = NEW_STATE,
        cache: LSTMCache = NEW_CACHE,
    ) -> LSTMState:
        """One step from the projected input, into the arrays `out` and `cache` where given."""
        xp, W_T, scale, shift, _ = weights
        h_prev, c_prev = state_prev
        out_h, out_c = out
        out_gates, _, _, out_g, _, _ = cache

        a = xp.add(xp.matmul(h_prev, W_T), ax)  # (B, 4H)
        scaled = xp.multiply(xp.tanh(a), scale).reshape(shift.shape)
        gates = xp.add(scaled, shift, out_gates)  # (B, 4, H)
        i, f, o = gates[:, 0], gates[:, 1], gates[:, 3]  # each (B, H)
        g = a.reshape(shift.shape)[:, 2]  # the candidate as it is
        fc = xp.multiply(f, c_prev, out_c)
        c = xp.add(fc, xp.multiply(i, g), out_c)
        h = xp.multiply(o, c, out_h)
        if cache is not NEW_CACHE:
            out_g[...] = g
        return LSTMState(h, c)

    def slopes(self, params: LSTMParams, states: LSTMState, cache: LSTMCache) -> LSTMSlopes:
        """The derivatives of h_t and c_t, for every step.

        ∂c/∂a_i = g ⊙ i(1 - i)     ∂c/∂a_f = c_{t-1} ⊙ f(1 - f)     ∂c/∂a_g = i
        ∂h/∂a_o = c ⊙ o(1 - o)                                      ∂h/∂c   = o
        """
        gates, i, f, g, o, _ = cache
        xp = operations(gates)
        c, c_prev = states.c[1:], states.c[:-1]

        by_gate = sigmoid_slope(gates.swapaxes(1, 2))  # (T, 4, B, H): right for i, f and o
        a = empty_like(gates, (*gates.shape[:2], 4 * gates.shape[3]))
        a_i, a_f, a_g, a_o = split(a, 4)
        xp.multiply(by_gate[:, 0], g, a_i)
        xp.multiply(by_gate[:, 1], c_prev, a_f)
        a_g[...] = i
        xp.multiply(by_gate[:, 3], c, a_o)

        return LSTMSlopes(a, c=copy(o), f=f)  # a copy: `step_backward` overwrites it


additive_lstm = AdditiveLSTM()
"""The additive LSTM cell."""
