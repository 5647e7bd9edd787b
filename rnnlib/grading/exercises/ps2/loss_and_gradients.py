"""The loss of a network with a readout at every step, and the gradients of all its parameters.

    h_t = tanh(U x_t + W h_{t-1} + b),   o_t = V h_t + b_y,   ŷ_t = softmax(o_t)
    L   = (1/B) Σ_b Σ_t -ln ŷ_{t,b,y}

y holds the right classes as integers. The gradients are those of L: who averages the loss over the
steps and differentiates that loss rightly pays for the loss alone.
"""

from typing import Any

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.exercises.ps2 import readout_backward, rnn_backward, rnn_step_backward
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int, K: int) -> tuple[Any, ...]:
    """A sequence, the right class at every step, and all parameters."""
    _, x, h0, _, U, W, b = rnn_backward.draw(rng, T, B, D, H)
    y = rng.integers(0, K, (T, B))
    return x, y, h0, U, W, rng.normal(0, 0.8, (K, H)), b, rng.normal(0, 0.4, K)


def reference(
    x: Array, y: Array, h0: Array, U: Array, W: Array, V: Array, b: Array, b_y: Array
) -> tuple[Array, ...]:
    """loss, dU, dW, dV, db, db_y, as the rooms of rnnlib compute them one after the other."""
    p, read = rl.ElmanParams(U, W, b), rl.readout.ReadoutParams(V, b_y)
    h, tape = rl.forward(rl.elman, p, x, state0=h0)
    o = rl.readout.forward(read, h)
    loss = rl.losses.cross_entropy(o, y)
    d_read, dh = rl.readout.backward(read, h, rl.losses.cross_entropy_backward(o, y))
    d = rl.backward(rl.elman, p, tape, dh).params
    return loss, d.U, d.W, d_read.V, d.b, d_read.b_y


def solution(
    x: Array, y: Array, h0: Array, U: Array, W: Array, V: Array, b: Array, b_y: Array
) -> tuple[Any, ...]:
    """As a student could write it."""
    T, B = y.shape
    h = np.zeros((T, B, len(b)))
    for t in range(T):
        h[t] = np.tanh(x[t] @ U.T + (h[t - 1] if t > 0 else h0) @ W.T + b)
    e = np.exp(h @ V.T + b_y)
    y_hat = e / e.sum(axis=-1, keepdims=True)
    right = np.eye(len(b_y))[y]
    loss = -np.sum(right * np.log(y_hat)) / B
    do = (y_hat - right) / B
    dU, dW, dV = np.zeros_like(U), np.zeros_like(W), np.zeros_like(V)
    db, db_y = np.zeros_like(b), np.zeros_like(b_y)
    carry = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = h[t - 1] if t > 0 else h0
        dh = do[t] @ V + carry
        da = dh * (1 - h[t] ** 2)
        carry = da @ W
        dU = dU + da.T @ x[t]
        dW = dW + da.T @ h_prev
        db = db + da.sum(axis=0)
        dV = dV + do[t].T @ h[t]
        db_y = db_y + do[t].sum(axis=0)
    return loss, dU, dW, dV, db, db_y


LOSS = "loss = -np.sum(right * np.log(y_hat)) / B"
OUTPUT = "do = (y_hat - right) / B"

mistakes = (
    known.LOSS_MEAN_OVER_TIME(
        (LOSS, LOSS + " / T"), (OUTPUT, OUTPUT + " / T"), charged_to=("loss",)
    ),
    known.SUM_OVER_BATCH(
        (LOSS, LOSS.removesuffix(" / B")),
        (OUTPUT, OUTPUT.removesuffix(" / B")),
        charged_to=("loss",),
    ),
    Mistake(
        "the loss and its gradients are divided by the number of steps instead of sequences",
        "Which axis of the array is the batch?",
        ((LOSS, LOSS[:-1] + "T"), (OUTPUT, OUTPUT[:-1] + "T")),
        charged_to=("loss",),
    ),
    known.LOSS_WRONG_SIGN(("loss = -np", "loss = np")),
    Mistake(
        "the loss is averaged over the steps, and its gradients are not",
        "Move a parameter a little: does the loss move by as much as its gradient says?",
        ((LOSS, LOSS + " / T"),),
        charged_to=("loss",),
    ),
    Mistake(
        "the gradients are not averaged over the batch as the loss is",
        "If every sequence came twice, would the loss change? And your gradients?",
        ((OUTPUT, OUTPUT.removesuffix(" / B")),),
    ),
    Mistake(
        "the gradients are averaged over the steps, and the loss is not",
        "Move a parameter a little: does the loss move by as much as its gradient says?",
        ((OUTPUT, OUTPUT + " / T"),),
    ),
    Mistake(
        "the softmax's gradient is ŷ, without the right class",
        "Where ŷ is exactly right, what should the gradient of the loss be?",
        (("(y_hat - right)", "y_hat"),),
    ),
    Mistake(
        "the gradient of the outputs has the opposite sign",
        "Should the output of the right class be pushed up or down to lower the loss?",
        (("(y_hat - right)", "(right - y_hat)"),),
    ),
    Mistake(
        "the gradient stops at ŷ: the softmax is not differentiated",
        "The loss depends on o through ŷ, and every ŷ_k on all outputs.",
        (("(y_hat - right)", "(-right / y_hat)"),),
    ),
    Mistake(
        "the outputs count at the last step only",
        "At how many steps is there a right class?",
        ((OUTPUT, OUTPUT + " * (np.arange(T) == T - 1)[:, None, None]"),),
    ),
    known.BIAS_LEFT_OUT((" + b)\n", ")\n")),
    Mistake(
        "on the way forward W and its transpose are mixed up",
        "W is square, so no shape complains. Which index of W is summed over?",
        (("@ W.T", "@ W"),),
    ),
    known.BACK_FROM_ZEROS(
        ("h_prev = h[t - 1] if t > 0 else h0", "h_prev = h[t - 1] if t > 0 else 0 * h0")
    ),
    known.BASE_2(("np.log(", "np.log2(")),
    known.CLASSES_FROM_1(("[y]", "[y - 1]")),
    slopes.LEFT_OUT(("dh * (1 - h[t] ** 2)", "dh")),
    slopes.TWICE(("(1 - h[t] ** 2)", "(1 - h[t] ** 2) ** 2")),
    slopes.OF_H(("h[t] ** 2", "np.tanh(h[t]) ** 2")),
    slopes.OF_A(("h[t] ** 2", "np.arctanh(h[t]) ** 2")),
    known.CARRY_LOST(("do[t] @ V + carry", "do[t] @ V")),
    known.CARRY_BEYOND_TANH(
        ("do[t] @ V + carry", "do[t] @ V"),
        ("dh * (1 - h[t] ** 2)", "dh * (1 - h[t] ** 2) + carry"),
    ),
    known.CARRY_WITHOUT_TANH(("da @ W", "dh @ W")),
    known.CARRY_WITHOUT_W(("da @ W", "da")),
    known.CARRY_PILES_UP(("carry = da @ W", "carry = carry + da @ W")),
    known.TRUNCATED_AT_ONE_STEP(("da @ W", "do[t] @ V * (1 - h[t] ** 2) @ W")),
    known.W_TRANSPOSED(("da @ W", "da @ W.T")),
    known.CURRENT_STATE_FOR_PREVIOUS(("da.T @ h_prev", "da.T @ h[t]")),
    known.W_GRADIENT_TRANSPOSED(("da.T @ h_prev", "h_prev.T @ da")),
    known.OVERWRITTEN(
        ("dU = dU + ", "dU = "),
        ("dW = dW + ", "dW = "),
        ("db = db + ", "db = "),
        ("dV = dV + ", "dV = "),
        ("db_y = db_y + ", "db_y = "),
    ),
    known.BIAS_OVER_EVERYTHING(
        ("da.sum(axis=0)", "da.sum()"), ("do[t].sum(axis=0)", "do[t].sum()")
    ),
    known.FIRST_STATE_FORGOTTEN(
        ("(h[t - 1] if t > 0 else h0) @", "(h[t - 1] if t > 0 else 0 * h0) @"),
        ("h_prev = h[t - 1] if t > 0 else h0", "h_prev = h[t - 1] if t > 0 else 0 * h0"),
    ),
    known.SOFTMAX_OVER_EVERYTHING(("e.sum(axis=-1, keepdims=True)", "e.sum()")),
    known.SOFTMAX_OVER_STEPS(("e.sum(axis=-1,", "e.sum(axis=0,")),
    known.SOFTMAX_OVER_BATCH(("e.sum(axis=-1,", "e.sum(axis=1,")),
    known.READOUT_BIAS_LEFT_OUT(("h @ V.T + b_y", "h @ V.T")),
    Mistake(
        "the weights of the readout see the state before",
        "Which state was it that V multiplied to make o_t?",
        (("do[t].T @ h[t]", "do[t].T @ h_prev"),),
    ),
)

exercise = Exercise(
    name="ps2/loss_and_gradients",
    arguments=("x", "y", "h0", "U", "W", "V", "b", "b_y"),
    parts=(
        Part("loss", "", points=1),
        Part("dU", "H D", points=1),
        Part("dW", "H H", points=1),
        Part("dV", "K H", points=1),
        Part("db", "H", points=1),
        Part("db_y", "K", points=1),
    ),
    sizes=(
        {"T": 5, "B": 3, "D": 4, "H": 2, "K": 6},
        {"T": 4, "B": 2, "D": 3, "H": 6, "K": 5},
        {"T": 40, "B": 2, "D": 3, "H": 4, "K": 5},
        {"T": 1, "B": 3, "D": 2, "H": 4, "K": 5},
        {"T": 4, "B": 1, "D": 3, "H": 5, "K": 2},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=(*withheld.BACKWARD, "rnnlib.losses.*", "rnnlib.train.*"),
    builds_on={
        "rnn_step_backward": rnn_step_backward.solution,
        "rnn_backward": rnn_backward.solution,
        "readout_backward": readout_backward.solution,
    },
)
