"""Backpropagation through time in the gated recurrent unit, from dL/dh_t at every step.

    r, z = σ(U x_t + W h_{t-1} + b),   n = tanh(U x_t + b + r ⊙ (W h_{t-1} + b_n))
    h_t  = (1 - z) ⊙ n + z ⊙ h_{t-1}                                     stacked as r, z, n

The function may call the student's step and sequence forward, and the step backward, whose mistakes
are charged there.
"""

import numpy as np

import rnnlib as rl
from rnnlib.cells.gru import GRUParams
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import gated, known, withheld
from rnnlib.grading.exercises.gated import sigmoid
from rnnlib.grading.exercises.gru import gru_forward, gru_step, gru_step_backward


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Array, ...]:
    """A sequence, where it starts, and a random direct gradient at every step."""
    return rng.normal(size=(T, B, H)), *gru_forward.draw(rng, T, B, D, H)


def reference(
    dh: Array, x: Array, h0: Array, U: Array, W: Array, b: Array, b_n: Array
) -> tuple[Array, ...]:
    """dx, dh0, dU, dW, db, db_n, as `rnnlib.backward` computes them."""
    p = GRUParams(U, W, b, b_n)
    _, tape = rl.forward(rl.gru, p, x, state0=h0)
    g = rl.backward(rl.gru, p, tape, dh)
    return g.x, g.state0, *g.params


def solution(
    dh: Array, x: Array, h0: Array, U: Array, W: Array, b: Array, b_n: Array
) -> tuple[Array, ...]:
    """As a student could write it."""
    T = len(x)
    kept = []
    h_prev = h0
    for t in range(T):
        x_r, x_z, x_n = np.split(x[t] @ U.T + b, 3, axis=1)
        h_r, h_z, h_n = np.split(h_prev @ W.T, 3, axis=1)
        r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
        m = h_n + b_n
        n = np.tanh(x_n + r * m)
        kept.append((h_prev, r, z, h_n, m, n))
        h_prev = (1 - z) * n + z * h_prev

    dx = np.zeros_like(x)
    dU, dW, db, db_n = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b), np.zeros_like(b_n)
    dh_later = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev, r, z, h_n, m, n = kept[t]
        dh_t = dh[t] + dh_later
        da_z = dh_t * (h_prev - n) * z * (1 - z)
        da_n = dh_t * (1 - z) * (1 - n**2)
        da_r = da_n * m * r * (1 - r)
        dm_n = da_n * r
        da = np.concatenate([da_r, da_z, da_n], axis=1)
        dm = np.concatenate([da_r, da_z, dm_n], axis=1)

        dx[t] = da @ U
        dh_later = dh_t * z + dm @ W
        dU = dU + da.T @ x[t]
        dW = dW + dm.T @ h_prev
        db = db + da.sum(axis=0)
        db_n = db_n + dm_n.sum(axis=0)
    dh0 = dh_later
    return dx, dh0, dU, dW, db, db_n


DIRECT = (
    "dh[t] * z + np.concatenate([dh[t] * (1 - z) * (1 - n**2) * m * r * (1 - r), "
    "dh[t] * (h_prev - n) * z * (1 - z), dh[t] * (1 - z) * (1 - n**2) * r], axis=1) @ W"
)
"""What this step's direct part alone says of the step before."""

over_time = (
    gru_step.Z_SWAPPED(
        ("(1 - z) * n + z * h_prev", "z * n + (1 - z) * h_prev"),
        ("(h_prev - n)", "(n - h_prev)"),
        ("dh_t * (1 - z)", "dh_t * z"),
        ("dh_t * z +", "dh_t * (1 - z) +"),
    ),
    known.CARRY_LOST(("dh[t] + dh_later", "dh[t]")),
    known.CARRY_PILES_UP(("dh_later = dh_t * z", "dh_later = dh_later + dh_t * z")),
    known.TRUNCATED_AT_ONE_STEP(("dh_later = dh_t * z + dm @ W", f"dh_later = {DIRECT}")),
    known.DIRECT_PART_LOST(("dh[t] + dh_later", "dh[t] if t == T - 1 else dh_later")),
    known.FIRST_STATE_FORGOTTEN(("h_prev = h0", "h_prev = np.zeros_like(h0)")),
    known.FIRST_STATE_EVERYWHERE(("kept.append((h_prev,", "kept.append((h0,")),
    known.STATE_GRADIENT_ZERO(("dh0 = dh_later", "dh0 = np.zeros_like(h0)")),
    known.H_GRADIENT_SET_TO_UPSTREAM(("dh0 = dh_later", "dh0 = dh_t")),
    known.OVERWRITTEN(
        ("dU = dU + ", "dU = "),
        ("dW = dW + ", "dW = "),
        ("db = db + ", "db = "),
        ("db_n = db_n + ", "db_n = "),
    ),
    known.MEAN_OVER_BATCH(("dU, dW, db, db_n\n", "*(d / len(h0) for d in (dU, dW, db, db_n))\n")),
    known.MEAN_OVER_TIME(("dU, dW, db, db_n\n", "*(d / T for d in (dU, dW, db, db_n))\n")),
    known.FIRST_STEP_MISSED(("reversed(range(T))", "reversed(range(1, T))")),
    known.STEPS_REVERSED(("reversed(range(T))", "range(T)")),
    known.LAST_STEP_ONLY(("reversed(range(T))", "[T - 1]")),
)

exercise = Exercise(
    name="gru/gru_backward",
    arguments=("dh", "x", "h0", "U", "W", "b", "b_n"),
    parts=(
        Part("dx", "T B D", points=1),
        Part("dh0", "B H", points=1),
        Part("dU", "3H D", points=1),
        Part("dW", "3H H", points=1),
        Part("db", "3H", points=1),
        Part("db_n", "H", points=1),
    ),
    sizes=gru_forward.exercise.sizes,
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=(
        *gated.renamed(gru_step_backward.mistakes, dh="dh_t", x="x[t]"),
        *over_time,
    ),
    withholds=withheld.GATED_BACKWARD,
    builds_on={
        "gru_step": gru_step.solution,
        "gru_forward": gru_forward.solution,
        "gru_step_backward": gru_step_backward.solution,
    },
)
