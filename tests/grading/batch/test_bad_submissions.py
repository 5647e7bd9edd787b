"""Broken submissions graded for real: each has a line of its own, and costs itself at most."""

import io
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from rnnlib.grading.batch.grading import Choices, grade_class
from rnnlib.grading.demo.submissions import changed, read_class

SET = "ps2_bptt"
RIGHT = next(submission for submission in read_class(SET) if submission.student == "anna")
CHECKS = ("check_rnn_step_backward", "check_rnn_backward", "check_readout_backward")


def bad_notebooks(released):
    """What is handed in, by student: bytes, made from a right solution."""
    right = changed(released, RIGHT.cells)

    def cell(notebook, name):
        named = {c.metadata.get("nbgrader", {}).get("grade_id"): c for c in notebook.cells}
        return named[name]

    def text(notebook):
        return nbformat.writes(notebook).encode()

    made = {"right": text(right), "broken": text(right)[:2000], "empty": b"", "list": b"[1, 2]"}
    other = changed(right, {})
    other.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    made["other_kernel"] = text(other)
    missing = changed(right, {})
    missing.cells.remove(cell(missing, "check_rnn_backward"))
    made["missing"] = text(missing)
    twice = changed(right, {})
    twice.cells.append(cell(changed(right, {}), "check_rnn_backward"))
    twice.cells[-1].id = "copied"
    made["twice"] = text(twice)
    renamed = changed(right, {})
    cell(renamed, "check_rnn_backward").metadata.nbgrader.grade_id = "mine"
    made["renamed"] = text(renamed)
    raised = changed(right, {})
    cell(raised, "check_rnn_backward").metadata.nbgrader.points = 1000
    made["raised"] = text(raised)
    old = json.loads(nbformat.writes(nbformat.convert(changed(right, {}), 3), version=3))
    made["old"] = json.dumps(old).encode()
    return made


@pytest.fixture(scope="module")
def graded(template, tmp_path_factory):
    """The class that handed all this in."""
    folder = tmp_path_factory.mktemp("bad") / "course"
    shutil.copytree(template, folder)
    released = nbformat.read(
        Path(__file__).parents[3] / "exercises" / SET / f"{SET}.ipynb", as_version=4
    )
    for student, content in bad_notebooks(released).items():
        file = folder / "submitted" / student / SET / f"{SET}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    with (folder / "submitted" / "broken" / SET / f"{SET}.ipynb").open("ab") as file:
        file.write(b"{")
    huge = folder / "submitted" / "huge" / SET / f"{SET}.ipynb"
    huge.parent.mkdir(parents=True)
    with huge.open("wb") as file:
        file.truncate(100 * 2**20)
    # What is in a sandbox is not what this is about: nothing of it is hostile.
    choices = Choices(SET, course=folder, jobs=2, options={"sandbox": False})
    return grade_class(choices, io.StringIO())


def scores(graded, student):
    (row,) = (row for row in graded.rows if row.student == student)
    return tuple(row.scores[SET, name] for name in CHECKS)


@pytest.mark.parametrize("student", ["broken", "empty", "list", "huge"])
def test_what_is_no_notebook_is_not_graded_and_told(graded, student):
    assert student in graded.summary.incomplete
    assert graded.summary.troubles[student]
    assert student not in {row.student for row in graded.rows}


@pytest.mark.parametrize(
    "student", ["right", "other_kernel", "missing", "twice", "renamed", "raised"]
)
def test_what_can_be_graded_is_graded(graded, student):
    assert student not in graded.summary.incomplete
    assert scores(graded, student) == (5, 10, 3)


def test_a_notebook_in_an_old_format_is_graded_as_far_as_its_cells_have_names(graded):
    assert "old" not in graded.summary.incomplete
    assert any("old format" in trouble for trouble in graded.summary.troubles["old"])
    assert scores(graded, "old") == (5, 10, 3)


@pytest.mark.parametrize("student", ["missing", "twice", "renamed", "raised", "old"])
def test_what_was_mended_is_told(graded, student):
    assert graded.summary.troubles[student]


def test_a_right_submission_is_told_nothing(graded):
    assert "right" not in graded.summary.troubles
