"""Clipping: a gradient that has become too long is shortened before the step is made.

Taught in lecture 5. Sources: by norm: Pascanu, Mikolov and Bengio, "On the difficulty of training
recurrent neural networks", ICML 2013, Algorithm 1; by value: Mikolov, "Statistical Language Models
Based on Neural Networks", PhD thesis, Brno (2012), §3.2.2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rnnlib import tree
from rnnlib.backend import as_dtype, namespace


def global_norm(gradients: Any) -> float:
    """The length of all gradients taken as one vector: √Σ dp².

    It is measured in units of the largest entry, m √Σ (dp/m)², so that no square is too large for
    the dtype: a gradient that explodes is the one whose length is asked for.

    Example:
        >>> import numpy as np
        >>> global_norm({"U": np.array([[3.0]]), "b": np.array([4.0])})
        5.0
    """
    filled = [as_dtype(dp, "float64") for dp in tree.leaves(gradients) if 0 not in dp.shape]
    sizes = [float(abs(dp).max()) for dp in filled]
    m = max(sizes, default=0.0)
    if m == 0.0 or not all(map(math.isfinite, sizes)):
        return sum(sizes)  # 0, infinity, or NaN
    return m * math.sqrt(sum(float(((dp / m) ** 2).sum()) for dp in filled))


def clip_by_norm(gradients: Any, limit: float) -> tuple[Any, float]:
    """The gradients, shortened to the length `limit` where they are longer.

        dp ← dp · min(1, limit / ‖dp‖)

    All of them by the same factor, so that the direction stays.

    Args:
        gradients: Any tree of arrays.
        limit: The largest norm; infinity clips nothing.

    Returns:
        The clipped tree, and the norm that it had before. Where that is NaN or infinite nothing can
        be shortened, and the tree comes back as it is.

    Raises:
        ValueError: A limit that is not positive.

    Example:
        >>> import numpy as np
        >>> clip_by_norm({"U": np.array([[3.0]]), "b": np.array([4.0])}, limit=1.0)
        ({'U': array([[0.6]]), 'b': array([0.8])}, 5.0)
    """
    limit = _positive("clip_by_norm", limit)
    norm = global_norm(gradients)
    if not limit < norm < float("inf"):
        return gradients, norm
    return tree.map(lambda dp: dp * (limit / norm), gradients), norm


def clip_by_value(gradients: Any, limit: float) -> Any:
    """The gradients with every entry brought into ±limit.

        dp_i ← max(-limit, min(limit, dp_i))

    Large entries lose more than small ones, so that the direction changes.

    Args:
        gradients: Any tree of arrays.
        limit: The largest size of an entry.

    Raises:
        ValueError: A limit that is not positive.

    Example:
        >>> import numpy as np
        >>> clip_by_value({"U": np.array([[3.0]]), "b": np.array([-0.5])}, limit=1.0)
        {'U': array([[1.]]), 'b': array([-0.5])}
    """
    limit = _positive("clip_by_value", limit)
    return tree.map(lambda dp: namespace(dp).clip(dp, -limit, limit), gradients)


def _positive(function: str, limit: Any) -> float:
    """The limit as Python's number: one of NumPy's would make float32 gradients float64."""
    if not isinstance(limit, int | float | np.integer | np.floating) or not limit > 0:
        raise ValueError(f"{function}: limit is {limit!r}, expected a positive number.")
    return float(limit)
