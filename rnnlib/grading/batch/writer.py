"""The one writer: a result becomes the rows that nbgrader's own autograde would have written.

One connection for the whole run, one transaction a submission. What a person has entered (manual
scores, extra credit, comments, flags, extensions) is never touched.
"""

from __future__ import annotations

from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import selectinload

from rnnlib.grading.batch.problem_set import NotebookRows, ProblemSet
from rnnlib.grading.batch.submission import Submission
from rnnlib.grading.batch.work import Result

ATTEMPTS = 5
"""How often a transaction is tried that meets a locked or restarted database."""


class Writer:
    """Writes results to a gradebook.

    Args:
        gradebook: nbgrader's gradebook; this is the only one that uses it.
        problem_set: The problem set that is graded.
        config: nbgrader's configuration, for the penalties of late submissions.
    """

    def __init__(self, gradebook: Gradebook, problem_set: ProblemSet, config: Any) -> None:
        self._db = gradebook.db
        self._problem_set = problem_set
        self._late = AssignLatePenalties(config=config)
        self._late.init_plugin()

    def graded(self) -> set[str]:
        """The students whose submission the gradebook has."""
        query = select(SubmittedAssignment.student_id).where(
            SubmittedAssignment.assignment_id == self._problem_set.id
        )
        students = set(self._db.execute(query).scalars())
        self._db.rollback()
        return students

    def write(self, submission: Submission, result: Result) -> None:
        """Write one result, wholly or not at all.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The database does not take it.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._apply(submission, result)
                self._db.commit()
                return
            except OperationalError:  # locked by the formgrader, or its server has restarted
                self._db.rollback()
                if attempt == ATTEMPTS:
                    raise
            except BaseException:
                self._db.rollback()
                raise
            finally:
                self._db.expunge_all()  # nothing of a student is kept for the next one

    def _apply(self, submission: Submission, result: Result) -> None:
        row = self._row(submission.student)
        if submission.timestamp:
            row.timestamp = parse_utc(submission.timestamp)
        notebooks = {notebook.notebook_id: notebook for notebook in row.notebooks}
        for name, rows in self._problem_set.rows.items():
            notebook = notebooks.get(rows.id)
            if notebook is None:
                notebook = SubmittedNotebook(notebook_id=rows.id, assignment_id=row.id)
                self._db.add(notebook)
            _complete(notebook, rows)
            if name in result.scores:
                _fill_in(notebook, rows, result, name)
            elif name not in submission.notebooks:
                _not_handed_in(notebook)
            self._db.flush()
            self._penalise(row, notebook)

    def _row(self, student: str) -> SubmittedAssignment:
        """The submission's row with all that belongs to it, or a new one."""
        query = (
            select(SubmittedAssignment)
            .where(
                SubmittedAssignment.assignment_id == self._problem_set.id,
                SubmittedAssignment.student_id == student,
            )
            .options(
                selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades),
                selectinload(SubmittedAssignment.notebooks).selectinload(
                    SubmittedNotebook.comments
                ),
            )
        )
        row = self._db.execute(query).scalar_one_or_none()
        if row is None:
            if self._db.get(Student, student) is None:
                self._db.add(Student(id=student))
                self._db.flush()
            row = SubmittedAssignment(assignment_id=self._problem_set.id, student_id=student)
            self._db.add(row)
            self._db.flush()
        return row

    def _penalise(self, row: SubmittedAssignment, notebook: SubmittedNotebook) -> None:
        """What the course's plugin for late submissions takes off, as nbgrader does."""
        penalty = None
        if row.total_seconds_late > 0:
            self._db.refresh(notebook, ["score"])
            penalty = self._late.plugin_inst.late_submission_penalty(
                row.student_id, notebook.score, row.total_seconds_late
            )
            if penalty is not None:
                penalty = self._late._check_late_penalty(notebook, penalty)
        notebook.late_submission_penalty = penalty


def _complete(notebook: SubmittedNotebook, rows: NotebookRows) -> None:
    """Give a notebook a row for every grade and comment that it has none for."""
    graded = {grade.cell_id for grade in notebook.grades}
    commented = {comment.cell_id for comment in notebook.comments}
    for cell in rows.graded.values():
        if cell not in graded:
            notebook.grades.append(Grade(cell_id=cell))
    for cell in rows.commented.values():
        if cell not in commented:
            notebook.comments.append(Comment(cell_id=cell))


def _fill_in(notebook: SubmittedNotebook, rows: NotebookRows, result: Result, name: str) -> None:
    grades = {grade.cell_id: grade for grade in notebook.grades}
    for cell, score in result.scores[name].items():
        if cell in rows.graded:
            grade = grades[rows.graded[cell]]
            grade.auto_score = score
            # What a person has graded before is theirs to look at again.
            grade.needs_manual_grade = grade.manual_score is not None or score is None
    comments = {comment.cell_id: comment for comment in notebook.comments}
    for cell, text in result.comments[name].items():
        if cell in rows.commented:
            comments[rows.commented[cell]].auto_comment = text


def _not_handed_in(notebook: SubmittedNotebook) -> None:
    """One of several notebooks is not there: no points, as nbgrader has it."""
    for grade in notebook.grades:
        grade.auto_score = 0
        grade.needs_manual_grade = False
