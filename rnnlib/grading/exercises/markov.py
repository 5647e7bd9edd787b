"""What the exercises on hidden Markov models share: the numbers drawn, and the mistakes.

    W (N, N)     w_{j,i} = P(Y_t = j | Y_{t-1} = i), every column a distribution
    U (N, M)     u_{j,k} = P(X_t = k | Y_t = j), every row a distribution
    prior (N,)   P(Y_1 = j)
    x (T, B)     the observed symbols, integers

They are those of `rnnlib.hmm`.
"""

import numpy as np
import numpy.typing as npt

from rnnlib.grading.exercise import Array
from rnnlib.grading.mistake import Known
from rnnlib.hmm import HMMParams

Symbols = npt.NDArray[np.int64]

ARGUMENTS = ("x", "W", "U", "prior")

FAINT = 1e-90
"""A probability whose fourth power is no float any more."""


def draw(
    rng: np.random.Generator, T: int, B: int, N: int, M: int
) -> tuple[Symbols, Array, Array, Array]:
    """Random symbols and a random model, in which every state prefers a few others."""
    W = rng.dirichlet(np.full(N, 0.6), size=N).T  # columns
    U, prior = rng.dirichlet(np.full(M, 0.6), size=N), rng.dirichlet(np.full(N, 0.6))
    W, U, prior = _positive(W, 0), _positive(U, 1), _positive(prior, 0)
    return rng.integers(0, M, size=(T, B)), W, U, prior


def draw_unlikely(
    rng: np.random.Generator, T: int, B: int, N: int, M: int
) -> tuple[Symbols, Array, Array, Array]:
    """Symbols that hardly any state shows: the probability of the sequence is no float."""
    x, W, U, prior = draw(rng, T, B, N, M)
    U = np.concatenate([FAINT * U[:, 1:], 1 - FAINT * U[:, 1:].sum(axis=1, keepdims=True)], axis=1)
    return x % (M - 1), W, U, prior


def params(W: Array, U: Array, prior: Array) -> HMMParams:
    """The model, as rnnlib takes it."""
    return HMMParams(W, U, prior)


def _positive(p: Array, axis: int) -> Array:
    """No probability of exactly or nearly zero, whose logarithm would drown all others."""
    sums: Array = (p + 0.02).sum(axis=axis, keepdims=True)
    return (p + 0.02) / sums


TRANSITION_TRANSPOSED = Known(
    "the transition matrix and its transpose are mixed up",
    "w_{j,i} leads to j from i: every column of W adds up to 1. Which index has to be summed over?",
)
TRANSITION_LEFT_OUT = Known(
    "the transition is left out", "Between two observations the hidden state moves. Where is that?"
)
EMISSION_OF_STEP_BEFORE = Known(
    "the observation of the step before is used",
    "Change the last observation: does your last value move?",
)
EMISSION_LEFT_OUT = Known("the observations are left out", "Change x: does anything move?")
EMISSION_ADDED = Known(
    "the emission is added instead of multiplied",
    "If a state cannot show what was observed, how probable should it be?",
)
PRIOR_FORGOTTEN = Known(
    "the prior is forgotten: every state is equally probable at first",
    "Change the prior: does anything move?",
)
PRIOR_MOVED = Known(
    "the prior goes through the transition before the first step",
    "The prior is the distribution of which state: the first, or one before it?",
)
PRIOR_EVERYWHERE = Known(
    "the prior is used at every step", "What is known of the state before the third observation?"
)
MAXIMUM_FOR_SUM = Known(
    "the maximum over the states before stands where the sum belongs",
    "A state can be reached from several others. Do these exclude each other?",
)
SUM_FOR_MAXIMUM = Known(
    "the sum over the states before stands where the maximum belongs",
    "Is the best way to a state asked for, or all ways together?",
)
UNDERFLOW = Known(
    "the probabilities underflow: they become zero in a long or an unlikely sequence",
    "A thousand numbers below 1 are multiplied: can a float hold that? Which factor may you take "
    "out at every step, or what can you add up instead?",
)
NOT_NORMALISED = Known(
    "the belief is not normalised", "Should the numbers of one step and one sequence add up to 1?"
)
