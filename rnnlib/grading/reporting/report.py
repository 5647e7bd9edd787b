"""What a student is told: points, a line for every returned value, and reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.rnnlib.report+json"
"""The type under which a notebook holds the report as data."""

MARKS = {"right": "✓", "kept": "↳", "partly": "◐", "wrong": "✗"}


def status(points: float, out_of: float) -> str:
    """Whether all points were earned ("right"), some ("partly") or none ("wrong")."""
    if points == out_of:
        return "right"
    return "partly" if points else "wrong"


@dataclass(frozen=True)
class Cause:
    """What was done wrong: mistakes that, together, give exactly the numbers that came.

    Attributes:
        names: What was done, such as "tanh' is left out".
        hints: What to think about, one for each name.
        sure: Whether hardly anything else gives these numbers.
    """

    names: tuple[str, ...]
    hints: tuple[str, ...]
    sure: bool = True

    @property
    def text(self) -> str:
        """Such as "tanh' is left out", or "two things: tanh' is left out, and …"."""
        if len(self.names) == 1:
            return self.names[0]
        return f"two things: {', and '.join(self.names)}"


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
        cause: What was done wrong, where that is known.
        kept: Whether it is wrong and keeps its points, because its cause is charged elsewhere.
    """

    name: str
    points: float
    out_of: float
    verdict: str
    entry: str = ""
    hint: str = ""
    case: str = ""
    cause: Cause | None = None
    kept: bool = False

    @property
    def status(self) -> str:
        """Whether it earned all points ("right"), some ("partly") or none ("wrong"); or "kept"."""
        return "kept" if self.kept else status(self.points, self.out_of)


@dataclass(frozen=True)
class Trouble:
    """A call that gave no values.

    Attributes:
        reason: What happened.
        case: The sizes of the case.
        lines: The student's own lines that led there.
        cause: What was done wrong, where that is known.
    """

    reason: str
    case: str
    lines: tuple[str, ...] = ()
    cause: Cause | None = None


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
        return f"{self.function}: {self.points:.4g} of {self.out_of:g} points"

    @property
    def case(self) -> str:
        """The sizes of the case that all lines speak of, where it is one and the same."""
        cases = {line.case for line in self.lines if line.case}
        return cases.pop() if len(cases) == 1 else ""

    @property
    def causes(self) -> dict[Cause, tuple[str, ...]]:
        """The causes that were found, and the values that each one explains."""
        found: dict[Cause, tuple[str, ...]] = {}
        for line in self.lines:
            if line.cause is not None:
                found[line.cause] = (*found.get(line.cause, ()), line.name)
        for trouble in self.troubles:
            if trouble.cause is not None:
                found.setdefault(trouble.cause, ())
        return found

    @property
    def is_right(self) -> bool:
        """Whether every value was right by itself: nothing forgiven, and nothing stood in."""
        return bool(self.lines) and all(line.verdict == "right" for line in self.lines)

    @property
    def charged(self) -> tuple[str, ...]:
        """The names of the mistakes that cost points here: later exercises forgive them."""
        paying = (line.cause for line in self.lines if line.points < line.out_of)
        return tuple(dict.fromkeys(name for cause in paying if cause for name in cause.names))

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
        text.append(f"  All of this is from the case {report.case}.")
    for cause, values in report.causes.items():
        text.append(f"  {cause_heading(cause, values)}")
        text += [f"      {hint}" for hint in cause.hints]
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


def cause_heading(cause: Cause, values: tuple[str, ...]) -> str:
    """Such as "Cause, for dx and dW: tanh' is left out."."""
    *most, last = values or ("",)
    place = f", for {', '.join(most)}{' and ' * bool(most)}{last}" if last else ""
    return f"{'Cause' if cause.sure else 'Possible cause'}{place}: {cause.text}."


def _row(line: Line, width: int) -> str:
    points = f"{line.points:.4g} of {line.out_of:g}"
    return f"  {MARKS[line.status]} {line.name:<{width}}  {points:<9}  {line.verdict}"


def _in(case: str) -> str:
    return f"(case {case})" if case else ""
