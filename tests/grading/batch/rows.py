"""All that a gradebook knows of students, with names in the place of ids."""

from pathlib import Path

import nbformat
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import is_grade
from sqlalchemy import select

NOTEBOOK = Path(__file__).parents[3] / "solutions" / "ps2_bptt" / "ps2_bptt.ipynb"
WORTH = {
    cell.id: cell.metadata.nbgrader.points
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells
    if is_grade(cell)
}
"""The graded cells of problem set 2, and their points."""


def rows(gradebook):
    """Every row of the tables that grading writes, sorted."""
    submitted = (SubmittedAssignment.student_id, Notebook.name)
    of_a_cell = (*submitted, BaseCell.name)

    def joined(*columns):
        query = select(*columns).select_from(SubmittedNotebook)
        query = query.join(SubmittedNotebook.assignment).join(SubmittedNotebook.notebook)
        return query

    grades = joined(
        *of_a_cell,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    )
    comments = joined(*of_a_cell, Comment.auto_comment, Comment.manual_comment)
    queries = {
        "students": select(Student.id, Student.first_name, Student.last_name, Student.email),
        "submissions": select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        ),
        "notebooks": joined(
            *submitted, SubmittedNotebook.flagged, SubmittedNotebook.late_submission_penalty
        ),
        "grades": grades.join(SubmittedNotebook.grades).join(Grade.cell),
        "comments": comments.join(SubmittedNotebook.comments).join(Comment.cell),
    }
    return {
        name: sorted(map(tuple, gradebook.db.execute(query)), key=str)
        for name, query in queries.items()
    }
