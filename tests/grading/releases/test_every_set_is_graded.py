"""Every problem set graded as `rnnlib grade` does it: solved, and as it was released."""

import re
import shutil
from io import StringIO

import pytest

from rnnlib.grading.batch.grading import Choices, grade_class
from rnnlib.grading.demo.course import read_reports
from rnnlib.grading.sandbox import available
from tests.grading.releases.conftest import ROOT

SANDBOX = available() is None
"""Where there is no sandbox, the same is tried without; that it has to be said aloud is tested."""


@pytest.fixture(scope="session")
def course(problem_set, tmp_path_factory):
    """A course in which one student hands in the solution, and one the release."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions" / problem_set.name, course / "solutions" / problem_set.name)
    for student in ("solution", "released"):
        file = course / "submitted" / student / problem_set.file
        file.parent.mkdir(parents=True)
        shutil.copy(getattr(problem_set, student), file)
    return course


@pytest.fixture(scope="session")
def graded(problem_set, course):
    """The class of two, graded. The machine's time is shown by `pytest -s`; the goal is 10 s."""
    choices = Choices(problem_set.name, course=course, jobs=1, options={"sandbox": SANDBOX})
    graded = grade_class(choices, StringIO())
    assert not graded.summary.troubles
    for log in sorted((course / "logs" / problem_set.name).glob("*.log")):
        seconds = re.search(r"^seconds: (.*)$", log.read_text(encoding="utf-8"), re.MULTILINE)
        print(f"{problem_set.name}, {log.stem}: {seconds[1]} s")
    return graded


def scores(graded, student):
    """The points of one student by the name of the cell; None where a person has to grade."""
    (row,) = [row for row in graded.rows if row.student == student]
    return {cell: score for (_, cell), score in row.scores.items()}


def test_the_solution_has_all_points_and_its_answers_wait_for_a_person(graded):
    points = {cell: points for (_, cell), points in graded.points.items()}
    assert scores(graded, "solution") == {
        cell: points[cell] if cell.startswith("check_") else None for cell in points
    }


def test_the_release_has_no_points_and_nothing_in_it_waits(graded):
    cells = {cell for _, cell in graded.points}
    assert scores(graded, "released") == dict.fromkeys(cells, 0)


def test_the_report_on_the_solution_says_right_and_nothing_else(graded, problem_set, course):
    reports = read_reports(course / "autograded" / "solution" / problem_set.name)
    assert set(reports) == {c for _, c in graded.points if c.startswith("check_")}
    for report in reports.values():
        assert {line["verdict"] for line in report["lines"]} == {"right"}
        assert not report["troubles"]
        assert not report["remarks"]


def test_the_report_on_the_release_says_what_is_not_written_yet(graded, problem_set, course):
    for report in read_reports(course / "autograded" / "released" / problem_set.name).values():
        assert [trouble["reason"] for trouble in report["troubles"]] == [
            "is not written yet: it raises NotImplementedError"
        ]
