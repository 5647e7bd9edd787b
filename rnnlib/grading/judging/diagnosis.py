"""Find the cause: the wrong version whose numbers are the student's.

A version explains a value when it gives the same array in every general case, those that hide
nothing; of a function that is right in all of these, when it does so in every case. It is looked
for in this order: one mistake that explains everything that was returned; two at once; then value
by value, first one mistake and then two, so that mistakes in different values are each found in
their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Case, Exercise
from rnnlib.grading.judging.versions import Outcome, Version, double, same, single


def diagnose(
    exercise: Exercise,
    cases: Sequence[Case],
    calls: Sequence[Call],
    wrong: Collection[int],
    positions: Collection[int],
) -> dict[int, Version]:
    """The version that explains each wrong value, by the value's position.

    Args:
        exercise: What the function should be.
        cases: The cases it was called on.
        calls: What it answered.
        wrong: The positions of the values that are wrong.
        positions: The positions of the cases that a version has to agree in.
    """
    outcomes = [heard(call) for call in calls]
    blank = {value for value in wrong if zeros(outcomes, value, positions)}
    for versions in (single, double):
        for version in versions(exercise, cases):
            if all(_alike(outcomes[at], version.outcome(at)) for at in positions):
                told = wrong if versions is single else {*wrong} - blank
                return {value: _only(version, outcomes, value, positions) for value in told}
    found: dict[int, Version] = {}
    for versions in (single, double):
        agreed = {
            version: explained(version, outcomes, range(len(exercise.parts)), positions)
            for version in versions(exercise, cases)
        }
        while best := _best(agreed, {*wrong} - {*found}):
            found |= dict.fromkeys(({*wrong} - {*found}) & agreed[best], best)
    return found


def failed_alike(
    exercise: Exercise, cases: Sequence[Case], calls: Sequence[Call], positions: Collection[int]
) -> Version | None:
    """The version that fails as the function does, with the same words in every general case."""
    for version in single(exercise, cases):
        if all(
            isinstance(version.outcome(at), str) and version.outcome(at) == heard(calls[at])
            for at in positions
        ):
            return version
    return None


def explained(
    version: Version,
    outcomes: Sequence[Outcome],
    values: Iterable[int],
    positions: Collection[int],
) -> set[int]:
    """Those of the values that a version gives too, in all of these cases.

    Zeros mostly stand where nothing was written: only one mistake that leaves zeros, and nothing
    else, explains them.
    """

    def agrees(value: int) -> bool:
        return all(same(outcomes[at], version.outcome(at), value) for at in positions)

    agreed = {value for value in values if agrees(value)}
    blank = {value for value in agreed if zeros(outcomes, value, positions)}
    if not blank and not (agreed and version.together):
        return agreed
    given = [version.outcome(at) for at in range(len(version.cases))]
    wrong = [
        value
        for value in range(len(version.exercise.parts))
        if any(version.makes_wrong(value, at) for at in positions)
    ]
    if version.together and not all(agrees(value) for value in wrong):
        return set()
    leaves_zeros = all(zeros(given, value, positions) for value in wrong)
    return agreed if leaves_zeros and len(version.mistakes) == 1 else agreed - blank


def zeros(outcomes: Sequence[Outcome], value: int, positions: Collection[int]) -> bool:
    """Whether a value is zero in all of these cases, wherever there is one."""
    came = [outcome[value] for at in positions if not isinstance(outcome := outcomes[at], str)]
    return all(isinstance(each, np.ndarray) and not each.any() for each in came)


def _only(
    version: Version, outcomes: Sequence[Outcome], value: int, positions: Collection[int]
) -> Version:
    """Of a version with two mistakes, the one that explains a value alone, if one of them does."""
    if len(version.mistakes) == 1:
        return version
    for alone in single(version.exercise, version.cases):
        if alone.mistakes[0] in version.mistakes and explained(alone, outcomes, [value], positions):
            return alone
    return version


def _best(agreed: Mapping[Version, set[int]], wrong: set[int]) -> Version | None:
    """The version that explains most of what is wrong and, of these, most of what is right too."""
    best = max(agreed, key=lambda v: (len(agreed[v] & wrong), len(agreed[v])), default=None)
    return best if best is not None and agreed[best] & wrong else None


def _alike(got: Outcome, version: Outcome) -> bool:
    """Whether two calls gave the same in all values, or the same reason for none."""
    if isinstance(got, str) or isinstance(version, str):
        return got == version
    return all(same(got, version, value) for value in range(len(version)))


def heard(call: Call) -> Outcome:
    """What a call gave, as a version's outcome is kept."""
    if call.answers is not None:
        return call.answers
    return call.failure.reason if call.failure else ""
