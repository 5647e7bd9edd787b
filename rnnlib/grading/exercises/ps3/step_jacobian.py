"""The Jacobian of a step, for every sequence: what a gradient is multiplied by on its way back.

    J = ∂h_t/∂h_{t-1} = diag(1 - h_t²) W

Its row i says what entry i of the new state owes to the entries of the old one.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, B: int, H: int) -> tuple[Array, ...]:
    """The states after a step, and W."""
    return np.tanh(rng.normal(size=(B, H))), rng.normal(0, 0.7, (H, H))


def reference(h: Array, W: Array) -> tuple[Array, ...]:
    """J, as `rnnlib.gradients` computes it."""
    return (rl.gradients.step_jacobian(h, W),)


def solution(h: Array, W: Array) -> Array:
    """As a student could write it."""
    slope = 1 - h**2
    return slope[:, :, None] * W


mistakes = (
    slopes.LEFT_OUT(("1 - h**2", "np.ones_like(h)")),
    slopes.TWICE(("1 - h**2", "(1 - h**2) ** 2")),
    slopes.OF_H(("h**2", "np.tanh(h) ** 2")),
    slopes.OF_A(("h**2", "np.arctanh(h) ** 2")),
    slopes.NOT_SQUARED(("h**2", "h")),
    slopes.OF_SIGMOID(("1 - h**2", "h * (1 - h)")),
    known.W_TRANSPOSED(("* W", "* W.T")),
    known.SLOPE_ON_COLUMNS(("slope[:, :, None]", "slope[:, None, :]")),
    Mistake(
        "the Jacobian is transposed",
        "Which axis counts the entries of the new state: the rows or the columns?",
        (("slope[:, :, None] * W", "(slope[:, :, None] * W).swapaxes(1, 2)"),),
    ),
    Mistake(
        "the mean of the slopes is taken for all units",
        "Can one unit be saturated while another is not?",
        (("slope[:, :, None]", "slope.mean(axis=1)[:, None, None]"),),
    ),
    Mistake(
        "the mean over the batch is taken: one Jacobian for all sequences",
        "Is the slope of tanh the same in every sequence?",
        (("slope[:, :, None] * W", "slope.mean(axis=0)[:, None] * W"),),
    ),
    Mistake(
        "the diagonal matrix is added instead of multiplied",
        "Apply the chain rule to tanh(W h + …): is it a sum or a product?",
        (("slope[:, :, None] * W", "slope[:, :, None] * np.eye(len(W)) + W"),),
    ),
    Mistake(
        "W is multiplied entry by entry with a diagonal matrix",
        "How many entries of your Jacobian are zero, and how many should be?",
        (("slope[:, :, None] * W", "slope[:, :, None] * np.eye(len(W)) * W"),),
    ),
)

exercise = Exercise(
    name="ps3/step_jacobian",
    arguments=("h", "W"),
    parts=(Part("J", "B H H", points=3),),
    sizes=({"B": 3, "H": 4}, {"B": 5, "H": 2}, {"B": 1, "H": 3}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.SPECTRUM,
)
