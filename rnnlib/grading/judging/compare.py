"""Compare one answer with one reference: the shape, then the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlib.gradients import relative_error
from rnnlib.grading.calling.answer import Answer, Refused
from rnnlib.grading.exercise import Array, Case, Part
from rnnlib.grading.judging.hints import another, exact_hint, rough_hint, shape_hint
from rnnlib.grading.judging.tolerance import TOLERANCE


@dataclass(frozen=True)
class Comparison:
    """What was found for one returned value in one case.

    Attributes:
        right: Whether the value is right.
        finding: What is wrong: "relative error 0.3"; empty when it is right.
        entry: The worst entry: "dW[0, 1] is 0.2, expected 0.5"; empty where numbers do not compare.
        hint: What the numbers look like: "transposed"; often empty.
        exact: Whether the hint says how the right numbers become these.
        named: The other returned value whose numbers came; mostly empty.
        remark: Something odd that costs no points.
    """

    right: bool
    finding: str = ""
    entry: str = ""
    hint: str = ""
    exact: bool = False
    named: str = ""
    remark: str = ""


def compare_all(
    parts: Sequence[Part], case: Case, answers: Sequence[Answer]
) -> tuple[Comparison, ...]:
    """Compare every returned value of one call with the reference."""
    return tuple(
        compare(
            part,
            _settled(part, case, answer, expected),
            expected,
            case.sizes,
            _others(parts, case, part),
        )
        for part, answer, expected in zip(parts, answers, case.expected, strict=True)
    )


def _settled(part: Part, case: Case, answer: Answer, expected: Array) -> Answer:
    """The answer, with the reference in the place of what is as right."""
    if part.settled is None or isinstance(answer, Refused) or answer.shape != expected.shape:
        return answer
    return part.settled(case.arguments, answer, expected)


@np.errstate(all="ignore")
def compare(
    part: Part,
    answer: Answer,
    expected: Array,
    sizes: Mapping[str, int],
    others: Mapping[str, Array] | None = None,
) -> Comparison:
    """Compare one returned value with the reference.

    Args:
        part: The value's name and axes.
        answer: What was returned.
        expected: The reference.
        sizes: The sizes of the case, for the hints.
        others: The references of the other returned values, to recognise one in the wrong place.
    """
    if isinstance(answer, Refused):
        reason = answer.reason
        if part.truth:
            reason = f"{reason.removesuffix(', not an array')}, expected True or False"
        return Comparison(False, f"{part.name} {reason}")
    named = another(answer, others or {})
    got, remark = _same_shape(part, answer, expected)
    if got is None:
        hint = _in_place_of(named) or shape_hint(part, answer, expected)
        return Comparison(
            False,
            f"{part.name} has shape {answer.shape}, expected {_wanted(part, expected)}",
            hint=hint,
            exact=bool(hint),
            named=named,
        )
    if part.truth:
        return Comparison(bool(got == expected), _told(part, got, expected), remark=remark)
    bad = ~np.isfinite(got)
    if bad.any():
        kinds = "NaN" if np.isnan(got).any() else "infinite"
        return Comparison(
            False, f"{bad.sum()} of {got.size} entries of {part.name} are {kinds}", remark=remark
        )
    error = relative_error(got, expected)
    if error <= TOLERANCE:
        return Comparison(True, remark=remark)
    if part.whole:
        wrong = f"{(got != expected).sum()} of {got.size} entries of {part.name} are wrong"
        return Comparison(False, wrong, _worst_entry(part, got, expected), remark=remark)
    exact = _in_place_of(named) or exact_hint(part, got, expected, sizes)
    return Comparison(
        False,
        f"relative error {error:.2g}",
        _worst_entry(part, got, expected),
        exact or rough_hint(part, got, expected),
        bool(exact),
        named,
        remark,
    )


def _in_place_of(named: str) -> str:
    return f"these are the numbers of {named}" if named else ""


def _same_shape(part: Part, got: Array, expected: Array) -> tuple[Array | None, str]:
    """The answer in the shape of the reference, and a remark if it was not in it; or None."""
    if got.shape == expected.shape:
        return got, ""
    if got.size == 1 and not got.any() and not expected.any():
        return np.zeros_like(
            expected
        ), f"{part.name} is the single number 0, read as zeros of its shape."
    if got.ndim > expected.ndim and got.squeeze().shape == expected.squeeze().shape:
        axes = ", ".join(_axes(part, got.shape, expected.shape))
        remark = f"{part.name} has shape ({axes}) where {_letters(part)} is asked for."
        return got.reshape(expected.shape), remark
    return None, ""


def _told(part: Part, got: Array, expected: Array) -> str:
    """What came and what is expected, in words, where it should be True or False."""
    if got == expected:
        return ""
    came = bool(got) if got in (0, 1) else f"{got:.4g}"
    return f"{part.name} is {came}, expected {bool(expected)}"


def _axes(part: Part, shape: Sequence[int], expected: Sequence[int]) -> list[str]:
    """The axes of a shape that has additional ones of size 1: "1" for these, letters for others."""
    letters, sizes, axes = part.axes.split(), list(expected), []
    for size in reversed(shape):
        known = bool(sizes) and size == sizes[-1]
        if known:
            sizes.pop()
        axes.append(letters.pop() if known else "1")
    return axes[::-1]


def _worst_entry(part: Part, got: Array, expected: Array) -> str:
    index = np.unravel_index(np.abs(got - expected).argmax(), expected.shape)
    place = f"[{', '.join(str(i) for i in index)}]" if index else ""
    # four digits: of numbers further apart than the tolerance they never show the same
    return f"{part.name}{place} is {got[index]:.4g}, expected {expected[index]:.4g}"


def _wanted(part: Part, expected: Array) -> str:
    return f"{expected.shape} = {_letters(part)}" if expected.ndim else _letters(part)


def _letters(part: Part) -> str:
    letters = part.axes.split()
    if not letters:
        return "a single number"
    return f"({letters[0]},)" if len(letters) == 1 else f"({', '.join(letters)})"


def _others(parts: Sequence[Part], case: Case, part: Part) -> dict[str, Array]:
    return {
        other.name: expected
        for other, expected in zip(parts, case.expected, strict=True)
        if other is not part
    }
