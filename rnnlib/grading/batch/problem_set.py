"""A problem set as the gradebook has it: its notebooks, their cells, and what each is worth."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnlib.grading.batch.course import Course, CourseError
from rnnlib.grading.verification.released import Released, from_gradebook


@dataclass(frozen=True)
class NotebookRows:
    """The rows of one notebook, by their ids in the gradebook.

    Attributes:
        id: The notebook's id.
        graded: The ids of its grade and task cells, by name, in the notebook's order.
        commented: The ids of its solution and task cells, by name.
    """

    id: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


@dataclass(frozen=True)
class ProblemSet:
    """What grading a problem set needs to know of it, as plain data.

    Attributes:
        name: Such as "ps2_bptt".
        id: Its id in the gradebook.
        rows: The rows of each notebook, by the notebook's name.
        released: The cells of each notebook as released, by the notebook's name: plain data that
            travels to the workers.
        points: What each cell is worth, by notebook and cell, in order.
    """

    name: str
    id: str
    rows: Mapping[str, NotebookRows]
    released: Mapping[str, Released]
    points: Mapping[tuple[str, str], float]


@contextmanager
def open_gradebook(course: Course) -> Iterator[Any]:
    """The gradebook of a course, made first where there is none.

    Raises:
        CourseError: It cannot be opened.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    _find_alembic()
    try:
        gradebook = Gradebook(course.db_url, course.directory.course_id)
    except (SQLAlchemyError, ImportError) as error:
        raise CourseError(
            f"The gradebook {_without_password(course.db_url)} cannot be opened: "
            f"{str(error).splitlines()[0]}"
        ) from error
    try:
        yield gradebook
    finally:
        gradebook.close()


def load(course: Course, gradebook: Any, name: str) -> tuple[ProblemSet, bool]:
    """A problem set, entered into the gradebook from its source first where it is not there yet.

    Returns:
        The problem set, and whether it was entered just now.

    Raises:
        CourseError: The gradebook does not have it, and the course neither.
    """
    from nbgrader.api import Assignment

    found = gradebook.db.query(Assignment).filter(Assignment.name == name).one_or_none()
    entered = found is None or not found.notebooks
    if entered:
        _enter(course, name)
        gradebook.db.expire_all()
        found = gradebook.find_assignment(name)
    rows: dict[str, NotebookRows] = {}
    released: dict[str, Released] = {}
    points: dict[tuple[str, str], float] = {}
    for notebook in found.notebooks:
        cells = from_gradebook(gradebook, course.directory, notebook.name, name)
        order = [cell.grade_id for cell in cells.cells]
        graded = sorted(
            (*notebook.grade_cells, *notebook.task_cells), key=lambda cell: order.index(cell.name)
        )
        rows[notebook.name] = NotebookRows(
            notebook.id,
            {cell.name: cell.id for cell in graded},
            {cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)},
        )
        released[notebook.name] = cells
        points |= {(notebook.name, cell.name): float(cell.max_score) for cell in graded}
    problem_set = ProblemSet(name, found.id, rows, released, points)
    gradebook.db.rollback()  # ends the reading
    gradebook.db.expunge_all()
    return problem_set, entered


def _enter(course: Course, name: str) -> None:
    """Enter a problem set into the gradebook as nbgrader does, leaving the release as it is."""
    from nbgrader.apps import NbGraderAPI

    source = course.folder("source", ".", name)
    if not source.is_dir():
        raise CourseError(
            f"The gradebook has no {name}, and there is no {source.relative_to(course.root)} to "
            "make it from."
        )
    config = deepcopy(course.config)
    with tempfile.TemporaryDirectory(prefix="rnnlib-release-") as scratch:
        config.CourseDirectory.release_directory = scratch
        done = NbGraderAPI(config=config).generate_assignment(name)
    if not done["success"]:
        raise CourseError(
            f"nbgrader cannot make {name} from {source.relative_to(course.root)}:\n"
            f"{done.get('error') or done.get('log')}"
        )


def _find_alembic() -> None:
    """Let nbgrader find alembic, which it calls by name, beside this Python."""
    here = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if here not in paths:
        os.environ["PATH"] = os.pathsep.join([here, *paths])


def _without_password(url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
