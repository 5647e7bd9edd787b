"""The bias of the LSTM's forget gate at the start: how much memory to learn with.

Taught in lecture 6. Source: Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of
Recurrent Network Architectures", ICML 2015, §5.

With bias b the gate starts near σ(b): of a memory that is 50 steps old, σ(b)⁵⁰ is left. That is
10⁻⁴⁶ at b = -2, 10⁻¹⁵ at 0, 10⁻⁷ at 1, and a tenth at 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array
from rnnlib.experiments.adding import task
from rnnlib.experiments.training import Curve, learning_curve, random_network
from rnnlib.optim import Adam


class Result(NamedTuple):
    """How long learning took, for every bias and seed."""

    biases: Array
    """b, (N,)."""
    iterations: Array
    """How many it took to reach the target, (N, seeds); infinity where it was not reached."""
    curves: list[list[Curve]]
    """The error against the iterations, one for each bias and seed."""


def forget_bias(
    *,
    biases: Sequence[float] = (-2.0, 0.0, 1.0, 3.0),
    steps: int = 50,
    hidden: int = 32,
    iterations: int = 1500,
    every: int = 50,
    target: float = 0.01,
    seeds: int = 3,
) -> Result:
    """Train an LSTM on the adding problem from several biases of its forget gate.

    About 35 seconds.

    Args:
        biases: What is added to the forget gate's bias, see `rnnlib.lstm.init`.
        steps: The length T of the sequences.
        hidden: H.
        iterations: How many at most, of 32 sequences each, with Adam at the rate 0.01.
        every: How many pass between two measurements: how finely the result is known.
        target: The mean squared error to reach.
        seeds: How often to repeat it, with other starting values and other sequences.
    """
    curves: list[list[Curve]] = []
    for bias in biases:
        curves.append([])
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            network = random_network(rng, rl.lstm, task(steps), hidden=hidden, forget_bias=bias)
            curve = learning_curve(
                rl.lstm,
                network,
                task(steps),
                Adam(0.01),
                rng=rng,
                iterations=iterations,
                every=every,
                target=target,
            )
            curves[-1].append(curve)
    taken = [[c.iterations[-1] if c.error[-1] < target else np.inf for c in row] for row in curves]
    return Result(np.array(biases), np.array(taken), curves)
