"""nbgrader's own steps on a course folder, each a function that runs in a worker process.

nbgrader changes the working directory and the environment, so each worker does one thing at a time.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnnlib.grading.reporting.report import MIME


@dataclass(frozen=True)
class Result:
    """What nbgrader made of one submission.

    Attributes:
        scores: Points by the name of the test cell; None where a person has still to grade.
        reports: What `check` reported, or the cell's error, by the name of the test cell.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    reports: dict[str, dict[str, Any] | str] = field(default_factory=dict)


def start_worker(log: Path) -> None:
    """Send all output of this process and of its kernels to a file; find alembic."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def release(folder: Path, problem_set: str) -> dict[str, float]:
    """Release a problem set: the gradebook's first entry, and the students' notebook.

    Returns:
        The points of every graded cell, by name, in order.

    Raises:
        RuntimeError: nbgrader could not; the message is nbgrader's.
    """
    from nbgrader.api import Gradebook

    api = _api(folder)
    _succeed(api.generate_assignment(problem_set))
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        notebooks = gradebook.find_assignment(problem_set).notebooks
        cells = [cell for notebook in notebooks for cell in notebook.grade_cells]
        return {cell.name: float(cell.max_score) for cell in cells}


def autograde(folder: Path, problem_set: str, student: str) -> Result:
    """Grade one submission.

    Raises:
        RuntimeError: nbgrader could not; the message is nbgrader's.
    """
    from nbgrader.api import Gradebook

    api = _api(folder)
    _succeed(api.autograde(problem_set, student))
    result = Result(reports=_reports(folder / "autograded" / student / problem_set))
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        for notebook in gradebook.find_submission(problem_set, student).notebooks:
            for grade in notebook.grades:
                result.scores[grade.name] = None if grade.needs_manual_grade else grade.score
    return result


def _api(folder: Path) -> Any:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    os.chdir(folder)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    return NbGraderAPI(config=config)


def _succeed(answer: dict[str, Any]) -> None:
    print(answer.get("log", ""), flush=True)
    if not answer["success"]:
        raise RuntimeError(answer.get("error") or answer.get("log") or "nbgrader gave no reason")


def _reports(folder: Path) -> dict[str, dict[str, Any] | str]:
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
