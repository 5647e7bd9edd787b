"""Two symbols far apart, and the plain cell: all that it needs is a better start.

Taught in lecture 5. Sources: the task, Hochreiter and Schmidhuber (1997), is
`rnnlib.tasks.temporal_order`; Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
neural networks", ICML 2013, §4.1; orthogonal starts: Saxe, McClelland and Ganguli, ICLR 2014.

Uniform in ±1/√H, W has a spectral radius of about 0.58: of a gradient 25 steps back 10⁻⁶ is left.
An orthogonal W leaves all of it but what the slopes of tanh take.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import init, losses, tasks
from rnnlib.backend import Array
from rnnlib.experiments.training import Curve, Task, learning_curve, random_network
from rnnlib.optim import Adam
from rnnlib.tasks import Batch

LEARNT = 0.01
"""The share of wrong answers at which the task is learnt, and training stops."""


def temporal_order(
    *, steps: int = 50, hidden: int = 50, iterations: int = 1000, every: int = 100, seeds: int = 3
) -> dict[str, list[Curve]]:
    """Train the plain cell from two starts that differ in W alone.

    About 25 seconds. Twice as many iterations do not help the uniform start.

    Args:
        steps: The length T of the sequences; the first symbol stands about 0.85 T before the end.
        hidden: H.
        iterations: How many at most, of 32 sequences each, with Adam at the rate 0.001.
        every: How many pass between two measurements.
        seeds: How often to repeat it, with other starting values and other sequences.

    Returns:
        For the starts "uniform" and "orthogonal" a curve of the share of wrong answers for each
        seed. Whoever guesses is wrong in 3/4.
    """
    curves: dict[str, list[Curve]] = {"uniform": [], "orthogonal": []}
    for start, found in curves.items():
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            network = random_network(rng, rl.elman, task(steps), hidden=hidden)
            if start == "orthogonal":
                W = init.orthogonal(rng, hidden)
                network = network._replace(cell=network.cell._replace(W=W))
            curve = learning_curve(
                rl.elman,
                network,
                task(steps),
                Adam(0.001),
                rng=rng,
                iterations=iterations,
                every=every,
                target=LEARNT,
            )
            found.append(curve)
    return curves


def task(steps: int) -> Task:
    """The temporal order problem, its symbols one-hot; its error is the share of wrong answers."""

    def sample(rng: np.random.Generator, sequences: int) -> Batch:
        batch = tasks.temporal_order.sample(rng, steps=steps, sequences=sequences)
        symbols = len(tasks.temporal_order.SYMBOLS)
        return batch._replace(x=rl.embedding.one_hot(batch.x, symbols=symbols))

    return Task(
        inputs=len(tasks.temporal_order.SYMBOLS),
        outputs=len(tasks.temporal_order.CLASSES),
        sample=sample,
        loss=losses.cross_entropy,
        loss_backward=losses.cross_entropy_backward,
        error=wrong,
    )


def wrong(o: Array, y: Array) -> float:
    """The share of sequences whose likeliest class is not the right one."""
    return float((o.argmax(axis=-1) != y).mean())
