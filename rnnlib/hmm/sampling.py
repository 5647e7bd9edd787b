"""Drawing states and observations from a hidden Markov model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int

from rnnlib.backend import Array, backend_of, to
from rnnlib.contracts import contract
from rnnlib.hmm.params import HMMParams, expect_distributions
from rnnlib.init import expect_generator, expect_size


@contract
def sample(
    rng: np.random.Generator, params: HMMParams, *, steps: int, sequences: int
) -> tuple[Int[Array, "T B"], Int[Array, "T B"]]:
    """Random sequences of states and of what they show.

        Y_1 ~ prior,   Y_t ~ P(Y_t | Y_{t-1}),   X_t ~ P(X_t | Y_t)

    Drawn on NumPy in float64 and then moved to where the parameters are: one seed gives the same
    numbers on every backend.

    Args:
        rng: The source of randomness.
        params: W, U and the prior.
        steps: The length T.
        sequences: How many, B.

    Returns:
        y: The hidden states.
        x: The observed symbols.

    Raises:
        TypeError: `rng` is not a NumPy Generator, a size is not an integer, or `params` are not
            `HMMParams`.
        ValueError: A size below 1, or probabilities that do not sum to one.

    Example:
        >>> from rnnlib.hmm import john_hit_the_ball
        >>> p = john_hit_the_ball().params
        >>> y, x = sample(np.random.default_rng(0), p, steps=6, sequences=2)
        >>> y.shape, x.shape
        ((6, 2), (6, 2))
    """
    expect_generator("sample", rng)
    T, B = expect_size("sample", "steps", steps), expect_size("sample", "sequences", sequences)
    expect_distributions(params)
    W, U, prior = to(params, "numpy", dtype="float64")

    states = [_draw(rng, np.tile(prior, (B, 1)))]
    for _ in range(T - 1):
        states.append(_draw(rng, W.T[states[-1]]))
    y = np.stack(states)
    x = _draw(rng, U[y])

    backend: Any = backend_of(params.W)
    y, x = to((y, x), backend, device=str(params.W.device))
    return y, x


def _draw(rng: np.random.Generator, p: Array) -> Array:
    """One index from each distribution p (…, K): the first whose cumulative sum exceeds a number.

    The number is uniform in [0, 1), so that a probability of zero is never drawn.
    """
    cumulative = p.cumsum(axis=-1)
    cumulative = cumulative / cumulative[..., -1:]  # exactly 1 at the end
    return (rng.random((*p.shape[:-1], 1)) >= cumulative).sum(axis=-1)
