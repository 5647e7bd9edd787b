"""Belief propagation and Viterbi with probabilities, rescaled at every step.

Each step multiplies by P(Y_t | Y_{t-1}) and P(X_t | Y_t) and then adds, or takes the maximum, over
Y_{t-1}. Unscaled, the products would underflow after some hundred steps (`joint_belief` does). A
state whose share falls below about 10⁻³⁰⁸ counts as impossible here; in `logs` it does not.

Sources: Hasegawa-Johnson, Lecture 25, "Semantics of Bayesian Networks". Rabiner, "A tutorial on
hidden Markov models and selected applications in speech recognition", Proc. IEEE 77 (1989), §III
and §V.A, where smoothing is the forward-backward procedure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract
from rnnlib.hmm.logarithms import log
from rnnlib.hmm.params import HMMParams, emission


@contract
def filtering(
    params: HMMParams, x: Int[Array, "T B"]
) -> tuple[Float[Array, "T B N"], Float[Array, "T B"]]:
    """What is known of each state from the observations so far: belief propagation.

        h_t = (W h_{t-1} ⊙ U x_t) / c_t,   c_t = Σ_j (W h_{t-1} ⊙ U x_t)_j

    with the prior in place of W h_0.

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Returns:
        h: P(Y_t = j | X_1, …, X_t).
        c: P(X_t | X_1, …, X_{t-1}), the normaliser of each step: Σ_t ln c_t = ln P(X_1, …, X_T).

    Raises:
        TypeError: `params` are not `HMMParams` of floating point, or `x` not integer.
        ValueError: Shapes that do not fit, probabilities that do not sum to one, or a symbol that
            is not there.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> h, c = filtering(john.params, john.x)
        >>> h[:, 0].round(3)  # columns: determiner, noun, verb
        array([[0.02 , 0.961, 0.02 ],
               [0.002, 0.002, 0.997],
               [0.997, 0.001, 0.001],
               [0.003, 0.995, 0.003]])
    """
    Ux = emission(params, x)  # (T, B, N)
    W, prior = params.W, params.prior
    beliefs, normalisers = [], []
    Wh = prior
    for Ux_t in Ux:
        h, c = _normalise(Wh * Ux_t)  # (B, N), (B,)
        beliefs.append(h)
        normalisers.append(c)
        Wh = h @ W.T
    xp = namespace(prior)
    return xp.stack(beliefs), xp.stack(normalisers)


@contract
def smoothing(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B N"]:
    """What is known of each state from all observations, those still to come included.

        P(Y_t = j | X_1, …, X_T) ∝ h_{j,t} β_{j,t}
        β_T = 1,   β_{t-1} ∝ Wᵀ (U x_t ⊙ β_t)   ∝   P(X_t, …, X_T | Y_{t-1})

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Raises:
        TypeError, ValueError: As `filtering` does.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> smoothing(john.params, john.x)[0, 0].round(4)  # "hit" makes a noun of "John" surer yet
        array([0.0026, 0.9949, 0.0026])
    """
    h, _ = filtering(params, x)
    Ux = emission(params, x)  # (T, B, N)
    W = params.W
    xp = namespace(W)
    smoothed = []
    beta = xp.ones_like(h[0])
    for t in reversed(range(len(h))):
        smoothed.append(_normalise(h[t] * beta)[0])
        beta, _ = _normalise((Ux[t] * beta) @ W)  # (B, N)
    return xp.stack(smoothed[::-1])


@contract
def viterbi(params: HMMParams, x: Int[Array, "T B"]) -> tuple[Int[Array, "T B"], Float[Array, "B"]]:
    """The most probable sequence of states.

        v_{j,t} ∝ max_i (w_{j,i} v_{i,t-1}) (U x_t)_j

    Belief propagation with a maximum in the place of the sum. The states are then read off
    backwards, from the best last one to the one that each came from.

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Returns:
        y: The states Y_1, …, Y_T that maximise P(Y_1, X_1, …, Y_T, X_T); one of several
            that are equally probable, which rounding decides; any where the sequence is impossible.
        log_p: The logarithm of that maximum, in nats.

    Raises:
        TypeError, ValueError: As `filtering` does.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> y, log_p = viterbi(john.params, john.x)
        >>> [john.tags[tag] for tag in y[:, 0]]
        ['Noun', 'Verb', 'Det', 'Noun']
    """
    Ux = emission(params, x)  # (T, B, N)
    W, best = params.W, params.prior  # the maximum over i; before the first step there is no i
    xp = namespace(W)
    log_p, came_from = 0.0, []
    for Ux_t in Ux:
        v, c = _scale_to_one(best * Ux_t)  # (B, N), (B,)
        log_p = log_p + log(c)
        ways = W * v[:, None, :]  # (B, N, N): to j from i
        best = xp.amax(ways, axis=-1)  # (B, N)
        came_from.append(ways.argmax(axis=-1))
    return backtrack(v.argmax(axis=-1), came_from[:-1]), log_p


def backtrack(last: Array, came_from: list[Array]) -> Array:
    """The path that ends in `last`: y_{t-1} = came_from_t[y_t]."""
    xp = namespace(last)
    sequence = xp.arange(len(last), device=last.device)
    path = [last]
    for back in reversed(came_from):
        path.append(back[sequence, path[-1]])
    return xp.stack(path[::-1])


def _normalise(a: Array) -> tuple[Array, Array]:
    """a / Σa and Σa, over the states; zeros stay zeros."""
    c = a.sum(axis=-1)
    return a / _nonzero(c)[..., None], c


def _scale_to_one(a: Array) -> tuple[Array, Array]:
    """a / max a and max a, over the states; zeros stay zeros."""
    c = namespace(a).amax(a, axis=-1)
    return a / _nonzero(c)[..., None], c


def _nonzero(c: Array) -> Array:
    """`c` with 1 for 0, so that it can divide 0."""
    return namespace(c).where(c > 0, c, 1.0)
