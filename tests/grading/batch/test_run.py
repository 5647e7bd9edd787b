"""The run over a class, with a stand-in for the grading of a notebook and real processes."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook

from rnnlib.grading.batch.course import CourseError
from rnnlib.grading.batch.grading import Choices, grade_class
from tests.grading.batch.rows import WORTH, rows

SET = "ps2_bptt"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def grade(folder, fakes):
    """Grade the class; what was said is in `grade.said`."""

    def do(**choices):
        said = io.StringIO()
        choices = {"jobs": 2, "grade": fakes.grade, "course": folder} | choices
        graded = grade_class(Choices(SET, **choices), said)
        do.said = said.getvalue()
        return graded

    return do


@pytest.fixture
def points(folder):
    """The automatic points of every student, by cell."""

    def do():
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
            found = {}
            for student, _, cell, auto, *_ in rows(gradebook)["grades"]:
                found.setdefault(student, {})[cell] = auto
            return found

    return do


def test_a_class_is_graded_into_the_gradebook_and_into_folders(folder, hand_in, grade, points):
    hand_in("anna", points=3)
    hand_in("bo", points=1, hand=0)
    graded = grade()
    checks = [cell for cell in WORTH if cell.startswith("check_")]
    questions = [cell for cell in WORTH if cell not in checks]
    assert points() == {
        "anna": {cell: min(3, WORTH[cell]) for cell in checks} | dict.fromkeys(questions),
        "bo": dict.fromkeys(checks, 1) | dict.fromkeys(questions, 0),
    }
    assert graded.summary.graded == 2
    assert not graded.summary.incomplete
    assert "2 of 2 done" in grade.said
    for student in ("anna", "bo"):
        files = sorted(path.name for path in (folder / "autograded" / student / SET).iterdir())
        assert files == [f"{SET}.ipynb"]
        log = (folder / "logs" / SET / f"{student}.log").read_text()
        assert f"seed: {graded.seed}" in log


def test_what_is_graded_is_graded_again_only_when_it_changes_or_is_forced(hand_in, grade, points):
    hand_in("anna", points=3)
    hand_in("bo", points=1)
    grade()
    again = grade()
    assert (again.summary.graded, again.summary.skipped) == (0, 2)
    hand_in("bo", points=2)
    changed = grade()
    assert (changed.summary.graded, changed.summary.skipped) == (1, 1)
    assert points()["bo"]["check_rnn_backward"] == 2
    forced = grade(force=True)
    assert (forced.summary.graded, forced.summary.skipped) == (2, 0)


def test_a_new_timestamp_alone_is_a_new_submission(folder, hand_in, grade):
    hand_in("anna", points=3)
    grade()
    (folder / "submitted" / "anna" / SET / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC")
    assert grade().summary.graded == 1
    copied = folder / "autograded" / "anna" / SET / "timestamp.txt"
    assert copied.read_text() == "2026-11-02 12:00:00 UTC"
    assert grade().summary.graded == 0


@pytest.mark.parametrize("lost", ["gradebook", "folder"])
def test_what_is_lost_of_the_results_is_graded_again(folder, hand_in, grade, points, lost):
    hand_in("anna", points=3)
    grade()
    if lost == "folder":
        shutil.rmtree(folder / "autograded" / "anna")
    else:
        (folder / "gradebook.db").unlink()
    assert grade().summary.graded == 1
    assert points()["anna"]["check_rnn_backward"] == 3
    assert (folder / "autograded" / "anna" / SET / f"{SET}.ipynb").exists()


def test_only_the_students_asked_for_are_graded(hand_in, grade, points):
    for student in ("anna", "bo", "chidi"):
        hand_in(student, points=1)
    graded = grade(students=("bo", "chidi"))
    assert set(points()) == {"bo", "chidi"}
    assert [row.student for row in graded.rows] == ["bo", "chidi"]


def test_a_student_who_handed_in_nothing_is_an_error(hand_in, grade):
    hand_in("anna", points=1)
    with pytest.raises(CourseError, match=r"no submission by zoe in .*submitted"):
        grade(students=("zoe",))


def test_without_submissions_nothing_is_done(grade):
    with pytest.raises(CourseError, match="There are no submissions"):
        grade()


def test_a_folder_without_a_course_is_an_error(tmp_path, grade):
    with pytest.raises(CourseError, match=r"no nbgrader_config\.py"):
        grade(course=tmp_path)


def test_an_unknown_problem_set_is_an_error(folder, fakes):
    (folder / "submitted" / "anna" / "ps9").mkdir(parents=True)
    choices = Choices("ps9", course=folder, jobs=1, grade=fakes.grade)
    with pytest.raises(CourseError, match="The gradebook has no ps9"):
        grade_class(choices, io.StringIO())


def test_a_problem_set_that_is_not_in_the_gradebook_is_entered_and_its_release_left(
    folder, hand_in, grade
):
    (folder / "gradebook.db").unlink()
    released = folder / "exercises" / SET / f"{SET}.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text("what students have")
    hand_in("anna", points=3)
    assert grade().summary.graded == 1
    assert "has been entered into the gradebook" in grade.said
    assert released.read_text() == "what students have"


def test_a_bad_submission_has_a_line_of_its_own_and_the_others_are_graded(
    folder, hand_in, grade, points
):
    hand_in("anna", points=3)
    hand_in("bad", raises="this is no notebook")
    (folder / "submitted" / "empty" / SET).mkdir(parents=True)
    (folder / "submitted" / "link" / SET).mkdir(parents=True)
    (folder / "submitted" / "link" / SET / f"{SET}.ipynb").symlink_to(folder / "gradebook.db")
    hand_in("odd", points=2, troubles=["The cell 'question' was missing."])
    hand_in("zoe", points=1)
    graded = grade()
    assert set(points()) == {"anna", "odd", "zoe"}
    assert sorted(graded.summary.incomplete) == ["bad", "empty", "link"]
    assert sorted(graded.summary.troubles) == ["bad", "empty", "link", "odd"]
    for line in (
        "bad: ps2_bptt.ipynb could not be graded: ValueError: this is no notebook",
        "empty: there is no ps2_bptt.ipynb: ask for it.",
        "link: ps2_bptt.ipynb cannot be read: it is a symbolic link; ask for the file itself.",
        "odd: The cell 'question' was missing.",
    ):
        assert line in grade.said.splitlines()
    assert "not graded" in (folder / "logs" / SET / "bad.log").read_text()


def test_what_is_no_notebook_leaves_the_points_of_an_earlier_one(hand_in, grade, points):
    hand_in("anna", points=3)
    grade()
    hand_in("anna", unreadable="The notebook could not be read: it is no JSON.")
    graded = grade()
    assert graded.summary.incomplete == ["anna"]
    assert graded.summary.troubles["anna"] == ("The notebook could not be read: it is no JSON.",)
    assert points()["anna"]["check_rnn_backward"] == 3


def test_what_was_odd_is_told_again_by_the_next_run(hand_in, grade):
    hand_in("odd", points=2, troubles=["The cell 'question' was missing."])
    grade()
    again = grade()
    assert again.summary.skipped == 1
    assert again.summary.troubles == {"odd": ("The cell 'question' was missing.",)}


def test_a_bad_submission_is_tried_again_by_the_next_run(hand_in, grade, points):
    hand_in("bad", raises="this is no notebook")
    grade()
    hand_in("bad", points=1)
    assert grade().summary.graded == 1
    assert points()["bad"]["check_rnn_backward"] == 1


def test_a_run_that_ends_between_gradebook_and_folder_is_made_up_for(
    folder, hand_in, grade, points, monkeypatch
):
    def full(*arguments):
        raise OSError("No space left on device")

    hand_in("anna", points=3)
    with monkeypatch.context() as patched:
        patched.setattr("rnnlib.grading.batch.run.write_folder", full)
        graded = grade()
    assert graded.summary.incomplete == ["anna"]
    assert "No space left on device" in graded.summary.troubles["anna"][0]
    assert grade().summary.graded == 1
    assert points()["anna"]["check_rnn_backward"] == 3
    assert (folder / "autograded" / "anna" / SET / f"{SET}.ipynb").exists()


def test_what_a_killed_run_left_half_written_is_swept_away(folder, hand_in, grade):
    hand_in("anna", points=3)
    half = folder / "autograded" / "anna" / f".{SET}.new"
    half.mkdir(parents=True)
    (half / f"{SET}.ipynb").write_text("half")
    assert grade().summary.graded == 1
    assert [path.name for path in (folder / "autograded" / "anna").iterdir()] == [SET]


def test_a_process_that_dies_costs_a_second_attempt(hand_in, grade, points, tmp_path):
    for number in range(6):
        hand_in(f"student{number}", points=1)
    hand_in("dies", points=2, dies_once=str(tmp_path / "died"))
    graded = grade()
    assert (tmp_path / "died").exists()
    assert graded.summary.graded == 7
    assert points()["dies"]["check_rnn_backward"] == 2


def test_a_submission_that_always_kills_its_process_is_reported_and_the_others_are_graded(
    hand_in, grade, points
):
    hand_in("deadly", dies="always")
    for number in range(4):
        hand_in(f"student{number}", points=1)
    graded = grade()
    assert graded.summary.incomplete == ["deadly"]
    assert graded.summary.troubles["deadly"] == (
        "the process that graded it died 2 times, by signal 9.",
    )
    assert len(points()) == 4


def test_two_runs_at_once_are_refused(folder, hand_in, grade):
    from rnnlib.grading.batch.course import open_course

    hand_in("anna", points=1)
    with open_course(folder).lock(SET), pytest.raises(CourseError, match="another run"):
        grade()
    assert grade().summary.graded == 1


@pytest.fixture
def process(folder, fakes):
    """A run that is a process of its own, once it has graded some."""
    command = [sys.executable, "-m", "tests.grading.batch.grade_with_fakes", str(folder)]

    def start(at_least):
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        logs = folder / "logs" / SET
        until = time.monotonic() + 60
        while len(list(logs.glob("*.log"))) < at_least and time.monotonic() < until:
            assert started.poll() is None, started.stderr.read()
            time.sleep(0.02)
        return started

    return start


def is_over(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_loses_nothing_and_the_next_one_goes_on(
    folder, hand_in, grade, points, process, how
):
    for number in range(30):
        hand_in(f"student{number:02}", points=number % 4, seconds=0.1)
    run = process(at_least=4)
    below = psutil.Process(run.pid).children(recursive=True)
    assert len(below) >= 3  # two workers, and what they are forked from
    os.kill(run.pid, how)
    said, _ = run.communicate(timeout=20)
    assert how == signal.SIGKILL or "Interrupted" in said
    _, alive = psutil.wait_procs(below, timeout=5)
    assert all(is_over(left) for left in alive)
    before = points()
    assert 3 <= len(before) < 30
    graded = grade()
    assert graded.summary.skipped >= len(before) - 1
    assert graded.summary.graded + graded.summary.skipped == 30
    after = points()
    assert len(after) == 30
    for student, scores in after.items():
        assert scores["check_readout_backward"] == int(student[-2:]) % 4


def test_the_memory_of_the_grader_does_not_grow_with_the_class(folder, hand_in, grade):
    """400 submissions whose results are 1 MB each: held all, that is 400 MB."""
    for number in range(400):
        hand_in(f"student{number:03}", points=1, size=1_000_000)
    grade(students=tuple(f"student{number:03}" for number in range(10)))
    process = psutil.Process()
    small = process.memory_info().rss
    grade()
    assert process.memory_info().rss - small < 40 * 2**20
