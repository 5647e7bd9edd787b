"""Ask a kernel for answers, and judge them here, where the student's code is not.

The kernel is sent fresh inputs and sends back arrays, as plain data. What it sends counts only if
it is well made, carries the token of the question under way, and comes before the question is over.
Everything else is no answer, and earns nothing.
"""

from __future__ import annotations

import time
from dataclasses import replace

from rnnlib.grading.calling.run import SECONDS
from rnnlib.grading.exercise import Exercise, find
from rnnlib.grading.judging.again import merged
from rnnlib.grading.judging.charged import charged_before
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.reporting.report import Report, Trouble
from rnnlib.grading.verification.asking import Question
from rnnlib.grading.verification.check_cell import CheckCell
from rnnlib.grading.verification.kernel import Outcome
from rnnlib.grading.verification.lasting import LastingKernel


class Verifier:
    """Verifies the functions of one notebook.

    Attributes:
        seed: What the cases are drawn from.
        troubles: What an instructor should look at, a line each.
        failure: The exercise at which the judging itself failed first, and how.
    """

    def __init__(self, kernel: LastingKernel, seed: int) -> None:
        """Begin with a notebook.

        Args:
            kernel: Where the student's functions are.
            seed: What the cases are drawn from.
        """
        self.seed = seed
        self.troubles: list[str] = []
        self.failure: tuple[str, Exception] | None = None
        self._kernel = kernel
        self._charged: dict[str, tuple[str, ...]] = {}  # by exercise
        self._right: set[str] = set()  # the names of functions

    def verify(self, check: CheckCell, points: float) -> tuple[Report, Outcome]:
        """The report on what a cell checks, and how the asking ended.

        Args:
            check: What the cell checks.
            points: What the cell is worth; more is never given.
        """
        try:
            exercise = find(check.exercise)
        except LookupError as error:
            self.troubles.append(f"{error} The cell that names it is worth {points:g} points.")
            return no_answer(check.exercise, points, f"is no exercise: {error}"), Outcome("ok")
        try:
            report, outcome = self._verified(check, exercise)
        except Exception as error:  # ours, for which nobody should lose points
            self.failure = self.failure or (check.exercise, error)
            reason = "could not be judged; please tell your instructor"
            report, outcome = no_answer(exercise.function, points, reason), Outcome("ok")
        self._charged[exercise.name] = report.charged
        if report.is_right:
            self._right.add(exercise.function)
        if report.points > points:
            self.troubles.append(f"{exercise.name} came to more than the {points:g} of its cell.")
            report = replace(report, points=points)
        return report, outcome

    def _verified(self, check: CheckCell, exercise: Exercise) -> tuple[Report, Outcome]:
        """The report, with the points that it has when what it builds on is right."""
        cases, charged = exercise.cases(self.seed), charged_before(self._charged, exercise.name)
        end = time.monotonic() + SECONDS
        calls, outcome = Question(check, exercise, cases, SECONDS).ask(self._kernel)
        if isinstance(calls, str):
            return no_answer(exercise.function, exercise.points, calls), outcome
        report = judge(exercise, cases, calls, charged)
        left = end - time.monotonic()
        stand_ins = {k: made for k, made in exercise.builds_on.items() if k not in self._right}
        done = report.points == report.out_of or not stand_ins or left <= 0
        if done or outcome.status not in ("ok", "error"):
            return report, outcome
        question = Question(check, exercise, cases, left, stand_ins)
        calls, outcome = question.ask(self._kernel)
        if isinstance(calls, str) or not question.called:
            return report, outcome
        again = judge(exercise, cases, calls, charged)
        return merged(report, again, sorted(question.called)), outcome


def no_answer(function: str, points: float, reason: str) -> Report:
    """A report on a function that gave no answer: it earns nothing."""
    return Report(function, 0.0, float(points), troubles=(Trouble(reason, ""),))
