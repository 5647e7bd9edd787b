"""One call for every network: a cell, or cells put together; in equations, or on fused kernels.

    h, tape = rnnlib.forward(cell, params, x)
    g       = rnnlib.backward(cell, params, tape, dh)

Arguments are checked here; `rnnlib.unroll` and `rnnlib.fused` do the work.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib import fused, tree, unroll
from rnnlib.backend import Array, as_dtype, namespace
from rnnlib.cells import Cell, State
from rnnlib.cells.gru import GRU
from rnnlib.contracts import contract
from rnnlib.tape import Gradients, Tape

Engine = Literal["equations", "fused"]


def forward(
    cell: Any,
    params: Any,
    x: Float[Array, "T B D"],
    state0: Float[Array, "B H"] | State | None = None,
    *,
    lengths: Int[Array, "B"] | None = None,
    reverse: bool = False,
    engine: Engine = "equations",
) -> tuple[Float[Array, "T B H"], Any]:
    """Run a cell over a batch of sequences, with the same parameters at every step.

        state_t = cell.step(params, x_t, state_{t-1}),   t = 1, …, T

    Args:
        cell: Such as `rnnlib.elman`, or a network such as `rnnlib.Stacked`.
        params: The cell's parameters.
        x: The inputs, time first.
        state0: The state before the first step; None for zeros.
        lengths: How many steps each sequence has, between 1 and T; None where all have T. The steps
            after its last one are padding: they leave a sequence's state as it is, their h is 0.
        reverse: Read each sequence from its last step to its first. h stays in the order of x.
        engine: "equations", this package's own, or "fused": torch's kernels (oneDNN, cuDNN) with
            the same parameters, for tensors only. torch's autograd can follow the equations; what
            is fused has its gradients from `backward` alone.

    Returns:
        h: The hidden state after every step; `h[t - 1]` is the lecture's h_t.
        tape: What `backward` needs. It holds x and the states, not copies of them.

    Raises:
        TypeError: Parameters of another cell; not arrays; integers; libraries, dtypes or devices
            that are mixed.
        ValueError: Shapes that do not fit, an empty sequence or batch, NaN or infinity, lengths
            outside 1 to T.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.elman.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.elman, p, rng.normal(size=(5, 2, 3)))
        >>> h.shape
        (5, 2, 4)
    """
    if engine not in ("equations", "fused"):
        raise ValueError(f'forward: engine is {engine!r}, expected "equations" or "fused".')
    if not isinstance(reverse, bool):
        raise TypeError(f"forward: reverse is {reverse!r}, expected True or False.")
    _expect_ours("forward", cell)
    if hasattr(type(cell), "forward"):  # cells put together, each of which comes back here
        result: tuple[Array, Any] = cell.forward(
            params, x, state0, lengths=lengths, reverse=reverse, engine=engine
        )
        return result
    return _forward(cell, params, x, state0, lengths, reverse, engine)


@contract
def _forward(
    cell: Cell,
    params: Any,
    x: Float[Array, "T B D"],
    state0: Float[Array, "B H"] | State | None,
    lengths: Int[Array, "B"] | None,
    reverse: bool,
    engine: Engine,
) -> tuple[Float[Array, "T B H"], Any]:
    _expect_params("forward", cell, params)
    T, B, _ = x.shape
    if state0 is None:
        state0 = cell.initial_state(params, B)
    else:
        _expect_state("forward: the initial state", cell, params, state0)
    if lengths is not None:
        lengths = as_dtype(lengths, "int64")
        _expect_lengths(lengths, T)
    if engine == "fused":
        return fused.forward(cell, params, x, state0, lengths, reverse)
    keep = None if lengths is None else _steps_to_keep(lengths, T)
    return unroll.forward(cell, params, x, state0, keep, reverse)


def backward(
    cell: Any,
    params: Any,
    tape: Any,
    dh: Float[Array, "T B H"],
    dlast: Float[Array, "B H"] | State | None = None,
) -> Gradients:
    """Backpropagation through time.

        dL/dh_t = ∂L/∂h_t  +  (∂h_{t+1}/∂h_t)ᵀ dL/dh_{t+1},   t = T, …, 1
                  direct      indirect

    and the gradient of each shared parameter is the sum over the steps of what each contributes.

    Args:
        cell: The cell of the forward pass.
        params: Its parameters, as they were in the forward pass.
        tape: What `forward` returned. It shares x and h with you: leave both as they are.
        dh: The direct part: ∂L/∂h_t of the loss at every step, zero where a step has none. At
            padded steps it counts for nothing, but has to be finite.
        dlast: The gradient that reaches the last state from beyond the sequence; None for none.

    Raises:
        TypeError, ValueError: As `forward` does.

    Source:
        Hasegawa-Johnson, Lecture 25, "Back-propagation through time"; its second equation sums
        over h_{i,t} where h_{j,t} is meant.

    Example:
        >>> import numpy as np
        >>> import rnnlib as rl
        >>> rng = np.random.default_rng(0)
        >>> p = rl.elman.init(rng, inputs=3, hidden=4)
        >>> h, tape = rl.forward(rl.elman, p, rng.normal(size=(5, 2, 3)))
        >>> g = rl.backward(rl.elman, p, tape, dh=np.ones_like(h))
        >>> g.params.W.shape, g.x.shape, g.state0.shape
        ((4, 4), (5, 2, 3), (2, 4))
    """
    _expect_ours("backward", cell)
    if hasattr(type(cell), "backward"):
        result: Gradients = cell.backward(params, tape, dh, dlast)
        return result
    return _backward(cell, params, tape, dh, dlast)


@partial(contract, seen=("params", "tape"))
def _backward(
    cell: Cell,
    params: Any,
    tape: Tape | fused.FusedTape,
    dh: Float[Array, "T B H"],
    dlast: Float[Array, "B H"] | State | None,
) -> Gradients:
    _expect_params("backward", cell, params)
    if dlast is not None:
        _expect_state("backward: dlast, the gradient of the last state,", cell, params, dlast)
    if not isinstance(tape, Tape | fused.FusedTape):
        raise TypeError(
            f"backward: tape is a {type(tape).__name__}, expected the Tape that forward returns: "
            "h, tape = rnnlib.forward(cell, params, x)."
        )
    if tape.cell not in (None, cell):
        raise ValueError(
            f"backward: the tape is of the cell {tape.cell}, and cell is {cell}. Go back through "
            "the cell that went forward."
        )
    H = next(tree.leaves(tape.last)).shape[-1]
    if dh.shape[-1] != H:
        raise ValueError(
            f"backward: the tape is of {H} hidden units, and params of {dh.shape[-1]}. Go back "
            "with the parameters that went forward."
        )
    if isinstance(tape, fused.FusedTape):
        return fused.backward(cell, params, tape, dh, dlast)
    return unroll.backward(cell, params, tape, dh, dlast)


def _steps_to_keep(lengths: Array, T: int) -> Array:
    """Which steps count: a boolean array (T, B, 1)."""
    t = namespace(lengths).arange(T, device=lengths.device)
    return (t[:, None] < lengths)[..., None]


def _expect_lengths(lengths: Array, T: int) -> None:
    low, high = int(lengths.min()), int(lengths.max())
    if low < 1 or high > T:
        raise ValueError(
            f"forward: lengths holds {low if low < 1 else high}, expected 1 to {T}, the steps of x."
        )


def _expect_ours(function: str, cell: Any) -> None:
    if hasattr(cell, "state_dict"):
        raise TypeError(
            f"{function}: cell is a module of torch, {type(cell).__name__}. Make it one of ours: "
            "cell, params = rnnlib.from_torch(module)."
        )


def outputs(cell: Any, hidden: int) -> int:
    """The size of h of a cell or a network whose cells have `hidden` units each."""
    return int(cell.outputs(hidden)) if hasattr(cell, "outputs") else hidden


def _expect_params(function: str, cell: Cell, params: Any) -> None:
    wanted = getattr(cell, "params_type", None)
    if wanted is None or isinstance(cell, type):
        raise TypeError(
            f"{function}: cell is {cell!r}, expected a cell such as rnnlib.elman or "
            'rnnlib.Elman(g="relu").'
        )
    if not isinstance(params, wanted):
        raise TypeError(
            f"{function}: params is a {type(params).__name__}, expected {wanted.__name__} for the "
            f"cell {cell}. Make them with cell.init(rng, inputs=D, hidden=H)."
        )
    if isinstance(cell, GRU):
        cell.expect_second_bias(function, params)


def _expect_state(what: str, cell: Cell, params: Any, state: State) -> None:
    wanted = type(cell.initial_state(params, 1))
    if not isinstance(state, wanted):
        raise TypeError(
            f"{what} is a {type(state).__name__}, expected {wanted.__name__} for the cell {cell}."
        )


def expect_causal(function: str, cell: Any) -> None:
    """Refuse a network that reads the future: what goes on step by step cannot give it that.

    Raises:
        ValueError: The network is bidirectional.
    """
    if not getattr(cell, "causal", True):
        raise ValueError(
            f"{function}: a bidirectional network needs the whole sequence: after a part of it, it "
            "would have to know the next. Go forward and backward with rnnlib.forward and backward."
        )
