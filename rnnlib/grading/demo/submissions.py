"""The demonstration class: one Python file a student, turned into a notebook to hand in.

A file begins with a docstring that says what the submission is. A line `# %% name` begins the new
source of the notebook's cell that nbgrader calls `name`; all other cells stay as released.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

CLASS = Path(__file__).parents[3] / "tests" / "demo_class"
"""Where the class is: in a checkout, not in an installed package."""

MARKER = re.compile(r"^# %% (\w+)\n", flags=re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """What one student hands in.

    Attributes:
        student: The student's name, that of the file.
        about: What the submission is, in one sentence.
        cells: The new sources, by the cell's name.
    """

    student: str
    about: str
    cells: dict[str, str]


def read_class(problem_set: str, folder: Path = CLASS) -> list[Submission]:
    """All submissions to a problem set, sorted by name.

    Raises:
        FileNotFoundError: There is no class: rnnlib was not installed from a checkout.
    """
    files = sorted((folder / problem_set).glob("*.py"))
    if not files:
        raise FileNotFoundError(
            f"There is no demonstration class in {folder / problem_set}. It lies in the course's "
            "repository: run this from a checkout, with rnnlib installed by `pip install -e .`."
        )
    return [read_submission(file) for file in files]


def read_submission(file: Path) -> Submission:
    """One student's file."""
    about, *rest = MARKER.split(file.read_text(encoding="utf-8"))
    names, sources = rest[::2], rest[1::2]
    cells = {name: source.strip("\n") for name, source in zip(names, sources, strict=True)}
    return Submission(file.stem, about.strip().strip('"'), cells)


def hand_in(released: Path, submission: Submission, submitted: Path) -> Path:
    """Write the notebook that a student hands in.

    Args:
        released: The notebook as released.
        submission: What the student changed in it.
        submitted: nbgrader's folder of submissions.

    Raises:
        KeyError: The submission names a cell that the notebook does not have.
    """
    notebook = changed(_read(released), submission.cells)
    target = submitted / submission.student / released.parent.name / released.name
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)  # type: ignore[no-untyped-call]
    return target


def _read(file: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def changed(notebook: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    """A copy of a notebook with new sources for some cells, by nbgrader's name of the cell."""
    notebook = copy.deepcopy(notebook)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for name, source in sources.items():
        cells[name].source = source
    return notebook
