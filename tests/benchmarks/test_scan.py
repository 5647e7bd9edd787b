"""What is inherently sequential, and what is not: the loop against the scan, measured.

The same linear recurrence, the same belief recursion and the same network with and without g, for
growing T. On one thread a scan can only win by calling NumPy less often; what it is for is a
machine that computes many steps at once. Where there is a GPU, it is measured there too.
"""

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import hmm, scan

LENGTHS = [64, 512, 4096]


def diagonal(rng, T):
    return rng.uniform(0.5, 1, (T, 4, 64)), rng.normal(size=(T, 4, 64))


def full(rng, T):
    return rng.normal(0, 0.2, (T, 4, 8, 8)), rng.normal(size=(T, 4, 8))


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("way", ["loop", "scan"])
@pytest.mark.parametrize("make", [diagonal, full])
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_linear_recurrence(benchmark, device, make, way, T):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device: torch.cuda.is_available() is False")
    A, b = make(np.random.default_rng(0), T)
    if device == "cuda":
        A, b = rl.to((A, b), "torch", device="cuda")
    ways = {"loop": scan.linear_recurrence_loop, "scan": scan.linear_recurrence}

    def run():
        h = ways[way](A, b)
        if device == "cuda":
            torch.cuda.synchronize()
        return h

    benchmark.extra_info.update(scan=f"linear, {make.__name__}, {device}", way=way, T=T)
    benchmark.pedantic(run, warmup_rounds=1, rounds=5)


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("way", ["loop", "scan"])
def test_the_belief_recursion(benchmark, way, T):
    params = hmm.john_hit_the_ball().params
    x = np.random.default_rng(0).integers(0, params.U.shape[1], (T, 4))
    ways = {"loop": hmm.log_filtering, "scan": hmm.log_filtering_by_scan}
    benchmark.extra_info.update(scan="belief propagation in logs, cpu", way=way, T=T)
    benchmark.pedantic(ways[way], args=(params, x), warmup_rounds=1, rounds=5)


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("way", ["loop", "before and after it"])
def test_a_nonlinear_network(benchmark, way, T):
    """Its loop stays a loop; what is linear in it takes all steps at once, before and after."""
    rng = np.random.default_rng(0)
    cell = rl.elman
    p = cell.init(rng, inputs=64, hidden=64)
    x, h0 = rng.normal(size=(T, 4, 64)), np.zeros((4, 64))
    ax = cell.project(p, x)
    da, states = np.ones_like(ax), np.zeros((T + 1, 4, 64))

    def loop():
        weights, h = cell.weights(p, 4), h0
        for ax_t in ax:
            h = cell.transition(weights, ax_t, h)

    def outside():
        cell.project(p, x)
        cell.collect(p, da, x, states, None)

    ways = {"loop": loop, "before and after it": outside}
    benchmark.extra_info.update(scan="tanh network, cpu", way=way, T=T)
    benchmark.pedantic(ways[way], warmup_rounds=1, rounds=5)
