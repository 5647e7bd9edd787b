"""The two ways in which arrays move: `to` a backend, a device and a dtype, and `to_numpy`."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlib import tree as trees
from rnnlib.backend.arrays import DTYPES, Array, Backend, as_dtype, backend_of, dtype_name

_NOT_AN_ARRAY = (
    "to: found a {} where an array is expected. Make one with numpy.asarray(...) or "
    "torch.as_tensor(...)."
)


def to_numpy(tree: Any) -> Any:
    """Every array of a tree as a NumPy array in the computer's main memory, gradients detached.

    Example:
        >>> to_numpy((np.ones(2), None))
        (array([1., 1.]), None)
    """
    return trees.map(_leaf_to_numpy, tree)


def to(tree: Any, backend: Backend, *, device: str | None = None, dtype: str | None = None) -> Any:
    """Move every array of a tree to a backend, a device and a dtype.

    Args:
        tree: Any tree of arrays (see `rnnlib.tree`).
        backend: "numpy" or "torch".
        device: torch only: "cpu", "cuda", "cuda:1", "mps". None: tensors stay where they are, and
            NumPy arrays go to the CPU.
        dtype: "float16", "bfloat16" (torch), "float32" or "float64"; None keeps each array's own.
            Integer and boolean arrays, such as class labels, keep theirs in any case.

    Returns:
        A tree of the same types. Arrays that are there already are not copied, except that from
        NumPy to torch nothing is shared: writing to the one never changes the other. From a tensor
        in main memory to NumPy the memory is shared, as with `tensor.numpy()`.

    Raises:
        ValueError: An unknown backend or dtype, or a device for NumPy.
        RuntimeError: The device is not there.
        ImportError: torch is asked for and not installed.

    Example:
        >>> to((np.ones(2), np.array([3])), "numpy", dtype="float32")
        (array([1., 1.], dtype=float32), array([3]))
    """
    if backend not in ("numpy", "torch"):
        raise ValueError(f'to: backend is {backend!r}, expected "numpy" or "torch".')
    if dtype is not None and dtype not in DTYPES:
        raise ValueError(f"to: dtype is {dtype!r}, expected one of {', '.join(DTYPES)}, or None.")
    if backend == "numpy":
        if device not in (None, "cpu"):
            raise ValueError(
                f'to: device is {device!r}, but NumPy computes on the CPU only. Use to(…, "torch", '
                f"device={device!r})."
            )
        if dtype == "bfloat16":
            raise ValueError('to: NumPy has no bfloat16; use "float32".')
        return trees.map(lambda x: _with_dtype(_array_to_numpy(x), dtype), tree)
    return trees.map(lambda x: _with_dtype(_leaf_to_torch(x, device), dtype), tree)


def _leaf_to_numpy(x: Array) -> Any:
    if backend_of(x) == "torch":
        x = x.detach().cpu()
        return (x.float() if dtype_name(x) == "bfloat16" else x).numpy()
    return np.asarray(x)


def _array_to_numpy(x: Array) -> Any:
    if backend_of(x) is None:
        raise TypeError(_NOT_AN_ARRAY.format(type(x).__name__))
    return _leaf_to_numpy(x)


def _leaf_to_torch(x: Array, device: str | None) -> Any:
    try:
        import torch
    except ImportError as error:
        raise ImportError(
            "to: torch is not installed. Install it with: pip install 'rnnlib[torch]'."
        ) from error
    if backend_of(x) == "torch":
        return x if device is None else x.to(_existing(device))
    if not isinstance(x, np.ndarray | np.generic):
        raise TypeError(_NOT_AN_ARRAY.format(type(x).__name__))
    x = np.array(x, order="C")  # torch takes no negative strides, such as x[::-1] has
    return torch.tensor(x, device=None if device is None else _existing(device))


def _existing(device: str) -> Any:
    import torch

    try:
        where = torch.device(device)
    except RuntimeError:
        raise ValueError(
            f'to: device is {device!r}, expected one of torch\'s names: "cpu", "cuda", …'
        ) from None
    if where.type == "cuda" and not torch.cuda.is_available():
        raise RuntimeError(
            f"to: device {device!r} is asked for, but torch sees no CUDA device here. "
            'Use device="cpu".'
        )
    return where


def _with_dtype(x: Array, dtype: str | None) -> Array:
    return as_dtype(x, dtype) if dtype is not None and dtype_name(x) in DTYPES else x
