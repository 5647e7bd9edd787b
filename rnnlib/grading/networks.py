"""Networks by name, some causal and some not: what an exercise on causality hands out.

Each takes inputs x (T, B, D), weights U (H, D) and how much a unit keeps from step to step,
keep (H,), and gives states h (T, B, H). They are linear, without a recurrent matrix and without
biases, so that they answer no exercise on the equations themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Network = Callable[[Array, Array, Array], Array]


def trace(x: Array, U: Array, keep: Array) -> Array:
    """h_t = keep h_{t-1} + U x_t."""
    h = seen(x, U)
    for t in range(1, len(h)):
        h[t] += keep * h[t - 1]
    return h


def seen(x: Array, U: Array) -> Array:
    """U x_t, every step by itself."""
    if x.ndim != 3 or x.shape[2] != U.shape[1]:
        raise ValueError(
            f"A network reads a whole batch of sequences, (T, B, {U.shape[1]}). It was given an "
            f"array of shape {x.shape}."
        )
    return x @ U.T


def later(h: Array, steps: int) -> Array:
    """h_{t+steps} in the place of h_t, and zeros where there is none; fewer than 0 is earlier."""
    moved = np.zeros_like(h)
    if steps > 0:
        moved[:-steps] = h[steps:]
    else:
        moved[-steps:] = h[:steps]
    return moved


def mean_so_far(x: Array) -> Array:
    """The mean of x_1, …, x_t at every step."""
    return np.array([x[: t + 1].mean(axis=0) for t in range(len(x))]).reshape(x.shape)


def from_the_last(x: Array, U: Array, keep: Array) -> Array:
    """A trace that does not begin with zeros, but with what the last input gives."""
    decay = keep ** np.arange(1, len(x) + 1)[:, None, None]
    return trace(x, U, keep) + decay * seen(x[-1:], U)


def second_step(x: Array, U: Array, keep: Array) -> Array:
    """A trace whose second state has seen the third input already."""
    h = trace(x, U, keep)
    h[1:2] += later(seen(x, U), 1)[1:2]
    return h


def backwards(x: Array, U: Array, keep: Array) -> Array:
    """A trace from the end to the beginning."""
    return trace(x[::-1], U, keep)[::-1].copy()


CAUSAL: Mapping[str, Network] = {
    "answers four steps late": lambda x, U, keep: later(seen(x, U), -4),
    "answers one step late": lambda x, U, keep: later(trace(x, U, keep), -1),
    "keeps a trace of the past": trace,
    "has no memory": lambda x, U, keep: np.tanh(seen(x, U)),
    "repeats the first input": lambda x, U, keep: seen(x[:1], U) + 0 * seen(x, U),
    "subtracts the mean so far": lambda x, U, keep: trace(x - mean_so_far(x), U, keep),
}
"""State t depends on inputs 1 to t, and on nothing later."""

NOT_CAUSAL: Mapping[str, Network] = {
    "reads one step ahead": lambda x, U, keep: later(trace(x, U, keep), 1),
    "reads three steps ahead": lambda x, U, keep: later(seen(x, U), 3),
    "reads backwards": backwards,
    "reads in both directions": lambda x, U, keep: trace(x, U, keep) + backwards(x, U, keep),
    "subtracts the mean of the whole sequence": lambda x, U, keep: trace(x - x.mean(0), U, keep),
    "starts from the last input": from_the_last,
    "looks ahead at its second step only": second_step,
    "repeats the last input": lambda x, U, keep: seen(x[-1:], U) + 0 * seen(x, U),
    "lets a thousandth of the future through": lambda x, U, keep: (
        trace(x, U, keep) + 1e-3 * backwards(x, U, keep)
    ),
}
"""Some state depends on a later input, in a sequence of five steps or more."""

NETWORKS: Mapping[str, Network] = {**CAUSAL, **NOT_CAUSAL}
