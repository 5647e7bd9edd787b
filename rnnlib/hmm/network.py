"""From belief propagation to a recurrent network: the same flowgraph, then a simpler function.

Source: Hasegawa-Johnson, Lecture 25, "Log Belief Propagation" and "Recurrent neural network".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract
from rnnlib.hmm.logarithms import log
from rnnlib.hmm.params import HMMParams, one_hot
from rnnlib.losses import softmax


@contract
def joint_belief(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B N"]:
    """Belief propagation as a network's flowgraph.

        h_t = exp(ln(W h_{t-1}) + ln(U x_t)),   h_{j,t} = P(Y_t = j, X_1, …, X_t)

    with a one-hot x_t, and the prior in place of W h_0. Not normalised: h_t shrinks with every
    step, and after some hundred it underflows to 0. `filtering` does not.

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Raises:
        TypeError: `params` are not `HMMParams` of floating point, or `x` not integer.
        ValueError: Shapes that do not fit, probabilities that do not sum to one, or a symbol that
            is not there.

    Source:
        Hasegawa-Johnson, Lecture 25, "Log Belief Propagation", which with U and W exchanged prints
        exp(ln W h + ln U x); ln(W h), the logarithm of the product, is meant.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> joint_belief(john.params, john.x)[:2, 0].round(4)
        array([[0.0033, 0.1633, 0.0033],
               [0.0002, 0.0002, 0.1274]])
    """
    Ux = one_hot(params, x) @ params.U.T  # (T, B, N)
    W, Wh = params.W, params.prior
    exp = namespace(W).exp
    beliefs = []
    for Ux_t in Ux:
        h = exp(log(Wh) + log(Ux_t))  # (B, N)
        beliefs.append(h)
        Wh = h @ W.T
    return namespace(W).stack(beliefs)


@contract
def softmax_network(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B N"]:
    """A recurrent network with the model's matrices, whose state resembles P(Y_t | X_1, …, X_t).

        h_t = g(W h_{t-1} + U x_t),   g(ξ) = softmax(ξ - 1),   h_0 = 0

    Where belief propagation adds ln(W h) and ln(U x), the network adds W h and U x themselves, for
    near 1 the logarithm of ξ is about ξ - 1. In the example the best states are the same, and much
    less sure. In the softmax the 1 cancels; the prior is not used.

    Args:
        params: W and U.
        x: The observed symbols.

    Raises:
        TypeError, ValueError: As `joint_belief` does.

    Source:
        Hasegawa-Johnson, Lecture 25, "Recurrent neural network", which prints 0.44 for the noun
        at step 1, where its matrices give 0.447.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> softmax_network(john.params, john.x)[:, 0].round(2)
        array([[0.28, 0.45, 0.28],
               [0.2 , 0.2 , 0.6 ],
               [0.63, 0.18, 0.18],
               [0.24, 0.53, 0.24]])
    """
    Ux = one_hot(params, x) @ params.U.T  # (T, B, N)
    W, Wh = params.W, 0 * params.prior  # W h_0 = 0
    states = []
    for Ux_t in Ux:
        h = softmax(Wh + Ux_t - 1)  # (B, N)
        states.append(h)
        Wh = h @ W.T
    return namespace(W).stack(states)
