"""A whole sequence through the gated recurrent unit, from the initial state h0.

    r, z = σ(U x_t + W h_{t-1} + b),   n = tanh(U x_t + b + r ⊙ (W h_{t-1} + b_n))
    h_t  = (1 - z) ⊙ n + z ⊙ h_{t-1}                                     stacked as r, z, n

The function may call the student's step, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.gru import GRUParams
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.gru import gru_step
from rnnlib.grading.mistake import Mistake

LONG = 30
"""From so many steps on, the state lasts."""


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence of inputs, and a state to start from."""
    _, h0, U, W, b, b_n = gru_step.draw(rng, B, D, H)
    if T >= LONG:  # a state that lasts: update gates near 1, and small numbers all around
        U, W, b = 0.5 * U, 0.5 * W, b + np.repeat([0.0, 3.0, 0.0], H)
    return rng.normal(size=(T, B, D)), h0, U, W, b, b_n


def reference(x: Array, h0: Array, U: Array, W: Array, b: Array, b_n: Array) -> tuple[Array, ...]:
    """h, as `rnnlib.forward` computes it."""
    h, _ = rl.forward(rl.gru, GRUParams(U, W, b, b_n), x, state0=h0)
    return (h,)


def solution(x: Array, h0: Array, U: Array, W: Array, b: Array, b_n: Array) -> Array:
    """As a student could write it."""
    states = []
    h_prev = h0
    for x_t in x:
        x_r, x_z, x_n = np.split(x_t @ U.T + b, 3, axis=1)
        h_r, h_z, h_n = np.split(h_prev @ W.T, 3, axis=1)
        r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
        n = np.tanh(x_n + r * (h_n + b_n))
        h = (1 - z) * n + z * h_prev
        states.append(h)
        h_prev = h
    return np.stack(states)


mistakes = (
    *gated.renamed(gru_step.mistakes, x="x_t"),
    known.FIRST_STATE_FORGOTTEN(("h_prev = h0", "h_prev = np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("        h_prev = h\n", "")),
    Mistake(
        "the candidate is handed on instead of the state",
        "What does the next step start from: what was offered, or what was kept?",
        (("h_prev = h\n", "h_prev = n\n"),),
    ),
    known.ONE_STEP_LATE(
        ("states = []", "states = [h0]"), ("np.stack(states)", "np.stack(states[:-1])")
    ),
    known.STEPS_REVERSED(("for x_t in x", "for x_t in x[::-1]")),
    known.LAST_STATE_EVERYWHERE(("np.stack(states)", "np.stack([h] * len(x))")),
    Mistake(
        "the last step alone is returned",
        "How many states has a sequence, and how many do you return?",
        (("np.stack(states)", "h"),),
    ),
)

exercise = Exercise(
    name="gru/gru_forward",
    arguments=("x", "h0", "U", "W", "b", "b_n"),
    parts=(Part("h", "T B H", points=2),),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 30, "B": 2, "D": 3, "H": 4},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.GATED_FORWARD,
    builds_on={"gru_step": gru_step.solution},
)
