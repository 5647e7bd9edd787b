"""Viterbi: the most probable sequence of hidden states, as numbers 0 to N - 1.

    v_{j,t} = max_i (ln w_{j,i} + v_{i,t-1}) + ln (U x_t)_j,   v_1 = ln prior + ln U x_1

The path is read off backwards, from the best last state to the state that each came from.
"""

from typing import Any

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import markov, withheld
from rnnlib.grading.exercises.markov import Symbols
from rnnlib.grading.mistake import Mistake
from rnnlib.hmm import logs


def reference(x: Symbols, W: Array, U: Array, prior: Array) -> tuple[Array, ...]:
    """y, as `rnnlib.hmm.log_viterbi` finds it."""
    y, _ = logs.log_viterbi(markov.params(W, U, prior), x)
    return (y,)


def settled(arguments: tuple[Any, ...], y: Array, best: Array) -> Array:
    """y, with the reference in the place of every path that is as probable.

    Two paths that hold the same factors in another order are both the best; rounding decides.
    """
    x, W, U, prior = arguments
    if not np.isin(y, np.arange(len(prior))).all():
        return y
    ours, theirs = (_log_probability(x, W, U, prior, path.astype(int)) for path in (best, y))
    return np.where(theirs >= ours - ROUNDING * np.abs(ours), best, y)


def _log_probability(x: Symbols, W: Array, U: Array, prior: Array, y: Symbols) -> Array:
    """ln P(path and observations) of every sequence, (B,)."""
    moves = np.log(W[y[1:], y[:-1]]).sum(axis=0)
    total: Array = np.log(prior[y[0]]) + moves + np.log(U[y, x]).sum(axis=0)
    return total


def solution(x: Symbols, W: Array, U: Array, prior: Array) -> Array:
    """As a student could write it."""
    log_W, log_Ux = np.log(W), np.log(U.T[x])
    v = np.log(prior) + log_Ux[0]
    scores, came_from = [v], []
    for log_Ux_t in log_Ux[1:]:
        ways = log_W + v[:, None, :]
        came_from.append(ways.argmax(axis=-1))
        v = ways.max(axis=-1) + log_Ux_t
        scores.append(v)
    path = [v.argmax(axis=-1)]
    for back in came_from[::-1]:
        path.append(np.take_along_axis(back, path[-1][:, None], axis=1)[:, 0])
    return np.stack(path[::-1])


ROUNDING = 1e-6
"""By how much, of its logarithm, a path's probability may be lower: single precision is enough."""

BACK = (
    "The best path to one state need not begin as the best path to another. Where do you look up "
    "what it came from?"
)

mistakes = (
    markov.TRANSITION_TRANSPOSED(("np.log(W)", "np.log(W.T)")),
    markov.TRANSITION_LEFT_OUT(("log_W + v", "0 * log_W + v")),
    markov.EMISSION_OF_STEP_BEFORE(
        ("np.log(U.T[x])", "np.log(U.T[np.concatenate([x[:1], x[:-1]])])")
    ),
    markov.EMISSION_LEFT_OUT(("np.log(U.T[x])", "0 * U.T[x]")),
    markov.PRIOR_FORGOTTEN(("np.log(prior) + ", "")),
    markov.PRIOR_MOVED(("np.log(prior)", "np.log(W @ prior)")),
    markov.SUM_FOR_MAXIMUM(("ways.max(axis=-1)", "np.logaddexp.reduce(ways, axis=-1)")),
    markov.UNDERFLOW(
        ("np.log(W), np.log(U.T[x])", "W, U.T[x]"),
        ("np.log(prior) +", "prior *"),
        ("log_W + v", "log_W * v"),
        ("axis=-1) + log_Ux_t", "axis=-1) * log_Ux_t"),
    ),
    Mistake(
        "the best state of every step is taken by itself, without going back",
        BACK,
        (("np.stack(path[::-1])", "np.stack([v.argmax(axis=-1) for v in scores])"),),
    ),
    Mistake(
        "the next state is chosen for the best state so far, step by step",
        BACK,
        (
            (
                "ways = log_W + v[:, None, :]",
                "best = v.argmax(axis=-1)\n        ways = log_W.T[best]",
            ),
            ("came_from.append(ways.argmax(axis=-1))", "came_from.append(best)"),
            ("in came_from[::-1]", "in []"),
            ("v = ways.max(axis=-1) + log_Ux_t", "v = ways + log_Ux_t"),
            ("np.stack(path[::-1])", "np.stack([*came_from, path[0]])"),
        ),
    ),
    Mistake(
        "the path is not reversed",
        "You read the path off backwards. Which step comes first in what you return?",
        (("path[::-1]", "path"),),
    ),
    Mistake(
        "the way back goes through the steps in the wrong order",
        "From the last state, which of the steps do you look up first?",
        (("came_from[::-1]", "came_from"),),
    ),
    Mistake(
        "the way back starts from the first state instead of the best one",
        "In which state does the most probable path end?",
        (("path = [v.argmax(axis=-1)]", "path = [0 * v.argmax(axis=-1)]"),),
    ),
    Mistake(
        "the states before are looked up for the state that came last, at every step",
        BACK,
        (("path[-1][:, None]", "path[0][:, None]"),),
    ),
    Mistake(
        "the best state to go to is noted instead of the one to come from",
        "ways[j, i] leads to j from i. Over which of the two is the maximum?",
        (("came_from.append(ways.argmax(axis=-1))", "came_from.append(ways.argmax(axis=-2))"),),
    ),
    Mistake(
        "the states are numbered from 1",
        "In Python, which number has the first state?",
        (("np.stack(path[::-1])", "np.stack(path[::-1]) + 1"),),
    ),
)

exercise = Exercise(
    name="hmm/viterbi",
    arguments=markov.ARGUMENTS,
    parts=(Part("y", "T B", points=4, whole=True, settled=settled),),
    sizes=(
        {"T": 8, "B": 24, "N": 4, "M": 5},  # many paths: a single one can be right by chance
        {"T": 6, "B": 20, "N": 5, "M": 3},
        {"T": 900, "B": 2, "N": 3, "M": 4},
        {"T": 1, "B": 3, "N": 2, "M": 4},
        {"T": 5, "B": 1, "N": 3, "M": 4},
    ),
    draw=markov.draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.MARKOV,
)
