"""Why the weights are shared over time: fewer parameters, less overfitting, any length.

Taught in lecture 2. Source: Nath, Lecture 13, §13.4: trained with 15 cells, a network with its own
weights in every cell has none for the 16th input, and its many parameters overfit.

The task: is the sign of x_t the same as that of x_{t-1}? It is one rule for all steps. A network
with shared weights has to find it once, one with its own weights at every step every time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import rnnlib as rl
from rnnlib.backend import Array

NOISE = 0.3
HIDDEN = 8


class Network(NamedTuple):
    """A recurrent network with its readout; a list of them, one a step, shares nothing."""

    cell: rl.ElmanParams
    readout: rl.readout.ReadoutParams


class Result(NamedTuple):
    """What one kind of network reached, one entry a seed."""

    parameters: int
    train_accuracy: Array
    test_accuracy: Array


def compare(
    *, steps: int = 15, sequences: int = 12, iterations: int = 200, seeds: int = 3
) -> dict[str, Result]:
    """Train a network with shared weights and one with its own weights at every step.

    Args:
        steps: The length T of the sequences.
        sequences: How many sequences there are to learn from.
        iterations: Steps of gradient descent.
        seeds: How often to repeat it all, with other data and other starting values.

    Returns:
        "shared" and "own" with the number of parameters and the share of steps classified right, in
        training and on 500 sequences never seen.
    """
    accuracies: dict[str, list[tuple[float, float]]] = {"shared": [], "own": []}
    parameters = {}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        train, test = same_sign(rng, steps, sequences), same_sign(rng, steps, 500)
        for kind, count in (("shared", 1), ("own", steps)):
            networks = fit([random_network(rng) for _ in range(count)], *train, iterations)
            accuracies[kind].append((accuracy(networks, *train), accuracy(networks, *test)))
            parameters[kind] = sum(leaf.size for leaf in rl.tree.leaves(networks))
    return {
        kind: Result(parameters[kind], *np.array(pairs).T) for kind, pairs in accuracies.items()
    }


def same_sign(rng: np.random.Generator, steps: int, sequences: int) -> tuple[Array, Array]:
    """Noisy signs x (T, B, 1), and y (T, B): 1 where x_t has the sign of x_{t-1}, with x_0 = +1."""
    signs = rng.choice([-1.0, 1.0], size=(steps, sequences))
    before = np.concatenate([np.ones((1, sequences)), signs[:-1]])
    x = signs + NOISE * rng.normal(size=signs.shape)
    return x[..., None], (signs == before).astype(int)


def random_network(rng: np.random.Generator) -> Network:
    """Starting values for one network."""
    return Network(
        rl.elman.init(rng, inputs=1, hidden=HIDDEN),
        rl.readout.init(rng, hidden=HIDDEN, outputs=2),
    )


def outputs(networks: list[Network], x: Array) -> tuple[Array, list[rl.Tape]]:
    """o_t at every step; network t reads input t, and a single network reads them all."""
    if len(networks) == 1:
        h, tape = rl.forward(rl.elman, networks[0].cell, x)
        return rl.readout.forward(networks[0].readout, h), [tape]
    if len(x) > len(networks):
        raise ValueError(
            f"outputs: x has {len(x)} steps, but there are weights for {len(networks)}. Train a "
            f"network of {len(x)} cells, or share the weights."
        )
    o, tapes, state = [], [], None
    for network, x_t in zip(networks, x, strict=False):
        h, tape = rl.forward(rl.elman, network.cell, x_t[None], state)
        o.append(rl.readout.forward(network.readout, h[0]))
        tapes.append(tape)
        state = tape.last
    return np.stack(o), tapes


def fit(networks: list[Network], x: Array, y: Array, iterations: int = 200) -> list[Network]:
    """Gradient descent with momentum on the mean loss of a step."""
    velocity = rl.tree.map(np.zeros_like, networks)
    for _ in range(iterations):
        o, tapes = outputs(networks, x)
        do = rl.losses.cross_entropy_backward(o, y) / len(x)
        gradients = backward(networks, tapes, do)
        velocity = rl.tree.map(lambda v, g: 0.9 * v + g, velocity, gradients)
        # A step's own weights get 1/T of the loss; they get T times the rate for it.
        rate = 0.5 * len(networks)
        networks = rl.tree.map(lambda p, v, r=rate: p - r * v, networks, velocity)
    return networks


def backward(networks: list[Network], tapes: list[rl.Tape], do: Array) -> list[Network]:
    """The gradients of every network's parameters, by backpropagation through time (lecture 4)."""
    if len(networks) == 1:
        return [_backward(networks[0], tapes[0], do, None)[0]]
    gradients: list[Network] = []
    dlast = None
    for network, tape, do_t in reversed(list(zip(networks, tapes, do, strict=True))):
        gradient, dlast = _backward(network, tape, do_t[None], dlast)
        gradients.insert(0, gradient)
    return gradients


def _backward(network: Network, tape: rl.Tape, do: Array, dlast: Any) -> tuple[Network, Any]:
    dreadout, dh = rl.readout.backward(network.readout, tape.states[1:], do)
    g = rl.backward(rl.elman, network.cell, tape, dh, dlast)
    return Network(g.params, dreadout), g.state0


def accuracy(networks: list[Network], x: Array, y: Array) -> float:
    """The share of all steps at which the likeliest class is the right one."""
    o, _ = outputs(networks, x)
    return float((o.argmax(axis=-1) == y).mean())
