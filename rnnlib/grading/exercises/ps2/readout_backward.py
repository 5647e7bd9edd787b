"""The readout backward: from dL/do_t at every step to the hidden states and its parameters.

    o_t = V h_t + b_y

The parameters are shared by all steps and all sequences.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, H: int, K: int) -> tuple[Array, ...]:
    """Random hidden states, and a random gradient of the outputs at every step."""
    do = rng.normal(size=(T, B, K))
    h = np.tanh(rng.normal(size=(T, B, H)))
    V = rng.normal(0, 0.6, (K, H))
    return do, h, V


def reference(do: Array, h: Array, V: Array) -> tuple[Array, ...]:
    """dh, dV, db_y, as `rnnlib.readout` computes them."""
    p = rl.readout.ReadoutParams(V, b_y=np.zeros(len(V)))  # the gradients do not depend on b_y
    gradients, dh = rl.readout.backward(p, h, do)
    return dh, gradients.V, gradients.b_y


def solution(do: Array, h: Array, V: Array) -> tuple[Array, ...]:
    """As a student could write it."""
    dh = do @ V
    dV = np.einsum("tbk,tbh->kh", do, h)
    db_y = do.sum(axis=(0, 1))
    return dh, dV, db_y


mistakes = (
    known.MEAN_OVER_BATCH(("return dh, dV, db_y", "return dh, dV / len(do[0]), db_y / len(do[0])")),
    known.MEAN_OVER_TIME(("return dh, dV, db_y", "return dh, dV / len(do), db_y / len(do)")),
    known.MEAN_OVER_BATCH_AND_TIME(
        ('np.einsum("tbk,tbh->kh", do, h)', 'np.einsum("tbk,tbh->kh", do, h) / do[:, :, 0].size'),
        ("do.sum(axis=(0, 1))", "do.mean(axis=(0, 1))"),
    ),
    known.BIAS_OVER_EVERYTHING(("do.sum(axis=(0, 1))", "do.sum()")),
    known.BIAS_FROM_ROWS(("do.sum(axis=(0, 1))", "dV.sum(axis=1)")),
    known.BIAS_NOT_SUMMED(("do.sum(axis=(0, 1))", "do.sum(axis=0)")),
    Mistake(
        "the last step alone is summed up",
        "The same V and b_y serve at every step. How many gradients do they receive?",
        (("do, h)", "do[-1:], h[-1:])"), ("do.sum(axis=(0, 1))", "do[-1].sum(axis=0)")),
    ),
    Mistake(
        "the last step is left out",
        "The same V and b_y serve at every step. How many gradients do they receive?",
        (("do, h)", "do[:-1], h[:-1])"), ("do.sum(axis=(0, 1))", "do[:-1].sum(axis=(0, 1))")),
    ),
    Mistake(
        "the sums are taken before the product",
        "Is a sum of products the product of the sums?",
        (
            (
                'np.einsum("tbk,tbh->kh", do, h)',
                "np.outer(do.sum(axis=(0, 1)), h.sum(axis=(0, 1)))",
            ),
        ),
    ),
    Mistake(
        "the weights' gradient belongs to the state one step later",
        "Which state was it that V multiplied to make o_t?",
        (("do, h)", "do[:-1], h[1:])"),),
    ),
    Mistake(
        "the weights' gradient belongs to the state one step earlier",
        "Which state was it that V multiplied to make o_t?",
        (("do, h)", "do[1:], h[:-1])"),),
    ),
    Mistake(
        "tanh' is applied, which belongs to the step and not to the readout",
        "Which function lies between h and o?",
        (("do @ V", "do @ V * (1 - h**2)"),),
    ),
)

exercise = Exercise(
    name="ps2/readout_backward",
    arguments=("do", "h", "V"),
    parts=(
        Part("dh", "T B H", points=1),
        Part("dV", "K H", points=1),
        Part("db_y", "K", points=1),
    ),
    sizes=(
        {"T": 5, "B": 3, "H": 2, "K": 4},
        {"T": 4, "B": 2, "H": 6, "K": 3},
        {"T": 1, "B": 3, "H": 4, "K": 2},
        {"T": 4, "B": 1, "H": 5, "K": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=("rnnlib.readout.backward", "rnnlib.affine.affine_backward"),
)
