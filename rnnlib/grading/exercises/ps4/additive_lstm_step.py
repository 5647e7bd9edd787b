"""One step of the additive LSTM, the long short-term memory without its two tanh.

    i, f, o = σ(U x + W h_prev + b),   g = U x + W h_prev + b,   stacked as i, f, g, o
    c = f ⊙ c_prev + i ⊙ g
    h = o ⊙ c

What is wrong in the memory c alone is charged there, and not in the h that is read of it.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.lstm import LSTMParams, LSTMState
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, withheld
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.ps4 import lstm_step
from rnnlib.grading.mistake import Mistake


def reference(
    x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """h, c, as `rnnlib.additive_lstm` computes them."""
    return rl.additive_lstm.step(LSTMParams(U, W, b), x, LSTMState(h_prev, c_prev))


def solution(
    x: Array, h_prev: Array, c_prev: Array, U: Array, W: Array, b: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    a = x @ U.T + h_prev @ W.T + b
    a_i, a_f, g, a_o = np.split(a, 4, axis=1)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * c
    return h, c


mistakes = (
    *gated.renamed(lstm_step.in_the_gates, a_g="g"),
    *lstm_step.in_the_memory,
    Mistake(
        "the candidate has a tanh, which this cell leaves out",
        "Which of the five equations of this cell hold a nonlinearity, and which one?",
        (("i * g", "i * np.tanh(g)"),),
        charged_to=("c",),
    ),
    Mistake(
        "the candidate has a sigmoid, which this cell leaves out",
        "Which of the five equations of this cell hold a nonlinearity, and which one?",
        (("i * g", "i * sigmoid(g)"),),
        charged_to=("c",),
    ),
    Mistake(
        "the state is read of tanh(c), which this cell leaves out",
        "Which of the five equations of this cell hold a nonlinearity, and which one?",
        (("o * c\n", "o * np.tanh(c)\n"),),
        charged_to=("h",),
    ),
    gated.OUTPUT_GATE_LEFT_OUT(("o * c\n", "c\n"), charged_to=("h",)),
    gated.OUTPUT_OF_OLD_MEMORY(("o * c\n", "o * c_prev\n"), charged_to=("h",)),
    lstm_step.swapped,
)

exercise = Exercise(
    name="ps4/additive_lstm_step",
    arguments=("x", "h_prev", "c_prev", "U", "W", "b"),
    parts=(Part("h", "B H", points=1), Part("c", "B H", points=1)),
    sizes=lstm_step.exercise.sizes,
    draw=lstm_step.draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.GATED_FORWARD,
)
