"""All that a gradebook knows of students, with names in the place of ids."""

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select


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
