"""The equations on a GPU as they stand, compiled, and replayed as a CUDA graph.

A step on a GPU is a handful of kernels that each take microseconds, and Python cannot launch them
as fast as they run. Compiling fuses the kernels of the unchanged step; a graph records all launches
of a whole pass once, and replays them without Python.
"""

import torch

from rnnlib import unroll


class Compiled:
    """A cell whose step, forward and backward, is compiled by torch, its source unchanged."""

    def __init__(self, cell):
        self.cell = cell
        self.transition = torch.compile(cell.transition)
        self.step_backward = torch.compile(cell.step_backward)

    def __getattr__(self, name):
        return getattr(self.cell, name)


def equations(cell, p, x, dh):
    """The pass without the checks at the border: they wait for the GPU's answer."""
    state0 = cell.initial_state(p, x.shape[1])

    def run():
        h, tape = unroll.forward(cell, p, x, state0, None, False)
        return h, unroll.backward(cell, p, tape, dh)

    return run


def compiled(cell, p, x, dh):
    """The pass with a compiled step; the first call compiles."""
    return equations(Compiled(cell), p, x, dh)


def graph(cell, p, x, dh):
    """The pass as one CUDA graph; its results lie where they lay when it was recorded."""
    run = equations(cell, p, x, dh)
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(3):
            run()
    torch.cuda.current_stream().wait_stream(beside)
    recorded = torch.cuda.CUDAGraph()
    with torch.cuda.graph(recorded):
        results = run()

    def replay():
        recorded.replay()
        return results

    return replay


WAYS = {"equations, compiled": compiled, "equations, CUDA graph": graph}
