"""The table at the end of a run: a row a student, read from the gradebook."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnlib.grading.batch.columns import CHECK, Columns
from rnnlib.grading.batch.problem_set import ProblemSet

Cell = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """The points of one student by notebook and cell; None where a person has to grade."""

    student: str
    scores: Mapping[Cell, float | None]
    waits: bool


def read_rows(gradebook: Any, problem_set: ProblemSet, students: Collection[str]) -> list[Row]:
    """The points of some students, in one query however many they are."""
    from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    names = {
        cell: (notebook, name)
        for notebook, rows in problem_set.rows.items()
        for name, cell in rows.graded.items()
    }
    query = (
        select(
            SubmittedAssignment.student_id,
            Grade.cell_id,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(SubmittedAssignment.assignment_id == problem_set.id)
    )
    scores: dict[str, dict[Cell, float | None]] = {}
    waits: set[str] = set()
    for student, cell, auto, manual, extra, waiting in gradebook.db.execute(query):
        if student in students and cell in names:
            score = auto if manual is None else manual
            scores.setdefault(student, {})[names[cell]] = (
                None if score is None else score + (extra or 0)
            )
            if waiting:
                waits.add(student)
    gradebook.db.rollback()
    return [Row(student, scores[student], student in waits) for student in sorted(scores)]


def table(
    rows: Sequence[Row],
    points: Mapping[Cell, float],
    troubles: Mapping[str, Sequence[str]],
    width: int = 100,
) -> str:
    """A row a student: the points of each part, their sum, and what could not be graded.

    Args:
        rows: The students' points.
        points: What each part is worth, in order.
        troubles: Sentences, by student; also of students who have no row.
        width: The width to wrap at.
    """
    by_student = {row.student: row for row in rows}
    students = sorted(by_student.keys() | troubles.keys())
    columns = Columns(students, _names(list(points)))
    text = [*columns.head(), columns.out_of(points.values())]
    for student in students:
        row = by_student.get(student)
        scores = [row.scores.get(cell) if row else None for cell in points]
        shown = [_points(score) if row else "-" for score in scores]
        total = f"{sum(score or 0 for score in scores):g}" + "+" * row.waits if row else "-"
        text.append(columns.row(student, shown, total))
        for trouble in troubles.get(student, ()):
            text += columns.note(f"! {trouble}", width)
    if any(row.waits for row in rows):
        text += ["", "hand: for a person to grade, in nbgrader's formgrader. +: the total waits."]
    return "\n".join(text)


def _names(cells: Sequence[Cell]) -> list[str]:
    """The names of the parts, with the notebook's where there are several notebooks."""
    several = len({notebook for notebook, _ in cells}) > 1
    return [
        f"{notebook}/{name.removeprefix(CHECK)}" if several else name for notebook, name in cells
    ]


def _points(score: float | None) -> str:
    return "hand" if score is None else f"{score:.4g}"
