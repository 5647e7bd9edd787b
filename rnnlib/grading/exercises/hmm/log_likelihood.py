"""The logarithm of the probability of each sequence of observations, whatever the states were.

    ln P(X_1, …, X_T) = Σ_t ln c_t
    c_t = Σ_j (W h_{t-1} ⊙ U x_t)_j,   h_t = (W h_{t-1} ⊙ U x_t) / c_t

with the prior in place of W h_0. Of a long sequence the probability itself is no float any more.
"""

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import markov, withheld
from rnnlib.grading.exercises.hmm import filtering
from rnnlib.grading.exercises.markov import Symbols
from rnnlib.grading.mistake import Mistake
from rnnlib.hmm import logs


def reference(x: Symbols, W: Array, U: Array, prior: Array) -> tuple[Array, ...]:
    """L, as `rnnlib.hmm.log_likelihood` computes it."""
    return (logs.log_likelihood(markov.params(W, U, prior), x),)


def solution(x: Symbols, W: Array, U: Array, prior: Array) -> Array:
    """As a student could write it."""
    Ux = U.T[x]
    total = np.zeros(x.shape[1])
    predicted = np.tile(prior, (x.shape[1], 1))
    for Ux_t in Ux:
        joint = predicted * Ux_t
        c = joint.sum(axis=-1)
        total = total + np.log(c)
        h = joint / c[:, None]
        predicted = h @ W.T
    return total


NATS = "How probable is a sequence, and what is the natural logarithm of that?"
ADDED = "ln(a b) is what of ln a and ln b? Which product is it here?"

mistakes = (
    *filtering.on_the_way,
    markov.UNDERFLOW(
        ("total = total + np.log(c)", "total = np.log(c)"), ("joint / c[:, None]", "joint")
    ),
    Mistake(
        "the normalisers of earlier steps are counted again at every step",
        "By what do you divide before the next step?",
        (("joint / c[:, None]", "joint"),),
    ),
    Mistake(
        "the belief is left out: the emissions of all states are added",
        "How probable is an observation when you know which state it comes from?",
        (("c = joint.sum(axis=-1)", "c = Ux_t.sum(axis=-1)"),),
    ),
    Mistake(
        "the last step's probability alone is taken", ADDED, (("total + np.log(c)", "np.log(c)"),)
    ),
    Mistake(
        "the first step's probability is left out",
        ADDED,
        (("return total", "return total - np.log((prior * Ux[0]).sum(axis=-1))"),),
    ),
    Mistake(
        "the normalisers are added before the logarithm",
        ADDED,
        (("total + np.log(c)", "total + c"), ("return total", "return np.log(total)")),
    ),
    Mistake(
        "the logarithms of the steps are averaged instead of added",
        "A sequence twice as long: should it be less probable?",
        (("return total", "return total / len(x)"),),
    ),
    Mistake("the logarithm has the base 2", NATS, (("np.log(c)", "np.log2(c)"),)),
    Mistake("the logarithm has the base 10", NATS, (("np.log(c)", "np.log10(c)"),)),
    Mistake(
        "the logarithm has the wrong sign",
        "Can the logarithm of a probability be positive?",
        (("return total", "return -total"),),
    ),
    Mistake(
        "the probability is returned instead of its logarithm",
        NATS,
        (("return total", "return np.exp(total)"),),
    ),
    Mistake(
        "the sum over the batch is returned",
        "For how many sequences is the probability asked for?",
        (("return total", "return total.sum()"),),
    ),
    Mistake(
        "the probability of the most probable states is taken, not of all together",
        "A sequence can come of many paths of states. Which of these count?",
        (
            ("h @ W.T", "(h[:, None, :] * W).max(axis=-1)"),
            ("return total", "return total + np.log(h.max(axis=-1))"),
        ),
    ),
)

exercise = Exercise(
    name="hmm/log_likelihood",
    arguments=markov.ARGUMENTS,
    parts=(Part("L", "B", points=3),),
    sizes=(
        {"T": 6, "B": 3, "N": 4, "M": 5},
        {"T": 4, "B": 2, "N": 5, "M": 3},
        {"T": 900, "B": 2, "N": 3, "M": 4},
        {"T": 1, "B": 3, "N": 2, "M": 4},
        {"T": 5, "B": 1, "N": 3, "M": 4},
    ),
    draw=markov.draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.MARKOV,
    builds_on={"filtering": filtering.from_numbers},
)
