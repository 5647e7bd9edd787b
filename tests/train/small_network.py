"""A small network to train in the tests, and what two trainings must share to be the same."""

from typing import NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib import optim
from rnnlib.train import train

ADAM = optim.Adam(0.01)
T, B = 6, 8


class Network(NamedTuple):
    cell: rl.ElmanParams
    readout: rl.readout.ReadoutParams


def network(seed=0, hidden=5):
    rng = np.random.default_rng(seed)
    return Network(
        rl.elman.init(rng, inputs=1, hidden=hidden), rl.readout.init(rng, hidden=hidden, outputs=1)
    )


def sums(rng):
    """Numbers, and their mean: something to learn in a few iterations."""
    x = rng.normal(size=(T, B, 1))
    return x, x.mean(axis=0)


def loss_and_gradients(params, batch):
    x, y = batch
    h, tape = rl.forward(rl.elman, params.cell, x)
    error = rl.readout.forward(params.readout, h[-1]) - y
    dreadout, dlast = rl.readout.backward(params.readout, h[-1], 2 * error / len(y))
    dh = 0 * h
    dh[-1] = dlast
    return (error**2).sum() / len(y), Network(
        rl.backward(rl.elman, params.cell, tape, dh).params, dreadout
    )


def run(iterations=20, *, seed=1, move=lambda tree: tree, optimizer=ADAM, **options):
    """Train it, without a bar unless that is asked for."""
    options = {"progress": False} | options
    return train(
        move(network()),
        options.pop("loss_and_gradients", loss_and_gradients),
        lambda rng: move(sums(rng)),
        optimizer,
        rng=np.random.default_rng(seed),
        iterations=iterations,
        **options,
    )


def assert_same_bits(a, b):
    """Hold every number of two trainings equal."""
    first, second = (rl.to_numpy({"params": t.params, "state": t.state}) for t in (a, b))
    for (name, x), y in zip(rl.tree.named_leaves(first), rl.tree.leaves(second), strict=True):
        assert np.array_equal(x, y), name
        assert x.dtype == y.dtype, name
    assert a.history.keys() == b.history.keys()
    for name in a.history:
        assert np.array_equal(a.history[name], b.history[name], equal_nan=True), name
    assert a.rng == b.rng


def now_and_then(iteration, params):
    """A callback that says something every third time."""
    return {"weight": float(params.readout.V[0, 0])} if iteration % 3 == 0 else None
