"""The demonstration's course folder: made from the checkout, graded, and read again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rnnlib.grading.demo.submissions import Submission, hand_in
from rnnlib.grading.reporting.report import MIME


@dataclass(frozen=True)
class Result:
    """What came of one submission.

    Attributes:
        scores: Points by the name of the test cell; None where a person has still to grade.
        reports: What `check` reported, or the cell's error, by the name of the test cell.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    reports: dict[str, dict[str, Any] | str] = field(default_factory=dict)


def make_course(
    checkout: Path, folder: Path, problem_set: str, submissions: Sequence[Submission]
) -> None:
    """Make a course folder in which a class has handed in.

    Raises:
        FileExistsError: There is a course in the folder already.
    """
    for name in ("solutions", "exercises", "submitted", "nbgrader_config.py"):
        if (folder / name).exists():
            raise FileExistsError(f"There is a course in {folder} already: it has {name}.")
    folder.mkdir(parents=True, exist_ok=True)
    for room in ("solutions", "exercises"):
        shutil.copytree(checkout / room / problem_set, folder / room / problem_set)
    shutil.copy(checkout / "nbgrader_config.py", folder)
    released = folder / "exercises" / problem_set / f"{problem_set}.ipynb"
    for submission in submissions:
        hand_in(released, submission, folder / "submitted")


def grade(
    folder: Path, problem_set: str, sandbox: bool, stream: TextIO
) -> tuple[dict[str, Result], dict[str, float]]:
    """Grade all submissions, as `rnnlib grade` does.

    Args:
        folder: The course folder.
        problem_set: Such as "ps2_bptt".
        sandbox: Whether the submissions are run in a sandbox.
        stream: Where to say how far it is.

    Returns:
        What came of each submission, by student, and the points of each part.

    Raises:
        RuntimeError: A submission could not be graded; the message says which, and why.
    """
    from rnnlib.grading.batch.grading import Choices, grade_class

    choices = Choices(problem_set, course=folder, options={"sandbox": sandbox})
    graded = grade_class(choices, stream)
    if graded.summary.incomplete:
        raise RuntimeError("\n".join(f"{s}: {t}" for s, t in graded.summary.troubles.items()))
    results = {
        row.student: Result(
            {cell: score for (_, cell), score in row.scores.items()},
            read_reports(folder / "autograded" / row.student / problem_set),
        )
        for row in graded.rows
    }
    return results, {cell: points for (_, cell), points in graded.points.items()}


def read_reports(folder: Path) -> dict[str, dict[str, Any] | str]:
    """What the checks of a graded notebook reported, or their errors, by the name of the cell.

    Args:
        folder: The student's folder in autograded/.
    """
    import nbformat

    reports: dict[str, dict[str, Any] | str] = {}
    for file in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            about = cell.metadata.get("nbgrader", {})
            if cell.cell_type != "code" or not about.get("grade"):
                continue
            for output in cell.outputs:
                if MIME in output.get("data", {}):
                    reports[about["grade_id"]] = output["data"][MIME]
                elif output.output_type == "error":
                    reports[about["grade_id"]] = f"{output.ename}: {output.evalue}"
    return reports
