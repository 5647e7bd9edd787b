"""What a student gets to see of a check that was made while grading.

The report says what check says in the student's own JupyterLab, and nothing of the inputs that were
drawn: what the function printed is left out, and so are numbers in what it raised or warned.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rnnlib.grading.reporting.html import as_html
from rnnlib.grading.reporting.report import MIME, Report, as_text

PRINTED = "What your function printed is not shown when it is graded."

NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")
"""A number that is no whole one; sizes and places stay."""


def as_outputs(report: Report, seed: int, number: int) -> list[Any]:
    """The outputs of a check cell as nbgrader expects them: a report, and the points.

    Args:
        report: What was found.
        seed: What the cases were drawn from; kept with the report, where no page shows it.
        number: The cell's number.
    """
    from nbformat.v4 import new_output

    shown = without_inputs(report)
    data = {
        "text/plain": as_text(shown),
        "text/html": as_html(shown),
        MIME: {**shown.data, "seed": seed},
    }
    return [
        new_output("display_data", data),  # type: ignore[no-untyped-call]
        new_output(  # type: ignore[no-untyped-call]
            "execute_result", {"text/plain": repr(float(report.points))}, execution_count=number
        ),
    ]


def without_inputs(report: Report) -> Report:
    """The report without what the function itself could tell of its inputs."""
    troubles = tuple(
        replace(trouble, reason=_without_numbers(trouble.reason))
        if trouble.reason.startswith("raised")
        else trouble
        for trouble in report.troubles
    )
    remarks = tuple(
        _without_numbers(remark) if remark.startswith("Your code warned") else remark
        for remark in report.remarks
    )
    if report.printed:
        remarks += (PRINTED,)
    return replace(report, troubles=troubles, remarks=remarks, printed="")


def _without_numbers(text: str) -> str:
    return NUMBER.sub("…", text)
