"""The plain recurrent cell: h_t = g(U x_t + W h_{t-1} + b).

Taught in lecture 2 (forward) and lecture 4 (backward). Sources: Jordão, "Forward Propagation";
Nath, Lecture 13, §13.2 and §13.4, who leaves the choice of g open; Elman, "Finding Structure in
Time", Cognitive Science 14 (1990), who gave the network its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.activations import ACTIVATIONS
from rnnlib.affine import affine, affine_backward, weight_gradient
from rnnlib.backend import Array, Operations, copy, namespace, operations
from rnnlib.contracts import contract
from rnnlib.init import expect_generator, expect_size, scaled_uniform


class ElmanParams(NamedTuple):
    """The parameters of the plain cell, shared by all steps; their gradients have the same type."""

    U: Float[Array, "H D"]
    """Input to hidden."""
    W: Float[Array, "H H"]
    """Hidden to hidden."""
    b: Float[Array, "H"]
    """Hidden bias."""


class ElmanSlopes(NamedTuple):
    """What the backward steps multiply with."""

    a: Array
    """g′(a_t), (T, B, H)."""


@dataclass(frozen=True)
class Elman:
    """The plain recurrent cell.

        a_t = U x_t + W h_{t-1} + b
        h_t = g(a_t)

    Attributes:
        g: The nonlinearity: "tanh" (the default), "relu", "sigmoid" or "identity".

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.ElmanParams(U=np.array([[1.0]]), W=np.array([[0.5]]), b=np.array([0.0]))
        >>> x = np.array([1.0, 0.0, 0.0]).reshape(3, 1, 1)
        >>> h, tape = rl.forward(rl.Elman(g="identity"), p, x)
        >>> h.ravel()  # the input of step 1 fades by one half a step
        array([1.  , 0.5 , 0.25])
    """

    g: Literal["tanh", "relu", "sigmoid", "identity"] = "tanh"

    def __post_init__(self) -> None:
        if not isinstance(self.g, str) or self.g not in ACTIVATIONS:
            raise ValueError(f"Elman: g is {self.g!r}, expected one of {', '.join(ACTIVATIONS)}.")

    params_type = ElmanParams

    def init(self, rng: np.random.Generator, *, inputs: int, hidden: int) -> ElmanParams:
        """Random parameters, uniform in ±1/√H as in torch.nn.RNN, in float64 on NumPy.

        Args:
            rng: The source of randomness; the same seed gives the same numbers on every backend.
            inputs: The size D of an input.
            hidden: The size H of the state.

        Raises:
            TypeError: `rng` is not a NumPy Generator, or a size is not an integer.
            ValueError: A size below 1.

        Example:
            >>> p = Elman().init(np.random.default_rng(0), inputs=2, hidden=3)
            >>> p.U.shape, p.W.shape, p.b.shape
            ((3, 2), (3, 3), (3,))
        """
        expect_generator("init", rng)
        D, H = expect_size("init", "inputs", inputs), expect_size("init", "hidden", hidden)
        return ElmanParams(
            U=scaled_uniform(rng, (H, D), fan=H),
            W=scaled_uniform(rng, (H, H), fan=H),
            b=scaled_uniform(rng, (H,), fan=H),
        )

    def initial_state(self, params: ElmanParams, batch: int) -> Array:
        """h_0 = 0, of shape (B, H), with the parameters' library, dtype and device."""
        W = params.W
        return namespace(W).zeros((batch, W.shape[0]), dtype=W.dtype, device=W.device)

    def output(self, state: Array) -> Array:
        """The state of this cell is its output."""
        return state

    # Forward. A step waits for h_{t-1} alone: U x_t + b is ready for every t before the first step.

    @contract
    def step(
        self, params: ElmanParams, x: Float[Array, "B D"], state_prev: Float[Array, "B H"]
    ) -> Float[Array, "B H"]:
        """One step: h_t = g(U x_t + W h_{t-1} + b) from x_t and h_{t-1}."""
        weights = self.weights(params, len(x))
        return self.transition(weights, self.project(params, x), state_prev)

    def project(self, params: ElmanParams, x: Array) -> Array:
        """The input's share of the pre-activation, ax_t = U x_t + b, for all steps at once."""
        return affine(x, params.U, params.b)

    def weights(self, params: ElmanParams, batch: int) -> tuple[Operations, Array]:
        """The recurrent weights as the steps use them: Wᵀ in one piece."""
        return operations(params.W), copy(params.W.T)

    def cache(self, params: ElmanParams, ax: Array) -> None:
        """The states are all that the backward pass needs."""

    def transition(
        self,
        weights: tuple[Operations, Array],
        ax: Array,
        state_prev: Array,
        out: Array | None = None,
        cache: None = None,
    ) -> Array:
        """One step from the projected input, into the array `out` where one is given."""
        xp, W_T = weights
        a = xp.add(xp.matmul(state_prev, W_T), ax, out)  # (B, H)
        h = ACTIVATIONS[self.g].g(a, out=out)  # (B, H)
        return h

    # Backward, in the opposite order.

    def slopes(self, params: ElmanParams, states: Array, cache: None) -> ElmanSlopes:
        """g′(a_t) from h_t, for every step."""
        return ElmanSlopes(a=ACTIVATIONS[self.g].slope(states[1:]))  # (T, B, H)

    def step_backward(
        self, xp: Operations, params: ElmanParams, dstate: Array, slopes: ElmanSlopes
    ) -> Array:
        """From dh_t, all that the loss at t and later steps say of h_t, to dh_{t-1}.

        da_t     = dh_t ⊙ g′(a_t)
        dh_{t-1} = Wᵀ da_t
        """
        da = xp.multiply(dstate, slopes.a, slopes.a)  # (B, H)
        dh_prev = xp.matmul(da, params.W, dstate)  # (B, H)
        return dh_prev

    def collect(
        self, params: ElmanParams, da: Array, x: Array, states: Array, cache: None
    ) -> tuple[ElmanParams, Array]:
        """The gradients of the shared parameters, summed over steps and sequences, and dx.

        dU = Σ_t da_t x_tᵀ     dW = Σ_t da_t h_{t-1}ᵀ     db = Σ_t da_t     dx_t = Uᵀ da_t
        """
        dx, dU, db = affine_backward(da, x, params.U)
        dW = weight_gradient(da, states[:-1])  # (H, H)
        return ElmanParams(dU, dW, db), dx


elman = Elman()
"""The plain cell with g = tanh."""
