"""The parallel scan: every prefix of a sequence under an associative operator.

Source: Blelloch, "Prefix sums and their applications", CMU-CS-90-190 (1990), §1.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnlib import tree
from rnnlib.backend import Array, copy, namespace


def associative_scan(operator: Callable[[Any, Any], Any], elements: Any) -> Any:
    """The prefixes p_t = e_t ∘ … ∘ e_2 ∘ e_1, for every t.

    Neighbours are combined, all pairs at once; the scan of the T/2 pairs, which is the same problem
    at half the length, gives every second prefix; one more application gives those between.

        p_2, p_4, …  =  the scan of  e_2 ∘ e_1,  e_4 ∘ e_3,  …
        p_1 = e_1,      p_3 = e_3 ∘ p_2,      p_5 = e_5 ∘ p_4,  …

    Args:
        operator: Associative: c ∘ (b ∘ a) = (c ∘ b) ∘ a. Called as `operator(later, earlier)` with
            trees like `elements` that hold many time steps along the first axis, at times none; it
            need not be commutative.
        elements: A tree of arrays with time first.

    Returns:
        A tree like `elements`.

    Raises:
        TypeError: A leaf that is not an array.
        ValueError: No leaf, no time axis, no step, or leaves of different lengths.

    Example:
        >>> import operator
        >>> import numpy as np
        >>> associative_scan(operator.add, np.array([1, 2, 3, 4, 5]))
        array([ 1,  3,  6, 10, 15])
    """
    _expect_one_length(elements)
    return _scan(operator, elements)


def _scan(operator: Callable[[Any, Any], Any], elements: Any) -> Any:
    T = len(next(tree.leaves(elements)))
    if T == 1:
        return tree.map(copy, elements)
    left = tree.map(lambda e: e[0::2], elements)  # e_1, e_3, e_5, …
    right = tree.map(lambda e: e[1::2], elements)  # e_2, e_4, …

    pairs = operator(right, _first(T // 2, left))  # e_2 ∘ e_1, e_4 ∘ e_3, …
    p_right = _scan(operator, pairs)  # p_2, p_4, …
    p_left = operator(_after_first(left), _first((T - 1) // 2, p_right))  # p_3, p_5, …
    return tree.map(weave, tree.map(_prepend, left, p_left), p_right)


def weave(left: Array, right: Array) -> Array:
    """One sequence from two in turns, l_1, r_1, l_2, r_2, …; the left one may be longer by one."""
    xp, n = namespace(left), len(right)
    both = xp.stack([left[:n], right], 1).reshape(2 * n, *left.shape[1:])
    return both if len(left) == n else xp.concat([both, left[n:]])


def _first(n: int, elements: Any) -> Any:
    return tree.map(lambda e: e[:n], elements)


def _after_first(elements: Any) -> Any:
    return tree.map(lambda e: e[1:], elements)


def _prepend(e: Array, later: Array) -> Array:
    return namespace(e).concat([e[:1], later])


def _expect_one_length(elements: Any) -> None:
    first = None
    for name, leaf in tree.named_leaves(elements):
        place = name or "elements"
        namespace(leaf)
        if leaf.ndim == 0 or len(leaf) == 0:
            raise ValueError(
                f"associative_scan: {place} has shape {tuple(leaf.shape)}, expected time as its "
                "first axis, with at least one step."
            )
        if first is None:
            first = place, len(leaf)
        elif len(leaf) != first[1]:
            raise ValueError(
                f"associative_scan: {place} has {len(leaf)} steps and {first[0]} has {first[1]}; "
                "time is the first axis of both."
            )
    if first is None:
        raise ValueError(
            "associative_scan: elements holds no array, expected a tree of arrays with time first."
        )
