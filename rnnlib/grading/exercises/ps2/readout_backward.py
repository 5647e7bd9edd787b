"""The readout backward: from dL/do_t at every step to the hidden states and its parameters.

    o_t = V h_t + b_y

The parameters are shared by all steps and all sequences.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part


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
)
