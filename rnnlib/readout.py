"""From the hidden state to an output: o = V h + b_y.

Taught in lecture 2. Sources: Jordão, "Forward Propagation", where the bias is c; Nath, Lecture 13,
§13.2, where it is b′. Read at every step it makes a many-to-many network, at the last one a
many-to-one network: `h` may have any leading axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.affine import affine, affine_backward
from rnnlib.backend import Array
from rnnlib.contracts import contract
from rnnlib.init import expect_generator, expect_size, scaled_uniform


class ReadoutParams(NamedTuple):
    """The parameters of the readout; their gradients have the same type."""

    V: Float[Array, "K H"]
    """Hidden to output."""
    b_y: Float[Array, "K"]
    """Output bias."""


def init(rng: np.random.Generator, *, hidden: int, outputs: int) -> ReadoutParams:
    """Random parameters, uniform in ±1/√H, in float64 on NumPy.

    Args:
        rng: The source of randomness.
        hidden: The size H of the state.
        outputs: The size K of an output, such as the number of classes.

    Raises:
        TypeError: `rng` is not a NumPy Generator, or a size is not an integer.
        ValueError: A size below 1.

    Example:
        >>> init(np.random.default_rng(0), hidden=4, outputs=3).V.shape
        (3, 4)
    """
    expect_generator("readout.init", rng)
    H = expect_size("readout.init", "hidden", hidden)
    K = expect_size("readout.init", "outputs", outputs)
    return ReadoutParams(
        V=scaled_uniform(rng, (K, H), fan=H),
        b_y=scaled_uniform(rng, (K,), fan=H),
    )


@contract
def forward(params: ReadoutParams, h: Float[Array, "... H"]) -> Float[Array, "... K"]:
    """o = V h + b_y for every hidden state.

    Raises:
        TypeError, ValueError: Arrays that do not fit; see `rnnlib.contracts.contract`.

    Example:
        >>> p = ReadoutParams(V=np.array([[1.0, 2.0]]), b_y=np.array([0.5]))
        >>> forward(p, np.array([[3.0, 4.0]]))
        array([[11.5]])
    """
    return affine(h, params.V, params.b_y)


@contract
def backward(
    params: ReadoutParams, h: Float[Array, "... H"], do: Float[Array, "... K"]
) -> tuple[ReadoutParams, Float[Array, "... H"]]:
    """The gradients through the readout.

        dV   = Σ do hᵀ
        db_y = Σ do
        dh   = Vᵀ do

    The sums run over all leading axes: the steps and the sequences.

    Returns:
        The gradients of V and b_y, and the direct gradient dh that `rnnlib.backward` starts from.

    Raises:
        TypeError, ValueError: Arrays that do not fit; see `rnnlib.contracts.contract`.
    """
    dh, dV, db_y = affine_backward(do, h, params.V)
    return ReadoutParams(dV, db_y), dh
