"""What belongs to which library, and the few operations that the two spell differently."""

from __future__ import annotations

import math
import sys
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any, Literal, TypeAlias

import numpy as np

from rnnlib import tree as trees

Array: TypeAlias = Any
"""A NumPy array or a torch tensor."""

Backend = Literal["numpy", "torch"]
DTYPES = ("float16", "bfloat16", "float32", "float64")


def is_array(x: object) -> bool:
    """Whether `x` is an array of one of the two libraries. torch is not imported to find out."""
    return backend_of(x) is not None


def backend_of(x: object) -> Backend | None:
    """The library that `x` belongs to, or None.

    Example:
        >>> backend_of(np.zeros(2)), backend_of([0.0, 0.0])
        ('numpy', None)
    """
    if isinstance(x, np.ndarray | np.generic):
        odd = isinstance(x, np.ma.MaskedArray | np.matrix)  # not what `@` and `*` mean elsewhere
        return None if odd else "numpy"
    torch = sys.modules.get("torch")  # a tensor exists only where torch has been imported
    return "torch" if torch is not None and isinstance(x, torch.Tensor) else None


def namespace(x: Array) -> ModuleType:
    """The library that an array belongs to: `numpy` or `torch`.

    Raises:
        TypeError: `x` is not an array.

    Example:
        >>> namespace(np.zeros(2)).__name__
        'numpy'
    """
    backend = backend_of(x)
    if backend is None:
        raise TypeError(
            f"expected a NumPy array or a torch tensor, got {type(x).__name__}. "
            "Make one with numpy.asarray(...) or torch.as_tensor(...)."
        )
    return np if backend == "numpy" else sys.modules["torch"]


def dtype_name(x: Array) -> str:
    """The name of an array's dtype, the same for both libraries.

    Example:
        >>> dtype_name(np.zeros(2))
        'float64'
    """
    return str(x.dtype).removeprefix("torch.")


def all_finite(*arrays: Array) -> bool:
    """Whether arrays hold no NaN and no infinity.

    A finite sum of squares proves it in one pass; only otherwise is each entry looked at.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        flat = [x.reshape(-1) for x in arrays]
        squares = sum(x.dot(x).item() for x in flat)
    return math.isfinite(squares) or all(bool(namespace(x).isfinite(x).all()) for x in arrays)


def as_dtype(x: Array, dtype: str) -> Array:
    """The array in another dtype, given by name; the array itself where it has it already."""
    return x.astype(dtype, copy=False) if backend_of(x) == "numpy" else x.to(_torch_dtype(dtype))


def empty_like(x: Array, shape: tuple[int, ...]) -> Array:
    """A new array of this shape, not filled, with the library, dtype and device of `x`."""
    return namespace(x).empty(shape, dtype=x.dtype, device=x.device)


def copy(x: Array) -> Array:
    """A contiguous copy that shares nothing with `x`."""
    new = empty_like(x, tuple(x.shape))
    new[...] = x
    return new


def flip(x: Array) -> Array:
    """The array in reverse order along its first axis."""
    return copy(x[::-1]) if backend_of(x) == "numpy" else x.flip(0)


def sum_rows(rows: Array, index: Array, count: int) -> Array:
    """The rows (N, D) added up by their index (N,): s_k = Σ_{n: index_n = k} rows_n, (count, D).

    The order of the sum is that of the rows, so that it has the same bits every time; of torch's
    two functions for it, one promises that on the CPU and the other on CUDA.

    Example:
        >>> sum_rows(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 0]), 3).ravel()
        array([5., 0., 2.])
    """
    shape = (count, *rows.shape[1:])
    sums = namespace(rows).zeros(shape, dtype=rows.dtype, device=rows.device)
    if backend_of(rows) == "numpy":
        np.add.at(sums, index, rows)
    elif sums.device.type == "cuda":
        sums.index_put_((index,), rows, accumulate=True)
    else:
        sums.index_add_(0, index, rows)
    return sums


def is_recording(*trees_: Any) -> bool:
    """Whether torch's autograd records what is done with these arrays. Never for NumPy arrays.

    In reverse mode, for `backward()`, or in forward mode, where tensors carry tangents.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return False
    tensors = [leaf for leaf in trees.leaves(trees_) if backend_of(leaf) == "torch"]
    in_reverse = torch.is_grad_enabled() and any(x.requires_grad for x in tensors)
    return in_reverse or any(has_tangent(x) for x in tensors)


def has_tangent(x: Array) -> bool:
    """Whether a tensor carries a derivative along with its value (`torch.autograd.forward_ad`)."""
    return sys.modules["torch"].autograd.forward_ad.unpack_dual(x).tangent is not None


def lasting(xp: ModuleType) -> AbstractContextManager[Any]:
    """What is made inside can be kept for later calls.

    Within `torch.inference_mode()` tensors would be of a kind that no later backward pass takes.
    """
    return nullcontext() if xp is np else xp.inference_mode(False)


def detached(tree: Any) -> Any:
    """The same arrays, not recorded by torch's autograd."""
    return trees.map(lambda x: x.detach() if hasattr(x, "detach") else x, tree)


def _torch_dtype(dtype: str) -> Any:
    return getattr(sys.modules["torch"], dtype)
