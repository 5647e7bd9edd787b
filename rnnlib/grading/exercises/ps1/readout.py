"""The readout: from every hidden state to an output.

o_t = V h_t + b_y
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, H: int, K: int) -> tuple[Array, ...]:
    """Random hidden states and parameters."""
    h = np.tanh(rng.normal(size=(T, B, H)))
    return h, rng.normal(0, 0.6, (K, H)), rng.normal(0, 0.4, K)


def reference(h: Array, V: Array, b_y: Array) -> tuple[Array, ...]:
    """o, as `rnnlib.readout` computes it."""
    return (rl.readout.forward(rl.readout.ReadoutParams(V, b_y), h),)


def solution(h: Array, V: Array, b_y: Array) -> Array:
    """As a student could write it."""
    return h @ V.T + b_y


mistakes = (
    known.READOUT_BIAS_LEFT_OUT((" + b_y", "")),
    known.BIAS_TWICE((" + b_y", " + 2 * b_y")),
    Mistake(
        "V and its transpose are mixed up",
        "V is (K, H) and h is (…, H). Which of their axes has to be summed over?",
        (("h @ V.T", "h @ V"),),
    ),
    known.SOFTMAX_ADDED(
        (
            "return h @ V.T + b_y",
            "e = np.exp(h @ V.T + b_y); return e / e.sum(axis=-1, keepdims=True)",
        )
    ),
    Mistake(
        "tanh is applied to the output",
        "In what range may an output lie?",
        (("h @ V.T + b_y", "np.tanh(h @ V.T + b_y)"),),
    ),
    Mistake(
        "tanh is applied to the state once more",
        "h is given. Has it been through tanh already?",
        (("h @ V.T", "np.tanh(h) @ V.T"),),
    ),
    Mistake(
        "the output is read of the last state only",
        "At how many steps is an output asked for?",
        (("h @ V.T", "h[-1] @ V.T"),),
    ),
    Mistake(
        "the output is one step late",
        "Is the first output made from the first state?",
        (("h @ V.T", "np.concatenate([0 * h[:1], h[:-1]]) @ V.T"),),
    ),
)

exercise = Exercise(
    name="ps1/readout",
    arguments=("h", "V", "b_y"),
    parts=(Part("o", "T B K", points=2),),
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
    withholds=("rnnlib.readout.forward", "rnnlib.affine.*"),
)
