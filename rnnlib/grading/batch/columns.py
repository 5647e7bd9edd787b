"""The columns of a table of points in a terminal, with long names broken into short lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

CHECK = "check_"
"""How the names of test cells begin; the function's name follows."""

NARROW = 10  # characters; a line of a head is wider only where a single word is
NUMBER = 5  # characters that points need


class Columns:
    """A student, a column a part, and the total.

    Args:
        students: Who stands in the first column.
        parts: The names of the parts; "check_" is left out.

    Example:
        >>> columns = Columns(["ada"], ["check_rnn_step_backward", "question"])
        >>> for line in columns.head():
        ...     print(line)
                 rnn_step
        student  backward  question  total
        >>> print(columns.row("ada", ["2.5", "hand"], "2.5+"))
        ada           2.5      hand   2.5+
    """

    def __init__(self, students: Iterable[str], parts: Sequence[str]) -> None:
        self.heads = [broken(part.removeprefix(CHECK)) for part in parts]
        self.first = max(map(len, ["student", *students]))
        self.widths = [max(NUMBER, *map(len, head)) for head in self.heads]

    def head(self) -> list[str]:
        """The lines above the table."""
        height = max(map(len, self.heads), default=1)
        lines = zip(*([""] * (height - len(head)) + head for head in self.heads), strict=True)
        *above, last = list(lines) or [()]
        return [*(self.row("", line) for line in above), self.row("student", last, "total")]

    def row(self, first: str, cells: Iterable[str], last: str = "") -> str:
        """One line of the table."""
        middle = [f"{cell:>{width}}" for cell, width in zip(cells, self.widths, strict=True)]
        return "  ".join([f"{first:<{self.first}}", *middle, f"{last:>{NUMBER}}"]).rstrip()

    def out_of(self, points: Iterable[float]) -> str:
        """The line of what each part is worth, and all of them together."""
        points = list(points)
        return self.row("", (f"/ {p:g}" for p in points), f"/ {sum(points):g}")

    def note(self, text: str, width: int) -> list[str]:
        """Lines of text below a row, wrapped where the table may be `width` wide."""
        indent = " " * (self.first + 2)
        return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")


def broken(name: str, width: int = NARROW) -> list[str]:
    """A name in lines, broken at its underscores and slashes.

    Example:
        >>> broken("rnn_step_backward")
        ['rnn_step', 'backward']
    """
    lines = []
    for part in name.split("/"):
        lines.append("")
        for word in part.split("_"):
            longer = f"{lines[-1]}_{word}" if lines[-1] else word
            if lines[-1] and len(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return lines
