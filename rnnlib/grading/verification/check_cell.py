"""Recognise a test cell that is a check: imports, and then `check("ps2/rnn_backward", f)`.

Such a cell is not run when it is graded. What it asks for is asked from outside.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class CheckCell:
    """What a test cell checks.

    Attributes:
        exercise: The name of the exercise.
        function: The expression for the student's function, mostly its name.
        imports: What the cell imports for that expression, as source.
    """

    exercise: str
    function: str
    imports: str = ""


def parse(source: str) -> CheckCell | None:
    r"""What a cell checks; None where it is any other cell.

    Example:
        >>> parse('from rnnlib.grading import check\ncheck("ps2/readout_backward", f)')
        CheckCell(exercise='ps2/readout_backward', function='f', imports='')
    """
    try:
        *before, last = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError):  # or nothing is there
        return None
    if not isinstance(last, ast.Expr) or not all(
        isinstance(line, ast.Import | ast.ImportFrom) for line in before
    ):
        return None
    match last.value:
        case ast.Call(
            func=ast.Name(id="check") | ast.Attribute(attr="check"),
            args=[ast.Constant(value=str(exercise)), function],
            keywords=[],
        ):
            others = [ast.unparse(line) for line in before if not _of_the_grader(line)]
            return CheckCell(exercise, ast.unparse(function), "\n".join(others))
    return None


def _of_the_grader(line: ast.stmt) -> bool:
    names = [line.module or ""] if isinstance(line, ast.ImportFrom) else []
    names += [name.name for name in line.names] if isinstance(line, ast.Import) else []
    return all(name.startswith("rnnlib.grading") for name in names)
