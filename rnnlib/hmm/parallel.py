"""Belief propagation as a parallel scan.

Unlike a network with a nonlinearity, belief propagation need not wait for the step before: up to
the normaliser, which can be divided out at the end, it is a product of matrices.

Source: Hassan, Särkkä and García-Fernández, "Temporal parallelization of inference in hidden Markov
models", IEEE Transactions on Signal Processing 69 (2021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib.backend import Array, namespace
from rnnlib.contracts import contract
from rnnlib.hmm.logarithms import finite, log, log_matmul, log_normalise
from rnnlib.hmm.params import HMMParams, emission
from rnnlib.scan import associative_scan


@contract
def log_filtering_by_scan(
    params: HMMParams, x: Int[Array, "T B"]
) -> tuple[Float[Array, "T B N"], Float[Array, "T B"]]:
    """`log_filtering` in O(log T) rounds.

        A_t = diag(U x_t) W,   P(Y_t, X_1, …, X_t) = A_t A_{t-1} … A_2 (prior ⊙ U x_1)

    Matrix products are associative, so all prefixes come from one `associative_scan`, with the
    product in logarithms: logsumexp for +, and + for ×. The first element is prior ⊙ U x_1 as a
    matrix of N equal columns, and stays so.

    The work is O(N³) a step, where the loop's is O(N²).

    Args:
        params: W, U and the prior.
        x: The observed symbols.

    Returns:
        log_h, log_c: As `log_filtering` does.

    Raises:
        TypeError, ValueError: As `log_filtering` does.

    Example:
        >>> import numpy as np
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> john = john_hit_the_ball()
        >>> log_h, log_c = log_filtering_by_scan(john.params, john.x)
        >>> np.exp(log_h[-1, 0]).round(3)
        array([0.003, 0.995, 0.003])
    """
    log_Ux = log(emission(params, x))  # (T, B, N)
    log_A = log_Ux[..., None] + log(params.W)  # (T, B, N, N)
    xp = namespace(log_A)
    first = (log_Ux[0] + log(params.prior))[..., None]  # (B, N, 1)
    first = xp.broadcast_to(first, log_A[0].shape)  # (B, N, N)

    products = associative_scan(log_matmul, xp.concat([first[None], log_A[1:]]))
    log_h, log_P = log_normalise(products[..., 0])  # ln P(Y_t | X_1 … X_t), ln P(X_1 … X_t)
    log_c = xp.concat([log_P[:1], log_P[1:] - finite(log_P[:-1])])
    return log_h, log_c
