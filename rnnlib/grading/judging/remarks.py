"""Remarks: what is odd about a function and costs no points, one sentence or two for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from rnnlib.grading.calling.oddities import KINDS, Oddity
from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Part
from rnnlib.grading.judging.compare import Comparison


def remarks_on(
    parts: Sequence[Part], calls: Sequence[Call], compared: Sequence[tuple[Comparison, ...] | None]
) -> tuple[str, ...]:
    """What is odd about the calls of a function, each once.

    Args:
        parts: The returned values.
        calls: What came of the calls.
        compared: What was found for every value of every call that gave values.
    """
    remarks: list[str] = []
    changed = dict.fromkeys(name for call in calls for name in call.mutated)
    if changed:
        harmless = all(row and all(comparison.right for comparison in row) for row in compared)
        told = "No points are lost here, but whoever" if harmless else "Whoever"
        remarks.append(
            f"{_and(changed)} {_is(changed)} changed in place. "
            f"{told} calls the function loses the old numbers."
        )
    right = set[str]()
    for part, found in zip(parts, zip(*filter(None, compared), strict=True), strict=False):
        if all(comparison.right for comparison in found):  # else its finding says more
            right.add(part.name)
            remarks += dict.fromkeys(each.remark for each in found if each.remark)
    whole = {part.name for part in parts if part.whole}
    remarks += _oddities(calls, right | whole, whole)
    remarks += dict.fromkeys(f"Your code warned: {w}" for call in calls for w in call.warnings)
    if any(call.displays for call in calls):
        remarks.append("What your code plots or displays is not shown here.")
    return tuple(remarks)


def _oddities(calls: Sequence[Call], right: Collection[str], whole: Collection[str]) -> list[str]:
    """A remark on every kind of oddity of a value, by the call that shows most of it."""
    found: dict[tuple[str, str], Oddity] = {}
    for oddity in (oddity for call in calls for oddity in call.oddities):
        key = oddity.kind, oddity.names[0]
        found[key] = max(found.get(key, oddity), oddity, key=lambda odd: len(odd.names))
    remarks = []
    for kind, names in dict.fromkeys((odd.kind, odd.names) for odd in found.values()):
        if kind == "whole":  # where these are right, whole numbers are what is asked for
            names = (names[0], *(name for name in names[1:] if name not in right))
        if kind == "rounded":
            names = (names[0], *(name for name in names[1:] if name not in whole))
        if len(names) >= KINDS[kind]:
            remarks.append(SENTENCES[kind](names))
    return remarks


def _shared(names: Sequence[str]) -> str:
    value, *others = names
    others = [f"the argument {name}" if name == value else name for name in others]
    return (
        f"{value} shares memory with {_and(others)}: whoever changes one changes the other. "
        "This alone costs no points; return a copy."
    )


def _rounded(names: Sequence[str]) -> str:
    dtype, *values = names
    return f"{_and(values)} {_is(values)} {dtype}, and the arguments are float64: digits are lost."


def _whole(names: Sequence[str]) -> str:
    dtype, *values = names
    return (
        f"{_and(values)} {_verb('hold', values)} only whole numbers ({dtype}): "
        "fractions that are written into such an array are cut off."
    )


def _unsteady(names: Sequence[str]) -> str:
    return (
        f"{_and(names)} {_is(names)} not the same when the function is called again with the same "
        "arguments. What does it keep from one call to the next?"
    )


def _once(names: Sequence[str]) -> str:
    return (
        f"Called again with the same arguments, the function fails: it {names[0]}. "
        "What does it keep from one call to the next?"
    )


def _random(names: Sequence[str]) -> str:
    return (
        f"{_and(names)} {_verb('depend', names)} on the global random numbers: "
        "another seed gives another result."
    )


def _reseeds(names: Sequence[str]) -> str:
    return (
        f"The function draws or seeds the global random numbers of {_and(names)}, which other code "
        "uses too. Take a generator of your own: np.random.default_rng(seed)."
    )


def _leftover(names: Sequence[str]) -> str:
    they = "it" if len(names) == 1 else "they"
    return (
        f"The function, or one that it calls, reads {_and(names)} from the notebook. In a fresh "
        f"kernel {they} {_is(names)} not there, or may hold something else."
    )


SENTENCES: Mapping[str, Callable[[Sequence[str]], str]] = {
    "shared": _shared,
    "rounded": _rounded,
    "whole": _whole,
    "unsteady": _unsteady,
    "once": _once,
    "random": _random,
    "reseeds": _reseeds,
    "leftover": _leftover,
}
"""What is said of each kind of oddity."""


def _and(names: Sequence[str] | Mapping[str, object]) -> str:
    *most, last = names
    return f"{', '.join(most)}{' and ' * bool(most)}{last}"


def _is(names: Sequence[str] | Mapping[str, object]) -> str:
    return "is" if len(names) == 1 else "are"


def _verb(stem: str, names: Sequence[str]) -> str:
    return f"{stem}s" if len(names) == 1 else stem
