"""A training run saved in a file and loaded again, to the bit and without pickle.

The file is NumPy's `.npz`: one array for every array of the tree, and one text, in JSON, that says
how the tree is put together. Loading it runs no code that the file brings along.
"""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib import backend
from rnnlib.backend import Array, dtype_name
from rnnlib.optim import Optimizer
from rnnlib.train.trained import Trained

FORM = "form"  # the name of the text among the arrays


def save(path: str | Path, trained: Trained) -> None:
    """Write what a training has reached to a file, whole or not at all.

    It is written beside its place and then moved there: a file that is there stays as it is until
    the new one is complete.

    Args:
        path: The file, named `….npz` by custom. One that is there is replaced.
        trained: What `rnnlib.train.train` returned.

    Raises:
        OSError: The file cannot be written.
        TypeError: The tree holds something that is neither an array nor a number, text or None.

    Example:
        >>> import tempfile
        >>> from rnnlib.optim import SGD
        >>> trained = Trained({"w": np.ones(2)}, {"iteration": np.arange(1)}, (), {})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(Path(folder, "run.npz"), trained)
        ...     load(Path(folder, "run.npz"), {"w": np.zeros(2)}, SGD(0.1)).params
        {'w': array([1., 1.])}
    """
    arrays: dict[str, Any] = {}  # by the names of their places
    arrays[FORM] = np.array(json.dumps(_form("", trained._asdict(), arrays)))
    beside = Path(f"{path}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | Path, params: Any, optimizer: Optimizer) -> Trained:
    """Read what `save` wrote.

    Args:
        path: The file.
        params: Parameters of the same form, such as the ones that training started from. The file
            holds field names and numbers; the types, the backend and the device come from here.
        optimizer: The optimizer of the training.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is not a training of `save`, or one of other parameters.
    """
    arrays = _read(path)
    form = json.loads(str(arrays[FORM]))
    like = {"params": params, "state": optimizer.init(params)}
    return Trained(**_tree(form, "", arrays, like, path))


def _read(path: str | Path) -> dict[str, Array]:
    try:
        with Path(path).open("rb") as file, np.lib.npyio.NpzFile(file) as arrays:
            if FORM in arrays.files:
                return {name: arrays[name] for name in arrays.files}
    except (zipfile.BadZipFile, ValueError) as error:  # ValueError: an array that needs pickle
        raise ValueError(f"load: {path} holds no training that rnnlib saved.") from error
    raise ValueError(f"load: {path} holds no training that rnnlib saved.")


def _form(name: str, node: Any, arrays: dict[str, Array]) -> Any:
    """How a tree is put together, as JSON has it; its arrays are put into `arrays` by name."""
    if isinstance(node, dict) or hasattr(node, "_fields"):
        kind, pairs = ("dict", node) if isinstance(node, dict) else ("fields", node._asdict())
        parts = [[k, _form(f"{name}.{k}".lstrip("."), x, arrays)] for k, x in pairs.items()]
        return {kind: parts}
    if isinstance(node, tuple | list):
        items = [_form(f"{name}[{i}]", item, arrays) for i, item in enumerate(node)]
        return {type(node).__name__: items}
    if backend.is_array(node) and dtype_name(node) != "object":
        arrays[name] = backend.to_numpy(node)
        return {"array": name, "backend": backend.backend_of(node), "dtype": dtype_name(node)}
    if node is None or isinstance(node, bool | int | float | str):
        return {"value": node}
    raise TypeError(f"save: {name} is a {type(node).__name__}, expected arrays, numbers or text.")


def _tree(node: Any, name: str, arrays: dict[str, Array], like: Any, path: Any) -> Any:
    """The tree that `_form` has described, with the types and places of the one it is like."""

    def child(part: Any, place: str, of: Any) -> Any:
        return _tree(part, (name + place).lstrip("."), arrays, of, path)

    ((kind, content), *rest) = node.items()
    if kind == "value":
        return content
    if kind == "array":
        return _array(arrays[content], dict(rest), name, like, path)
    if kind == "dict":
        of = like if isinstance(like, dict) else {}
        return {key: child(part, f".{key}", of.get(key)) for key, part in content}
    if kind == "fields":
        names = [key for key, _ in content]
        if list(getattr(like, "_fields", [])) != names:
            raise _other(path, name, f"of the fields {', '.join(names)}", type(like).__name__)
        return type(like)(*(child(part, f".{key}", getattr(like, key)) for key, part in content))
    known = like if isinstance(like, tuple | list) and len(like) == len(content) else ()
    pairs = zip(content, known or [None] * len(content), strict=True)
    items = [child(part, f"[{i}]", x) for i, (part, x) in enumerate(pairs)]
    return tuple(items) if kind == "tuple" else items


def _array(x: Array, how: dict[str, Any], name: str, like: Any, path: Any) -> Array:
    if not backend.is_array(like):
        return backend.to(x, how["backend"])
    if x.shape != tuple(like.shape) or how["dtype"] != dtype_name(like):
        found, wanted = f"{x.shape} {how['dtype']}", f"{tuple(like.shape)} {dtype_name(like)}"
        raise _other(path, name, found, wanted)
    kind = backend.backend_of(like) or "numpy"
    device = None if kind == "numpy" else str(like.device)
    return backend.to(x, kind, device=device, dtype=how["dtype"] if kind == "torch" else None)


def _other(path: Any, name: str, found: str, wanted: str) -> ValueError:
    return ValueError(
        f"load: {path} holds another training: {name} is {found} there, {wanted} here. Load it "
        "with the parameters and the optimizer that it was made with."
    )
