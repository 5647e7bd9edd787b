"""Backpropagation through time in the long short-term memory, from dL/dh_t at every step.

    i, f, o = σ(U x_t + W h_{t-1} + b),   g = tanh(U x_t + W h_{t-1} + b),   stacked as i, f, g, o
    c_t = f ⊙ c_{t-1} + i ⊙ g
    h_t = o ⊙ tanh(c_t)

The loss reads the states only: nothing reaches the last memory from outside. The function may call
the student's step and sequence forward, and the step backward, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.lstm import LSTMParams, LSTMState
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises import gated_backward as back
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.ps4 import lstm_forward, lstm_step, lstm_step_backward
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence, where it starts, and a random direct gradient at every step."""
    return rng.normal(size=(T, B, H)), *lstm_forward.draw(rng, T, B, D, H)


def reference(
    dh: Array, x: Array, h0: Array, c0: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """dx, dh0, dc0, dU, dW, db, as `rnnlib.backward` computes them."""
    p = LSTMParams(U, W, b)
    _, tape = rl.forward(rl.lstm, p, x, state0=LSTMState(h0, c0))
    g = rl.backward(rl.lstm, p, tape, dh)
    return g.x, *g.state0, *g.params


def solution(
    dh: Array, x: Array, h0: Array, c0: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    T = len(x)
    kept = []
    h_prev, c_prev = h0, c0
    for t in range(T):
        a = x[t] @ U.T + h_prev @ W.T + b
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
        g = np.tanh(a_g)
        c = f * c_prev + i * g
        tanh_c = np.tanh(c)
        kept.append((h_prev, c_prev, i, f, g, o, c, tanh_c))
        h_prev, c_prev = o * tanh_c, c

    dx = np.zeros_like(x)
    dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
    dh_later, dc_later = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(T)):
        h_prev, c_prev, i, f, g, o, c, tanh_c = kept[t]
        dh_t = dh[t] + dh_later
        dc_t = dc_later + dh_t * o * (1 - tanh_c**2)
        da_i = dc_t * g * i * (1 - i)
        da_f = dc_t * c_prev * f * (1 - f)
        da_g = dc_t * i * (1 - g**2)
        da_o = dh_t * tanh_c * o * (1 - o)
        da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)

        dx[t] = da @ U
        dh_later = da @ W
        dc_later = dc_t * f
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ h_prev
        db = db + da.sum(axis=0)
    dh0, dc0 = dh_later, dc_later
    return dx, dh0, dc0, dU, dW, db


START = "h_prev, c_prev = h0, c0"
KEEP = "kept.append((h_prev, c_prev,"
DIRECT = (
    "np.concatenate([dc_t * g * i * (1 - i), dc_t * c_prev * f * (1 - f), "
    "dc_t * i * (1 - g**2), dh[t] * tanh_c * o * (1 - o)], axis=1)"
)
"""da, as far as the loss at this step goes."""

UNPACK = "h_prev, c_prev, i, f, g, o, c, tanh_c = kept[t]\n"
AGAIN = """
        a_i, a_f, a_g, a_o = np.split(x[t] @ U.T + h_prev @ W.T + b, 4, axis=1)
        i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
        c = f * c_prev + i * g
        tanh_c = np.tanh(c)
"""
"""A step gone through once more, on the way back, from whatever stands before it."""


def from_wrong(h: str, c: str) -> tuple[str, str]:
    """On the way back, a step is taken to begin at another state and memory."""
    return UNPACK, f"{UNPACK}        h_prev, c_prev = {h}, {c}{AGAIN}"


on_the_way_back = (
    known.FIRST_STATE_FROM_THE_END(
        from_wrong("h_prev if t else kept[-1][5] * kept[-1][7]", "c_prev if t else kept[-1][6]")
    ),
    Mistake(
        "on the way back a step is taken to begin at h_t and c_t, not at h_{t-1} and c_{t-1}",
        "What did step t read when you went forward, and what did it make?",
        (from_wrong("o * tanh_c", "c"),),
    ),
    Mistake(
        "on the way back the last state stands where h0 belongs",
        "In Python, which state is h[t - 1] at t = 0?",
        (from_wrong("h_prev if t else kept[-1][5] * kept[-1][7]", "c_prev"),),
    ),
    Mistake(
        "on the way back the last memory stands where c0 belongs",
        "In Python, which memory is c[t - 1] at t = 0?",
        (from_wrong("h_prev", "c_prev if t else kept[-1][6]"),),
    ),
    Mistake(
        "on the way back a step is taken to begin at h_t, not at h_{t-1}",
        "What did step t read when you went forward, and what did it make?",
        (from_wrong("o * tanh_c", "c_prev"),),
    ),
    Mistake(
        "on the way back a step is taken to begin at c_t, not at c_{t-1}",
        "What did step t read when you went forward, and what did it make?",
        (from_wrong("h_prev", "c"),),
    ),
    known.BACK_FROM_ZEROS(from_wrong("h_prev if t else 0 * h_prev", "c_prev")),
    Mistake(
        "on the way back the first step is taken to begin with an empty memory, not with c0",
        "Which memory did the first step start from when you went forward?",
        (from_wrong("h_prev", "c_prev if t else 0 * c_prev"),),
    ),
    Mistake(
        "on the way back the first step is taken to begin at zeros, not at h0 and c0",
        "What did the first step start from when you went forward?",
        (from_wrong("h_prev if t else 0 * h_prev", "c_prev if t else 0 * c_prev"),),
    ),
    Mistake(
        "the carries of state and memory are in each other's place",
        "Two gradients come back from a step. Which is that of the state, which of the memory?",
        (("dh[t] + dh_later", "dh[t] + dc_later"), ("dc_later + dh_t", "dh_later + dh_t")),
    ),
    Mistake(
        "the direct gradient of the state is added to that of the memory too",
        "What does the loss read directly, the state or the memory?",
        (("dc_later + dh_t", "dc_later + dh[t] + dh_t"),),
    ),
)

over_time = (
    known.CARRY_LOST(("dh[t] + dh_later", "dh[t]")),
    back.BOTH_CARRIES_LOST(("dh[t] + dh_later", "dh[t]"), ("dc_later + dh_t", "dh_t")),
    known.CARRY_PILES_UP(("dh_later = da @ W", "dh_later = dh_later + da @ W")),
    back.MEMORY_CARRY_PILES_UP(("dc_later = dc_t", "dc_later = dc_later + dc_t")),
    known.TRUNCATED_AT_ONE_STEP(
        (
            "dh_later = da @ W",
            f"dc_t = dh[t] * o * (1 - tanh_c**2)\n        dh_later = {DIRECT} @ W",
        ),
    ),
    known.DIRECT_PART_LOST(("dh[t] + dh_later", "dh[t] if t == T - 1 else dh_later")),
    known.FIRST_STATE_FORGOTTEN((START, "h_prev, c_prev = np.zeros_like(h0), c0")),
    gated.FIRST_MEMORY_FORGOTTEN((START, "h_prev, c_prev = h0, np.zeros_like(c0)")),
    gated.FIRST_MEMORY_IS_STATE((START, "h_prev, c_prev = h0, h0")),
    gated.BOTH_FORGOTTEN((START, "h_prev, c_prev = np.zeros_like(h0), np.zeros_like(c0)")),
    gated.BOTH_EVERYWHERE((KEEP, "kept.append((h0, c0,")),
    known.FIRST_STATE_EVERYWHERE((KEEP, "kept.append((h0, c_prev,")),
    gated.FIRST_MEMORY_EVERYWHERE((KEEP, "kept.append((h_prev, c0,")),
    known.STATE_GRADIENT_ZERO(("dh0, dc0 = dh_later,", "dh0, dc0 = np.zeros_like(h0),")),
    back.MEMORY_GRADIENT_ZERO(
        ("dh_later, dc_later\n    return", "dh_later, 0 * dc_later\n    return")
    ),
    known.H_GRADIENT_SET_TO_UPSTREAM(("dh0, dc0 = dh_later", "dh0, dc0 = dh_t")),
    known.OVERWRITTEN(("dU = dU + ", "dU = "), ("dW = dW + ", "dW = "), ("db = db + ", "db = ")),
    known.MEAN_OVER_BATCH(("dU, dW, db\n", "dU / len(h0), dW / len(h0), db / len(h0)\n")),
    known.MEAN_OVER_TIME(("dU, dW, db\n", "dU / T, dW / T, db / T\n")),
    known.BIAS_FROM_ROWS(("db = db + da.sum(axis=0)", "db = dW.sum(axis=1)")),
    known.FIRST_STEP_MISSED(("reversed(range(T))", "reversed(range(1, T))")),
    known.STEPS_REVERSED(("reversed(range(T))", "range(T)")),
    known.LAST_STEP_ONLY(("reversed(range(T))", "[T - 1]")),
    known.CARRY_COUNTED_TWICE(
        ("dh_later, dc_later = np.zeros_like(h0),", "dh_later, dc_later = dh[-1],")
    ),
    Mistake(
        "the gradient of the initial memory is that of the initial state",
        "The first step takes a state and a memory. Are their gradients one and the same array?",
        (("dh0, dc0 = dh_later, dc_later", "dh0, dc0 = dh_later, dh_later"),),
    ),
    Mistake(
        "the gradient of x is that of the last step that was gone through, at every step",
        "Every step has an input of its own. Where do you keep its gradient?",
        (("dx[t] = ", "dx[:] = "),),
    ),
)

exercise = Exercise(
    name="ps4/lstm_backward",
    arguments=("dh", "x", "h0", "c0", "U", "W", "b"),
    parts=(
        Part("dx", "T B D", points=2),
        Part("dh0", "B H", points=2),
        Part("dc0", "B H", points=2),
        Part("dU", "4H D", points=2),
        Part("dW", "4H H", points=2),
        Part("db", "4H", points=2),
    ),
    sizes=lstm_forward.exercise.sizes,
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=(
        *gated.renamed(
            lstm_step_backward.mistakes,
            **{"dh": "dh_t", "dc": "dc_later", "x": "x[t]"},
        ),
        *over_time,
        *on_the_way_back,
    ),
    withholds=withheld.GATED_BACKWARD,
    builds_on={
        "lstm_step": lstm_step.solution,
        "lstm_forward": lstm_forward.solution,
        "lstm_step_backward": lstm_step_backward.solution,
    },
)
