"""Adding two numbers a hundred steps apart: the plain cell, the GRU and the LSTM.

Taught in lectures 6 and 7. Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural
Computation 9 (1997), Experiment 4; the task is `rnnlib.tasks.adding`.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import losses, tasks
from rnnlib.backend import Array
from rnnlib.cells import Cell
from rnnlib.experiments.training import Curve, Task, learning_curve, random_network
from rnnlib.optim import Adam

CELLS: dict[str, Cell] = {"elman": rl.elman, "gru": rl.gru, "lstm": rl.lstm}
LEARNT = 0.005
"""The mean squared error at which a network has learnt to add, and training stops."""


def adding(
    *, steps: int = 100, hidden: int = 32, iterations: int = 1000, every: int = 50, seeds: int = 3
) -> dict[str, list[Curve]]:
    """Train each kind of cell on the adding problem.

    About 35 seconds. Whether and when the LSTM finds the solution depends on the seed, which is why
    there are several; 2000 iterations give it more time.

    Args:
        steps: The length T of the sequences.
        hidden: H, the same for all; the parameters are in the ratio 1 : 3 : 4.
        iterations: How many at most, of 32 sequences each, with Adam at the rate 0.01.
        every: How many pass between two measurements.
        seeds: How often to repeat it, with other starting values and other sequences.

    Returns:
        For "elman", "gru" and "lstm" a curve of the mean squared error for each seed. Always
        saying 1 has the error 1/6, `rnnlib.tasks.adding.BASELINE`.
    """
    curves: dict[str, list[Curve]] = {name: [] for name in CELLS}
    for name, cell in CELLS.items():
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            network = random_network(rng, cell, task(steps), hidden=hidden)
            curve = learning_curve(
                cell,
                network,
                task(steps),
                Adam(0.01),
                rng=rng,
                iterations=iterations,
                every=every,
                target=LEARNT,
            )
            curves[name].append(curve)
    return curves


def task(steps: int) -> Task:
    """The adding problem; its error is the mean squared error."""
    return Task(
        inputs=2,
        outputs=1,
        sample=lambda rng, B: tasks.adding.sample(rng, steps=steps, sequences=B),
        loss=losses.squared_error,
        loss_backward=losses.squared_error_backward,
        error=mean_squared_error,
    )


def mean_squared_error(o: Array, y: Array) -> float:
    """The mean of (o - y)² over the sequences."""
    return float(((o - y) ** 2).mean())
