"""Two plain networks on one sequence, one reading forwards and one backwards, side by side.

    h→_t = tanh(U_f x_t + W_f h→_{t-1} + b_f),   h←_t = tanh(U_b x_t + W_b h←_{t+1} + b_b)
    h_t  = (h→_t, h←_t)

h0_backward is the state of the second network before it reads the last input.
"""

import numpy as np

import rnnlib as rl
from rnnlib.bidirectional import Both
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, withheld
from rnnlib.grading.exercises.ps1 import rnn_forward, rnn_step
from rnnlib.grading.mistake import Known, Mistake

LAYER = rl.Bidirectional(rl.elman)


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence, and for each direction a state to start from and parameters."""
    x, *first = rnn_forward.draw(rng, T, B, D, H)
    _, *second = rnn_forward.draw(rng, T, B, D, H)
    return x, first[0], second[0], *first[1:], *second[1:]


def reference(
    x: Array,
    h0_forward: Array,
    h0_backward: Array,
    U_f: Array,
    W_f: Array,
    b_f: Array,
    U_b: Array,
    W_b: Array,
    b_b: Array,
) -> tuple[Array, ...]:
    """h, as `rnnlib.Bidirectional` computes it."""
    p = Both(rl.ElmanParams(U_f, W_f, b_f), rl.ElmanParams(U_b, W_b, b_b))
    h, _ = rl.forward(LAYER, p, x, state0=Both(h0_forward, h0_backward))
    return (h,)


def solution(
    x: Array,
    h0_forward: Array,
    h0_backward: Array,
    U_f: Array,
    W_f: Array,
    b_f: Array,
    U_b: Array,
    W_b: Array,
    b_b: Array,
) -> Array:
    """As a student could write it."""
    there, back = [], []
    h = h0_forward
    for x_t in x:
        h = np.tanh(x_t @ U_f.T + h @ W_f.T + b_f)
        there.append(h)
    h = h0_backward
    for x_t in x[::-1]:
        h = np.tanh(x_t @ U_b.T + h @ W_b.T + b_b)
        back.append(h)
    return np.concatenate([np.stack(there), np.stack(back[::-1])], axis=-1)


BESIDE = "[np.stack(there), np.stack(back[::-1])], axis=-1"
START = "Which network starts at which end, and from which of the two initial states?"
SWAP = "U_f, W_f, b_f, U_b, W_b, b_b = U_b, W_b, b_b, U_f, W_f, b_f"
TIME = (
    "h[0] belongs to the first input in both halves. Which inputs has the second half seen there?"
)

BOTH_READ_FORWARDS = Known("the second network reads forwards too", TIME)
STATES_TURNED_ROUND = Known("the second network reads forwards, and its states are reversed", TIME)
NOT_TURNED_BACK = Known("the second network's half is not reversed in time", TIME)
STATES_SWAPPED = Known("the initial states of the two networks are swapped", START)

mistakes = (
    BOTH_READ_FORWARDS(("x[::-1]", "x"), ("back[::-1]", "back")),
    STATES_TURNED_ROUND(("x[::-1]", "x")),
    NOT_TURNED_BACK(("back[::-1]", "back")),
    Mistake(
        "the batch is reversed instead of time",
        "Which axis of x is time?",
        (("x[::-1]", "x[:, ::-1]"), ("np.stack(back[::-1])", "np.stack(back)[:, ::-1]")),
    ),
    STATES_SWAPPED(
        ("h = h0_forward\n    for x_t in x:", "h = h0_backward\n    for x_t in x:"),
        ("h = h0_backward\n    for x_t in x[", "h = h0_forward\n    for x_t in x["),
    ),
    Mistake("both networks start from h0_forward", START, (("h = h0_backward", "h = h0_forward"),)),
    Mistake(
        "both networks start from h0_backward", START, (("h = h0_forward", "h = h0_backward"),)
    ),
    Mistake(
        "the second network starts from the first one's last state",
        START,
        (("    h = h0_backward\n", ""),),
    ),
    known.FIRST_STATE_FORGOTTEN(
        ("h = h0_forward", "h = 0 * h0_forward"), ("h = h0_backward", "h = 0 * h0_backward")
    ),
    Mistake(
        "the second network's initial state is forgotten",
        START,
        (("h = h0_backward", "h = 0 * h0_backward"),),
    ),
    Mistake(
        "the two networks stand side by side in the wrong order",
        "Which half of h_t has seen the past?",
        ((BESIDE, "[np.stack(back[::-1]), np.stack(there)], axis=-1"),),
    ),
    Mistake(
        "the units of the two networks alternate",
        "Which half of h_t has seen the past?",
        (
            (
                f"np.concatenate({BESIDE})",
                "np.stack([there, back[::-1]], axis=-1).reshape(*x.shape[:2], -1)",
            ),
        ),
    ),
    Mistake(
        "the two networks' states are added",
        "How many entries should h_t have for every sequence?",
        ((f"np.concatenate({BESIDE})", "np.stack(there) + np.stack(back[::-1])"),),
    ),
    Mistake(
        "the two networks' states are put together along the batch",
        "How many entries should h_t have for every sequence?",
        ((BESIDE, "[np.stack(there), np.stack(back[::-1])], axis=1"),),
    ),
    Mistake(
        "both networks have the first one's parameters",
        "Which of the arguments did you not use?",
        (("x_t @ U_b.T + h @ W_b.T + b_b", "x_t @ U_f.T + h @ W_f.T + b_f"),),
    ),
    Mistake(
        "the parameters of the two networks are swapped",
        "f stands for forwards. Which loop is that?",
        (("    there, back = [], []\n", f"    there, back = [], []\n    {SWAP}\n"),),
    ),
    known.BIAS_LEFT_OUT((" + b_f", ""), (" + b_b", "")),
    known.TANH_LEFT_OUT(
        ("np.tanh(x_t @ U_f.T + h @ W_f.T + b_f)", "x_t @ U_f.T + h @ W_f.T + b_f"),
        ("np.tanh(x_t @ U_b.T + h @ W_b.T + b_b)", "x_t @ U_b.T + h @ W_b.T + b_b"),
    ),
    known.W_TRANSPOSED(("h @ W_f.T", "h @ W_f"), ("h @ W_b.T", "h @ W_b")),
    known.STATE_LEFT_OUT(("h @ W_f.T + ", ""), ("h @ W_b.T + ", "")),
    known.FIRST_STATE_EVERYWHERE(
        ("h @ W_f.T", "h0_forward @ W_f.T"), ("h @ W_b.T", "h0_backward @ W_b.T")
    ),
)

exercise = Exercise(
    name="bidirectional/bidirectional_forward",
    arguments=("x", "h0_forward", "h0_backward", "U_f", "W_f", "b_f", "U_b", "W_b", "b_b"),
    parts=(Part("h", "T B 2H", points=3),),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 20, "B": 2, "D": 3, "H": 4},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.FORWARD,
    builds_on={"rnn_step": rnn_step.solution, "rnn_forward": rnn_forward.solution},
)
