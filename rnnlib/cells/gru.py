"""The gated recurrent unit: two gates, and no memory cell besides the state.

Sources: the slides "Recurrent Neural Networks", "Gated Recurrent Networks";
Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", EMNLP 2014.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.affine import affine, affine_backward, rows, weight_gradient
from rnnlib.backend import Array, Operations, copy, empty_like, namespace, operations
from rnnlib.cells.gates import scale_and_shift, split
from rnnlib.contracts import contract
from rnnlib.init import expect_generator, expect_size, scaled_uniform


class GRUParams(NamedTuple):
    """The parameters, the gates stacked in torch's order r, z, n."""

    U: Float[Array, "3*H D"]
    """Input to gates."""
    W: Float[Array, "3*H H"]
    """Hidden to gates."""
    b: Float[Array, "3*H"]
    """Biases of the gates."""
    b_n: Float[Array, "H"] | None
    """The candidate's bias inside the reset, with reset="after"; None with reset="before"."""


class GRUWeights(NamedTuple):
    """What every step uses."""

    xp: Operations
    rz_T: Array  # Wᵀ of the gates r and z, scaled for them, (H, 2H)
    n_T: Array  # Wᵀ of the candidate, (H, H)
    b_n: Array | None  # (B, H)
    scale: Array  # of the gates r and z, (B, 2H), as is the next
    shift: Array


class GRUCache(NamedTuple):
    """What the backward pass needs besides the states."""

    rz: Array  # the gates side by side, (T, B, 2H)
    r: Array  # the reset gate, (T, B, H): a view, as is the next
    z: Array  # the update gate
    n: Array  # the candidate, (T, B, H)
    Wh: Array  # (T, B, H): W_n h + b_n with reset="after", r ⊙ h with reset="before"


class GRUSlopes(NamedTuple):
    """What the backward steps multiply with."""

    a: Array  # (T, B, 3H): ∂h_t/∂a for z and n; for r, ∂(the product that n reads)/∂a_r
    a_r: Array  # the first block of `a`, (T, B, H): a view, as are the next two
    a_z: Array
    a_n: Array
    r: Array
    z: Array


NEW_CACHE = GRUCache(None, None, None, None, None)
"""In place of arrays to write into: new ones are made."""


@dataclass(frozen=True)
class GRU:
    """The gated recurrent unit.

        r, z = σ(U x_t + W h_{t-1} + b)                      reset and update gate
        n    = tanh(U x_t + b + r ⊙ (W h_{t-1} + b_n))       candidate, reset="after"
        n    = tanh(U x_t + b + W (r ⊙ h_{t-1}))             candidate, reset="before"
        h_t  = (1 - z) ⊙ n + z ⊙ h_{t-1}

    each gate with its own block of U, W and b. The reset gate can act after the product with W, as
    torch and cuDNN have it, or before, as Cho et al. (2014) and ONNX's default have it. After, all
    three products with h_{t-1} are one; before, the candidate's has to wait for r. The two are
    different functions: weights trained for one do not fit the other.

    Attributes:
        reset: "after" (the default) or "before".

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.gru.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.gru, p, rng.normal(size=(5, 2, 3)))
        >>> h.shape
        (5, 2, 4)
    """

    reset: Literal["after", "before"] = "after"

    def __post_init__(self) -> None:
        if self.reset not in ("after", "before"):
            raise ValueError(f'GRU: reset is {self.reset!r}, expected "after" or "before".')

    params_type = GRUParams

    def init(self, rng: np.random.Generator, *, inputs: int, hidden: int) -> GRUParams:
        """Random parameters, uniform in ±1/√H as in torch.nn.GRU; see `rnnlib.elman.init`."""
        expect_generator("init", rng)
        D, H = expect_size("init", "inputs", inputs), expect_size("init", "hidden", hidden)
        return GRUParams(
            U=scaled_uniform(rng, (3 * H, D), fan=H),
            W=scaled_uniform(rng, (3 * H, H), fan=H),
            b=scaled_uniform(rng, (3 * H,), fan=H),
            b_n=scaled_uniform(rng, (H,), fan=H) if self.reset == "after" else None,
        )

    def expect_second_bias(self, function: str, params: GRUParams) -> None:
        """b_n is there where the reset acts after the product, and nowhere else."""
        if (params.b_n is None) == (self.reset == "after"):
            wanted = "(H,)" if params.b_n is None else "None"
            raise ValueError(f"{function}: params.b_n has to be {wanted} for {self}; see its init.")

    def initial_state(self, params: GRUParams, batch: int) -> Array:
        """h_0 = 0."""
        W = params.W
        return namespace(W).zeros((batch, W.shape[1]), dtype=W.dtype, device=W.device)

    def output(self, state: Array) -> Array:
        """The state of this cell is its output."""
        return state

    # Forward.

    @contract
    def step(
        self, params: GRUParams, x: Float[Array, "B D"], state_prev: Float[Array, "B H"]
    ) -> Float[Array, "B H"]:
        """One step: h_t from x_t and h_{t-1}."""
        weights = self.weights(params, len(x))
        return self.transition(weights, self.project(params, x), state_prev)

    def project(self, params: GRUParams, x: Array) -> Array:
        """The input's share of the pre-activations, U x_t + b, scaled for the gates."""
        scale, _ = scale_and_shift("σσt", params.b, *params.b.shape)
        return affine(x, scale[:, None] * params.U, scale * params.b)

    def weights(self, params: GRUParams, batch: int) -> GRUWeights:
        """The recurrent weights as the steps use them: scaled for the gates, and transposed."""
        W, H = params.W, params.W.shape[1]
        scale, shift = scale_and_shift("σσ", W, batch, 2 * H)
        rz_T = copy((scale[0][:, None] * W[: 2 * H]).T)
        b_n = None if params.b_n is None else copy(params.b_n + 0 * scale[:, :H])
        return GRUWeights(operations(W), rz_T, copy(W[2 * H :].T), b_n, scale, shift)

    def cache(self, params: GRUParams, ax: Array) -> GRUCache:
        """Empty arrays for what the steps leave."""
        (T, B, _), H = ax.shape, params.W.shape[1]
        rz = empty_like(ax, (T, B, 2 * H))
        n, Wh = (empty_like(ax, (T, B, H)) for _ in range(2))
        r, z = split(rz, 2)
        return GRUCache(rz, r, z, n, Wh)

    def transition(
        self,
        weights: GRUWeights,
        ax: Array,
        state_prev: Array,
        out: Array | None = None,
        cache: GRUCache = NEW_CACHE,
    ) -> Array:
        """One step from the projected input, into the arrays `out` and `cache` where given."""
        xp, rz_T, n_T, b_n, scale, shift = weights
        h_prev, H = state_prev, state_prev.shape[1]
        out_rz, r, z, out_n, out_Wh = cache

        a = xp.add(xp.matmul(h_prev, rz_T), ax[:, : 2 * H], out_rz)  # (B, 2H)
        squashed = xp.tanh(a, out_rz)
        rz = xp.add(xp.multiply(squashed, scale, out_rz), shift, out_rz)
        if cache is NEW_CACHE:
            r, z = split(rz, 2)  # each (B, H)
        if self.reset == "after":
            Wh = xp.add(xp.matmul(h_prev, n_T), b_n, out_Wh)  # (B, H)
            from_h = xp.multiply(r, Wh, out_n)
        else:
            rh = xp.multiply(r, h_prev, out_Wh)
            from_h = xp.matmul(rh, n_T, out_n)
        n = xp.tanh(xp.add(from_h, ax[:, 2 * H :], out_n), out_n)
        difference = xp.subtract(h_prev, n, out)
        return xp.add(xp.multiply(z, difference, out), n, out)  # n + z (h_{t-1} - n)

    # Backward, in the opposite order.

    def slopes(self, params: GRUParams, states: Array, cache: GRUCache) -> GRUSlopes:
        """The derivatives of every step.

        ∂h/∂a_z = (h_{t-1} - n) ⊙ z(1 - z)     ∂h/∂a_n = (1 - z) ⊙ (1 - n²)
        ∂a_n/∂a_r = (W h_{t-1} + b_n) ⊙ r(1 - r)     reset="after"
        ∂(r ⊙ h_{t-1})/∂a_r = h_{t-1} ⊙ r(1 - r)     reset="before"
        """
        xp = operations(cache.rz)
        _, r, z, n, Wh = cache
        h_prev = states[:-1]
        a = empty_like(n, (*n.shape[:2], 3 * n.shape[2]))
        a_r, a_z, a_n = split(a, 3)
        xp.multiply(r * (1 - r), Wh if self.reset == "after" else h_prev, a_r)
        xp.multiply(z * (1 - z), h_prev - n, a_z)
        xp.multiply(1 - z, 1 - n * n, a_n)
        return GRUSlopes(a, a_r, a_z, a_n, r, z)

    def step_backward(
        self, xp: Operations, params: GRUParams, dstate: Array, slopes: GRUSlopes
    ) -> Array:
        """From dh_t to dh_{t-1}.

        da_z = dh_t ⊙ ∂h/∂a_z        da_n = dh_t ⊙ ∂h/∂a_n
        reset="after":     da_r = da_n ⊙ ∂a_n/∂a_r
            dh_{t-1} = dh_t ⊙ z + W_rzᵀ (da_r, da_z) + W_nᵀ (da_n ⊙ r)
        reset="before":    d(r ⊙ h) = W_nᵀ da_n,   da_r = d(r ⊙ h) ⊙ h_{t-1} ⊙ r(1 - r)
            dh_{t-1} = dh_t ⊙ z + W_rzᵀ (da_r, da_z) + d(r ⊙ h) ⊙ r
        """
        W, dh = params.W, dstate
        H = W.shape[1]
        a, a_r, a_z, a_n, r, z = slopes
        xp.multiply(dh, a_z, a_z)  # da_z
        da_n = xp.multiply(dh, a_n, a_n)
        direct = xp.multiply(dh, z, dh)
        if self.reset == "after":
            xp.multiply(da_n, a_r, a_r)  # da_r
            through_n = xp.multiply(da_n, r) @ W[2 * H :]
        else:
            drh = da_n @ W[2 * H :]
            xp.multiply(drh, a_r, a_r)  # da_r
            through_n = xp.multiply(drh, r)
        through_rz = a[:, : 2 * H] @ W[: 2 * H]
        dh_prev = xp.add(direct, through_n, dh)
        return xp.add(dh_prev, through_rz, dh)

    def collect(
        self, params: GRUParams, da: Array, x: Array, states: Array, cache: GRUCache
    ) -> tuple[GRUParams, Array]:
        """The gradients of the shared parameters, summed over steps and sequences, and dx."""
        H = params.W.shape[1]
        dx, dU, db = affine_backward(da, x, params.U)
        h_prev, da_rz, da_n = states[:-1], da[..., : 2 * H], da[..., 2 * H :]
        dW_rz = weight_gradient(da_rz, h_prev)  # (2H, H)
        if self.reset == "after":
            da_Wh = da_n * cache.r
            dW_n, db_n = weight_gradient(da_Wh, h_prev), rows(da_Wh).sum(axis=0)
        else:
            dW_n, db_n = weight_gradient(da_n, cache.Wh), None  # cache.Wh is r ⊙ h_{t-1}
        dW = namespace(dW_n).concat([dW_rz, dW_n])  # (3H, H)
        return GRUParams(dU, dW, db, db_n), dx


gru = GRU()
"""The gated recurrent unit, reset after the product as in torch."""
