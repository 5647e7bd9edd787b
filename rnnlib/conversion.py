"""Weights carried to and from torch.nn: `from_torch(module)` and `to_torch(network, params)`.

torch keeps two biases a gate, b_ih and b_hh, of which only the sum matters, except for the GRU's
candidate, whose second bias stands inside the reset (b_n here).
"""

from __future__ import annotations

from typing import Any

from rnnlib.backend import Array, detached, namespace
from rnnlib.bidirectional import Bidirectional, Both
from rnnlib.cells.elman import Elman, ElmanParams
from rnnlib.cells.gru import GRU, GRUParams
from rnnlib.cells.lstm import LSTM, LSTMParams
from rnnlib.stacked import Stacked


def from_torch(module: Any) -> tuple[Any, Any]:
    """Our network and its parameters, from a torch.nn.RNN, LSTM or GRU.

    Args:
        module: Of any number of layers, in one or both directions. Its dropout is left out, and
            inputs are time-major in any case.

    Returns:
        A cell, a `Bidirectional` layer or a `Stacked` network, and its parameters: new tensors, of
        which no gradient is recorded.

    Raises:
        TypeError: Another module.
        ValueError: An LSTM with projections, which this package does not have.

    Example:
        >>> import torch, rnnlib as rl
        >>> network, params = from_torch(torch.nn.LSTM(3, 4))
        >>> network == rl.lstm, tuple(params.U.shape)
        (True, (16, 3))
    """
    kind = type(module).__name__
    cells = {"LSTM": LSTM(), "GRU": GRU()}
    if kind == "RNN":
        cells["RNN"] = Elman(g=module.nonlinearity)
    if kind not in cells or not hasattr(module, "weight_ih_l0"):
        raise TypeError(f"from_torch: got a {kind}, expected a torch.nn.RNN, LSTM or GRU.")
    if getattr(module, "proj_size", 0):
        raise ValueError(
            "from_torch: the LSTM has projections (proj_size), which are not known here."
        )
    cell = cells[kind]
    layers = [_layer(cell, module, k) for k in range(module.num_layers)]
    layer = Bidirectional(cell) if module.bidirectional else cell
    return (
        (layer, layers[0]) if len(layers) == 1 else (Stacked((layer,) * len(layers)), tuple(layers))
    )


def to_torch(network: Any, params: Any) -> Any:
    """A torch.nn.RNN, LSTM or GRU that computes what our network computes.

    Args:
        network: A cell, a `Bidirectional` layer or a `Stacked` network of equal layers.
        params: Its parameters, as tensors; the module gets copies.

    Returns:
        The module, time-major, with the parameters' dtype and device.

    Raises:
        TypeError: The parameters are not tensors.
        ValueError: A network that torch.nn has no module for.

    Example:
        >>> import numpy as np, rnnlib as rl
        >>> p = rl.gru.init(np.random.default_rng(0), inputs=3, hidden=4)
        >>> to_torch(rl.gru, rl.to(p, "torch"))
        GRU(3, 4)
    """
    layers = network.layers if isinstance(network, Stacked) else (network,)
    per_layer = params if isinstance(network, Stacked) else (params,)
    if any(layer != layers[0] for layer in layers):
        raise ValueError("to_torch: torch.nn stacks equal layers only; these differ.")
    both = isinstance(layers[0], Bidirectional)
    cell = layers[0].cell if both else layers[0]
    directions = [tuple(p) if both else (p,) for p in per_layer]
    first = directions[0][0]
    torch = namespace(first.U)
    if not hasattr(torch, "nn"):
        raise TypeError(
            'to_torch: the parameters are NumPy arrays. Move them: rnnlib.to(…, "torch").'
        )
    if not all(isinstance(p, cell.params_type) for layer in directions for p in layer):
        raise TypeError(
            f"to_torch: params hold a {type(first).__name__}, expected {cell.params_type.__name__} "
            f"for the cell {cell}."
        )
    module = _module(torch, cell)(
        first.U.shape[1],
        first.W.shape[1],
        num_layers=len(layers),
        bidirectional=both,
        dtype=first.U.dtype,
        device=first.U.device,
    )
    with torch.no_grad():
        for k, layer in enumerate(directions):
            for suffix, p in zip(("", "_reverse"), layer, strict=False):
                for name, value in _torch_names(p).items():
                    getattr(module, f"{name}_l{k}{suffix}").copy_(value)
    return module


def _module(torch: Any, cell: Any) -> Any:
    if type(cell) is LSTM:
        return torch.nn.LSTM
    if cell == GRU():
        return torch.nn.GRU
    if isinstance(cell, Elman) and cell.g in ("tanh", "relu"):
        return lambda *sizes, **options: torch.nn.RNN(*sizes, nonlinearity=cell.g, **options)
    raise ValueError(f"to_torch: torch.nn has no module for {cell}.")


def _layer(cell: Any, module: Any, k: int) -> Any:
    if not module.bidirectional:
        return _params(cell, module, f"l{k}")
    return Both(_params(cell, module, f"l{k}"), _params(cell, module, f"l{k}_reverse"))


def _params(cell: Any, module: Any, suffix: str) -> Any:
    U, W = (getattr(module, f"weight_{which}_{suffix}") for which in ("ih", "hh"))
    b = b_hidden = U.new_zeros(len(U))
    if module.bias:
        b, b_hidden = (getattr(module, f"bias_{which}_{suffix}") for which in ("ih", "hh"))
    U, W, b, b_hidden = (x.detach().clone() for x in (U, W, b, b_hidden))
    if isinstance(cell, LSTM):
        return LSTMParams(U, W, b + b_hidden)
    if isinstance(cell, Elman):
        return ElmanParams(U, W, b + b_hidden)
    H = W.shape[1]
    b[: 2 * H] += b_hidden[: 2 * H]
    return GRUParams(U, W, b, b_hidden[2 * H :])


def _torch_names(p: Any) -> dict[str, Array]:
    U, W, b, *rest = detached(p)
    second = 0 * b
    if rest:
        second[2 * W.shape[1] :] = rest[0]
    return {"weight_ih": U, "weight_hh": W, "bias_ih": b, "bias_hh": second}
