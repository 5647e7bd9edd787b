"""One step of the gated recurrent unit, the reset after the product with W.

    r, z = σ(U x + W h_prev + b),   n = tanh(U x + b + r ⊙ (W h_prev + b_n)),   stacked as r, z, n
    h    = (1 - z) ⊙ n + z ⊙ h_prev

Acting before the product, as in other books, the reset makes another function.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.gru import GRUParams
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.mistake import Known, Mistake


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One step from a random state."""
    x, h_prev = rng.normal(size=(B, D)), np.tanh(rng.normal(size=(B, H)))
    U, W = rng.normal(0, 0.6, (3 * H, D)), rng.normal(0, 0.6, (3 * H, H))
    return x, h_prev, U, W, rng.normal(0, 0.4, 3 * H), rng.normal(0, 0.4, H)


def reference(
    x: Array, h_prev: Array, U: Array, W: Array, b: Array, b_n: Array
) -> tuple[Array, ...]:
    """h, as `rnnlib.gru` computes it."""
    return (rl.gru.step(GRUParams(U, W, b, b_n), x, h_prev),)


def solution(x: Array, h_prev: Array, U: Array, W: Array, b: Array, b_n: Array) -> Array:
    """As a student could write it."""
    x_r, x_z, x_n = np.split(x @ U.T + b, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ W.T, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_n))
    h = (1 - z) * n + z * h_prev
    return h


FROM_X, FROM_H = "x_r, x_z, x_n", "h_r, h_z, h_n"
GATES = "r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)"
CANDIDATE = "x_n + r * (h_n + b_n)"
ORDERS = ("zrn", "rnz", "nzr", "znr", "nrz")
OPEN = "With z = 1, should the state stay as it was, or be replaced? And with z = 0?"

Z_SWAPPED = Known("z and 1 - z stand in each other's place", OPEN)
INNER_BIAS_OUTSIDE = Known(
    "the candidate's second bias b_n is outside the reset",
    "With r = 0, should b_n still play a part?",
)
RESET_BEFORE = Known(
    "the reset gate acts before the product with W",
    "Is it the state that r multiplies here, or what W has made of it?",
)
INNER_BIAS_LEFT_OUT = Known(
    "the candidate's second bias b_n is left out", "Which of the arguments did you not use?"
)
mistakes = (
    known.BIAS_LEFT_OUT(("x @ U.T + b,", "x @ U.T,")),
    known.BIAS_TWICE(("x @ U.T + b,", "x @ U.T + 2 * b,")),
    INNER_BIAS_LEFT_OUT((" + b_n", "")),
    INNER_BIAS_OUTSIDE(("r * (h_n + b_n)", "(r * h_n + b_n)")),
    known.STATE_LEFT_OUT(("h_prev @ W.T", "0 * h_prev @ W.T")),
    known.INPUT_LEFT_OUT(("x @ U.T + b,", "0 * x @ U.T + b,")),
    gated.INTERLEAVED(
        ("np.split(x @ U.T + b, 3, axis=1)", "((x @ U.T + b)[:, k::3] for k in range(3))"),
        ("np.split(h_prev @ W.T, 3, axis=1)", "((h_prev @ W.T)[:, k::3] for k in range(3))"),
    ),
    gated.GATES_WITH_TANH((GATES, "r, z = np.tanh(x_r + h_r), np.tanh(x_z + h_z)")),
    gated.GATES_WITHOUT_SIGMOID((GATES, "r, z = x_r + h_r, x_z + h_z")),
    gated.CANDIDATE_TANH_LEFT_OUT(("np.tanh(", "(")),
    gated.CANDIDATE_SIGMOID(("np.tanh(", "sigmoid(")),
    *(gated.in_order(order, FROM_X, FROM_H) for order in ORDERS),
    RESET_BEFORE(("r * (h_n + b_n)", "(r * h_prev) @ W[-r.shape[1] :].T + b_n")),
    Mistake(
        "the reset gate is left out",
        "With r = 0, should the candidate still know the old state?",
        ((CANDIDATE, "x_n + h_n + b_n"),),
    ),
    Mistake(
        "the reset gate acts on the input too",
        "With r = 0, should the candidate still see the input?",
        ((CANDIDATE, "r * (x_n + h_n + b_n)"),),
    ),
    Mistake(
        "the reset gate acts on the input instead of the state",
        "With r = 0, what should the candidate still see: the input, or the old state?",
        ((CANDIDATE, "r * x_n + h_n + b_n"),),
    ),
    Mistake(
        "the update gate stands where the reset gate belongs",
        "Which gate decides what the candidate sees, and which what is kept?",
        (("r * (h_n", "z * (h_n"),),
    ),
    Mistake(
        "1 - r stands where r belongs",
        "With r = 0, should the candidate still know the old state?",
        (("r * (h_n", "(1 - r) * (h_n"),),
    ),
    Z_SWAPPED(("(1 - z) * n + z * h_prev", "z * n + (1 - z) * h_prev")),
    Mistake("the old state is not kept: z ⊙ h_prev is missing", OPEN, ((" + z * h_prev", ""),)),
    Mistake("the candidate is not multiplied by 1 - z", OPEN, (("(1 - z) * n", "n"),)),
    Mistake("the old state is not multiplied by z", OPEN, (("z * h_prev", "h_prev"),)),
    Mistake(
        "the candidate is returned as the state",
        "With z = 1, should the state stay as it was?",
        (("(1 - z) * n + z * h_prev", "n"),),
    ),
    Mistake(
        "tanh is taken of the new state once more",
        "With z = 1, should the state stay exactly as it was?",
        (("(1 - z) * n + z * h_prev", "np.tanh((1 - z) * n + z * h_prev)"),),
    ),
)

exercise = Exercise(
    name="gru/gru_step",
    arguments=("x", "h_prev", "U", "W", "b", "b_n"),
    parts=(Part("h", "B H", points=2),),
    sizes=(
        {"B": 3, "D": 4, "H": 2},
        {"B": 2, "D": 3, "H": 5},
        {"B": 1, "D": 4, "H": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.GATED_FORWARD,
)
