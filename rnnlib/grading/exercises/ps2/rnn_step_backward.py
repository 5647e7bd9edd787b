"""One step backward: from dL/dh_t to the gradients of everything that h_t was made from.

    h = tanh(a),  a = U x + W h_prev + b

b moves h, which is given, and is no argument.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One step from a random state, and a random upstream gradient."""
    U, W, b = rng.normal(0, 0.6, (H, D)), rng.normal(0, 0.6, (H, H)), rng.normal(0, 0.3, H)
    x, h_prev = rng.normal(size=(B, D)), np.tanh(rng.normal(size=(B, H)))
    h = np.tanh(x @ U.T + h_prev @ W.T + b)
    dh = rng.normal(size=(B, H))
    return dh, x, h_prev, h, U, W


def reference(
    dh: Array, x: Array, h_prev: Array, h: Array, U: Array, W: Array
) -> tuple[Array, ...]:
    """dx, dh_prev, dU, dW, db, as `rnnlib.elman` computes them."""
    p = rl.ElmanParams(U, W, b=np.zeros(len(U)))
    tape = rl.Tape(x[None], states=np.stack([h_prev, h]), cache=None)  # a sequence of one step
    g = rl.backward(rl.elman, p, tape, dh[None])
    return g.x[0], g.state0, g.params.U, g.params.W, g.params.b


exercise = Exercise(
    name="ps2/rnn_step_backward",
    arguments=("dh", "x", "h_prev", "h", "U", "W"),
    parts=(
        Part("dx", "B D", points=1),
        Part("dh_prev", "B H", points=1),
        Part("dU", "H D", points=1),
        Part("dW", "H H", points=1),
        Part("db", "H", points=1),
    ),
    sizes=(
        {"B": 3, "D": 4, "H": 2},
        {"B": 2, "D": 3, "H": 5},
        {"B": 1, "D": 4, "H": 3},
    ),
    draw=draw,
    reference=reference,
)
