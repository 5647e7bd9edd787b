"""Nobody pays twice: what is wrong only because of an earlier function is not charged again.

A function may call the student's solution of an earlier exercise. If it is wrong, it is called once
more with a right one in its place, and has the points that it earns then. What was right when it
was checked has no other in its place: what goes wrong with it is the later function's own mistake.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from rnnlib.grading.calling.probing import probed
from rnnlib.grading.calling.run import SECONDS, run
from rnnlib.grading.calling.standing_in import given
from rnnlib.grading.exercise import Case, Exercise, withheld
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.reporting.report import Line, Report


def run_and_judge(
    exercise: Exercise,
    cases: Sequence[Case],
    function: Callable[..., object],
    seconds: float = SECONDS,
    charged: Collection[str] = (),
    right: Collection[str] = (),
) -> Report:
    """The report on a function, with the points it has when what it builds on is right.

    Args:
        exercise: What the function should be.
        cases: The cases to call it on.
        function: The student's function.
        seconds: The time limit for all calls together.
        charged: The names of the mistakes that earlier exercises were charged for.
        right: The names of earlier functions that were right: nothing stands in for these.
    """
    start = time.monotonic()
    asked = replace(exercise, withholds=withheld(exercise))
    calls = run(asked, cases, function, seconds, start)
    calls = probed(asked, cases, calls, function, seconds, start)
    report = judge(exercise, cases, calls, charged)
    stand_ins = {name: made for name, made in exercise.builds_on.items() if name not in right}
    if report.points == report.out_of or not stand_ins:
        return report
    with given(function, stand_ins) as called:
        calls = ()
        for case in cases:
            calls += run(asked, [case], function, seconds, start)
            if not called:  # it goes its own way
                return report
    return merged(report, judge(exercise, cases, calls, charged), sorted(called))


def merged(report: Report, again: Report, names: Sequence[str]) -> Report:
    """The first report, with the points of the second where these are more; never fewer.

    Args:
        report: On the function as it is.
        again: On the function with right versions of what it calls.
        names: The names of what it calls.
    """
    before = {line.name: line for line in report.lines}
    lines = tuple(_better(before.get(line.name), line, names) for line in again.lines)
    points = float(round(sum(line.points for line in lines), 6))
    if points <= report.points:
        return report
    remark = (
        f"With a right {' and '.join(names)} in the place of yours, more of this is right. Those "
        "points are counted, so that nothing is charged twice."
    )
    return replace(
        again,
        points=points,
        lines=lines,
        remarks=tuple(dict.fromkeys((remark, *report.remarks, *again.remarks))),
        printed=report.printed,
    )


def _better(before: Line | None, again: Line, names: Sequence[str]) -> Line:
    earned = before.points if before else 0.0
    if before is not None and earned > again.points:
        return before
    if earned == again.points:
        return again
    return replace(again, verdict=f"{again.verdict}, with a right {' and '.join(names)}")
