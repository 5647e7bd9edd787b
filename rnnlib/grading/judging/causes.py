"""Causes and what they cost: nobody pays twice for one mistake, and nobody gets by without paying.

A value that a mistake makes wrong loses its points, with two exceptions:

- The mistake was charged in an earlier exercise, and it (or two such) explains the value exactly.
  Then the value keeps its points here. It has to be exactly these numbers: with any other mistake
  on top they are others.
- The mistake says that other values pay for it (`Mistake.charged_to`), because this one is only
  their consequence, and one of these does lose its points here.

So a wrong function never has all points, unless an earlier one has paid for the same mistake. Where
one mistake makes several values wrong in their own right, such as a lost carry all gradients, each
of them pays: they are parts so that being half right earns half, and none of them is right.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Case, Exercise, Part
from rnnlib.grading.judging.compare import Comparison
from rnnlib.grading.judging.diagnosis import diagnose, explained, heard
from rnnlib.grading.judging.versions import Outcome, Version, double, same, single


@dataclass(frozen=True)
class Explained:
    """The cause of one wrong value.

    Attributes:
        version: The wrong version that gives the same numbers.
        forgiven: The positions of the cases in which it costs nothing.
        because: Why it costs nothing.
    """

    version: Version
    forgiven: frozenset[int] = frozenset()
    because: str = ""


@np.errstate(all="ignore")  # whatever numbers a student returns
def find_causes(
    exercise: Exercise,
    cases: Sequence[Case],
    calls: Sequence[Call],
    findings: Sequence[Sequence[Comparison | None]],
    charged: Collection[str] = (),
) -> dict[int, Explained]:
    """The causes of the wrong values, by their position, as far as they are found.

    Args:
        exercise: What the function should be.
        cases: The cases it was called on.
        calls: What it answered.
        findings: What the comparison found, for every value in every case.
        charged: The names of the mistakes that earlier exercises were charged for.
    """
    general = [at for at, case in enumerate(cases) if not case.edge]
    wrong = _wrong(findings, general)
    positions: Sequence[int] = general
    if not wrong:  # right in general: then what goes wrong in the edge cases counts too
        positions = range(len(cases))
        wrong = _wrong(findings, positions)
    if not wrong or all(calls[at].answers is None for at in general):
        return {}
    outcomes = [heard(call) for call in calls]
    before: dict[int, Version] = {}
    for version in _made_of(exercise, cases, charged):
        for value in explained(version, outcomes, wrong - {*before}, positions):
            before[value] = version
    found = diagnose(exercise, cases, calls, wrong - {*before}, positions)
    pay = {exercise.parts[value].name for value in wrong - {*before}}
    because = "the mistake behind it was already charged"
    causes = {
        value: Explained(version, _equal(outcomes, version, value), because)
        for value, version in before.items()
    }
    exchanged = _exchanged(exercise.parts, findings, positions)
    for value, version in found.items():
        if _is_simpler(version, [findings[value][at] for at in positions]):
            continue
        if value in exchanged and found.get(exchanged[value]) is not version:
            continue
        payers = _payers(exercise.parts[value].name, version, pay)
        causes[value] = (
            Explained(
                version,
                _equal(outcomes, version, value),
                f"it follows from {payers}, charged there",
            )
            if payers
            else Explained(version)
        )
    return causes


def _is_simpler(version: Version, compared: Sequence[Comparison | None]) -> bool:
    """Whether a hint explains a value more simply than two mistakes.

    Two that come to a mere factor, or that leave the right numbers in reverse, are not what
    happened; nor are two that give the numbers of another value.
    """
    wrong = [comparison for comparison in compared if comparison and not comparison.right]
    return len(version.mistakes) > 1 and all(comparison.exact for comparison in wrong)


def _exchanged(
    parts: Sequence[Part],
    findings: Sequence[Sequence[Comparison | None]],
    positions: Sequence[int],
) -> dict[int, int]:
    """The values that came in each other's place: to each the other one."""
    names = [part.name for part in parts]
    came = {
        value: {comparison.named if (comparison := found[at]) else "" for at in positions}
        for value, found in enumerate(findings)
    }
    return {
        value: other
        for value, name in enumerate(names)
        for other in range(len(names))
        if came[value] == {names[other]} and came[other] == {name}
    }


def _wrong(findings: Sequence[Sequence[Comparison | None]], positions: Sequence[int]) -> set[int]:
    """The values that are not right in all of these cases."""
    return {
        value
        for value, found in enumerate(findings)
        if not all((comparison := found[at]) and comparison.right for at in positions)
    }


def _made_of(
    exercise: Exercise, cases: Sequence[Case], charged: Collection[str]
) -> tuple[Version, ...]:
    """The versions that have no other mistakes than these."""
    if not {*charged} & {mistake.name for mistake in exercise.mistakes}:
        return ()
    versions = (*single(exercise, cases), *double(exercise, cases))
    return tuple(v for v in versions if all(mistake.name in charged for mistake in v.mistakes))


def _payers(name: str, version: Version, wrong: Collection[str]) -> str:
    """The wrong values that pay for all that is wrong with this one; none where it pays itself."""
    payers: list[str] = []
    for mistake in version.mistakes:
        paying = [value for value in mistake.charged_to if value in wrong]
        if not paying or name in mistake.charged_to:
            return ""
        payers += paying
    return " and ".join(dict.fromkeys(payers))


def _equal(outcomes: Sequence[Outcome], version: Version, value: int) -> frozenset[int]:
    """The cases in which a version gives the same value."""
    return frozenset(
        at for at, outcome in enumerate(outcomes) if same(outcome, version.outcome(at), value)
    )
