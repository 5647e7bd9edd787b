"""What a student is told: points, a line for every returned value, and reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.rnnlib.report+json"
"""The type under which a notebook holds the report as data."""

MARKS = {"right": "✓", "partly": "◐", "wrong": "✗"}


def status(points: float, out_of: float) -> str:
    """Whether all points were earned ("right"), some ("partly") or none ("wrong")."""
    if points == out_of:
        return "right"
    return "partly" if points else "wrong"


@dataclass(frozen=True)
class Line:
    """The result for one returned value.

    Attributes:
        name: Such as "dW".
        points: What it earned.
        out_of: What it could have earned.
        verdict: "right", or one sentence on what is wrong.
        entry: The worst entry, with the number got and the number expected; for a value that is
            right but in the edge cases, what is wrong there.
        hint: What the wrong numbers look like.
        case: The sizes of the case in which it was wrong.
    """

    name: str
    points: float
    out_of: float
    verdict: str
    entry: str = ""
    hint: str = ""
    case: str = ""

    @property
    def status(self) -> str:
        """Whether all points were earned ("right"), some ("partly") or none ("wrong")."""
        return status(self.points, self.out_of)


@dataclass(frozen=True)
class Trouble:
    """A call that gave no values: what happened, in which case, and the student's lines."""

    reason: str
    case: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The result of one check.

    Attributes:
        function: The name of the function.
        points: What it earned.
        out_of: What it could have earned.
        lines: One for every returned value; none when no general case was answered.
        troubles: Calls that gave no values.
        remarks: What is odd, warned or changed in place; costs no points.
        printed: What the function printed in its first call.
    """

    function: str
    points: float
    out_of: float
    lines: tuple[Line, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    remarks: tuple[str, ...] = ()
    printed: str = ""

    @property
    def heading(self) -> str:
        """Such as "rnn_backward: 6 of 10 points"."""
        return f"{self.function}: {self.points:g} of {self.out_of:g} points"

    @property
    def case(self) -> str:
        """The sizes of the case that all lines speak of, where it is one and the same."""
        cases = {line.case for line in self.lines if line.case}
        return cases.pop() if len(cases) == 1 else ""

    @property
    def data(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {"version": 1, **asdict(self)}


def as_text(report: Report) -> str:
    """The report as plain text."""
    width = max((len(line.name) for line in report.lines), default=0)
    text = [report.heading]
    for line in report.lines:
        text.append(_row(line, width))
        case = "" if report.case else _in(line.case)
        indent = " " * (width + 17)
        text += [indent + detail for detail in (line.entry, line.hint, case) if detail]
    if report.case:
        text.append(f"  All this in the case {report.case}.")
    for trouble in report.troubles:
        text.append(
            f"  {report.function} {trouble.reason}{' ' * bool(trouble.case)}{_in(trouble.case)}"
        )
        text += [f"      {line}" for line in trouble.lines]
    text += [f"  Remark: {remark}" for remark in report.remarks]
    if report.printed:
        text.append("  Printed in the first call:")
        text += [f"      {line}" for line in report.printed.splitlines()]
    return "\n".join(text)


def _row(line: Line, width: int) -> str:
    points = f"{line.points:g} of {line.out_of:g}"
    return f"  {MARKS[line.status]} {line.name:<{width}}  {points:<9}  {line.verdict}"


def _in(case: str) -> str:
    return f"(case {case})" if case else ""
