"""Filtering: what is known of each hidden state from the observations so far.

    h_t ∝ W h_{t-1} ⊙ U x_t,   the prior in place of W h_0, and every h_t adding up to 1

With a one-hot x_t, U x_t is the column of U that belongs to the observed symbol.
"""

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import markov, withheld
from rnnlib.grading.exercises.markov import Symbols
from rnnlib.grading.mistake import Mistake
from rnnlib.hmm import scaled


def reference(x: Symbols, W: Array, U: Array, prior: Array) -> tuple[Array, ...]:
    """h, as `rnnlib.hmm.filtering` computes it."""
    h, _ = scaled.filtering(markov.params(W, U, prior), x)
    return (h,)


def solution(x: Symbols, W: Array, U: Array, prior: Array) -> Array:
    """As a student could write it."""
    Ux = U.T[x]
    beliefs = []
    predicted = np.tile(prior, (x.shape[1], 1))
    for Ux_t in Ux:
        joint = predicted * Ux_t
        h = joint / joint.sum(axis=-1, keepdims=True)
        beliefs.append(h)
        predicted = h @ W.T
    return np.stack(beliefs)


def from_numbers(x: Array, W: Array, U: Array, prior: Array) -> Array:
    """The solution, also where the symbols are written as floating-point numbers."""
    return solution(np.asarray(x, dtype=np.int64), W, U, prior)


NORMALISED = "joint / joint.sum(axis=-1, keepdims=True)"
ONE = "Should the numbers of one step and one sequence add up to 1? Do yours?"

on_the_way = (
    markov.TRANSITION_TRANSPOSED(("h @ W.T", "h @ W")),
    markov.TRANSITION_LEFT_OUT(("h @ W.T", "h")),
    markov.EMISSION_OF_STEP_BEFORE(("U.T[x]", "U.T[np.concatenate([x[:1], x[:-1]])]")),
    markov.EMISSION_LEFT_OUT(("predicted * Ux_t", "predicted")),
    markov.EMISSION_ADDED(("predicted * Ux_t", "predicted + Ux_t")),
    markov.PRIOR_FORGOTTEN(("np.tile(prior, (x.shape[1], 1))", "np.ones((x.shape[1], len(W)))")),
    markov.PRIOR_MOVED(("np.tile(prior, (x.shape[1], 1))", "np.tile(W @ prior, (x.shape[1], 1))")),
    markov.PRIOR_EVERYWHERE(("        predicted = h @ W.T\n", "")),
    markov.MAXIMUM_FOR_SUM(("h @ W.T", "(h[:, None, :] * W).max(axis=-1)")),
)
"""What goes wrong in the recursion itself."""

mistakes = (
    *on_the_way,
    markov.NOT_NORMALISED((NORMALISED, "joint")),
    markov.UNDERFLOW(
        (NORMALISED, "joint"),
        ("(beliefs)", "([h / h.sum(axis=-1, keepdims=True) for h in beliefs])"),
    ),
    Mistake(
        "the belief is normalised over the batch", ONE, ((NORMALISED, "joint / joint.sum(axis=0)"),)
    ),
    Mistake(
        "the belief is normalised over all sequences together",
        ONE,
        ((NORMALISED, "joint / joint.sum()"),),
    ),
    Mistake(
        "the belief is divided by its maximum instead of its sum",
        ONE,
        ((NORMALISED, "joint / joint.max(axis=-1, keepdims=True)"),),
    ),
    Mistake(
        "a softmax stands where the belief is normalised",
        "If a state is twice as probable as another before it is normalised, and afterwards?",
        ((NORMALISED, "np.exp(joint) / np.exp(joint).sum(axis=-1, keepdims=True)"),),
    ),
    Mistake(
        "the belief before the step's own observation is returned",
        "Has the first of your beliefs seen the first observation?",
        (("beliefs.append(h)", "beliefs.append(predicted)"),),
    ),
    Mistake(
        "the prediction of the next state is returned",
        "Whose state is it that you return: this step's, or the next one's?",
        (("beliefs.append(h)", "beliefs.append(h @ W.T)"), ("= h @ W.T", "= beliefs[-1]")),
    ),
    Mistake(
        "the logarithm of the belief is returned",
        "Should the numbers of one step and one sequence add up to 1?",
        (("np.stack(beliefs)", "np.log(np.stack(beliefs))"),),
    ),
    Mistake(
        "the last belief alone is returned",
        "At how many steps is the state asked for?",
        (("np.stack(beliefs)", "h"),),
    ),
)

exercise = Exercise(
    name="hmm/filtering",
    arguments=markov.ARGUMENTS,
    parts=(Part("h", "T B N", points=4),),
    sizes=(
        {"T": 6, "B": 3, "N": 4, "M": 5},
        {"T": 4, "B": 2, "N": 5, "M": 3},
        {"T": 40, "B": 2, "N": 3, "M": 4},
        {"T": 1, "B": 3, "N": 2, "M": 4},
        {"T": 5, "B": 1, "N": 3, "M": 4},
    ),
    draw=markov.draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.MARKOV,
    extremes={"very unlikely observations": markov.draw_unlikely},
)
