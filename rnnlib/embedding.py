"""From a symbol to a vector: one-hot, or the row of a matrix that is learnt, x_t = E[y_t].

Taught in lecture 2. Source: Nath, Lecture 13, §13.3, on the two ways to represent a word. A one-hot
vector selects a row: the lookup is a product with a one-hot matrix that is never formed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int

from rnnlib.backend import Array, as_dtype, namespace, sum_rows
from rnnlib.contracts import contract
from rnnlib.init import expect_generator, expect_size


class EmbeddingParams(NamedTuple):
    """The parameters of the embedding; their gradients have the same type."""

    E: Float[Array, "K D"]
    """One row for every symbol."""


def init(rng: np.random.Generator, *, symbols: int, inputs: int) -> EmbeddingParams:
    """Random rows, standard normal as in torch.nn.Embedding, in float64 on NumPy.

    Args:
        rng: The source of randomness.
        symbols: How many symbols K there are, such as the size of a vocabulary.
        inputs: The size D of a row, which is the input of the cell that follows.

    Raises:
        TypeError: `rng` is not a NumPy Generator, or a size is not an integer.
        ValueError: A size below 1.

    Example:
        >>> init(np.random.default_rng(0), symbols=5, inputs=3).E.shape
        (5, 3)
    """
    expect_generator("embedding.init", rng)
    K = expect_size("embedding.init", "symbols", symbols)
    D = expect_size("embedding.init", "inputs", inputs)
    return EmbeddingParams(E=rng.normal(size=(K, D)))


@contract
def forward(params: EmbeddingParams, y: Int[Array, "..."]) -> Float[Array, "... D"]:
    """x = E[y], the row of every symbol: onehot(y) E without the product.

    Args:
        params: E.
        y: Symbols 0, …, K - 1, such as (T, B).

    Raises:
        TypeError: `y` is not an array of integers.
        ValueError: A symbol that has no row.

    Example:
        >>> p = EmbeddingParams(E=np.array([[0.0, 1.0], [2.0, 3.0]]))
        >>> forward(p, np.array([1, 1, 0]))
        array([[2., 3.],
               [2., 3.],
               [0., 1.]])
    """
    return params.E[_index(y, len(params.E))]


@contract
def backward(
    params: EmbeddingParams, y: Int[Array, "..."], dx: Float[Array, "... D"]
) -> EmbeddingParams:
    """The gradient of E: every step adds to the row that it has read.

        dE = onehot(y)ᵀ dx,   dE_k = Σ_{t: y_t = k} dx_t

    Raises:
        TypeError, ValueError: As `forward` does, and arrays that do not fit.

    Example:
        >>> p = EmbeddingParams(E=np.zeros((3, 1)))
        >>> backward(p, np.array([1, 1, 0]), np.array([[1.0], [2.0], [4.0]])).E.ravel()
        array([4., 3., 0.])
    """
    K, D = params.E.shape
    index = _index(y, K)
    return EmbeddingParams(E=sum_rows(dx.reshape(-1, D), index.reshape(-1), K))


@contract
def one_hot(y: Int[Array, "..."], *, symbols: int, dtype: str = "float64") -> Float[Array, "... K"]:
    """A one in the place of the symbol, zeros elsewhere: x_k = [k = y].

    Args:
        y: Symbols 0, …, K - 1, such as (T, B).
        symbols: How many symbols K there are.
        dtype: The floating point type of the result, by name.

    Raises:
        TypeError: `y` is not an array of integers, or `symbols` is not an integer.
        ValueError: A symbol outside 0, …, K - 1.

    Example:
        >>> one_hot(np.array([2, 0]), symbols=3)
        array([[0., 0., 1.],
               [1., 0., 0.]])
    """
    K = expect_size("one_hot", "symbols", symbols)
    index = _index(y, K)
    return as_dtype(index[..., None] == namespace(y).arange(K, device=y.device), dtype)


def _index(y: Array, K: int) -> Array:
    """The symbols as int64, by which both libraries select rows; none outside 0, …, K - 1."""
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= K:
        raise ValueError(
            f"embedding: y holds {low if low < 0 else high}, expected symbols 0 to {K - 1}, "
            f"because there are K = {K}."
        )
    return as_dtype(y, "int64")
