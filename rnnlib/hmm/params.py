"""The parameters of a hidden Markov model as matrices, and observations as vectors.

Source: Hasegawa-Johnson, Lecture 25, "Writing them as vectors and matrices", where the matrix of
transitions is U and that of emissions W; here, as everywhere in this course, W leads from state to
state and U from input to state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib import embedding
from rnnlib.backend import Array, as_dtype, dtype_name, namespace, to_numpy
from rnnlib.contracts import contract


class HMMParams(NamedTuple):
    """The three distributions of a hidden Markov model with N states and M symbols.

    They have the shapes of a plain cell's U and W, so that W h and U x mean the same in both.
    """

    W: Float[Array, "N N"]
    """Transition: w_{j,i} = P(Y_t = j | Y_{t-1} = i). Every column sums to one."""
    U: Float[Array, "N M"]
    """Emission: u_{j,k} = P(X_t = k | Y_t = j). Every row sums to one."""
    prior: Float[Array, "N"]
    """P(Y_1 = j), before the first observation."""


@contract
def one_hot(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B M"]:
    """Every observation as a vector: x_{k,t} = 1 where X_t = k, and 0 elsewhere.

    Args:
        params: For the number M of symbols, and the dtype.
        x: Symbols, integers in 0, …, M - 1.

    Raises:
        TypeError: `params` are not `HMMParams` of floating point, or `x` not integer.
        ValueError: Shapes that do not fit, probabilities that do not sum to one, or a symbol that
            is not there.

    Example:
        >>> import numpy as np
        >>> p = HMMParams(W=np.eye(2), U=np.eye(2), prior=np.array([0.5, 0.5]))
        >>> one_hot(p, np.array([[0], [1]]))[:, 0]
        array([[1., 0.],
               [0., 1.]])
    """
    expect_distributions(params)
    _expect_symbols(params, x)
    return embedding.one_hot(x, symbols=params.U.shape[1], dtype=dtype_name(params.U))


@contract
def emission(params: HMMParams, x: Int[Array, "T B"]) -> Float[Array, "T B N"]:
    """U x_t for all steps at once: how probable each state makes what was observed.

        P(X_t = k | Y_t = j) = u_{j,k}

    With a one-hot x_t the product U x_t is a column of U, and looked up as such.

    Args:
        params: W, U and the prior.
        x: Symbols, integers in 0, …, M - 1.

    Raises:
        TypeError, ValueError: As `one_hot` does.
    """
    expect_distributions(params)
    _expect_symbols(params, x)
    return params.U.T[as_dtype(x, "int64")]


def _expect_symbols(params: HMMParams, x: Array) -> None:
    M = params.U.shape[1]
    low, high = int(x.min()), int(x.max())
    if low < 0 or high >= M:
        raise ValueError(
            f"hmm: x holds {low if low < 0 else high}, expected symbols 0 to {M - 1}, because "
            f"params.U has shape {tuple(params.U.shape)} and so M = {M}."
        )


def expect_distributions(params: HMMParams) -> None:
    """Raise an error that says what is wrong, unless these are three probability distributions."""
    if not isinstance(params, HMMParams):
        raise TypeError(
            f"hmm: params is a {type(params).__name__}, expected HMMParams. Make them with "
            "rnnlib.hmm.HMMParams(W=…, U=…, prior=…)."
        )
    tolerance = float(namespace(params.W).finfo(params.W.dtype).eps) ** 0.5
    W, U, prior = to_numpy(params)
    _expect_sums("params.W", "column", W.T, "w_{j,i} = P(Y_t = j | Y_{t-1} = i)", tolerance)
    _expect_sums("params.U", "row", U, "u_{j,k} = P(X_t = k | Y_t = j)", tolerance)
    _expect_sums("params.prior", "", prior[None], "the entries are P(Y_1 = j)", tolerance)


def _expect_sums(name: str, line: str, lines: Array, meaning: str, tolerance: float) -> None:
    """Each line of `lines` is a distribution."""
    if lines.min() < 0:
        raise ValueError(
            f"hmm: {name} holds {lines.min():g}, expected probabilities, because {meaning}."
        )
    sums = lines.sum(axis=-1)
    worst = abs(sums - 1).argmax()
    if abs(sums[worst] - 1) > tolerance:
        which = f"{line} {worst} of {name}" if line else name
        square = lines.shape[0] == lines.shape[1]
        transposed = square and bool((abs(lines.sum(axis=0) - 1) <= tolerance).all())
        raise ValueError(
            f"hmm: {which} sums to {sums[worst]:.6g}, expected 1, because {meaning}."
            + (" Its transpose would fit: is it written the other way round?" if transposed else "")
        )
