"""One to many: one input, and then every output is the next input.

    h_t = tanh(U x_t + W h_{t-1} + b),   o_t = V h_t + b_y,   x_{t+1} = o_t

So an output is as wide as an input, D.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, withheld
from rnnlib.grading.exercises.ps1 import readout, rnn_step
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Any, ...]:
    """One input, a state to start from, the parameters of step and readout, and how many steps."""
    step = rnn_step.draw(rng, B, D, H)
    return *step, rng.normal(0, 0.6, (D, H)), rng.normal(0, 0.4, D), T


def reference(
    x: Array, h0: Array, U: Array, W: Array, b: Array, V: Array, b_y: Array, steps: int
) -> tuple[Array, ...]:
    """o, as `rnnlib.decoding` computes it."""
    read = rl.readout.ReadoutParams(V, b_y)

    def answer(h: Array) -> tuple[Array, Array]:
        o = rl.readout.forward(read, h)
        return o, o

    o, _ = rl.decoding.generate(rl.elman, rl.ElmanParams(U, W, b), answer, x, h0, steps=steps)
    return (o,)


def solution(
    x: Array, h0: Array, U: Array, W: Array, b: Array, V: Array, b_y: Array, steps: int
) -> Array:
    """As a student could write it."""
    outputs = []
    h, x_t = h0, x
    for _t in range(steps):
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        o = h @ V.T + b_y
        outputs.append(o)
        x_t = o
    return np.stack(outputs)


mistakes = (
    known.TANH_LEFT_OUT(("np.tanh", "")),
    known.SIGMOID_FOR_TANH(
        ("np.tanh(x_t @ U.T + h @ W.T + b)", "1 / (1 + np.exp(-(x_t @ U.T + h @ W.T + b)))")
    ),
    known.BIAS_LEFT_OUT((" + b)", ")")),
    known.READOUT_BIAS_LEFT_OUT((" + b_y", "")),
    known.W_TRANSPOSED(("h @ W.T", "h @ W")),
    known.FIRST_STATE_FORGOTTEN(("h, x_t = h0, x", "h, x_t = np.zeros_like(h0), x")),
    known.FIRST_STATE_EVERYWHERE(("h @ W.T", "h0 @ W.T")),
    known.STATE_LEFT_OUT(("h @ W.T + ", "")),
    Mistake(
        "the first input is fed at every step",
        "What does the network read at the second step?",
        (("        x_t = o\n", ""),),
    ),
    Mistake(
        "nothing is fed after the first step",
        "What does the network read at the second step?",
        (("x_t = o", "x_t = 0 * o"),),
    ),
    Mistake(
        "the softmax of the output is fed back",
        "What exactly is the next input here?",
        (("x_t = o", "x_t = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)"),),
    ),
    Mistake(
        "a softmax is applied to what is returned",
        "Is an output a probability?",
        (("outputs.append(o)", "outputs.append(np.exp(o) / np.exp(o).sum(-1, keepdims=True))"),),
    ),
    Mistake(
        "the likeliest class is fed back, one-hot",
        "What exactly is the next input here?",
        (("x_t = o", "x_t = np.eye(o.shape[-1])[o.argmax(axis=-1)]"),),
    ),
    Mistake(
        "the outputs are one step late: the initial state is read out first",
        "Has the first of your outputs seen the input?",
        (("outputs = []", "outputs = [h0 @ V.T + b_y]"), ("(outputs)", "(outputs[:-1])")),
    ),
    Mistake(
        "the state before the step is read out",
        "Has the output of a step seen the input of that step?",
        (("h = np.tanh(", "before, h = h, np.tanh("), ("o = h @ V.T", "o = before @ V.T")),
    ),
    Mistake(
        "every step has the last output",
        "Compare o[0] with o[-1]. Do all entries of your list lead to one and the same array?",
        (("np.stack(outputs)", "np.stack([o] * steps)"),),
    ),
    Mistake(
        "the inputs are returned instead of the outputs",
        "Is the first thing that you return what went in, or what came out?",
        (("outputs.append(o)", "outputs.append(x_t)"),),
    ),
    Mistake(
        "only the last output is returned",
        "One to many: how many answers are asked for?",
        (("np.stack(outputs)", "outputs[-1]"),),
    ),
)

exercise = Exercise(
    name="ps1/one_to_many",
    arguments=("x", "h0", "U", "W", "b", "V", "b_y", "steps"),
    parts=(Part("o", "T B D", points=3),),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2},
        {"T": 4, "B": 2, "D": 3, "H": 6},
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 4, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=(*withheld.FORWARD, "rnnlib.decoding.*"),
    builds_on={"rnn_step": rnn_step.solution, "readout": readout.solution},
)
