"""The report as HTML for a notebook's output, in light and dark themes.

Styles are inline, because JupyterLab and nbconvert drop style sheets from outputs that are not
trusted. Text keeps the theme's colour; the tints are transparent, so that they suit any background.
Nothing is said by colour alone.
"""

from __future__ import annotations

from html import escape

from rnnlib.grading.reporting.report import MARKS, Line, Report, Trouble, cause_heading, status

TINT = {
    "right": "46, 160, 67",
    "kept": "212, 150, 20",
    "partly": "212, 150, 20",
    "wrong": "220, 70, 60",
}
"""Colours, as red, green and blue: green, amber, amber, red."""

MONO = "font-family: Menlo, Consolas, 'DejaVu Sans Mono', monospace"
SOFT = "opacity: 0.75; font-size: 0.92em"
CELL = "padding: 5px 14px 5px 0; text-align: left; vertical-align: top; border: 0"


def as_html(report: Report) -> str:
    """The report as one block of HTML with inline styles."""
    tint = TINT[status(report.points, report.out_of)]
    return (
        f'<div style="border-left: 4px solid rgb({tint}); padding: 2px 0 2px 14px; '
        f'margin: 4px 0; max-width: 860px; line-height: 1.45">'
        f"{_heading(report)}{_table(report)}{_causes(report)}"
        f"{''.join(_trouble(report, trouble) for trouble in report.troubles)}"
        f"{_remarks(report)}{_printed(report)}</div>"
    )


def _heading(report: Report) -> str:
    points = f"{report.points:.4g} of {report.out_of:g} points"
    return (
        f'<div style="font-size: 1.1em; padding: 2px 0 4px 0">'
        f'<span style="{MONO}; font-weight: bold">{escape(report.function)}</span>: '
        f'<span style="font-weight: bold">{points}</span></div>'
    )


def _table(report: Report) -> str:
    if not report.lines:
        return ""
    rows = "".join(_row(line, with_case=not report.case) for line in report.lines)
    case = f"All of this is from the case {report.case}." if report.case else ""
    return (
        '<table style="border-collapse: collapse; margin: 0; width: auto; font-size: 1em">'
        f"<tbody>{rows}</tbody></table>"
        f'<div style="{SOFT}">{escape(case)}</div>'
    )


def _row(line: Line, with_case: bool) -> str:
    case = f"case {line.case}" if line.case and with_case else ""
    details = "".join(
        f'<div style="{style}">{escape(text)}</div>'
        for text, style in ((line.entry, MONO), (line.hint, "font-weight: bold"), (case, SOFT))
        if text
    )
    mark = (
        f'<span style="background-color: rgba({TINT[line.status]}, 0.22); border-radius: 4px; '
        f'padding: 1px 7px">{MARKS[line.status]}</span>'
    )
    return (
        '<tr style="background: transparent">'
        f'<td style="{CELL}; white-space: nowrap">{mark}</td>'
        f'<td style="{CELL}; {MONO}; font-weight: bold">{escape(line.name)}</td>'
        f'<td style="{CELL}; white-space: nowrap">{line.points:.4g} of {line.out_of:g}</td>'
        f'<td style="{CELL}; white-space: normal">{escape(line.verdict)}{details}</td></tr>'
    )


def _causes(report: Report) -> str:
    return "".join(
        f'<div style="padding: 4px 0"><span style="font-weight: bold">'
        f"{escape(cause_heading(cause, values))}</span> {escape(' '.join(cause.hints))}</div>"
        for cause, values in report.causes.items()
    )


def _trouble(report: Report, trouble: Trouble) -> str:
    case = f' <span style="{SOFT}">(case {escape(trouble.case)})</span>' if trouble.case else ""
    return (
        f'<div style="padding: 4px 0"><span style="{MONO}">{escape(report.function)}</span> '
        f"{escape(trouble.reason)}{case}{_block(trouble.lines)}</div>"
    )


def _remarks(report: Report) -> str:
    return "".join(
        f'<div style="padding: 3px 0"><span style="font-weight: bold">Remark.</span> '
        f"{escape(remark)}</div>"
        for remark in report.remarks
    )


def _printed(report: Report) -> str:
    if not report.printed:
        return ""
    lines = tuple(report.printed.splitlines())
    return f'<div style="padding: 3px 0">Printed in the first call:{_block(lines)}</div>'


def _block(lines: tuple[str, ...]) -> str:
    if not lines:
        return ""
    text = escape("\n".join(lines))
    return (
        f'<div style="{MONO}; font-size: 0.92em; white-space: pre-wrap; padding: 5px 10px; '
        f'margin: 4px 0; background-color: rgba(128, 128, 128, 0.14)">{text}</div>'
    )
