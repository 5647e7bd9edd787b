"""One step backward: from dL/dh_t to the gradients of everything that h_t was made from.

    h = tanh(a),  a = U x + W h_prev + b

b moves h, which is given, and is no argument.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld


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


def solution(dh: Array, x: Array, h_prev: Array, h: Array, U: Array, W: Array) -> tuple[Array, ...]:
    """As a student could write it."""
    da = dh * (1 - h**2)
    dx = da @ U
    dh_prev = da @ W
    dU = da.T @ x
    dW = da.T @ h_prev
    db = da.sum(axis=0)
    return dx, dh_prev, dU, dW, db


mistakes = (
    slopes.LEFT_OUT(("dh * (1 - h**2)", "dh")),
    slopes.TWICE(("(1 - h**2)", "(1 - h**2) ** 2")),
    slopes.OF_H(("h**2", "np.tanh(h) ** 2")),
    slopes.OF_A(("h**2", "np.arctanh(h) ** 2")),
    slopes.NOT_SQUARED(("h**2", "h")),
    slopes.SQUARE_OUTSIDE(("(1 - h**2)", "(1 - h) ** 2")),
    slopes.PLUS(("1 - h**2", "1 + h**2")),
    slopes.IS_SQUARE(("(1 - h**2)", "h**2")),
    slopes.SUBTRACTED(("(1 - h**2)", "1 - h**2")),
    slopes.OF_SIGMOID(("(1 - h**2)", "h * (1 - h)")),
    slopes.OF_UPSTREAM(("dh * (1 - h**2)", "1 - dh**2")),
    slopes.OF_OTHER_STEP(("(1 - h**2)", "(1 - h_prev**2)")),
    known.UPSTREAM_LEFT_OUT(("dh * (1 - h**2)", "1 - h**2")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    known.H_GRADIENT_SET_TO_UPSTREAM(("da @ W", "dh")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h")),
    known.W_GRADIENT_TRANSPOSED(("da.T @ h_prev", "h_prev.T @ da")),
    known.U_GRADIENT_TRANSPOSED(("da.T @ x", "x.T @ da")),
    known.MEAN_OVER_BATCH(("dU, dW, db", "dU / len(x), dW / len(x), db / len(x)")),
    known.BIAS_MEAN(("da.sum(axis=0)", "da.mean(axis=0)")),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()")),
    known.BIAS_FROM_ROWS(("da.sum(axis=0)", "dW.sum(axis=1)")),
    known.BIAS_NOT_SUMMED(("da.sum(axis=0)", "da")),
    known.U_FOR_W(("da @ W", "da @ U")),
)

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
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.BACKWARD,
)
