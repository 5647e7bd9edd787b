"""The long short-term memory cell, with a memory that is added to and not only multiplied.

Taught in lecture 6. Sources: Jordão, "Long Short-Term Memory"; the slides "Recurrent Neural
Networks"; Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9 (1997); the
forget gate: Gers, Schmidhuber and Cummins, Neural Computation 12 (2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.activations import sigmoid_slope, tanh_slope
from rnnlib.affine import affine, affine_backward, weight_gradient
from rnnlib.backend import Array, Operations, copy, empty_like, namespace, operations
from rnnlib.cells.gates import scale_and_shift, split
from rnnlib.contracts import contract
from rnnlib.init import expect_generator, expect_size, scaled_uniform

GATES = "σσtσ"
"""The kinds of the gates i, f, g, o."""


class LSTMParams(NamedTuple):
    """The parameters, the gates stacked in torch's order i, f, g, o."""

    U: Float[Array, "4*H D"]
    """Input to gates."""
    W: Float[Array, "4*H H"]
    """Hidden to gates."""
    b: Float[Array, "4*H"]
    """Biases of the gates."""


class LSTMState(NamedTuple):
    """What goes from one step to the next."""

    h: Float[Array, "B H"]
    """The hidden state."""
    c: Float[Array, "B H"]
    """The memory cell."""


class LSTMWeights(NamedTuple):
    """What every step uses."""

    xp: Operations
    W_T: Array  # Wᵀ, scaled for the gates, (H, 4H)
    scale: Array  # of the gates, (B, 4H)
    shift: Array  # of the gates, (B, 4, H)
    room: Array  # where a step works, (B, 4H); what is in it is of no use to the next


class LSTMCache(NamedTuple):
    """What the backward pass needs besides the states. Each gate of a step lies in one piece."""

    gates: Array  # all four, (T, B, 4, H)
    i: Array  # the input gate, (T, B, H): a view, as are the next three
    f: Array  # the forget gate
    g: Array  # the candidate
    o: Array  # the output gate
    tanh_c: Array  # tanh(c_t), (T, B, H)


class LSTMSlopes(NamedTuple):
    """What the backward steps multiply with."""

    a: Array  # (T, B, 4H): ∂c_t/∂a for the gates i, f and g, ∂h_t/∂a for o
    c: Array  # ∂h_t/∂c_t = o ⊙ tanh′(c_t), (T, B, H)
    f: Array  # ∂c_t/∂c_{t-1} = f, (T, B, H)


NEW_STATE = LSTMState(None, None)
NEW_CACHE = LSTMCache(None, None, None, None, None, None)
"""In place of arrays to write into: new ones are made."""


@dataclass(frozen=True)
class LSTM:
    """The LSTM cell.

        i, f, o = σ(U x_t + W h_{t-1} + b)       input, forget and output gate
        g       = tanh(U x_t + W h_{t-1} + b)    candidate
        c_t     = f ⊙ c_{t-1} + i ⊙ g
        h_t     = o ⊙ tanh(c_t)

    each gate with its own block of U, W and b.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.lstm.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.lstm, p, rng.normal(size=(5, 2, 3)))
        >>> h.shape, tape.last.c.shape
        ((5, 2, 4), (2, 4))
    """

    params_type = LSTMParams

    def init(
        self, rng: np.random.Generator, *, inputs: int, hidden: int, forget_bias: float = 1.0
    ) -> LSTMParams:
        """Random parameters, uniform in ±1/√H as in torch.nn.LSTM, in float64 on NumPy.

        Args:
            rng: The source of randomness.
            inputs: The size D of an input.
            hidden: The size H of the state.
            forget_bias: Added to the forget gate's bias. At 1 the gate starts near σ(1) = 0.73 and
                remembers; at 0, torch's choice, it starts near ½ and forgets half at every step.

        Raises:
            TypeError: `rng` is not a NumPy Generator, or a size is not an integer.
            ValueError: A size below 1, or a forget bias that is not finite.

        Source:
            Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent Network
            Architectures", ICML 2015, §5 (the forget bias).
        """
        expect_generator("init", rng)
        D, H = expect_size("init", "inputs", inputs), expect_size("init", "hidden", hidden)
        if not np.isfinite(forget_bias):
            raise ValueError(f"init: forget_bias is {forget_bias}, expected a finite number.")
        b = scaled_uniform(rng, (4 * H,), fan=H)
        b[H : 2 * H] += forget_bias
        return LSTMParams(
            U=scaled_uniform(rng, (4 * H, D), fan=H),
            W=scaled_uniform(rng, (4 * H, H), fan=H),
            b=b,
        )

    def initial_state(self, params: LSTMParams, batch: int) -> LSTMState:
        """h_0 = c_0 = 0."""
        W = params.W
        zeros = namespace(W).zeros((batch, W.shape[1]), dtype=W.dtype, device=W.device)
        return LSTMState(h=zeros, c=zeros)

    def output(self, state: LSTMState) -> Array:
        """h, the part that the rest of the network sees."""
        return state.h

    # Forward.

    @contract
    def step(self, params: LSTMParams, x: Float[Array, "B D"], state_prev: LSTMState) -> LSTMState:
        """One step: h_t and c_t from x_t, h_{t-1} and c_{t-1}."""
        weights = self.weights(params, len(x))
        return self.transition(weights, self.project(params, x), state_prev)

    def project(self, params: LSTMParams, x: Array) -> Array:
        """The input's share of the pre-activations, U x_t + b, scaled for the gates."""
        U, _, b = params
        scale, _ = scale_and_shift(GATES, b, *b.shape)
        return affine(x, scale[:, None] * U, scale * b)

    def weights(self, params: LSTMParams, batch: int) -> LSTMWeights:
        """The recurrent weights as the steps use them: scaled for the gates, and transposed."""
        W = params.W
        scale, shift = scale_and_shift(GATES, W, batch, W.shape[0])
        W_T = copy((scale[0][:, None] * W).T)
        room = empty_like(W, tuple(scale.shape))
        return LSTMWeights(operations(W), W_T, scale, shift.reshape(batch, 4, -1), room)

    def cache(self, params: LSTMParams, ax: Array) -> LSTMCache:
        """Arrays for what the steps leave: a step's gates take the place of its projected input."""
        T, B, _ = ax.shape
        by_gate = ax.reshape(T, 4, B, -1)
        i, f, g, o = (by_gate[:, k] for k in range(4))
        return LSTMCache(by_gate.swapaxes(1, 2), i, f, g, o, tanh_c=empty_like(ax, tuple(i.shape)))

    def transition(
        self,
        weights: LSTMWeights,
        ax: Array,
        state_prev: LSTMState,
        out: LSTMState = NEW_STATE,
        cache: LSTMCache = NEW_CACHE,
    ) -> LSTMState:
        """One step from the projected input, into the arrays `out` and `cache` where given."""
        xp, W_T, scale, shift, room = weights
        place = None if out is NEW_STATE else room
        h_prev, c_prev = state_prev
        out_h, out_c = out
        out_gates, i, f, g, o, out_tanh_c = cache

        a = xp.add(xp.matmul(h_prev, W_T, place), ax, place)  # (B, 4H)
        scaled = xp.multiply(xp.tanh(a, place), scale, place).reshape(shift.shape)
        gates = xp.add(scaled, shift, out_gates)  # (B, 4, H)
        if cache is NEW_CACHE:
            i, f, g, o = (gates[:, k] for k in range(4))  # each (B, H)
        fc = xp.multiply(f, c_prev, out_c)
        ig = xp.multiply(i, g, out_tanh_c)  # where tanh(c) will be
        c = xp.add(fc, ig, out_c)
        tanh_c = xp.tanh(c, out_tanh_c)
        h = xp.multiply(o, tanh_c, out_h)
        return LSTMState(h, c) if out is NEW_STATE else out

    # Backward, in the opposite order.

    def slopes(self, params: LSTMParams, states: LSTMState, cache: LSTMCache) -> LSTMSlopes:
        """The derivatives of h_t and c_t, for every step.

        ∂c/∂a_i = g ⊙ i(1 - i)     ∂c/∂a_f = c_{t-1} ⊙ f(1 - f)     ∂c/∂a_g = i ⊙ (1 - g²)
        ∂h/∂a_o = tanh(c) ⊙ o(1 - o)                                ∂h/∂c   = o ⊙ (1 - tanh²(c))
        """
        gates, i, f, g, o, tanh_c = cache
        xp = operations(gates)
        c_prev = states.c[:-1]

        by_gate = sigmoid_slope(gates.swapaxes(1, 2))  # (T, 4, B, H): right for i, f and o
        a = empty_like(gates, (*gates.shape[:2], 4 * gates.shape[3]))
        a_i, a_f, a_g, a_o = split(a, 4)
        xp.multiply(by_gate[:, 0], g, a_i)
        xp.multiply(by_gate[:, 1], c_prev, a_f)
        xp.multiply(tanh_slope(g), i, a_g)
        xp.multiply(by_gate[:, 3], tanh_c, a_o)

        c = tanh_slope(tanh_c)
        return LSTMSlopes(a, c=xp.multiply(c, o, c), f=f)

    def step_backward(
        self, xp: Operations, params: LSTMParams, dstate: LSTMState, slopes: LSTMSlopes
    ) -> LSTMState:
        """From dh_t and dc_t to dh_{t-1} and dc_{t-1}.

        dc_t     += dh_t ⊙ ∂h/∂c              c_t is read by h_t, and by c_{t+1}
        da_i,f,g  = dc_t ⊙ ∂c/∂a
        da_o      = dh_t ⊙ ∂h/∂a_o
        dh_{t-1}  = Wᵀ da
        dc_{t-1}  = dc_t ⊙ f                  the path that does not vanish
        """
        slope_a, slope_c, f = slopes
        dh, dc = dstate
        xp.add(dc, xp.multiply(dh, slope_c, slope_c), dc)  # dc_t, in its place: (B, H)
        upstream = xp.concat([dc, dc, dc, dh], 1)  # of i, f, g and o: (B, 4H)
        da = xp.multiply(upstream, slope_a, slope_a)
        xp.matmul(da, params.W, dh)  # dh_{t-1}, in the place of dh_t
        xp.multiply(dc, f, dc)  # dc_{t-1}, in the place of dc_t
        return dstate

    def collect(
        self, params: LSTMParams, da: Array, x: Array, states: LSTMState, cache: LSTMCache
    ) -> tuple[LSTMParams, Array]:
        """The gradients of the shared parameters, summed over steps and sequences, and dx."""
        dx, dU, db = affine_backward(da, x, params.U)
        dW = weight_gradient(da, states.h[:-1])  # (4H, H)
        return LSTMParams(dU, dW, db), dx


lstm = LSTM()
"""The LSTM cell."""
