"""Smoothing: what is known of each hidden state from all observations, earlier and later ones.

    P(Y_t = j | X_1, …, X_T) ∝ h_{j,t} β_{j,t}
    β_T = 1,   β_{t-1} ∝ Wᵀ (U x_t ⊙ β_t)

with h as in filtering. The function may call the student's filtering, whose mistakes are charged
there.
"""

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import markov, withheld
from rnnlib.grading.exercises.hmm import filtering
from rnnlib.grading.exercises.markov import Symbols
from rnnlib.grading.mistake import Mistake
from rnnlib.hmm import scaled


def reference(x: Symbols, W: Array, U: Array, prior: Array) -> tuple[Array, ...]:
    """s, as `rnnlib.hmm.smoothing` computes it."""
    return (scaled.smoothing(markov.params(W, U, prior), x),)


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

    smoothed = []
    beta = np.ones_like(h)
    for h, Ux_t in zip(beliefs[::-1], Ux[::-1], strict=True):
        s = h * beta
        smoothed.append(s / s.sum(axis=-1, keepdims=True))
        later = (Ux_t * beta) @ W
        beta = later / later.sum(axis=-1, keepdims=True)
    return np.stack(smoothed[::-1])


FUTURE = "β_t is what the observations after step t say of the state at t. Which are these?"
WAY_BACK = "At the last step, should smoothing and filtering agree? And one step before it?"

mistakes = (
    *filtering.on_the_way,
    Mistake(
        "what comes later has no effect: the filtered belief comes out",
        "Change the last observation: does your first value move?",
        (("s = h * beta", "s = h"),),
    ),
    Mistake(
        "the filtered belief is left out: β alone is returned",
        WAY_BACK,
        (("s = h * beta", "s = beta"),),
    ),
    Mistake(
        "the step's own observation is counted twice",
        FUTURE,
        (("s = h * beta", "s = h * Ux_t * beta"),),
    ),
    Mistake(
        "W and its transpose are mixed up on the way back",
        "On the way there W leads from i to j. Over which of them is summed on the way back?",
        (("(Ux_t * beta) @ W", "(Ux_t * beta) @ W.T"),),
    ),
    Mistake(
        "β has the observation of its own step instead of the step after",
        FUTURE,
        (("zip(beliefs[::-1], Ux[::-1]", "zip(beliefs[::-1], np.roll(Ux, 1, axis=0)[::-1]"),),
    ),
    Mistake(
        "the emission is multiplied after W on the way back",
        "From one state to the next observation: what comes first, the move or the emission?",
        (("(Ux_t * beta) @ W", "Ux_t * (beta @ W)"),),
    ),
    Mistake(
        "β is taken one step too early",
        WAY_BACK,
        (
            ("        s = h * beta\n", "        beta = (Ux_t * beta) @ W\n        s = h * beta\n"),
            ("later = (Ux_t * beta) @ W", "later = beta"),
        ),
    ),
    Mistake(
        "β starts from the last belief instead of ones",
        "After the last step nothing is observed. What does that say of the last state?",
        (("np.ones_like(h)", "h"),),
    ),
    Mistake(
        "β starts from the prior instead of ones",
        "After the last step nothing is observed. What does that say of the last state?",
        (("np.ones_like(h)", "np.tile(prior, (x.shape[1], 1))"),),
    ),
    Mistake(
        "the maximum over the states after stands where the sum belongs in β",
        "The next state can be any of several. Do these exclude each other?",
        (("(Ux_t * beta) @ W", "((Ux_t * beta)[:, :, None] * W).max(axis=1)"),),
    ),
    markov.NOT_NORMALISED(("s / s.sum(axis=-1, keepdims=True)", "s")),
    markov.UNDERFLOW(("later / later.sum(axis=-1, keepdims=True)", "later")),
    Mistake(
        "the steps are not reversed again",
        "Your loop begins with the last step. Which step comes first in what you return?",
        (("smoothed[::-1]", "smoothed"),),
    ),
)

exercise = Exercise(
    name="hmm/smoothing",
    arguments=markov.ARGUMENTS,
    parts=(Part("s", "T B N", points=4),),
    sizes=filtering.exercise.sizes,
    draw=markov.draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.MARKOV,
    extremes={"very unlikely observations": markov.draw_unlikely},
    builds_on={"filtering": filtering.from_numbers},
)
