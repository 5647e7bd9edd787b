"""Run one notebook, cell by cell, so that what goes wrong in a cell costs that cell only.

A check cell is not run: the kernel is asked for answers, which are judged here. What was shown and
earned before a kernel dies stays, and nothing is ever checked twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.verification.check_cell import parse
from rnnlib.grading.verification.feedback import as_outputs
from rnnlib.grading.verification.harmless import make_harmless
from rnnlib.grading.verification.kernel import Kernel, Outcome
from rnnlib.grading.verification.lasting import LastingKernel
from rnnlib.grading.verification.outputs import Shown, clamp, stopped
from rnnlib.grading.verification.verifying import Verifier, no_answer


def refuse(notebook: Any, seed: int, reason: str) -> None:
    """Say in every test cell of a notebook that it was not run, and why; it earns nothing then."""
    for number, cell in enumerate(filter(_is_test, notebook.cells), start=1):
        check = parse(cell.source)
        points = float(cell.metadata.nbgrader["points"])
        cell.outputs = (
            [stopped(Outcome("dead", f"was not run: {reason}"))]
            if check is None
            else as_outputs(
                no_answer(check.function, points, f"was not run: {reason}"), seed, number
            )
        )


def execute(
    notebook: Any, start: Callable[[], Kernel], seed: int, limits: Limits
) -> tuple[str, ...]:
    """Run every cell of a notebook, which then holds outputs and scores.

    Args:
        notebook: The notebook, with test cells as they were released.
        start: Starts a kernel.
        seed: What the cases are drawn from.
        limits: How much the notebook may take.

    Returns:
        What went wrong, a line each.

    Raises:
        RuntimeError: No kernel could be started; or the judging itself failed, for which nobody
            should lose points.
    """
    kernel = LastingKernel(start, limits.notebook)
    verifier = Verifier(kernel, seed)
    troubles: list[str] = []
    number = 0
    try:
        for place, cell in enumerate(notebook.cells, start=1):
            if cell.cell_type != "code" or not cell.source.strip() or _skipped(cell):
                continue
            number += 1
            outcome = _execute_cell(cell, number, kernel, verifier, limits)
            if outcome.status not in ("ok", "error"):
                troubles.append(f"Cell {place} {outcome.reason}.")
    finally:
        kernel.close()
    if verifier.failure:
        name, error = verifier.failure
        reason = f"the grader itself failed at {name}, {type(error).__name__}: {error}"
        raise RuntimeError(reason) from error
    make_harmless(notebook)
    notebook.metadata["language_info"] = kernel.language_info
    notebook.metadata["rnnlib"] = {**notebook.metadata.get("rnnlib", {}), "seed": seed}
    return (*troubles, *verifier.troubles, *_clamped(notebook))


def _execute_cell(
    cell: Any, number: int, kernel: LastingKernel, verifier: Verifier, limits: Limits
) -> Outcome:
    cell.execution_count = number
    check = parse(cell.source) if _is_test(cell) else None
    if check is not None:
        points = float(cell.metadata.nbgrader["points"])
        report, outcome = verifier.verify(check, points)
        cell.outputs = as_outputs(report, verifier.seed, number)
        return outcome
    shown = Shown(number)
    outcome = kernel.execute(
        cell.source, seconds=limits.cell, largest=limits.output, listen=shown.listen
    )
    cell.outputs = shown.outputs
    if outcome.status not in ("ok", "error"):
        cell.outputs.append(stopped(outcome))
    return outcome


def _clamped(notebook: Any) -> list[str]:
    """Keep the values of all test cells within their points."""
    lines = []
    for cell in notebook.cells:
        if _is_test(cell):
            about = cell.metadata.nbgrader
            if line := clamp(cell, float(about["points"])):
                lines.append(f"The cell {about['grade_id']!r} {line}")
    return lines


def is_check(cell: Any) -> bool:
    """Whether a cell is a test whose score and report are made here."""
    return _is_test(cell) and parse(cell.source) is not None


def _is_test(cell: Any) -> bool:
    """Whether a cell is a test, graded by what it comes to."""
    about = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and about.get("grade") and not about.get("solution"))


def _skipped(cell: Any) -> bool:
    """Whether the student marked a cell as not to be run; a cell of the release never is."""
    return "skip-execution" in cell.metadata.get("tags", ()) and "nbgrader" not in cell.metadata
