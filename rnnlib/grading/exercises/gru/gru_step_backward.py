"""One step of the gated recurrent unit backward: from dL/dh_t to the gradients of its arguments.

    r, z = σ(U x + W h_prev + b),   n = tanh(U x + b + r ⊙ (W h_prev + b_n)),   stacked as r, z, n
    h    = (1 - z) ⊙ n + z ⊙ h_prev

U and b see the candidate's pre-activation; W and b_n see it through the reset gate.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.gru import GRUParams
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises import gated_backward as back
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.gru import gru_step
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One step from a random state, and a random upstream gradient."""
    return rng.normal(size=(B, H)), *gru_step.draw(rng, B, D, H)


def reference(
    dh: Array, x: Array, h_prev: Array, U: Array, W: Array, b: Array, b_n: Array
) -> tuple[Array, ...]:
    """dx, dh_prev, dU, dW, db, db_n, as `rnnlib.gru` computes them."""
    p = GRUParams(U, W, b, b_n)
    _, tape = rl.forward(rl.gru, p, x[None], state0=h_prev)
    g = rl.backward(rl.gru, p, tape, dh[None])
    return g.x[0], g.state0, *g.params


def solution(
    dh: Array, x: Array, h_prev: Array, U: Array, W: Array, b: Array, b_n: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    x_r, x_z, x_n = np.split(x @ U.T + b, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W.T, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    m = h_n + b_n
    n = np.tanh(x_n + r * m)

    da_z = dh * (h_prev - n) * z * (1 - z)
    da_n = dh * (1 - z) * (1 - n**2)
    da_r = da_n * m * r * (1 - r)
    dm_n = da_n * r
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    dm = np.concatenate([da_r, da_z, dm_n], axis=1)

    dx = da @ U
    dh_prev = dh * z + dm @ W
    dU = da.T @ x
    dW = dm.T @ h_prev
    db = da.sum(axis=0)
    db_n = dm_n.sum(axis=0)
    return dx, dh_prev, dU, dW, db, db_n


STACKED, STACKED_FOR_W = "da_r, da_z, da_n", "da_r, da_z, dm_n"
KEPT = "h = (1 - z) ⊙ n + z ⊙ h_prev. How does z enter here, and what is the slope of each summand?"
RESET = (
    "W and b_n see the candidate through the reset gate, U and b do not. Which gradient is which?"
)
DIRECT = "The old state reaches the new one in four ways. Which of them needs no weights?"

in_the_equations = (
    gru_step.INNER_BIAS_OUTSIDE(
        ("m = h_n + b_n", "m = h_n"),
        ("x_n + r * m", "x_n + r * m + b_n"),
        ("dm_n.sum(axis=0)", "da_n.sum(axis=0)"),
    ),
    gru_step.RESET_BEFORE(
        ("x_n + r * m", "x_n + (r * h_prev) @ np.split(W, 3)[2].T + b_n"),
        ("da_n * m * r", "da_n @ np.split(W, 3)[2] * h_prev * r"),
        ("dm_n = da_n * r", "dm_n = da_n"),
        ("dm @ W", "dm @ W + da_n @ np.split(W, 3)[2] * (r - 1)"),
        ("dm.T @ h_prev", "np.vstack([da_r.T @ h_prev, da_z.T @ h_prev, da_n.T @ (r * h_prev)])"),
    ),
    known.BIAS_LEFT_OUT(("x @ U.T + b,", "x @ U.T,")),
    gru_step.INNER_BIAS_LEFT_OUT((" + b_n", "")),
    gated.CANDIDATE_TANH_LEFT_OUT(("np.tanh(", "("), (" * (1 - n**2)", "")),
    *(
        gated.in_order(order, gru_step.FROM_X, gru_step.FROM_H, STACKED, STACKED_FOR_W)
        for order in gru_step.ORDERS
    ),
)
"""Another function, and its right gradient: whoever writes h so, writes dh so."""

through_the_gates = (
    known.UPSTREAM_LEFT_OUT(
        ("dh * (h_prev", "(h_prev"), ("dh * (1 - z)", "(1 - z)"), ("dh * z +", "z +")
    ),
    back.SIGMOID_SLOPE_LEFT_OUT((" * z * (1 - z)", ""), (" * r * (1 - r)", "")),
    back.SIGMOID_SLOPE_TWICE(
        (" * z * (1 - z)", " * (z * (1 - z)) ** 2"), ("r * (1 - r)", "(r * (1 - r)) ** 2")
    ),
    back.SIGMOID_SLOPE_OF_GATE(
        (" * z * (1 - z)", " * sigmoid(z) * (1 - sigmoid(z))"),
        (" * r * (1 - r)", " * sigmoid(r) * (1 - sigmoid(r))"),
    ),
    back.TANH_SLOPE_FOR_SIGMOID(
        (" * z * (1 - z)", " * (1 - z**2)"), (" * r * (1 - r)", " * (1 - r**2)")
    ),
    back.UPDATE_SLOPE_LEFT_OUT((" * z * (1 - z)", "")),
    back.RESET_SLOPE_LEFT_OUT((" * r * (1 - r)", "")),
    back.CANDIDATE_SLOPE_LEFT_OUT((" * (1 - n**2)", "")),
    back.CANDIDATE_SLOPE_TWICE(("(1 - n**2)", "(1 - n**2) ** 2")),
    back.CANDIDATE_SLOPE_OF_TANH(("n**2", "np.tanh(n) ** 2")),
    back.CANDIDATE_SIGMOID_SLOPE(("(1 - n**2)", "n * (1 - n)")),
    back.CANDIDATE_SLOPE_NOT_SQUARED(("n**2", "n")),
    Mistake(
        "the update gate's gradient has the wrong sign", KEPT, (("(h_prev - n)", "(n - h_prev)"),)
    ),
    Mistake(
        "the candidate is left out of the update gate's gradient",
        KEPT,
        (("(h_prev - n)", "h_prev"),),
    ),
    Mistake(
        "the old state is left out of the update gate's gradient", KEPT, (("(h_prev - n)", "-n"),)
    ),
    Mistake(
        "the old state and the candidate are added in the update gate's gradient",
        KEPT,
        (("(h_prev - n)", "(h_prev + n)"),),
    ),
    Mistake("1 - z is left out of the candidate's gradient", KEPT, (("dh * (1 - z)", "dh"),)),
    Mistake(
        "the candidate's gradient is multiplied by z instead of 1 - z",
        KEPT,
        (("dh * (1 - z)", "dh * z"),),
    ),
    Mistake(
        "the reset gate's gradient has the old state instead of its product with W",
        "What exactly does r multiply in the candidate?",
        (("da_n * m", "da_n * h_prev"),),
    ),
    Mistake(
        "the reset gate's gradient is without b_n",
        "What exactly does r multiply in the candidate?",
        (("da_n * m", "da_n * h_n"),),
    ),
    Mistake(
        "the product with W is left out of the reset gate's gradient",
        "If W h_prev and b_n were zero, would the reset gate matter?",
        (("da_n * m", "da_n"),),
    ),
    Mistake(
        "the reset gate's gradient skips the candidate's tanh'",
        "r lies inside the candidate's tanh. What lies between the two?",
        (("da_n * m", "dh * (1 - z) * m"),),
    ),
    Mistake(
        "the reset gate's gradient is left zero",
        "Where does r enter h? Follow that way back.",
        (("da_n * m", "0 * m"),),
    ),
    Mistake(
        "the reset gate is left out on the way back to W, b_n and the old state",
        RESET,
        (("dm_n = da_n * r", "dm_n = da_n"),),
    ),
    Mistake(
        "the reset gate is applied on the way back to U, b and x too",
        RESET,
        ((f"[{STACKED}]", f"[{STACKED_FOR_W}]"),),
    ),
    *(gated.stacked_in_order(order, STACKED, STACKED_FOR_W) for order in ("zrn", "rnz")),
)
to_the_step_before = (
    Mistake("the direct path through z is missing", DIRECT, (("dh * z + ", ""),)),
    Mistake(
        "the direct path is multiplied by 1 - z instead of z",
        DIRECT,
        (("dh * z +", "dh * (1 - z) +"),),
    ),
    Mistake("the direct path is not multiplied by z", DIRECT, (("dh * z +", "dh +"),)),
    Mistake(
        "the direct path alone is there: the gates and the candidate are missing",
        "Does the old state reach the new one only where it is kept?",
        ((" + dm @ W", ""),),
    ),
    known.CURRENT_STATE_FOR_PREVIOUS(("dm.T @ h_prev", "dm.T @ (n + z * (h_prev - n))")),
    known.BIAS_MEAN(
        ("da.sum(axis=0)", "da.mean(axis=0)"), ("dm_n.sum(axis=0)", "dm_n.mean(axis=0)")
    ),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()"), ("dm_n.sum(axis=0)", "dm_n.sum()")),
    Mistake("the reset gate is left out of the gradient of W", RESET, (("dm.T", "da.T"),)),
    Mistake(
        "the reset gate is left out of the gradient of b_n", RESET, (("dm_n.sum", "da_n.sum"),)
    ),
)
mistakes = (*in_the_equations, *through_the_gates, *to_the_step_before)

exercise = Exercise(
    name="gru/gru_step_backward",
    arguments=("dh", "x", "h_prev", "U", "W", "b", "b_n"),
    parts=(
        Part("dx", "B D", points=1),
        Part("dh_prev", "B H", points=1),
        Part("dU", "3H D", points=1),
        Part("dW", "3H H", points=1),
        Part("db", "3H", points=1),
        Part("db_n", "H", points=1),
    ),
    sizes=gru_step.exercise.sizes,
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=(
        *mistakes,
        gru_step.Z_SWAPPED(
            ("(h_prev - n)", "(n - h_prev)"),
            ("dh * (1 - z)", "dh * z"),
            ("dh * z +", "dh * (1 - z) +"),
        ),
        known.H_GRADIENT_SET_TO_UPSTREAM(("dh * z + dm @ W", "dh")),
        known.MEAN_OVER_BATCH(
            ("dU, dW, db, db_n\n", "*(d / len(x) for d in (dU, dW, db, db_n))\n")
        ),
        known.BIAS_NOT_SUMMED(("da.sum(axis=0)", "da"), ("dm_n.sum(axis=0)", "dm_n")),
        known.U_GRADIENT_TRANSPOSED(("da.T @ x", "x.T @ da")),
    ),
    withholds=withheld.GATED_BACKWARD,
)
