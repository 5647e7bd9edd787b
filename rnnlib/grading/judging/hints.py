"""Say what wrong numbers look like, without saying which line is wrong.

Only what holds for any array is recognised here: a transpose, a factor, a shift in time, a value in
another's place, entries that are right in part of the array.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_letters

import numpy as np

from rnnlib.gradients import relative_error
from rnnlib.grading.exercise import Array, Part
from rnnlib.grading.judging.tolerance import NEARLY, TOLERANCE, close

FEW = 3
"""Of so few numbers, or places, hardly anything can be said."""

LATEST = 3
"""Steps by which a value may come late or early and is still recognised."""


def another(got: Array, others: Mapping[str, Array]) -> str:
    """The name of the value whose numbers came in the place of this one's, or nothing."""
    return next((name for name, other in others.items() if got.any() and close(got, other)), "")


def shape_hint(part: Part, got: Array, expected: Array) -> str:
    """What a wrong shape looks like, or nothing."""
    if got.shape == expected.squeeze().shape:
        return "an axis of size 1 is missing"
    if got.ndim == expected.ndim == 3 and close(got.swapaxes(0, 1), expected):
        return "time and batch are swapped"
    if close(got.T, expected):
        return "transposed"
    if got.size == 1 and close(got.reshape(()), expected.sum()):
        return "one number: the sum of all the entries that are expected"
    for axis, letter in enumerate(part.axes.split()):
        if close(got, expected.sum(axis=axis)):
            return f"summed over {letter}, which should be kept"
    for axis in range(got.ndim):
        if close(got.sum(axis=axis), expected):
            return f"an axis of size {got.shape[axis]} is not summed over"
    return ""


def exact_hint(
    part: Part,
    got: Array,
    expected: Array,
    sizes: Mapping[str, int],
) -> str:
    """How the right numbers become these, where something as simple as a factor does it."""
    if not got.any():
        return "all zeros"
    if got.ndim == 2 and close(got.T, expected):
        return "transposed"
    return _factor(got, expected, sizes) or _shift(part, got, expected)


def rough_hint(part: Part, got: Array, expected: Array) -> str:
    """In which part of the array the numbers are right, or that they are rounded; or nothing."""
    return _blocks(part, got, expected) or _place(part, got, expected) or _rounded(got, expected)


def _factor(got: Array, expected: Array, sizes: Mapping[str, int]) -> str:
    """A constant factor, named by the sizes that give it where some do."""
    factor = float(np.vdot(got, expected) / np.vdot(expected, expected))
    if abs(factor - 1) <= 10 * TOLERANCE or not close(got, factor * expected):
        return ""
    if abs(factor + 1) <= TOLERANCE:
        return "the right numbers with the opposite sign"
    T, B = sizes.get("T", 1), sizes.get("B", 1)
    for name, size in (("B", B), ("T", T), ("(T·B)", T * B)):
        for text, value in ((name, size), (f"1/{name}", 1 / size)):
            if abs(factor / value - 1) <= TOLERANCE:
                return f"the right numbers times {text}"
    alike = np.allclose(got, factor * expected, rtol=10 * TOLERANCE)
    return f"the right numbers times {factor:.4g}" if expected.size > 1 and alike else ""


def _shift(part: Part, got: Array, expected: Array) -> str:
    """The right numbers at other steps: late, early, or in reverse order."""
    letters = part.axes.split()
    if "T" not in letters:
        return ""
    late, right = (
        np.moveaxis(got, letters.index("T"), 0),
        np.moveaxis(expected, letters.index("T"), 0),
    )
    for steps in range(1, min(LATEST, len(right) - 2) + 1):
        often = f"one {part.step}" if steps == 1 else f"{steps} {part.step}s"
        if close(late[steps:], right[:-steps]):
            return f"the right numbers, but {often} late"
        if close(late[:-steps], right[steps:]):
            return f"the right numbers, but {often} early"
    if len(right) > 1 and close(late[::-1], right):
        return f"the right numbers, with the {part.step}s in reverse order"
    return ""


def _blocks(part: Part, got: Array, expected: Array) -> str:
    """Of a stack of blocks, such as the gates in "4H": those in other places, or those wrong."""
    for axis, letters in enumerate(part.axes.split()):
        count = letters.rstrip(ascii_letters)
        if not count:
            continue
        came, right = (np.split(array, int(count), axis=axis) for array in (got, expected))
        order = [next((n for n, block in enumerate(right) if close(b, block)), -1) for b in came]
        wrong = [str(n + 1) for n, found in enumerate(order) if found != n]
        if wrong and sorted(order) == list(range(len(order))):
            return f"the blocks {' and '.join(wrong)} of {count} have changed places"
        if -1 in order and len(wrong) < len(order):
            blocks = f"block{'s' * (len(wrong) > 1)} {' and '.join(wrong)}"
            return f"wrong in {blocks} of {count} only"
    return ""


def _place(part: Part, got: Array, expected: Array) -> str:
    """The steps, or the sequences of the batch, that are right when not all are.

    Right is here far better than wrong, so that of rounded numbers no chance hit is named.
    """
    within = min(TOLERANCE, relative_error(got, expected) / 100) * np.abs(expected).max()
    names = {"T": part.step, "B": "sequence"}
    for axis, letter in enumerate(part.axes.split()):
        if letter not in names:
            continue
        error = np.abs(got - expected).max(axis=tuple({*range(got.ndim)} - {axis}))
        right = error <= within
        large = np.abs(expected).max(axis=tuple({*range(got.ndim)} - {axis}))
        if 0 < right.sum() < right.size and (large > 0.1 * large.max()).all():
            verdict = "right" if 2 * right.sum() <= right.size else "wrong"
            few = np.flatnonzero(right == (verdict == "right")).tolist()
            if len(few) > FEW:
                return ""
            ends = {0: f"the first {names[letter]}", right.size - 1: f"the last {names[letter]}"}
            places = [f"{part.name}[{':, ' * axis}{index}]" for index in few]
            only = ends.get(few[0], places[0]) if len(few) == 1 else " and ".join(places)
            return f"{verdict} at {only} only"
    return ""


def _rounded(got: Array, expected: Array) -> str:
    """That few digits are left, where it can be seen that the others were cut off."""
    if relative_error(got, expected) > NEARLY:
        return ""
    for places in range(1, 7):
        if np.array_equal(got, got.round(places)):
            return f"rounded to {places} decimal place{'s' * (places > 1)}"
    half = np.array_equal(got, got.astype(np.float16).astype(np.float64))
    return "in half precision, which has three digits" if half else ""
