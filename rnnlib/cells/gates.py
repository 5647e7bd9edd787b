"""The nonlinearities of all gates in one pass.

With σ(a) = ½ + ½ tanh(a/2), a row of gates, some of them sigmoids and some tanh, is

    scale ⊙ tanh(scale ⊙ a) + shift

where a sigmoid has scale ½ and shift ½, and a tanh has scale 1 and shift 0. The inner scale goes
into the weights, once for all steps.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from rnnlib.backend import Array, lasting, namespace

SCALE_AND_SHIFT = {"σ": (0.5, 0.5), "t": (1.0, 0.0)}


def scale_and_shift(kinds: str, like: Array, *shape: int) -> tuple[Array, Array]:
    """The scale and the shift for blocks of gates that stand side by side on the last axis.

    They are made once for all calls that ask for the same: do not write into them.

    Args:
        kinds: One letter a block, "σ" or "t" (tanh): "σσtσ" for the LSTM's i, f, g, o.
        like: An array of the library, dtype and device that is wanted.
        shape: The shape that is wanted, (..., G·H).

    Example:
        >>> import numpy as np
        >>> scale, shift = scale_and_shift("σt", np.zeros(0), 2)
        >>> scale * np.tanh(scale * np.array([0.0, 0.0])) + shift
        array([0.5, 0. ])
    """
    return _scale_and_shift(kinds, shape, namespace(like), like.dtype, like.device)


@functools.lru_cache(maxsize=16)
def _scale_and_shift(
    kinds: str, shape: tuple[int, ...], xp: ModuleType, dtype: Any, device: Any
) -> tuple[Array, Array]:
    with lasting(xp):
        scale, shift = (xp.empty(shape, dtype=dtype, device=device) for _ in range(2))
        for kind, block_scale, block_shift in zip(
            kinds, split(scale, len(kinds)), split(shift, len(kinds)), strict=True
        ):
            block_scale[...], block_shift[...] = SCALE_AND_SHIFT[kind]
    return scale, shift


def split(gates: Array, blocks: int) -> tuple[Array, ...]:
    """Views of the blocks that stand side by side on the last axis: (..., G·H) as G times (..., H).

    Example:
        >>> import numpy as np
        >>> split(np.array([1, 2, 3, 4]), 2)
        (array([1, 2]), array([3, 4]))
    """
    H = gates.shape[-1] // blocks
    return tuple(gates[..., k * H : (k + 1) * H] for k in range(blocks))
