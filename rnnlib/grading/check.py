"""The test cell of an exercise: `check("ps2/rnn_backward", rnn_backward)`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.again import run_and_judge
from rnnlib.grading.reporting.html import as_html
from rnnlib.grading.reporting.report import MIME, Report, as_text


def check(name: str, function: Callable[..., object]) -> float:
    """Call a function on the cases of an exercise, show a report, and return the points.

    Nothing that the function does, prints or raises ends the check, and nothing is written to
    stderr, for which nbgrader would take all points.

    Args:
        name: The exercise, such as "ps2/rnn_backward".
        function: The function that solves it.

    Returns:
        The points, a float from 0 to the points of the exercise. As the last expression of a test
        cell it is the cell's score.

    Raises:
        LookupError: There is no exercise of that name; the message lists those there are.
    """
    exercise = find(name)
    with quiet():
        report = run_and_judge(exercise, exercise.cases(), function)
    show(report)
    return report.points


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
