"""The run over a class: hand out submissions, take in results, write each one, say how far it is.

Whatever ends a run, the next one goes on from there: a submission counts as graded when its points
are in the gradebook and its folder, marked with what was handed in, is in autograded/. Results are
written and let go of, so that a thousand submissions take no more memory than ten.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from types import FrameType
from typing import Any, TextIO

from sqlalchemy.exc import SQLAlchemyError

from rnnlib.grading.batch.course import Course
from rnnlib.grading.batch.folder import read_mark, write_folder, write_log
from rnnlib.grading.batch.outcome import Outcome, Workers
from rnnlib.grading.batch.problem_set import ProblemSet
from rnnlib.grading.batch.progress import Progress
from rnnlib.grading.batch.submission import Submission, read_submission
from rnnlib.grading.batch.work import Task
from rnnlib.grading.batch.writer import Writer

GLANCE = 0.5
"""Seconds between two looks at the clock and at Ctrl-C."""


@dataclass
class Summary:
    """What a run did.

    Attributes:
        graded: How many were graded now.
        skipped: How many had been graded before, from the same submission.
        incomplete: Those that could not be graded, or not all of it.
        troubles: Sentences on what was odd or could not be graded, by student.
        interrupted: Whether it was stopped by Ctrl-C.
    """

    graded: int = 0
    skipped: int = 0
    incomplete: list[str] = field(default_factory=list)
    troubles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    interrupted: bool = False

    def note(self, student: str, troubles: Sequence[str]) -> None:
        """Keep what there is to say of a student."""
        if troubles:
            self.troubles[student] = tuple(troubles)


@dataclass
class Run:
    """One run over the submissions to a problem set.

    Attributes:
        course: Where everything is.
        problem_set: What is graded.
        writer: Writes to the gradebook.
        options: What every notebook is graded with: seed, sandbox, limits.
        stream: Where to say how far it is.
        grade: Grades one notebook; `verification.grade_notebook` where it is None.
        summary: What it has done so far.
    """

    course: Course
    problem_set: ProblemSet
    writer: Writer
    options: Mapping[str, Any]
    stream: TextIO
    grade: Callable[..., Any] | None = None
    summary: Summary = field(default_factory=Summary)

    def plan(self, students: Sequence[str], force: bool = False) -> list[str]:
        """Those whose submission is not graded yet; all of them, where they are to be regraded."""
        graded = set() if force else self.writer.graded()
        todo = [
            student
            for student in students
            if student not in graded or not self._is_graded_already(student)
        ]
        self.summary.skipped = len(students) - len(todo)
        return todo

    def execute(self, students: Sequence[str], workers: Workers) -> None:
        """Grade submissions; Ctrl-C ends it after what is being written."""
        progress = Progress(len(students), self.stream)
        waiting = iter(students)
        under_way: dict[str, Submission] = {}
        done = 0
        with closing(workers), closing(progress), _interruptible() as interrupted:
            while not interrupted():
                free = max(0, workers.capacity() - len(under_way))  # workers come and go
                for student in islice(waiting, free):
                    submission = self._read(student)
                    if submission.notebooks:
                        under_way[student] = submission
                        workers.submit(self._task(submission))
                    else:
                        done += 1
                        self._refuse(submission, submission.troubles, progress)
                if not under_way and done == len(students):
                    break
                for outcome in workers.wait(GLANCE):
                    done += 1
                    self._take_in(under_way.pop(outcome.student), outcome, progress)
                progress.update(done, len(under_way))
        self.summary.interrupted = done < len(students)

    def _is_graded_already(self, student: str) -> bool:
        mark = read_mark(self.course, self.problem_set.name, student, self.problem_set.rows)
        if mark.digest and mark.digest == self._read(student).digest:
            self.summary.note(student, mark.troubles)
            return True
        return False

    def _read(self, student: str) -> Submission:
        folder = self.course.folder("submitted", student, self.problem_set.name)
        return read_submission(folder, student, self.problem_set.rows)

    def _task(self, submission: Submission) -> Task:
        return Task(submission, self.problem_set.released, self.options, self.grade)

    def _take_in(self, submission: Submission, outcome: Outcome, progress: Progress) -> None:
        """Write a result: the points first, then the folder, whose mark says that all is there."""
        result = outcome.result
        if result is None:
            self._refuse(submission, (*submission.troubles, outcome.reason), progress)
            return
        if not result.scores:
            self._refuse(submission, result.troubles, progress, result.log)
            return
        try:
            self.writer.write(submission, result)
            write_folder(self.course, self.problem_set.name, submission, result)
        except (SQLAlchemyError, OSError, ValueError) as error:
            reason = f"the result could not be written: {_first_line(error)}"
            self._refuse(submission, (*result.troubles, reason), progress, result.log)
            return
        self.summary.graded += 1
        if not result.is_complete(self.problem_set.rows):
            self.summary.incomplete.append(submission.student)
        self._say(submission, result.troubles, progress)
        self._log(submission, "graded", result.troubles, result.log, result.seconds)

    def _refuse(
        self, submission: Submission, reasons: Sequence[str], progress: Progress, log: str = ""
    ) -> None:
        """Nothing of it could be graded."""
        self.summary.incomplete.append(submission.student)
        self._say(submission, reasons, progress)
        self._log(submission, "not graded", reasons, log)

    def _say(self, submission: Submission, troubles: Sequence[str], progress: Progress) -> None:
        self.summary.note(submission.student, troubles)
        for trouble in troubles:
            progress.say(f"{submission.student}: {trouble}")

    def _log(
        self,
        submission: Submission,
        outcome: str,
        troubles: Sequence[str],
        text: str,
        seconds: float = 0.0,
    ) -> None:
        head = {
            "submission": f"{self.problem_set.name} by {submission.student}, {outcome}",
            "sha256": submission.digest,
            "seed": str(self.options.get("seed")),
            "seconds": f"{seconds:.2f}",
        }
        if submission.ignored:
            head["not looked at"] = ", ".join(submission.ignored)
        path = self.course.log(submission.student, self.problem_set.name)
        write_log(path, head, "\n".join(filter(None, [*troubles, text])))


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C be asked for, instead of coming in the midst of something."""
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {number: signal.signal(number, press) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: pressed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
