"""Grade a class from beginning to end: the problem set, the plan, the run, the table."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rnnlib.grading.batch.cluster import Cluster
from rnnlib.grading.batch.course import Course, CourseError, open_course
from rnnlib.grading.batch.outcome import Workers
from rnnlib.grading.batch.problem_set import load, open_gradebook
from rnnlib.grading.batch.processes import Processes
from rnnlib.grading.batch.run import Run, Summary
from rnnlib.grading.batch.table import Row, read_rows


@dataclass(frozen=True)
class Choices:
    """How to grade a class.

    Attributes:
        problem_set: Such as "ps2_bptt".
        course: The course folder.
        students: Only these; everybody, where it is empty.
        force: Whether to grade again what was graded already.
        jobs: How many processes grade at once; one a core, where it is None.
        dask: The address of a Dask scheduler, whose workers grade instead of processes.
        db: The gradebook, where it is another one than nbgrader_config.py names.
        seed: Draws the inputs; a new one a run, where it is None.
        options: More for the grading of every notebook, such as sandbox and limits.
        grade: Grades one notebook; `verification.grade_notebook` where it is None.
    """

    problem_set: str
    course: Path = Path()
    students: tuple[str, ...] = ()
    force: bool = False
    jobs: int | None = None
    dask: str | None = None
    db: str | None = None
    seed: int | None = None
    options: dict[str, Any] = field(default_factory=dict)
    grade: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Graded:
    """A class that was graded: what the run did, the points, and what each part is worth."""

    summary: Summary
    rows: Sequence[Row]
    points: dict[tuple[str, str], float]
    seed: int

    def __str__(self) -> str:
        """What the run did, in a line or two."""
        done = self.summary
        told = [f"{done.graded} graded"]
        if done.skipped:
            told.append(f"{done.skipped} graded before and not changed since (--force regrades)")
        if done.incomplete:
            told.append(f"{len(done.incomplete)} not graded, or not all of it")
        text = f"{', '.join(told)}. The inputs were those of --seed {self.seed}."
        if done.interrupted:
            text += "\nInterrupted. What was graded is kept; the same command goes on from there."
        return text


def grade_class(choices: Choices, stream: TextIO) -> Graded:
    """Grade the submissions of a class that are not graded yet.

    Args:
        choices: What to grade, and how.
        stream: Where to say how far it is.

    Raises:
        CourseError: Nothing can be graded; the message says why.
    """
    course = open_course(choices.course, choices.db)
    students = _students(course, choices)
    seed = secrets.randbits(32) if choices.seed is None else choices.seed
    with course.lock(choices.problem_set), open_gradebook(course) as gradebook:
        from rnnlib.grading.batch.writer import Writer

        problem_set, entered = load(course, gradebook, choices.problem_set)
        if entered:
            stream.write(f"{problem_set.name} has been entered into the gradebook.\n")
        writer = Writer(gradebook, problem_set, course.config)
        run = Run(
            course,
            problem_set,
            writer,
            {**choices.options, "seed": seed},
            stream,
            choices.grade,
        )
        todo = run.plan(students, choices.force)
        if todo:
            run.execute(todo, _workers(choices, len(todo)))
        rows = read_rows(gradebook, problem_set, set(students))
    return Graded(run.summary, rows, dict(problem_set.points), seed)


def _students(course: Course, choices: Choices) -> list[str]:
    found = course.students(choices.problem_set)
    where = course.folder("submitted", "<student>", choices.problem_set)
    if not found:
        raise CourseError(f"There are no submissions: nothing is in {where}.")
    unknown = sorted(set(choices.students) - set(found))
    if unknown:
        raise CourseError(f"There is no submission by {', '.join(unknown)} in {where}.")
    return [student for student in found if not choices.students or student in choices.students]


def _workers(choices: Choices, tasks: int) -> Workers:
    if choices.dask:
        return Cluster(choices.dask, sandbox=choices.options.get("sandbox") is not False)
    jobs = choices.jobs or len(os.sched_getaffinity(0))
    return Processes(min(jobs, tasks))
