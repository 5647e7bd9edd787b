"""Backpropagation through time: a whole sequence, from the direct gradient dL/dh_t at every step.

    h_t = tanh(a_t),  a_t = U x_t + W h_{t-1} + b

Every part is worth the same: each is lost by mistakes that leave the others alone. The function may
call the student's step of part 1, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises.ps2 import rnn_step_backward

LONG = 30
"""From so many steps on, what is cut off after a few of them has to show."""


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence from a random initial state, and a random direct gradient at every step."""
    p = rl.ElmanParams(
        U=rng.normal(0, 0.6, (H, D)), W=rng.normal(0, 0.6, (H, H)), b=rng.normal(0, 0.3, H)
    )
    x, h0 = rng.normal(size=(T, B, D)), np.tanh(rng.normal(size=(B, H)))
    if T >= LONG:  # a gradient that lasts: W keeps lengths, and small states keep tanh' near 1
        p = rl.ElmanParams(0.2 * p.U, rl.init.orthogonal(rng, H), 0.1 * p.b)
    h, _ = rl.forward(rl.elman, p, x, state0=h0)
    dh = rng.normal(size=(T, B, H))
    return dh, x, h0, h, *p


def reference(
    dh: Array, x: Array, h0: Array, h: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """dx, dh0, dU, dW, db, as `rnnlib.backward` computes them."""
    p = rl.ElmanParams(U, W, b)
    _, tape = rl.forward(rl.elman, p, x, state0=h0)
    gradients = rl.backward(rl.elman, p, tape, dh)
    return gradients.x, gradients.state0, *gradients.params


exercise = Exercise(
    name="ps2/rnn_backward",
    arguments=("dh", "x", "h0", "h", "U", "W", "b"),
    parts=(
        Part("dx", "T B D", points=2),
        Part("dh0", "B H", points=2),
        Part("dU", "H D", points=2),
        Part("dW", "H H", points=2),
        Part("db", "H", points=2),
    ),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 40, "B": 2, "D": 3, "H": 4},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    builds_on={"rnn_step_backward": rnn_step_backward.reference},
)
