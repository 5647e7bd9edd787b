"""Belief propagation and Viterbi with logarithms of probabilities.

The same recursions as in `scaled`, with + for ×, logsumexp for +, and -∞ for 0: `log_filtering` is
the logarithm of `filtering`. Nothing underflows, at the price of N² exponentials a step.

Source: Hasegawa-Johnson, Lecture 25, "Log Belief Propagation".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract
from rnnlib.hmm.logarithms import log, log_normalise, logsumexp
from rnnlib.hmm.params import HMMParams, emission
from rnnlib.hmm.scaled import backtrack


@contract
def log_filtering(
    params: HMMParams, x: Int[Array, "T B"]
) -> tuple[Float[Array, "T B N"], Float[Array, "T B"]]:
    """Belief propagation in logarithms.

        a_{j,t} = ln Σ_i exp(ln w_{j,i} + ln h_{i,t-1}) + ln (U x_t)_j
        ln c_t = ln Σ_j exp(a_{j,t}),   ln h_t = a_t - ln c_t

    Args:
        params: W, U and the prior: probabilities, not logarithms.
        x: The observed symbols.

    Returns:
        log_h: ln P(Y_t = j | X_1, …, X_t).
        log_c: ln P(X_t | X_1, …, X_{t-1}).

    Raises:
        TypeError: `params` are not `HMMParams` of floating point, or `x` not integer.
        ValueError: Shapes that do not fit, probabilities that do not sum to one, or a symbol that
            is not there.

    Example:
        >>> import numpy as np
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> log_h, log_c = log_filtering(john.params, john.x)
        >>> np.exp(log_h[-1, 0]).round(3)
        array([0.003, 0.995, 0.003])
    """
    log_Ux = log(emission(params, x))  # (T, B, N)
    log_W, log_Wh = log(params.W), log(params.prior)
    beliefs, normalisers = [], []
    for log_Ux_t in log_Ux:
        log_h, log_c = log_normalise(log_Wh + log_Ux_t)  # (B, N), (B,)
        beliefs.append(log_h)
        normalisers.append(log_c)
        log_Wh = logsumexp(log_W + log_h[:, None, :])  # over i of (B, j, i)
    xp = namespace(log_W)
    return xp.stack(beliefs), xp.stack(normalisers)


@contract
def log_likelihood(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "B"]:
    """The log probability of each sequence of observations, whatever the states were.

        ln P(X_1, …, X_T) = Σ_t ln P(X_t | X_1, …, X_{t-1}) = Σ_t ln c_t

    `filtering` gives the same c_t without logarithms. The derivative with respect to ln (U x_t)_j
    is P(Y_t = j | X_1, …, X_T): smoothing is backpropagation through time.

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Returns:
        In nats; -∞ for a sequence that the model cannot produce.

    Raises:
        TypeError, ValueError: As `log_filtering` does.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> float(log_likelihood(john.params, john.x)[0].round(3))
        -3.245
    """
    _, log_c = log_filtering(params, x)
    return log_c.sum(axis=0)


@contract
def log_smoothing(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B N"]:
    """The logarithm of `smoothing`, ln P(Y_t = j | X_1, …, X_T).

        ln P(Y_t = j | X_1, …, X_T) = ln h_{j,t} + ln β_{j,t} + constant
        ln β_{i,t-1} = ln Σ_j exp(ln w_{j,i} + ln (U x_t)_j + ln β_{j,t})

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Raises:
        TypeError, ValueError: As `log_filtering` does.
    """
    log_h, _ = log_filtering(params, x)
    log_Ux = log(emission(params, x))  # (T, B, N)
    log_W = log(params.W)
    xp = namespace(log_W)
    smoothed = []
    log_beta = xp.zeros_like(log_h[0])
    for t in reversed(range(len(log_h))):
        smoothed.append(log_normalise(log_h[t] + log_beta)[0])
        log_beta = logsumexp(log_W.T + (log_Ux[t] + log_beta)[:, None, :])  # over j of (B, i, j)
    return xp.stack(smoothed[::-1])


@contract
def log_viterbi(
    params: HMMParams, x: Int[Array, "T B"]
) -> tuple[Int[Array, "T B"], Float[Array, "B"]]:
    """The most probable sequence of states, in logarithms.

        ln v_{j,t} = max_i (ln w_{j,i} + ln v_{i,t-1}) + ln (U x_t)_j

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Returns:
        y, log_p: As `viterbi` does.

    Raises:
        TypeError, ValueError: As `log_filtering` does.
    """
    log_Ux = log(emission(params, x))  # (T, B, N)
    log_W, best = log(params.W), log(params.prior)
    xp = namespace(log_W)
    came_from = []
    for log_Ux_t in log_Ux:
        log_v = best + log_Ux_t  # (B, N)
        ways = log_W + log_v[:, None, :]  # (B, N, N): to j from i
        best = xp.amax(ways, axis=-1)  # (B, N)
        came_from.append(ways.argmax(axis=-1))
    return backtrack(log_v.argmax(axis=-1), came_from[:-1]), xp.amax(log_v, axis=-1)
