"""From what a function answered to points and reasons."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Case, Exercise, Part, shares
from rnnlib.grading.judging.causes import Explained, find_causes
from rnnlib.grading.judging.compare import Comparison, compare_all
from rnnlib.grading.judging.diagnosis import failed_alike
from rnnlib.grading.judging.remarks import remarks_on
from rnnlib.grading.reporting.report import Line, Report, Trouble


def judge(
    exercise: Exercise,
    cases: Sequence[Case],
    calls: Sequence[Call],
    charged: Collection[str] = (),
) -> Report:
    """Judge the calls of one function.

    A value earns points only if it is right in every general case: a case with T = 1 alone would
    hide most mistakes. The edge cases then carry their own shares of its points.

    Args:
        exercise: What the function should be.
        cases: The cases it was called on.
        calls: What it answered.
        charged: The names of the mistakes that earlier exercises were charged for: what these
            explain exactly keeps its points.
    """
    compared = [
        None if call.answers is None else compare_all(exercise.parts, case, call.answers)
        for case, call in zip(cases, calls, strict=True)
    ]
    findings = [
        [row[value] if row else None for row in compared] for value in range(len(exercise.parts))
    ]
    causes = find_causes(exercise, cases, calls, findings, charged)
    lines = tuple(
        _line(part, cases, found, causes.get(value))
        for value, (part, found) in enumerate(zip(exercise.parts, findings, strict=True))
    )
    answered = any(row for row, case in zip(compared, cases, strict=True) if not case.edge)
    return Report(
        function=exercise.function,
        points=float(round(sum(line.points for line in lines), 6)),
        out_of=float(exercise.points),
        lines=lines if answered else (),
        troubles=_troubles(exercise, cases, calls),
        remarks=remarks_on(exercise.parts, calls, compared),
        printed=calls[0].printed.strip("\n"),
    )


def _line(
    part: Part, cases: Sequence[Case], found: Sequence[Comparison | None], cause: Explained | None
) -> Line:
    """The points and the verdict for one returned value, from what was found in every case."""
    right = [comparison is not None and comparison.right for comparison in found]
    if all(right):
        return Line(part.name, part.points, part.points, "right")

    first = right.index(False)
    comparison = found[first] or Comparison(False, "no value, see below")
    verdict, entry = comparison.finding, comparison.entry
    forgiven = cause.forgiven if cause else ()
    counted = [ok or at in forgiven for at, ok in enumerate(right)]
    general = all(ok for ok, case in zip(counted, cases, strict=True) if not case.edge)
    earned = sum(share for share, ok in zip(shares(cases), counted, strict=True) if ok)
    points = round(part.points * earned, 6) if general else 0.0
    lost = " or ".join(case.edge for case, ok in zip(cases, counted, strict=True) if not ok)
    if cause and general and forgiven:
        kept = f"not charged again, but wrong with {lost}" if lost else "no points lost"
        verdict = f"{verdict}, {kept}: {cause.because}"
    elif general:
        verdict = f"right, but not with {lost}"
        entry = ": ".join(filter(None, (comparison.finding, comparison.entry)))
    return Line(
        part.name,
        points,
        part.points,
        verdict,
        entry,
        comparison.hint,
        case=cases[first].label if found[first] else "",
        cause=cause.version.cause if cause else None,
        kept=bool(cause and forgiven and points == part.points),
    )


def _troubles(
    exercise: Exercise, cases: Sequence[Case], calls: Sequence[Call]
) -> tuple[Trouble, ...]:
    """The failures, each once, with the first case where it happened."""
    general = [at for at, case in enumerate(cases) if not case.edge]
    version = failed_alike(exercise, cases, calls, general)
    cause = version.cause if version else None
    kinds = [_without_numbers(call) for call in calls]
    troubles: dict[str, Trouble] = {}
    for case, call, kind in zip(cases, calls, kinds, strict=True):
        if call.failure is not None:
            always = len(set(kinds)) == 1
            label = "" if always and call.failure.kind != "error" else case.label
            troubles.setdefault(
                kind, Trouble(call.failure.reason, label, call.failure.lines, cause)
            )
    return tuple(troubles.values())


def _without_numbers(call: Call) -> str:
    """The reason of a failure, its numbers left out: array sizes differ from case to case."""
    return re.sub(r"\d+", "#", call.failure.reason) if call.failure else ""
