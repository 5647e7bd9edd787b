"""Maps over trees: NamedTuples (tuples, lists, dicts) whose leaves are arrays.

Parameters, gradients and states are NamedTuples of arrays. What holds for one array, such as a step
of gradient descent, then holds for the whole tree at once.
"""

import builtins
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import repeat
from typing import Any


def map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Apply `f` to every leaf, and to the leaves at the same place in the other trees.

    Args:
        f: Called as `f(leaf, *leaves of the others)`.
        tree: Any nesting of NamedTuples, tuples, lists and dicts. `None` stays `None`.
        others: Trees of the same form.

    Returns:
        A tree of the same types with the results at its leaves.

    Raises:
        ValueError: The trees differ in form; the message names the place.

    Example:
        >>> from typing import NamedTuple
        >>> class Params(NamedTuple):
        ...     U: float
        ...     b: float
        >>> map(lambda p, dp: p - 0.5 * dp, Params(U=1.0, b=2.0), Params(U=2.0, b=4.0))
        Params(U=0.0, b=0.0)
    """
    for other in others:
        _expect_same_form("tree", tree, other)
    return _map(f, tree, *others)


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves of a tree, in the order in which `map` visits them.

    Example:
        >>> list(leaves({"h": 1, "c": (2, None, [3])}))
        [1, 2, 3]
    """
    if isinstance(tree, tuple | list):
        for branch in tree:
            yield from leaves(branch)
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from leaves(branch)
    elif tree is not None:
        yield tree


def named_leaves(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of a tree with the path that leads to each.

    Example:
        >>> list(named_leaves({"h": 1, "c": (2, 3)}, "state"))
        [('state.h', 1), ('state.c[0]', 2), ('state.c[1]', 3)]
    """
    if tree is None:
        return
    branches = _branches(tree)
    if branches is None:
        yield name, tree
        return
    for place, branch in branches:
        yield from named_leaves(branch, name + place if name else place.lstrip("."))


def unstack(tree: Any) -> Iterator[Any]:
    """A tree of arrays cut along the first axis: one tree of slices (views) after the other.

    A tree without leaves gives itself, without end.

    Example:
        >>> import numpy as np
        >>> list(unstack((np.array([1, 2]), np.array([3, 4]))))
        [(np.int64(1), np.int64(3)), (np.int64(2), np.int64(4))]
    """
    columns = [list(leaf) for leaf in leaves(tree)]  # the views of one leaf after the other
    if not columns:
        return repeat(tree)
    rows = zip(*columns, strict=True)
    if isinstance(tree, tuple) and len(columns) == len(tree):  # a NamedTuple of arrays, the usual
        return builtins.map(partial(tuple.__new__, type(tree)), rows)
    return (_filled(tree, row) for row in rows)


def _filled(tree: Any, new_leaves: Iterable[Any]) -> Any:
    rest = iter(new_leaves)
    return _map(lambda _: next(rest), tree)


def _branches(tree: Any) -> list[tuple[str, Any]] | None:
    """The children of a node with their places, or None for a leaf."""
    if isinstance(tree, dict):
        return [(f".{key}", tree[key]) for key in tree]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return [(f".{field}", getattr(tree, field)) for field in tree._fields]
    if isinstance(tree, tuple | list):
        return [(f"[{index}]", branch) for index, branch in enumerate(tree)]
    return None


def _map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    if isinstance(tree, tuple | list):
        results = [_map(f, *branches) for branches in zip(tree, *others, strict=True)]
        return type(tree)(*results) if hasattr(tree, "_fields") else type(tree)(results)
    if isinstance(tree, dict):
        return {key: _map(f, branch, *(o[key] for o in others)) for key, branch in tree.items()}
    return None if tree is None else f(tree, *others)


def _expect_same_form(name: str, tree: Any, other: Any) -> None:
    branches, found = _branches(tree), _branches(other)
    places, places_there = ([p for p, _ in b] if b is not None else None for b in (branches, found))
    if places != places_there or (tree is None) != (other is None):
        raise ValueError(
            f"tree.map: the trees differ at {name}: {_form(tree)} here, {_form(other)} there. "
            "Pass trees of the same form."
        )
    for (place, branch), (_, there) in zip(branches or [], found or [], strict=True):
        _expect_same_form(name + place, branch, there)


def _form(tree: Any) -> str:
    branches = _branches(tree)
    if branches is None:
        return "None" if tree is None else f"a leaf ({type(tree).__name__})"
    return f"{type(tree).__name__} with {', '.join(place.lstrip('.') for place, _ in branches)}"
