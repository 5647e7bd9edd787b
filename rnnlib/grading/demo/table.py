"""The result of the demonstration class as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rnnlib.grading.batch.columns import CHECK, Columns
from rnnlib.grading.demo.course import Result
from rnnlib.grading.demo.submissions import Submission


def table(
    submissions: Sequence[Submission],
    results: Mapping[str, Result],
    out_of: Mapping[str, float],
    width: int = 100,
) -> str:
    """A row a student: the points of every part, their sum, and what was found.

    Args:
        submissions: The class.
        results: What nbgrader made of each submission, by student.
        out_of: The points that each part is worth, by the name of its cell.
        width: The width to wrap at.
    """
    columns = Columns((submission.student for submission in submissions), list(out_of))
    rows = [*columns.head(), columns.out_of(out_of.values())]
    for submission in submissions:
        result = results[submission.student]
        scores = [result.scores.get(name) for name in out_of]
        total = f"{sum(score or 0 for score in scores):g}{'+' * (None in scores)}"
        rows += ["", columns.row(submission.student, map(_points, scores), total)]
        for text in (submission.about, *found(result)):
            rows += columns.note(text, width)
    if any(score is None for result in results.values() for score in result.scores.values()):
        rows += [
            "",
            "hand: for a person to grade, in nbgrader's formgrader. +: a total that waits for it.",
        ]
    return "\n".join(rows)


def found(result: Result) -> list[str]:
    """What the reports of one submission say, a line a function; nothing of what is right."""
    return [
        f"→ {line}"
        for name, report in result.reports.items()
        if (line := _summary(name.removeprefix(CHECK), report))
    ]


def _points(score: float | None) -> str:
    return "hand" if score is None else f"{score:g}"


def _summary(function: str, report: dict[str, Any] | str) -> str:
    if isinstance(report, str):
        return f"{function}: {report}"
    if report["points"] == report["out_of"]:
        return f"{function}: {' '.join(report['remarks'])}" if report["remarks"] else ""
    if not report["lines"]:
        return f"{function} {report['troubles'][0]['reason']}"
    return f"{function}: " + "; ".join(_wrong(report["lines"]))


def _wrong(lines: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What is wrong, values that share a reason together: "dU, dW the right numbers times 1/B"."""
    together: dict[str, list[str]] = {}
    for line in lines:
        if line["points"] < line["out_of"]:
            known = " and ".join(line["cause"]["names"]) if line.get("cause") else ""
            if known or line["hint"]:
                together.setdefault(f": {known}" if known else f" {line['hint']}", []).append(
                    line["name"]
                )
            else:
                together.setdefault(" wrong", []).append(f"{line['name']} ({line['verdict']})")
    for reason, names in together.items():
        yield f"{', '.join(names)}{reason}"
