"""Many to one: a sequence is read to its end, and the last state alone is read out.

    h_t = tanh(U x_t + W h_{t-1} + b),   o = V h_T + b_y

The function may call the student's functions of the parts before.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, withheld
from rnnlib.grading.exercises.ps1 import readout, rnn_forward, rnn_step
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int, K: int) -> tuple[Array, ...]:
    """A sequence, a state to start from, and the parameters of step and readout."""
    sequence = rnn_forward.draw(rng, T, B, D, H)
    return *sequence, rng.normal(0, 0.6, (K, H)), rng.normal(0, 0.4, K)


def reference(
    x: Array, h0: Array, U: Array, W: Array, b: Array, V: Array, b_y: Array
) -> tuple[Array, ...]:
    """o, as `rnnlib.forward` and `rnnlib.readout` compute it."""
    h, _ = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x, state0=h0)
    return (rl.readout.forward(rl.readout.ReadoutParams(V, b_y), h[-1]),)


def solution(x: Array, h0: Array, U: Array, W: Array, b: Array, V: Array, b_y: Array) -> Any:
    """As a student could write it."""
    states = []
    h = h0
    for x_t in x:
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        states.append(h)
    return states[-1] @ V.T + b_y


mistakes = (
    known.TANH_LEFT_OUT(("np.tanh", "")),
    known.SIGMOID_FOR_TANH(
        ("np.tanh(x_t @ U.T + h @ W.T + b)", "1 / (1 + np.exp(-(x_t @ U.T + h @ W.T + b)))")
    ),
    known.BIAS_LEFT_OUT((" + b)", ")")),
    known.READOUT_BIAS_LEFT_OUT((" + b_y", "")),
    known.W_TRANSPOSED(("h @ W.T", "h @ W")),
    known.FIRST_STATE_FORGOTTEN(("h = h0", "h = np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("h @ W.T", "h0 @ W.T")),
    known.STATE_LEFT_OUT(("h @ W.T + ", "")),
    known.STEPS_REVERSED(("for x_t in x", "for x_t in x[::-1]")),
    known.SOFTMAX_ADDED(
        (
            "return states[-1] @ V.T + b_y",
            "e = np.exp(states[-1] @ V.T + b_y); return e / e.sum(axis=-1, keepdims=True)",
        )
    ),
    Mistake(
        "the first state is read out",
        "Which state has seen the whole sequence?",
        (("states[-1]", "states[0]"),),
    ),
    Mistake(
        "the last state but one is read out",
        "Which state has seen the whole sequence?",
        (("states[-1]", "([h0] + states)[-2]"),),
    ),
    Mistake(
        "the mean of all states is read out",
        "Many to one: how many of the states is the answer made from?",
        (("states[-1]", "np.mean(states, axis=0)"),),
    ),
    Mistake(
        "the sum of all states is read out",
        "Many to one: how many of the states is the answer made from?",
        (("states[-1]", "np.sum(states, axis=0)"),),
    ),
    Mistake(
        "every state is read out",
        "Many to one: how many answers does a sequence have?",
        (("states[-1]", "np.stack(states)"),),
    ),
)

exercise = Exercise(
    name="ps1/many_to_one",
    arguments=("x", "h0", "U", "W", "b", "V", "b_y"),
    parts=(Part("o", "B K", points=2),),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2, "K": 6},
        {"T": 4, "B": 2, "D": 3, "H": 6, "K": 5},
        {"T": 1, "B": 3, "D": 2, "H": 4, "K": 5},
        {"T": 4, "B": 1, "D": 3, "H": 5, "K": 2},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.FORWARD,
    builds_on={
        "rnn_step": rnn_step.solution,
        "rnn_forward": rnn_forward.solution,
        "readout": readout.solution,
    },
)
