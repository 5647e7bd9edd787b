"""From what a function answered to points and reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Case, Exercise, Part, shares
from rnnlib.grading.judging.compare import Comparison, compare_all
from rnnlib.grading.reporting.report import Line, Report, Trouble


def judge(exercise: Exercise, cases: Sequence[Case], calls: Sequence[Call]) -> Report:
    """Judge the calls of one function.

    A value earns points only if it is right in every general case: a case with T = 1 alone would
    hide most mistakes. The edge cases then carry their own shares of its points.
    """
    compared = [
        None if call.answers is None else compare_all(exercise.parts, case, call.answers)
        for case, call in zip(cases, calls, strict=True)
    ]
    lines = tuple(
        _line(part, cases, [row[position] if row else None for row in compared])
        for position, part in enumerate(exercise.parts)
    )
    answered = any(row for row, case in zip(compared, cases, strict=True) if not case.edge)
    return Report(
        function=exercise.function,
        points=float(round(sum(line.points for line in lines), 6)),
        out_of=float(exercise.points),
        lines=lines if answered else (),
        troubles=_troubles(cases, calls),
        remarks=_remarks(calls, compared),
        printed=calls[0].printed.strip("\n"),
    )


def _line(part: Part, cases: Sequence[Case], found: Sequence[Comparison | None]) -> Line:
    """The points and the verdict for one returned value, from what was found in every case."""
    right = [comparison is not None and comparison.right for comparison in found]
    if all(right):
        return Line(part.name, part.points, part.points, "right")

    general = all(ok for ok, case in zip(right, cases, strict=True) if not case.edge)
    earned = sum(share for share, ok in zip(shares(cases), right, strict=True) if ok)
    points = round(part.points * earned, 6) if general else 0.0
    first = right.index(False)
    comparison = found[first] or Comparison(False, "no value, see below")
    verdict, entry = comparison.finding, comparison.entry
    if general:
        edges = (case.edge for case, ok in zip(cases, right, strict=True) if not ok)
        verdict = f"right, but not with {' or '.join(edges)}"
        entry = ": ".join(filter(None, (comparison.finding, comparison.entry)))
    case = cases[first].label if found[first] else ""
    return Line(part.name, points, part.points, verdict, entry, comparison.hint, case)


def _troubles(cases: Sequence[Case], calls: Sequence[Call]) -> tuple[Trouble, ...]:
    """The failures, each once, with the first case where it happened."""
    kinds = [_without_numbers(call) for call in calls]
    troubles: dict[str, Trouble] = {}
    for case, call, kind in zip(cases, calls, kinds, strict=True):
        if call.failure is not None:
            always = len(set(kinds)) == 1
            label = "" if always and call.failure.kind != "error" else case.label
            troubles.setdefault(kind, Trouble(call.failure.reason, label, call.failure.lines))
    return tuple(troubles.values())


def _without_numbers(call: Call) -> str:
    """The reason of a failure, its numbers left out: array sizes differ from case to case."""
    return re.sub(r"\d+", "#", call.failure.reason) if call.failure else ""


def _remarks(
    calls: Sequence[Call], compared: Sequence[tuple[Comparison, ...] | None]
) -> tuple[str, ...]:
    remarks: list[str] = []
    changed = dict.fromkeys(name for call in calls for name in call.mutated)
    if changed:
        remarks.append(
            f"{', '.join(changed)} {'is' if len(changed) == 1 else 'are'} changed in place. "
            "No points are lost here, but whoever calls the function loses the old numbers."
        )
    for part in zip(*(row for row in compared if row), strict=True):
        if all(comparison.right for comparison in part):  # else its finding says more
            remarks += dict.fromkeys(found.remark for found in part if found.remark)
    remarks += dict.fromkeys(f"Your code warned: {w}" for call in calls for w in call.warnings)
    if any(call.displays for call in calls):
        remarks.append("What your code plots or displays is not shown here.")
    return tuple(remarks)
