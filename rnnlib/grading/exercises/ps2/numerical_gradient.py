"""The gradient of any function by centred differences: slow, and held against every derivation.

    ∂f/∂a_i ≈ (f(a + ε e_i) - f(a - ε e_i)) / 2ε

f takes an array like a and returns one number. A one-sided difference with a small ε is as good as
the tolerance asks for.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import withheld
from rnnlib.grading.formula import FORMULAS, Formula
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, M: int, N: int) -> tuple[Any, ...]:
    """One of the known functions, each in its turn, and where to differentiate it."""
    names = sorted(FORMULAS)
    arrays = rng.normal(size=(M, N)), rng.normal(size=(M, N))
    return Formula(names[M % len(names)], arrays), rng.normal(size=(M, N))


def reference(f: Formula, a: Array) -> tuple[Array, ...]:
    """da, as `rnnlib.gradients` computes it."""
    return (rl.gradients.numerical_gradient(f, a),)


def solution(f: Formula, a: Array) -> Array:
    """As a student could write it."""
    epsilon = 1e-5
    da = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        above, below = a.copy(), a.copy()
        above[i] += epsilon
        below[i] -= epsilon
        da[i] = (f(above) - f(below)) / (2 * epsilon)
    return da


mistakes = (
    Mistake(
        "the difference is divided by ε instead of 2ε",
        "How far apart are the two places where f is called?",
        (("(2 * epsilon)", "epsilon"),),
    ),
    Mistake(
        "the difference is multiplied by 2ε instead of divided",
        "Which of the two is the rise, and which the run?",
        (("/ (2 * epsilon)", "* (2 * epsilon)"),),
    ),
    Mistake(
        "the difference is divided by 2 and multiplied by ε: parentheses are missing",
        "In Python, what does 1 / 2 * 4 come to?",
        (("/ (2 * epsilon)", "/ 2 * epsilon"),),
    ),
    Mistake(
        "only the second value is divided: parentheses are missing",
        "Division comes before subtraction. What exactly is divided?",
        (("(f(above) - f(below)) / (2 * epsilon)", "f(above) - f(below) / (2 * epsilon)"),),
    ),
    Mistake(
        "whole rows are moved, not single entries",
        "How many numbers change between two calls of f, and how many should?",
        (("np.ndindex(a.shape)", "range(len(a))"),),
    ),
    Mistake(
        "entries that were moved stay moved while the next ones are",
        "In your last call of f, in how many entries does its argument differ from a?",
        (
            ("    for i in", "    above, below = a.copy(), a.copy()\n    for i in"),
            ("        above, below = a.copy(), a.copy()\n", ""),
        ),
    ),
    Mistake(
        "the difference has the wrong sign",
        "Where f grows with an entry, should the gradient be positive or negative?",
        (("f(above) - f(below)", "f(below) - f(above)"),),
    ),
    Mistake(
        "the difference is not divided",
        "Make ε ten times smaller: should the gradient become smaller too?",
        ((" / (2 * epsilon)", ""),),
    ),
    Mistake(
        "the two values are added instead of subtracted",
        "For a function that is constant, what should come out?",
        (("f(above) - f(below)", "f(above) + f(below)"),),
    ),
    Mistake(
        "all entries are moved at once",
        "How many numbers change between two calls of f, and how many should?",
        (("above[i] +=", "above +="), ("below[i] -=", "below -=")),
    ),
    Mistake(
        "ε is so small that nothing is left of the difference",
        "How many digits do f(a + ε e) and f(a - ε e) have in common, and how many has a float?",
        (("1e-5", "1e-17"),),
    ),
    Mistake(
        "ε is as large as 1",
        "How far does f look like a straight line?",
        (("1e-5", "1.0"),),
    ),
    Mistake(
        "one difference is one-sided and yet divided by 2ε",
        "How far apart are the two places where f is called?",
        (("        below[i] -= epsilon\n", ""),),
    ),
    Mistake(
        "only the diagonal is gone through",
        "How many entries does a have, and how often is f called?",
        (("np.ndindex(a.shape)", "zip(*[range(min(a.shape))] * 2)"),),
    ),
)

exercise = Exercise(
    name="ps2/numerical_gradient",
    arguments=("f", "a"),
    parts=(Part("da", "M N", points=2),),
    sizes=({"M": 3, "N": 4}, {"M": 4, "N": 2}, {"M": 2, "N": 5}, {"M": 1, "N": 3}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.BACKWARD,
)
