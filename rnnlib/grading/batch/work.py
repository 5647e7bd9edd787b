"""What a worker does: grade one submission, from plain data to plain data.

A worker is a process here or on another machine. It needs nothing of the course folder and nothing
of the gradebook: the submission travels to it, and the result travels back.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from rnnlib.grading.batch.submission import Submission

Scores = dict[str, float | None]

MARK = "rnnlib"
"""The entry of a graded notebook's metadata that says what it was made from."""


@dataclass(frozen=True)
class Task:
    """One submission, and how to grade it.

    Attributes:
        submission: What was handed in.
        released: The cells of each notebook as released, by the notebook's name.
        options: What is passed on to the grading of a notebook: seed, sandbox, limits.
        grade: Grades one notebook, as `rnnlib.grading.verification.grade_notebook` does; that is
            what is called where it is None.
    """

    submission: Submission
    released: Mapping[str, Any]
    options: Mapping[str, Any]
    grade: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Result:
    """What came of one submission, by the names of its notebooks.

    Attributes:
        notebooks: The text of each notebook as it goes to autograded/.
        scores: The points of each graded cell; None where a person has to grade.
        comments: What nbgrader remarks on each cell to solve ("No response."), or None.
        troubles: What could not be graded, and why.
        log: The tracebacks of what the grader stumbled over.
        seconds: How long it took.
    """

    notebooks: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Scores] = field(default_factory=dict)
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()
    log: str = ""
    seconds: float = 0.0

    def is_complete(self, names: Collection[str]) -> bool:
        """Whether all these notebooks could be graded."""
        return set(names) <= self.scores.keys()


def work(task: Task) -> Result:
    """Grade one submission; nothing that is in it makes this raise."""
    submission = task.submission
    start = time.monotonic()
    graded: dict[str, Any] = {}
    troubles = list(submission.troubles)
    log: list[str] = []
    for name, content in submission.notebooks.items():
        try:
            one = _grader(task)(content, task.released[name], **task.options)
        except Exception as error:  # whatever it is, it costs this notebook and not the run
            reason = f"{type(error).__name__}: {error}".removesuffix(": ")
            troubles.append(f"{name}.ipynb could not be graded: {reason}")
            log.append(traceback.format_exc())
            continue
        prefix = f"{name}: " if len(task.released) > 1 else ""
        troubles += [f"{prefix}{trouble}" for trouble in one.troubles]
        if one.readable:
            graded[name] = one
    mark = {"submission": submission.digest, "troubles": troubles}
    return Result(
        notebooks={name: _text(one.notebook, mark) for name, one in graded.items()},
        scores={name: dict(one.scores) for name, one in graded.items()},
        comments={name: _comments(one.notebook) for name, one in graded.items()},
        troubles=tuple(troubles),
        log="\n".join(log),
        seconds=time.monotonic() - start,
    )


def _grader(task: Task) -> Callable[..., Any]:
    if task.grade is not None:
        return task.grade
    from rnnlib.grading.verification import grade_notebook

    return grade_notebook


def _text(notebook: Any, mark: Mapping[str, Any]) -> str:
    """The text of a graded notebook, marked with the submission that it was made from."""
    import nbformat

    notebook.metadata[MARK] = {**notebook.metadata.get(MARK, {}), **mark}
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return text


def _comments(notebook: Any) -> dict[str, str | None]:
    """What nbgrader remarks on every cell that a person reads."""
    from nbgrader.utils import compute_checksum, is_solution, is_task

    comments: dict[str, str | None] = {}
    for cell in notebook.cells:
        if is_solution(cell) or is_task(cell):
            about = cell.metadata.nbgrader
            untouched = about.get("checksum") == compute_checksum(cell) and not is_task(cell)
            comments[about.grade_id] = "No response." if untouched else None
    return comments
