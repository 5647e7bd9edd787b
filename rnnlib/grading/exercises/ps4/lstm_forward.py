"""A whole sequence through the long short-term memory, from the initial state h0 and memory c0.

    i, f, o = σ(U x_t + W h_{t-1} + b),   g = tanh(U x_t + W h_{t-1} + b),   stacked as i, f, g, o
    c_t = f ⊙ c_{t-1} + i ⊙ g
    h_t = o ⊙ tanh(c_t)

The function may call the student's step, whose mistakes are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.lstm import LSTMParams, LSTMState
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.ps4 import lstm_step
from rnnlib.grading.mistake import Mistake

LONG = 30
"""From so many steps on, the memory lasts."""


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence of inputs, and a state and a memory to start from."""
    _, h0, c0, U, W, b = lstm_step.draw(rng, B, D, H)
    if T >= LONG:  # a memory that lasts: forget gates near 1, and small numbers all around
        U, W, b = 0.5 * U, 0.5 * W, b + np.repeat([0.0, 3.0, 0.0, 0.0], H)
    return rng.normal(size=(T, B, D)), h0, c0, U, W, b


def reference(x: Array, h0: Array, c0: Array, U: Array, W: Array, b: Array) -> tuple[Array, ...]:
    """h, c, as `rnnlib.forward` computes them."""
    h, tape = rl.forward(rl.lstm, LSTMParams(U, W, b), x, state0=LSTMState(h0, c0))
    return h, tape.states.c[1:]


def solution(x: Array, h0: Array, c0: Array, U: Array, W: Array, b: Array) -> tuple[Array, ...]:
    """As a student could write it."""
    states, memories = [], []
    h_prev, c_prev = h0, c0
    for x_t in x:
        a = x_t @ U.T + h_prev @ W.T + b
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
        g = np.tanh(a_g)
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        states.append(h)
        memories.append(c)
        h_prev, c_prev = h, c
    return np.stack(states), np.stack(memories)


START = "h_prev, c_prev = h0, c0"
HAND_ON = "h_prev, c_prev = h, c"
RETURN = "return np.stack(states), np.stack(memories)"

mistakes = (
    *gated.renamed(lstm_step.mistakes, x="x_t"),
    gated.RETURNED_SWAPPED((RETURN, "return np.stack(memories), np.stack(states)")),
    known.FIRST_STATE_FORGOTTEN((START, "h_prev, c_prev = np.zeros_like(h0), c0")),
    gated.FIRST_MEMORY_FORGOTTEN((START, "h_prev, c_prev = h0, np.zeros_like(c0)")),
    gated.FIRST_MEMORY_IS_STATE((START, "h_prev, c_prev = h0, h0")),
    gated.BOTH_FORGOTTEN((START, "h_prev, c_prev = np.zeros_like(h0), np.zeros_like(c0)")),
    gated.BOTH_EVERYWHERE((HAND_ON + "\n", "h_prev, c_prev = h0, c0\n")),
    known.FIRST_STATE_EVERYWHERE((HAND_ON + "\n", "c_prev = c\n")),
    gated.FIRST_MEMORY_EVERYWHERE((HAND_ON + "\n", "h_prev = h\n")),
    Mistake(
        "the memory is overwritten with the state before the next step",
        "Two things are handed to the next step. Does each have numbers of its own?",
        ((HAND_ON + "\n", "h_prev, c_prev = h, h\n"),),
    ),
    known.ONE_STEP_LATE(
        ("states, memories = [], []", "states, memories = [h0], [c0]"),
        (RETURN, "return np.stack(states[:-1]), np.stack(memories[:-1])"),
    ),
    known.STEPS_REVERSED(("for x_t in x", "for x_t in x[::-1]")),
    known.LAST_STATE_EVERYWHERE((RETURN, "return np.stack([h] * len(x)), np.stack([c] * len(x))")),
    Mistake(
        "the last step alone is returned",
        "How many states has a sequence, and how many do you return?",
        ((RETURN, "return h, c"),),
    ),
)

exercise = Exercise(
    name="ps4/lstm_forward",
    arguments=("x", "h0", "c0", "U", "W", "b"),
    parts=(Part("h", "T B H", points=1), Part("c", "T B H", points=1)),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 30, "B": 2, "D": 3, "H": 4},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.GATED_FORWARD,
    builds_on={"lstm_step": lstm_step.solution},
)
