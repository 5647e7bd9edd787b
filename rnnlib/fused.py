"""The same networks on torch's fused kernels: oneDNN on the CPU, cuDNN on a GPU.

A second engine behind `rnnlib.forward(…, engine="fused")`, not a second mathematics: it takes our
parameters and gives our gradients, and the tests hold it equal to the equations. Its backward pass
is torch's autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib import tree
from rnnlib.backend import Array, backend_of, namespace
from rnnlib.cells import Cell, State
from rnnlib.cells.elman import Elman
from rnnlib.cells.gru import GRU, GRUParams
from rnnlib.cells.lstm import LSTM
from rnnlib.tape import Gradients


class FusedTape(NamedTuple):
    """What a fused run keeps."""

    x: Float[Array, "T B D"]
    """The inputs."""
    last: State
    """The state after the last step, (B, H)."""
    run: Callable[[], Recording]
    """The run itself, to be taken again."""
    recordings: list[Recording]
    """What torch recorded of it, until a backward pass has used it up."""
    cell: Any
    """The cell that was run."""


class Recording(NamedTuple):
    """One run of a kernel, recorded by torch's autograd."""

    given: list[Array]
    """The parameters, the inputs, and the parts of the initial state, each (1, B, H)."""
    h: Array
    """The outputs, (T, B, H)."""
    last: list[Array]
    """The state after the last step, each part (1, B, H)."""


def forward(
    cell: Cell, params: Any, x: Array, state0: State, lengths: Array | None, reverse: bool
) -> tuple[Array, FusedTape]:
    """Run a cell on a fused kernel. Arguments and results are those of `rnnlib.forward`.

    Raises:
        TypeError: The arrays are not tensors.
        ValueError: There is no fused kernel for this cell.
    """
    if backend_of(x) != "torch":
        raise TypeError(
            'forward: engine="fused" runs on torch, and x is a NumPy array. Move everything with '
            'rnnlib.to(…, "torch"), or take engine="equations".'
        )
    kernel = _kernel(cell, namespace(x))
    order = _reading_order(x, lengths) if reverse else None
    run = partial(_run, kernel, params, x, state0, lengths, order)
    recording = run()
    last = _state(state0, [s.detach()[0] for s in recording.last])
    return recording.h.detach(), FusedTape(x, last, run, [recording], cell)


def backward(cell: Cell, params: Any, tape: FusedTape, dh: Array, dlast: State | None) -> Gradients:
    """The gradients, by torch's autograd. Arguments and results are those of `rnnlib.backward`."""
    given, h, last = tape.recordings.pop() if tape.recordings else tape.run()
    outputs, upstream = [h], [dh]
    if dlast is not None:
        outputs += last
        upstream += [d[None] for d in tree.leaves(dlast)]
    found = namespace(dh).autograd.grad(outputs, given, upstream)
    n = len(params)
    dstate0 = _state(tape.last, [d[0] for d in found[n + 1 :]])
    return Gradients(type(params)(*found[:n]), found[n], dstate0)


def _run(
    kernel: Any, params: Any, x: Array, state0: State, lengths: Array | None, order: Array | None
) -> Recording:
    """Run the kernel on aliases of the arguments, which torch records."""
    torch = namespace(x)
    with torch.inference_mode(False), torch.enable_grad():
        given = [*params, x, *(s[None] for s in tree.leaves(state0))]
        given = [_alias(a).requires_grad_() for a in given]
        n = len(params)
        weights, x, first = _weights(type(params)(*given[:n])), given[n], given[n + 1 :]
        x = x if order is None else _take(x, order)
        # biases, layers, dropout, training (which cuDNN's backward pass asks for), both directions
        settings = (True, 1, 0.0, True, False)
        if lengths is None:
            h, *last = kernel(x, _state(state0, first), weights, *settings, False)
        else:
            packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), enforce_sorted=False)
            start = _state(state0, [s[:, packed.sorted_indices] for s in first])
            out, *last = kernel(packed.data, packed.batch_sizes, start, weights, *settings)
            packed = packed._replace(data=out)
            h, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, total_length=len(x))
            last = [s[:, packed.unsorted_indices] for s in last]
        h = h if order is None else _take(h, order)
        return Recording(given, h, last)


def _alias(x: Array) -> Array:
    """The same tensor, of which nothing is recorded yet; a copy of one that cannot be recorded."""
    return x.clone() if x.is_inference() else x.detach()


def _state(like: State, parts: Sequence[Array]) -> State:
    """The parts of a state put together: a NamedTuple of them, or the only one."""
    return type(like)(*parts) if isinstance(like, tuple) else parts[0]


def _kernel(cell: Cell, torch: Any) -> Any:
    if type(cell) is LSTM:
        return torch.lstm
    if isinstance(cell, GRU) and cell.reset == "after":
        return torch.gru
    if isinstance(cell, Elman) and cell.g in ("tanh", "relu"):
        return {"tanh": torch.rnn_tanh, "relu": torch.rnn_relu}[cell.g]
    raise ValueError(
        f'forward: torch has no fused kernel for {cell}. Take engine="equations", or one of '
        'rnnlib.lstm, rnnlib.gru, rnnlib.elman, rnnlib.Elman(g="relu").'
    )


def _weights(p: Any) -> list[Array]:
    """Our parameters as the kernels take them: with a second bias, mostly zeros."""
    xp = namespace(p.b)
    second = xp.zeros_like(p.b)
    if isinstance(p, GRUParams):
        H = p.W.shape[1]
        second = xp.concat([second[: 2 * H], p.b_n])
    return [p.U, p.W, p.b, second]


def _reading_order(x: Array, lengths: Array | None) -> Array:
    """For each sequence its steps from the last to the first, then its padding: (T, B)."""
    torch = namespace(x)
    T, B, _ = x.shape
    t = torch.arange(T, device=x.device)[:, None]
    n = torch.full((B,), T, device=x.device) if lengths is None else lengths
    return torch.where(t < n, n - 1 - t, t)


def _take(x: Array, order: Array) -> Array:
    return x[order, namespace(x).arange(x.shape[1], device=x.device)]
