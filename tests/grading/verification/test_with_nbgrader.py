"""The course's own configuration with nbgrader's own commands, from release to feedback."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from rnnlib.grading.reporting.report import MIME
from rnnlib.grading.sandbox import Limits, available
from rnnlib.grading.verification import starting
from rnnlib.grading.verification.released import Released
from tests.grading.verification.notebooks import READOUT, SEQUENCE, STEP, solved

COURSE = Path(__file__).parents[3]
RIGHT = {"rnn_step_backward": STEP, "rnn_backward": SEQUENCE, "readout_backward": READOUT}
CHECKS = ("check_rnn_step_backward", "check_rnn_backward", "check_readout_backward")
PATCH = "import rnnlib.grading as g; g.check = lambda *a: 1000.0"


def right(notebook):
    return solved(notebook, **RIGHT)


def wrong(notebook):
    return solved(notebook, **(RIGHT | {"readout_backward": READOUT.replace("(0, 1)", "0")}))


def cheating(notebook):
    """No function is written; the check is replaced, and so are its cells."""
    notebook = solved(notebook, **dict.fromkeys(CHECKS, "1000.0"))
    notebook.cells.insert(0, new_code_cell(PATCH))
    return notebook


def mangled(notebook):
    """Points raised, a cell copied, a name invented, a version changed, a test deleted."""
    notebook = right(notebook)
    named = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    named["check_rnn_backward"].metadata.nbgrader["points"] = 1000
    named["rnn_backward"].metadata.nbgrader["schema_version"] = 1
    named["warm_up"].metadata.nbgrader["grade_id"] = "no_such"
    notebook.cells.append(new_code_cell(STEP, metadata=named["rnn_step_backward"].metadata))
    notebook.cells.remove(named["check_readout_backward"])
    return notebook


def deadly(notebook):
    return solved(
        notebook, **(RIGHT | {"rnn_backward": "def rnn_backward(*a):\n    import os; os._exit(0)"})
    )


SANDBOX = available() is None
"""Where there is no sandbox, the same is tried without; that it has to be said aloud is tested."""

STUDENTS = {
    "right": (right, (5, 10, 3)),
    "wrong": (wrong, (5, 10, 2)),
    "cheating": (cheating, (0, 0, 0)),
    "mangled": (mangled, (5, 10, 3)),
    "deadly": (deadly, (5, 0, 3)),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder in which every student has been graded by `nbgrader autograde`."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE / "solutions", folder / "solutions")
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    config += f"\nc.VerifiedExecute.seed = 11\nc.VerifiedExecute.sandbox = {SANDBOX}\n"
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    nbgrader(folder, "generate_assignment", "ps2_bptt")
    released = nbformat.read(folder / "exercises/ps2_bptt/ps2_bptt.ipynb", as_version=4)
    for student, (make, _) in STUDENTS.items():
        file = folder / "submitted" / student / "ps2_bptt" / "ps2_bptt.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(make(released), file)
    log = nbgrader(folder, "autograde", "ps2_bptt")
    nbgrader(folder, "generate_feedback", "ps2_bptt")
    return folder, log


def nbgrader(folder, *command):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["nbgrader", *command],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def graded(folder, student):
    return nbformat.read(folder / "autograded" / student / "ps2_bptt/ps2_bptt.ipynb", 4)


@pytest.mark.parametrize("student", STUDENTS)
def test_the_gradebook_has_the_points_that_were_earned(course, student):
    with Gradebook(f"sqlite:///{course[0] / 'gradebook.db'}") as gradebook:
        (notebook,) = gradebook.find_submission("ps2_bptt", student).notebooks
        scores = {grade.name: grade.auto_score for grade in notebook.grades}
    assert tuple(scores[name] for name in CHECKS) == STUDENTS[student][1]


def test_the_feedback_shows_the_cause_and_neither_the_seed_nor_an_input(course):
    page = (course[0] / "feedback" / "wrong" / "ps2_bptt/ps2_bptt.html").read_text("utf-8")
    assert "readout_backward" in page
    assert "db_y" in page
    assert "2.0" in page
    assert not re.search(r"seed&quot;|\"seed\"", page)
    assert MIME not in page


def test_the_graded_notebook_keeps_the_seed_and_the_report_as_data(course):
    notebook = graded(course[0], "wrong")
    assert notebook.metadata["rnnlib"] == {"seed": 11}
    reports = [
        o.data[MIME]
        for c in notebook.cells
        for o in c.get("outputs", ())
        if "data" in o and MIME in o.data
    ]
    assert [report["points"] for report in reports] == [0, 5, 10, 2, 0, 0]
    assert {report["seed"] for report in reports} == {11}


def test_the_log_says_what_was_mended(course):
    assert "No cell of the release is called 'no_such'" in course[1]
    assert "The cell 'check_readout_backward' was missing" in course[1]
    assert "2 cells are called 'rnn_step_backward'" in course[1]


def test_grading_without_a_sandbox_works_and_is_loud(course):
    folder, _ = course
    away = "--VerifiedExecute.sandbox=False"
    log = nbgrader(folder, "autograde", "ps2_bptt", "--student", "wrong", "--force", away)
    assert "STUDENTS' CODE RUNS WITH YOUR RIGHTS" in log
    assert graded(folder, "wrong").metadata["rnnlib"] == {"seed": 11}


def test_without_a_sandbox_nothing_is_graded_unless_that_is_said(monkeypatch):
    monkeypatch.setattr(starting, "available", lambda: "bubblewrap is not installed: do so.")
    with pytest.raises(RuntimeError, match=r"without a sandbox. bubblewrap is not installed"):
        starting.starter(Released(()), sandbox=True, limits=Limits())
    assert callable(starting.starter(Released(()), sandbox=False, limits=Limits()))


def test_no_check_cell_is_a_failure_to_nbgrader(course):
    for student in STUDENTS:
        for cell in graded(course[0], student).cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") in CHECKS:
                kinds = [output.output_type for output in cell.outputs]
                assert kinds == ["display_data", "execute_result"]
