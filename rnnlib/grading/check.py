"""The test cell of an exercise: `check("ps2/rnn_backward", rnn_backward)`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from rnnlib.grading.calling.notebook import names_around
from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.exercise import find, names
from rnnlib.grading.reporting.html import as_html
from rnnlib.grading.reporting.report import MIME, Report, as_text

_charged: dict[str, tuple[str, ...]] = {}
"""The mistakes that cost points so far, by exercise, in the order of their first checks."""

_right: dict[str, Callable[..., object]] = {}
"""The functions that were right when they were last checked, by name."""


def check(name: str, function: Callable[..., object]) -> float:
    """Call a function on the cases of an exercise, show a report, and return the points.

    Nothing that the function does, prints or raises ends the check, and nothing is written to
    stderr, for which nbgrader would take all points. A mistake that cost points in an exercise of
    the same set that was checked before costs nothing again. While submissions are graded,
    references are out of reach: then it says so, and what it returns does not count.

    Args:
        name: The exercise, such as "ps2/rnn_backward".
        function: The function that solves it.

    Returns:
        The points, a float from 0 to the points of the exercise. As the last expression of a test
        cell it is the cell's score.

    Raises:
        LookupError: There is no exercise of that name; the message lists those there are.
    """
    with quiet():
        report = _report(name, function)
    if report is None:
        print(f"{name} is checked outside this notebook when it is graded.")
        return 0.0
    show(report)
    return report.points


def _report(name: str, function: Callable[..., object]) -> Report | None:
    """The report on a function; None where there is nothing to compare it with."""
    try:
        from rnnlib.grading.judging.again import run_and_judge  # not there while it is graded
        from rnnlib.grading.judging.charged import charged_before
    except ImportError:
        return None
    if not names():
        return None
    exercise = find(name)
    charged = charged_before(_charged, name)
    around = names_around(function) or {}
    right = [other for other, checked in _right.items() if around.get(other) is checked]
    report = run_and_judge(exercise, exercise.cases(), function, charged=charged, right=right)
    _charged[name] = report.charged
    _right.pop(exercise.function, None)
    if report.is_right:
        _right[exercise.function] = function
    return report


def show(report: Report) -> None:
    """Show a report: as one display in a notebook, as printed text elsewhere."""
    text = as_text(report)
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding))
        return
    shell.display_pub.publish(
        {"text/plain": text, "text/html": as_html(report), MIME: report.data}, metadata={}
    )
