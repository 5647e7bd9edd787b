"""The demonstration class, graded by nbgrader: each submission has the points it should have.

The points are reasoned here, part by part, and not copied from a run. Differences are worth 2, a
step 5 (1 for each of dx, dh_prev, dU, dW, db), a sequence 10 (2 for each of dx, dh0, dU, dW, db),
the readout 3 (1 for each of dh, dV, db_y), the whole 6 (1 for each of loss, dU, dW, dV, db, db_y),
and truncation 5 (1 for each of dx, dh0, dU, dW, db). The last two may call the student's own
functions, whose mistakes are not charged again.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from rnnlib.grading.demo.__main__ import grade, main
from rnnlib.grading.demo.submissions import read_class
from rnnlib.grading.demo.table import table

CLASS = read_class("ps2_bptt")
WORTH = {
    "check_numerical_gradient": 2.0,
    "check_rnn_step_backward": 5.0,
    "check_rnn_backward": 10.0,
    "check_readout_backward": 3.0,
    "check_loss_and_gradients": 6.0,
    "check_truncated_backward": 5.0,
}
ALL = tuple(WORTH.values())

EXPECTED = {
    # right, in whatever way
    "anna": ALL,
    "bo": ALL,
    "chidi": ALL,
    "dana": ALL,
    "rosa": ALL,
    # nothing to grade
    "emre": (0, 0, 0, 0, 0, 0),
    # rnn_backward raises, in every case
    "fatima": (2, 5, 0, 3, 6, 5),
    # readout_backward raises, in every case
    "goran": (2, 5, 10, 0, 6, 5),
    # the cell with the syntax error defines nothing; the next functions do not call it. The loss
    # is off by 1/T, and the gradients are rightly those of that loss
    "hana": (2, 0, 10, 3, 6 - 1, 5),
    # rnn_backward never ends, and the cells after it are graded all the same
    "ivan": (2, 5, 0, 3, 0, 0),
    # without the carry all but the last step is wrong in dx, and with it dh0 and every sum
    "jing": (2, 5, 0, 3, 6, 5),
    # without tanh' every gradient of the step is wrong; the sequence is right but for its steps,
    # and is judged with right ones
    "kofi": (2, 0, 10, 3, 6, 5),
    # differences twice too large; dx and dh0 are right, 2 · 2; dU, dW and db keep one step
    "lena": (0, 5, 4, 3, 6, 5),
    # five steps back at most: right in short sequences, and in a long one wherever more flows in
    "sami": (2, 5, 0, 3, 6, 5),
    # only dh0 is lost. Where nothing is cut off, all five are wrong; but the zeros in dh0 have been
    # charged before
    "marco": (2, 5, 8, 3, 6, 1),
    # one bias in the step, 5 - 1; the sequence adds up what it gets, and the same mistake in the
    # readout has been charged already
    "noor": (2, 4, 10, 3, 6, 5),
    # the step loses dh_prev, 5 - 1; in the sequence it is the carry, which reaches everything, but
    # is right when the step is. Of the whole only the loss is right
    "olga": (2, 4, 10, 3, 1, 5),
    # dx and dh_prev remain of the step, dh of the readout; the sequence sums, as it should
    "pavel": (2, 2, 10, 1, 6, 5),
    # with B = 1: dx and dh_prev of the step lose 20 %; dx of the sequence loses 10 % with T = 1
    # and 10 % with B = 1, dh0 10 % with B = 1 (with T = 1 it is still (B, H))
    "quinn": (2, 5 - 0.2 - 0.2, 10 - 0.2 - 0.2 - 0.2, 3, 6, 5),
}

SAID = {
    "bo": ("check_rnn_backward", "remarks", "db has shape (1, H) where (H,) is asked for."),
    "dana": ("check_rnn_backward", "remarks", "dh is changed in place."),
    "emre": ("check_readout_backward", "troubles", "is not written yet"),
    "fatima": ("check_rnn_backward", "troubles", "name 'dh_prevt' is not defined"),
    "goran": ("check_readout_backward", "troubles", "name 'Wy' is not defined"),
    "hana": ("check_loss_and_gradients", "lines", "averaged over the steps instead of summed"),
    "ivan": ("check_rnn_backward", "troubles", "did not finish within 10 s"),
    "jing": ("check_rnn_backward", "lines", "the carry from later steps is lost"),
    "kofi": ("check_rnn_backward", "lines", "tanh' is left out"),
    "lena": ("check_numerical_gradient", "lines", "divided by ε instead of 2ε"),
    "marco": ("check_truncated_backward", "lines", "nothing is cut off"),
    "noor": (
        "check_readout_backward",
        "lines",
        "no points lost: the mistake behind it was already charged",
    ),
    "olga": ("check_loss_and_gradients", "lines", "ŷ, without the right class"),
    "pavel": ("check_rnn_step_backward", "lines", "the right numbers times 1/B"),
    "sami": ("check_rnn_backward", "lines", "T=40"),
    "quinn": ("check_rnn_backward", "lines", "right, but not with T = 1 or B = 1"),
    "rosa": ("check_rnn_backward", "remarks", "RuntimeWarning: divide by zero"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course folder, and what nbgrader made of every submission."""
    folder = tmp_path_factory.mktemp("class")
    results, out_of = grade(folder, CLASS)
    return folder, results, out_of


def test_a_folder_that_holds_a_course_already_is_not_touched(tmp_path, capsys):
    (tmp_path / "solutions").mkdir()
    assert main(["--keep", str(tmp_path)]) == 1
    assert "could not be graded" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["solutions"]


def test_every_submission_has_an_expected_score():
    assert [submission.student for submission in CLASS] == sorted(EXPECTED)


@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_a_submission_has_the_points_it_should_have_part_by_part(graded, student):
    _, results, _ = graded
    scores = tuple(results[student].scores[name] for name in WORTH)
    assert scores == pytest.approx(EXPECTED[student], abs=1e-9)


@pytest.mark.parametrize("student", sorted(SAID))
def test_a_submission_is_told_the_reason(graded, student):
    _, results, _ = graded
    cell, key, words = SAID[student]
    assert words in str(results[student].reports[cell][key])


def test_a_right_submission_is_told_nothing_but_right(graded):
    _, results, _ = graded
    for report in results["anna"].reports.values():
        assert {line["verdict"] for line in report["lines"]} == {"right"}
        assert not report["troubles"]
        assert not report["remarks"]


def test_a_function_that_is_not_defined_is_an_error_of_its_own_cell(graded):
    _, results, _ = graded
    (trouble,) = results["hana"].reports["check_rnn_step_backward"]["troubles"]
    assert "NameError: name 'rnn_step_backward' is not defined" in trouble["reason"]


def test_an_answered_question_waits_for_a_person_and_an_empty_one_has_no_points(graded):
    _, results, _ = graded
    for question in ("question", "question_2"):
        assert results["anna"].scores[question] is None
        assert results["bo"].scores[question] == 0


def test_the_parts_are_worth_what_the_problem_set_says(graded):
    _, _, out_of = graded
    assert out_of == WORTH | {"question": 2.0, "question_2": 2.0}


def test_the_table_names_every_student_once(graded):
    _, results, out_of = graded
    rows = table(CLASS, results, out_of).splitlines()
    for student in EXPECTED:
        assert sum(row.startswith(f"{student} ") for row in rows) == 1


def test_no_test_cell_writes_to_stderr(graded):
    folder, _, _ = graded
    for file in (folder / "autograded").glob("*/ps2_bptt/*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            streams = [o.name for o in cell.get("outputs", []) if o.output_type == "stream"]
            assert "stderr" not in streams, (file, cell.id)


def test_the_command_of_nbgrader_with_a_bare_configuration_gives_the_same_points(graded, tmp_path):
    folder, _, _ = graded
    students = ("bo", "fatima", "hana", "quinn")
    shutil.copytree(folder / "solutions", tmp_path / "solutions")
    for student in students:
        shutil.copytree(folder / "submitted" / student, tmp_path / "submitted" / student)
    (tmp_path / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.source_directory = "solutions"\n', encoding="utf-8"
    )
    bin_folder = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([bin_folder, os.environ["PATH"]])}
    for command in ("generate_assignment", "autograde"):
        subprocess.run(
            ["nbgrader", command, "ps2_bptt"],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
        )
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        for student in students:
            (notebook,) = gradebook.find_submission("ps2_bptt", student).notebooks
            points = {grade.name: grade.score for grade in notebook.grades}
            scores = tuple(points[name] for name in WORTH)
            assert scores == pytest.approx(EXPECTED[student], abs=1e-9)
