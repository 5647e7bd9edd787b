"""Backpropagation through time in both directions, from dL/dh_t at every step.

    h→_t = tanh(U_f x_t + W_f h→_{t-1} + b_f),   h←_t = tanh(U_b x_t + W_b h←_{t+1} + b_b)
    h_t  = (h→_t, h←_t)

Both networks read x. The function may call the student's functions of a plain network, forward and
backward.
"""

import numpy as np

import rnnlib as rl
from rnnlib.bidirectional import Both
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.exercises.bidirectional import bidirectional_forward
from rnnlib.grading.exercises.ps1 import rnn_forward
from rnnlib.grading.exercises.ps2 import rnn_backward
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence, where both networks start, and a random direct gradient at every step."""
    return rng.normal(size=(T, B, 2 * H)), *bidirectional_forward.draw(rng, T, B, D, H)


def reference(
    dh: Array,
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
    """The nine gradients, as `rnnlib.Bidirectional` computes them."""
    layer = bidirectional_forward.LAYER
    p = Both(rl.ElmanParams(U_f, W_f, b_f), rl.ElmanParams(U_b, W_b, b_b))
    _, tape = rl.forward(layer, p, x, state0=Both(h0_forward, h0_backward))
    g = rl.backward(layer, p, tape, dh)
    return g.x, *g.state0, *g.params.forward, *g.params.backward


def solution(
    dh: Array,
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
    """As a student could write it."""

    def one_way(dh: Array, x: Array, h0: Array, U: Array, W: Array, b: Array) -> tuple[Array, ...]:
        states = [h0]
        for x_t in x:
            states.append(np.tanh(x_t @ U.T + states[-1] @ W.T + b))
        dx = np.zeros_like(x)
        dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
        carry = np.zeros_like(h0)
        for t in reversed(range(len(x))):
            h_prev, h = states[t], states[t + 1]
            dh_t = dh[t] + carry
            da = dh_t * (1 - h**2)
            dx[t] = da @ U
            carry = da @ W
            dU = dU + da.T @ x[t]
            dW = dW + da.T @ h_prev
            db = db + da.sum(axis=0)
        return dx, carry, dU, dW, db

    H = len(W_f)
    there, back = dh[:, :, :H], dh[:, :, H:]
    dx_f, dh0_f, dU_f, dW_f, db_f = one_way(there, x, h0_forward, U_f, W_f, b_f)
    dx_b, dh0_b, dU_b, dW_b, db_b = one_way(back[::-1], x[::-1], h0_backward, U_b, W_b, b_b)
    dx = dx_f + dx_b[::-1]
    return dx, dh0_f, dh0_b, dU_f, dW_f, db_f, dU_b, dW_b, db_b


HALVES = "dh[:, :, :H], dh[:, :, H:]"
FIRST, SECOND = "h0_forward, U_f, W_f, b_f)", "h0_backward, U_b, W_b, b_b)"
SHARE = "Both networks read x_t. Print what each says of x[0] alone, and add the two by hand."
TIME = "The second network's first step is the last one of x. In which order does it need its dh?"

between_the_two = (
    bidirectional_forward.BOTH_READ_FORWARDS(
        ("back[::-1], x[::-1]", "back, x"), ("dx_b[::-1]", "dx_b")
    ),
    bidirectional_forward.STATES_TURNED_ROUND(
        ("back[::-1], x[::-1]", "back[::-1], x"), ("dx_b[::-1]", "dx_b")
    ),
    bidirectional_forward.NOT_TURNED_BACK(("back[::-1], x[::-1]", "back, x[::-1]")),
    Mistake(
        "the second network's gradient of x is not turned back",
        SHARE,
        (("dx_b[::-1]", "dx_b"),),
    ),
    Mistake(
        "the upstream gradient of the second network is not reversed, nor is its dx",
        TIME,
        (("back[::-1], x[::-1]", "back, x[::-1]"), ("dx_b[::-1]", "dx_b")),
    ),
    Mistake("the first network alone is in the gradient of x", SHARE, ((" + dx_b[::-1]", ""),)),
    Mistake("the second network alone is in the gradient of x", SHARE, (("dx_f + ", ""),)),
    Mistake(
        "the two gradients of x are averaged instead of added",
        SHARE,
        (("dx_f + dx_b[::-1]", "(dx_f + dx_b[::-1]) / 2"),),
    ),
    Mistake(
        "the halves of the upstream gradient are swapped",
        "Which half of h_t has seen the past?",
        ((HALVES, "dh[:, :, H:], dh[:, :, :H]"),),
    ),
    Mistake(
        "both networks have the first half of the upstream gradient",
        "h_t is made of two halves. Whose gradient is the second?",
        ((HALVES, "dh[:, :, :H], dh[:, :, :H]"),),
    ),
    Mistake(
        "the units of the two networks are taken in turn from the upstream gradient",
        "Which half of h_t has seen the past?",
        ((HALVES, "dh[:, :, ::2], dh[:, :, 1::2]"),),
    ),
    bidirectional_forward.STATES_SWAPPED(
        (FIRST, "h0_backward, U_f, W_f, b_f)"), (SECOND, "h0_forward, U_b, W_b, b_b)")
    ),
    known.FIRST_STATE_FORGOTTEN(
        (FIRST, "0 * h0_forward, U_f, W_f, b_f)"), (SECOND, "0 * h0_backward, U_b, W_b, b_b)")
    ),
    Mistake(
        "the gradients of the two initial states are swapped",
        "Which of the two networks starts from h0_forward?",
        (("return dx, dh0_f, dh0_b", "return dx, dh0_b, dh0_f"),),
    ),
    Mistake(
        "both networks have the first one's parameters",
        "Which of the arguments did you not use?",
        ((SECOND, "h0_backward, U_f, W_f, b_f)"),),
    ),
)
mistakes = (
    *between_the_two,
    known.CARRY_LOST(("dh[t] + carry", "dh[t]")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.CARRY_PILES_UP(("carry = da @ W", "carry = carry + da @ W")),
    known.TRUNCATED_AT_ONE_STEP(("da @ W", "dh[t] * (1 - h**2) @ W")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    slopes.LEFT_OUT(("dh_t * (1 - h**2)", "dh_t")),
    slopes.TWICE(("(1 - h**2)", "(1 - h**2) ** 2")),
    slopes.OF_H(("h**2", "np.tanh(h) ** 2")),
    slopes.OF_SIGMOID(("(1 - h**2)", "h * (1 - h)")),
    slopes.OF_OTHER_STEP(("(1 - h**2)", "(1 - h_prev**2)")),
    known.UPSTREAM_LEFT_OUT(("dh_t * (1 - h**2)", "1 - h**2")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h")),
    known.W_GRADIENT_TRANSPOSED(("da.T @ h_prev", "h_prev.T @ da")),
    known.STATE_GRADIENT_ZERO(("return dx, carry", "return dx, np.zeros_like(h0)")),
    known.H_GRADIENT_SET_TO_UPSTREAM(("return dx, carry", "return dx, dh_t")),
    known.OVERWRITTEN(("dU = dU + ", "dU = "), ("dW = dW + ", "dW = "), ("db = db + ", "db = ")),
    known.MEAN_OVER_BATCH(("dU, dW, db\n\n", "dU / len(h0), dW / len(h0), db / len(h0)\n\n")),
    known.MEAN_OVER_TIME(("dU, dW, db\n\n", "dU / len(x), dW / len(x), db / len(x)\n\n")),
    known.BIAS_MEAN(("da.sum(axis=0)", "da.mean(axis=0)")),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()")),
    known.FIRST_STEP_MISSED(("range(len(x))", "range(1, len(x))")),
    known.STEPS_REVERSED(("reversed(range(len(x)))", "range(len(x))")),
)

exercise = Exercise(
    name="bidirectional/bidirectional_backward",
    arguments=("dh", *bidirectional_forward.exercise.arguments),
    parts=(
        Part("dx", "T B D", points=1),
        Part("dh0_forward", "B H", points=1),
        Part("dh0_backward", "B H", points=1),
        Part("dU_f", "H D", points=1),
        Part("dW_f", "H H", points=1),
        Part("db_f", "H", points=1),
        Part("dU_b", "H D", points=1),
        Part("dW_b", "H H", points=1),
        Part("db_b", "H", points=1),
    ),
    sizes=bidirectional_forward.exercise.sizes,
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.BACKWARD,
    builds_on={
        "rnn_forward": rnn_forward.solution,
        "rnn_backward": rnn_backward.solution,
        "bidirectional_forward": bidirectional_forward.solution,
    },
)
