"""One step of the long short-term memory backward: from dL/dh_t and dL/dc_t to its arguments.

    i, f, o = σ(U x + W h_prev + b),   g = tanh(U x + W h_prev + b),   stacked as i, f, g, o
    c = f ⊙ c_prev + i ⊙ g
    h = o ⊙ tanh(c)

dc is what later steps say of c: what h says of c is added here.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.lstm import LSTMParams, LSTMState
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises import gated_backward as back
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.ps4 import lstm_step


def draw(rng: np.random.Generator, B: int, D: int, H: int) -> tuple[Array, ...]:
    """One step from a random state and memory, and the gradients that reach its results."""
    return rng.normal(size=(B, H)), rng.normal(size=(B, H)), *lstm_step.draw(rng, B, D, H)


def reference(
    dh: Array, dc: Array, x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """dx, dh_prev, dc_prev, dU, dW, db, as `rnnlib.lstm` computes them."""
    p = LSTMParams(U, W, b)
    _, tape = rl.forward(rl.lstm, p, x[None], state0=LSTMState(h_prev, c_prev))
    g = rl.backward(rl.lstm, p, tape, dh[None], LSTMState(np.zeros_like(dc), dc))
    return g.x[0], *g.state0, *g.params


def solution(
    dh: Array, dc: Array, x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    a = x @ U.T + h_prev @ W.T + b
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    g = np.tanh(a_g)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)

    dc_t = dc + dh * o * (1 - tanh_c**2)
    da_i = dc_t * g * i * (1 - i)
    da_f = dc_t * c_prev * f * (1 - f)
    da_g = dc_t * i * (1 - g**2)
    da_o = dh * tanh_c * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)

    dx = da @ U
    dh_prev = da @ W
    dc_prev = dc_t * f
    dU = da.T @ x
    dW = da.T @ h_prev
    db = da.sum(axis=0)
    return dx, dh_prev, dc_prev, dU, dW, db


STACKED = "da_i, da_f, da_g, da_o"

in_the_equations = (
    known.BIAS_LEFT_OUT((" + b\n", "\n")),
    gated.CANDIDATE_TANH_LEFT_OUT(("np.tanh(a_g)", "a_g"), (" * (1 - g**2)", "")),
    gated.CANDIDATE_SIGMOID(("np.tanh(a_g)", "sigmoid(a_g)"), ("(1 - g**2)", "g * (1 - g)")),
    gated.OUTPUT_TANH_LEFT_OUT(("np.tanh(c)", "c"), (" * (1 - tanh_c**2)", "")),
    *(gated.in_order(order, lstm_step.STACK, STACKED) for order in lstm_step.ORDERS),
)
"""Another function, and its right gradient: whoever writes h so, writes dh so."""

from_h_to_c = (
    known.UPSTREAM_LEFT_OUT(("dh * o", "o"), ("dh * tanh_c", "tanh_c")),
    back.PATH_THROUGH_H_LOST((" + dh * o * (1 - tanh_c**2)", "")),
    back.MEMORY_CARRY_LOST(("dc + dh", "dh")),
    back.MEMORY_CARRY_THROUGH_H(("dc + dh * o", "(dc + dh) * o")),
    back.MEMORY_CARRY_THROUGH_TANH(
        ("dc + dh * o * (1 - tanh_c**2)", "(dc + dh * o) * (1 - tanh_c**2)")
    ),
    back.OUTPUT_GATE_LEFT_OUT(("dh * o", "dh")),
    back.OUTPUT_SLOPE_LEFT_OUT((" * (1 - tanh_c**2)", "")),
    back.OUTPUT_SLOPE_TWICE(("(1 - tanh_c**2)", "(1 - tanh_c**2) ** 2")),
    back.OUTPUT_SLOPE_OF_TANH(("tanh_c**2", "np.tanh(tanh_c) ** 2")),
    back.OUTPUT_SLOPE_OF_C(("tanh_c**2", "c**2")),
    back.OUTPUT_SLOPE_OF_H(("tanh_c**2", "(o * tanh_c) ** 2")),
    back.OUTPUT_SLOPE_SQUARE_OUTSIDE(("(1 - tanh_c**2)", "(1 - tanh_c) ** 2")),
    back.OUTPUT_SLOPE_NOT_SQUARED(("tanh_c**2", "tanh_c")),
)
through_the_gates = (
    back.SIGMOID_SLOPE_LEFT_OUT(
        ("g * i * (1 - i)", "g"), (" * f * (1 - f)", ""), (" * o * (1 - o)", "")
    ),
    back.SIGMOID_SLOPE_TWICE(
        ("(1 - i)", "(1 - i) * i * (1 - i)"),
        ("(1 - f)", "(1 - f) * f * (1 - f)"),
        ("(1 - o)", "(1 - o) * o * (1 - o)"),
    ),
    back.SIGMOID_SLOPE_OF_GATE(
        ("i * (1 - i)", "sigmoid(i) * (1 - sigmoid(i))"),
        ("f * (1 - f)", "sigmoid(f) * (1 - sigmoid(f))"),
        ("o * (1 - o)", "sigmoid(o) * (1 - sigmoid(o))"),
    ),
    back.TANH_SLOPE_FOR_SIGMOID(
        ("i * (1 - i)", "(1 - i**2)"), ("f * (1 - f)", "(1 - f**2)"), ("o * (1 - o)", "(1 - o**2)")
    ),
    back.SIGMOID_SLOPE_IS_GATE((" * (1 - i)", ""), (" * (1 - f)", ""), (" * (1 - o)", "")),
    back.INPUT_SLOPE_LEFT_OUT(("g * i * (1 - i)", "g")),
    back.FORGET_SLOPE_LEFT_OUT((" * f * (1 - f)", "")),
    back.READING_SLOPE_LEFT_OUT((" * o * (1 - o)", "")),
    back.CANDIDATE_SLOPE_LEFT_OUT((" * (1 - g**2)", "")),
    back.CANDIDATE_SLOPE_TWICE(("(1 - g**2)", "(1 - g**2) ** 2")),
    back.CANDIDATE_SLOPE_OF_TANH(("g**2", "np.tanh(g) ** 2")),
    back.CANDIDATE_SIGMOID_SLOPE(("(1 - g**2)", "g * (1 - g)")),
    back.CANDIDATE_SLOPE_NOT_SQUARED(("g**2", "g")),
    back.OUTPUT_GATE_OF_C(("dh * tanh_c", "dh * c")),
    back.OUTPUT_GATE_FROM_C(("dh * tanh_c", "dc_t * tanh_c")),
    back.FACTORS_SWAPPED(
        ("dc_t * g * i", "dc_t * c_prev * i"), ("dc_t * c_prev * f", "dc_t * g * f")
    ),
    back.OWN_FACTORS(("dc_t * g * i", "dc_t * i * i"), ("dc_t * i * (1", "dc_t * g * (1")),
    back.CURRENT_MEMORY_FOR_PREVIOUS(("dc_t * c_prev", "dc_t * c")),
    back.INPUT_FACTOR_LEFT_OUT(("dc_t * g", "dc_t")),
    back.FORGET_FACTOR_LEFT_OUT(("dc_t * c_prev", "dc_t")),
    back.OUTPUT_FACTOR_LEFT_OUT(("dh * tanh_c", "dh")),
    back.CANDIDATE_FACTOR_LEFT_OUT(("dc_t * i", "dc_t")),
    *(gated.stacked_in_order(order, STACKED) for order in ("figo", "ifog")),
)
to_the_step_before = (
    gated.W_BLOCKS_TRANSPOSED(("da @ W", "da @ np.vstack([w.T for w in np.split(W, 4)])")),
    back.MEMORY_CARRY_WITHOUT_F(("dc_t * f\n", "dc_t\n")),
    back.MEMORY_CARRY_OF_CARRY(("dc_t * f\n", "dc * f\n")),
    back.MEMORY_CARRY_WITH_I(("dc_t * f\n", "dc_t * i\n")),
    back.MEMORY_FOR_STATE(("da.T @ h_prev", "da.T @ c_prev")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ (o * tanh_c)")),
    known.BIAS_MEAN(("da.sum(axis=0)", "da.mean(axis=0)")),
    known.BIAS_OVER_EVERYTHING(("da.sum(axis=0)", "da.sum()")),
)
mistakes = (*in_the_equations, *from_h_to_c, *through_the_gates, *to_the_step_before)

exercise = Exercise(
    name="ps4/lstm_step_backward",
    arguments=("dh", "dc", "x", "h_prev", "c_prev", "U", "W", "b"),
    parts=(
        Part("dx", "B D", points=1),
        Part("dh_prev", "B H", points=1),
        Part("dc_prev", "B H", points=1),
        Part("dU", "4H D", points=1),
        Part("dW", "4H H", points=1),
        Part("db", "4H", points=1),
    ),
    sizes=lstm_step.exercise.sizes,
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=(
        *mistakes,
        back.MEMORY_GRADIENT_SET_TO_UPSTREAM(("dc_t * f\n", "dc\n")),
        known.H_GRADIENT_SET_TO_UPSTREAM(("da @ W", "dh")),
        known.MEAN_OVER_BATCH(("dU, dW, db\n", "dU / len(x), dW / len(x), db / len(x)\n")),
        known.BIAS_FROM_ROWS(("da.sum(axis=0)", "dW.sum(axis=1)")),
        known.BIAS_NOT_SUMMED(("da.sum(axis=0)", "da")),
        known.U_GRADIENT_TRANSPOSED(("da.T @ x", "x.T @ da")),
    ),
    withholds=withheld.GATED_BACKWARD,
)
