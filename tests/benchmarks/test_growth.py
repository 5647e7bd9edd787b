"""How time and memory grow with the length of a sequence: in proportion, or not at all when cut."""

import resource
import tracemalloc

import numpy as np
import pytest

import rnnlib as rl
from rnnlib.truncated import chunks

LENGTHS = [250, 500, 1000, 2000, 4000]
B, D, H = 8, 16, 64


def whole(p, x):
    h, tape = rl.forward(rl.lstm, p, x)
    rl.backward(rl.lstm, p, tape, h)


def cut(p, x):
    for _ in chunks(rl.lstm, p, x, lambda h, start: h, steps=50):
        pass


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("how", [whole, cut], ids=["whole", "cut every 50 steps"])
def test_time_and_memory(benchmark, how, T):
    rng = np.random.default_rng(0)
    p = rl.to(rl.lstm.init(rng, inputs=D, hidden=H), "numpy", dtype="float32")
    x = rng.normal(size=(T, B, D)).astype("float32")
    tracemalloc.start()
    how(p, x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    benchmark.extra_info["peak_mib"] = round(peak / 2**20, 2)
    benchmark.pedantic(how, args=(p, x), warmup_rounds=1, rounds=5)


@pytest.mark.parametrize(
    ("what", "T", "B", "D", "H"),
    [
        ("100,000 steps", 100_000, 1, 4, 16),
        ("2048 units", 20, 4, 64, 2048),
        ("a batch of one", 500, 1, 8, 32),
    ],
)
def test_scale(benchmark, what, T, B, D, H):
    rng = np.random.default_rng(0)
    p = rl.to(rl.lstm.init(rng, inputs=D, hidden=H), "numpy", dtype="float32")
    x = rng.normal(size=(T, B, D)).astype("float32")
    benchmark.pedantic(whole, args=(p, x), rounds=2)
    benchmark.extra_info["process_peak_mib"] = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    )
