"""What the experiments on learning share: a cell with a readout at the last step, and its curve.

Everything is in float32, on NumPy: half the time of float64, and the experiments depend on their
seeds far more than on the seventh digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array
from rnnlib.cells import Cell
from rnnlib.optim import Optimizer
from rnnlib.tasks import Batch


class Network(NamedTuple):
    """A cell's parameters and those of the readout of its last state."""

    cell: Any
    readout: rl.readout.ReadoutParams


class Task(NamedTuple):
    """What there is to learn: one answer to a whole sequence."""

    inputs: int
    """The size D of an input."""
    outputs: int
    """The size K of an output."""
    sample: Callable[[np.random.Generator, int], Batch]
    """From a generator and a number of sequences to x (T, B, D) and y."""
    loss: Callable[[Array, Array], Array]
    """L from the outputs (B, K) and y."""
    loss_backward: Callable[[Array, Array], Array]
    """∂L/∂o, (B, K)."""
    error: Callable[[Array, Array], float]
    """What is plotted, such as the share of wrong answers."""


class Curve(NamedTuple):
    """How an error falls while a network learns."""

    iterations: Array
    """After how many iterations the error was measured, (M,); the first is 0."""
    error: Array
    """The error on sequences that training does not see, (M,)."""


def random_network(
    rng: np.random.Generator, cell: Any, task: Task, *, hidden: int, **options: Any
) -> Network:
    """Starting values for a task; `options` go to the cell's `init`, such as `forget_bias`."""
    return Network(
        cell.init(rng, inputs=task.inputs, hidden=hidden, **options),
        rl.readout.init(rng, hidden=hidden, outputs=task.outputs),
    )


def loss_and_gradients(cell: Cell, task: Task) -> Callable[[Network, Batch], tuple[Array, Network]]:
    """What `rnnlib.train.train` asks for: the loss of a batch and the gradients of a network.

    o = V h_T + b_y,   L = loss(o, y)
    """

    def run(network: Network, batch: Batch) -> tuple[Array, Network]:
        h, tape = rl.forward(cell, network.cell, batch.x)
        o = rl.readout.forward(network.readout, h[-1])

        do = task.loss_backward(o, batch.y)
        dreadout, dh_last = rl.readout.backward(network.readout, h[-1], do)
        dh = np.zeros_like(h)
        dh[-1] = dh_last
        dcell = rl.backward(cell, network.cell, tape, dh).params
        return task.loss(o, batch.y), Network(dcell, dreadout)

    return run


def learning_curve(
    cell: Cell,
    network: Network,
    task: Task,
    optimizer: Optimizer,
    *,
    rng: np.random.Generator,
    iterations: int,
    every: int = 100,
    sequences: int = 32,
    target: float = 0.0,
    clip: float | None = 1.0,
) -> Curve:
    """Train a network, and measure now and then how well it does.

    Args:
        cell: The cell.
        network: Where to start.
        task: What to learn.
        optimizer: Such as `rnnlib.optim.Adam(1e-3)`.
        rng: What the batches are drawn from, and 500 further sequences to measure on.
        iterations: How many at most.
        every: How many pass between two measurements.
        sequences: The size of a batch.
        target: Stop when the error is below it.
        clip: The largest norm of the gradient; None for any.
    """
    test = single(task.sample(rng, 500))

    def error(network: Network) -> float:
        h, _ = rl.forward(cell, network.cell, test.x)
        return task.error(rl.readout.forward(network.readout, h[-1]), test.y)

    start = single(network)
    measured, trained = {0: error(start)}, None
    while max(measured) < iterations and measured[max(measured)] >= target:
        reached = min(max(measured) + every, iterations)
        trained = rl.train.train(
            start,
            loss_and_gradients(cell, task),
            lambda rng: single(task.sample(rng, sequences)),
            optimizer,
            rng=rng,
            iterations=reached,
            clip=clip,
            progress=False,
            resume=trained,
        )
        measured[reached] = error(trained.params)
    return Curve(np.array(list(measured)), np.array(list(measured.values())))


def single(tree: Any) -> Any:
    """The same numbers in float32."""
    return rl.to(tree, "numpy", dtype="float32")
