"""Forward and backpropagation through time against torch.nn, in one run on one machine.

`make bench`. One thread, float32; the ratios are printed at the end. Nothing here can fail for
being slow: machines differ.
"""

import numpy as np
import pytest
import torch

import rnnlib as rl
from tests.benchmarks import on_a_gpu

SHAPES = [
    (50, 32, 64, 128),
    (100, 64, 128, 256),
    (200, 16, 32, 64),
    (35, 20, 200, 200),
    (784, 32, 1, 128),
    (100, 1, 32, 64),
]
CELLS = {
    "LSTM": (rl.lstm, torch.nn.LSTM),
    "GRU": (rl.gru, torch.nn.GRU),
    "Elman": (rl.elman, torch.nn.RNN),
}
WHO = ["torch.nn", "equations, NumPy", "equations, torch", *on_a_gpu.WAYS, "fused"]
DEVICES = ["cpu", "cuda"]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: ",".join(map(str, s)))
@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("device", DEVICES)
def test_forward_and_backward(benchmark, device, name, shape, who):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device: torch.cuda.is_available() is False")
    if device == "cuda" and who == "equations, NumPy":
        pytest.skip("NumPy computes on the CPU only")
    if device == "cpu" and who in on_a_gpu.WAYS:
        pytest.skip("on the CPU the equations are NumPy's to compute, with nothing to launch")
    if who == "equations, compiled" and name == "GRU":
        pytest.skip("torch.compile does not see that the GRU's gates share one array")
    cell, module = CELLS[name]
    T, B, D, H = shape
    rng = np.random.default_rng(0)
    data = (
        cell.init(rng, inputs=D, hidden=H),
        rng.normal(size=(T, B, D)),
        rng.normal(size=(T, B, H)),
    )
    if who == "equations, NumPy":
        p, x, dh = rl.to(data, "numpy", dtype="float32")
    else:
        p, x, dh = rl.to(data, "torch", dtype="float32", device=device)

    if who == "torch.nn":
        network = module(D, H, device=device)
        x.requires_grad_()

        def run():
            h, _ = network(x)
            h.backward(dh)
    elif who in on_a_gpu.WAYS:
        run = on_a_gpu.WAYS[who](cell, p, x, dh)
        h, gradients = run()
        right, tape = rl.forward(cell, p, x)
        torch.testing.assert_close(h, right, rtol=1e-3, atol=1e-4)
        dW = rl.backward(cell, p, tape, dh).params.W
        torch.testing.assert_close(gradients.params.W, dW, rtol=1e-2, atol=1e-2)
    else:
        engine = "fused" if who == "fused" else "equations"

        def run():
            _, tape = rl.forward(cell, p, x, engine=engine)
            rl.backward(cell, p, tape, dh)

    def timed():
        run()
        if device == "cuda":
            torch.cuda.synchronize()

    benchmark.extra_info.update(cell=name, device=device, who=who, shape=", ".join(map(str, shape)))
    long = T * B * H > 1e6
    benchmark.pedantic(timed, warmup_rounds=2 if long else 20, rounds=15 if long else 100)
