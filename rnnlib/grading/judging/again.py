"""Nobody pays twice: what is wrong only because of an earlier function is not charged again.

A function may call the student's solution of an earlier exercise. If it is wrong, it is called once
more with a right one in its place, and has the points that it earns then.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np

from rnnlib.grading.calling.run import SECONDS, Call, run
from rnnlib.grading.exercise import Case, Exercise
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.reporting.report import Line, Report


def run_and_judge(
    exercise: Exercise,
    cases: Sequence[Case],
    function: Callable[..., object],
    seconds: float = SECONDS,
) -> Report:
    """The report on a function, with the points it has when what it builds on is right.

    Args:
        exercise: What the function should be.
        cases: The cases to call it on.
        function: The student's function.
        seconds: The time limit for all calls together.
    """
    start = time.monotonic()
    report = judge(exercise, cases, run(exercise, cases, function, seconds, start))
    if report.points == report.out_of or not exercise.builds_on:
        return report
    with given(function, exercise.builds_on) as called:
        calls: tuple[Call, ...] = ()
        for case in cases:
            calls += run(exercise, [case], function, seconds, start)
            if not called:  # it goes its own way
                return report
    return merged(report, judge(exercise, cases, calls), sorted(called))


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
        f"A mistake is in your {' and '.join(names)}. Here a right one stands in its place, "
        "so that nothing is charged twice."
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


@contextmanager
def given(
    function: Callable[..., object], references: Mapping[str, Callable[..., Any]]
) -> Iterator[set[str]]:
    """While the block lasts, the global names of a student's function lead to the references.

    The names are changed where they stand, and not in a copy for this one function: its helpers
    find them too. Afterwards they are as they were.

    Yields:
        The names that have been called, so far.
    """
    inner = inspect.unwrap(function) if isinstance(function, FunctionType) else function
    names = getattr(inner, "__globals__", None)
    called: set[str] = set()
    if type(names) is not dict:
        yield called
        return
    before = {name: names[name] for name in references if name in names}
    names.update({name: _noted(name, right, called) for name, right in references.items()})
    try:
        yield called
    finally:
        for name in references:
            names.pop(name, None)
        names.update(before)


def _noted(name: str, right: Callable[..., Any], called: set[str]) -> Callable[..., Any]:
    """A reference that notes that it is called; it takes whatever holds numbers."""

    def reference(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        numbers = {key: np.array(value, dtype=np.float64) for key, value in kwargs.items()}
        return right(*(np.array(value, dtype=np.float64) for value in args), **numbers)

    return reference
