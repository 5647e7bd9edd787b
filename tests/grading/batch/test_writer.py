"""The writer's rows are those of nbgrader's own autograde, and what a person entered stays."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade, is_grade
from sqlalchemy import event

from rnnlib.grading.batch.course import open_course
from rnnlib.grading.batch.problem_set import load, open_gradebook
from rnnlib.grading.batch.submission import read_submission
from rnnlib.grading.batch.work import Task, work
from rnnlib.grading.batch.writer import Writer
from tests.grading.batch import batch_fakes
from tests.grading.batch.rows import WORTH, rows

SET = "ps2_bptt"


@pytest.fixture
def course(folder):
    return open_course(folder)


@pytest.fixture
def opened(course):
    """A gradebook and the problem set in it."""
    with open_gradebook(course) as gradebook:
        yield gradebook, load(course, gradebook, SET)[0]


@pytest.fixture
def write(course, opened, fakes):
    """Write what the stand-in makes of a submission."""
    gradebook, problem_set = opened
    writer = Writer(gradebook, problem_set, course.config)

    def do(student):
        submission = read_submission(course.folder("submitted", student, SET), student, [SET])
        writer.write(
            submission, work(Task(submission, problem_set.released, {"seed": 1}, fakes.grade))
        )

    do.writer = writer
    return do


def nbgrader(*arguments, folder):
    """Run nbgrader's own command in a course."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        ["nbgrader", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        check=True,
        capture_output=True,
    )


def its_result(folder, submission, problem_set):
    """What nbgrader graded, in the form in which a worker hands it over."""

    def grade(content, released, **options):
        file = folder / "autograded" / submission.student / SET / f"{SET}.ipynb"
        notebook = nbformat.read(file, as_version=4)
        scores = {
            cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
            for cell in notebook.cells
            if is_grade(cell)
        }
        return batch_fakes.Graded(notebook, scores)

    return work(Task(submission, problem_set.released, {}, grade))


def change(gradebook, student):
    """What a person enters in the formgrader."""
    submission = gradebook.find_submission(SET, student)
    (notebook,) = submission.notebooks
    grades = {grade.name: grade for grade in notebook.grades}
    grades["question"].manual_score, grades["question"].needs_manual_grade = 1.5, False
    grades["check_rnn_backward"].extra_credit = 1.0
    grades["check_readout_backward"].manual_score = 2.0
    notebook.comments[0].manual_comment = "Nicely done."
    notebook.flagged = True
    gradebook.db.commit()


def test_the_rows_are_those_that_nbgrader_writes_also_when_grading_again(folder, tmp_path):
    """One with an answer, one without and with a timestamp; then again after a person."""
    theirs, ours = folder, tmp_path / "ours"
    nbgrader("generate_assignment", SET, "--force", folder=theirs)
    notebook = nbformat.read(theirs / "exercises" / SET / f"{SET}.ipynb", as_version=4)
    question = next(cell for cell in notebook.cells if cell.id == "question")
    for student, answer in (("anna", "Because tanh saturates."), ("bo", question.source)):
        question.source = answer
        file = theirs / "submitted" / student / SET / f"{SET}.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(notebook, file)
    (file.parent / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC")
    shutil.copytree(theirs, ours)

    for again in (False, True):
        nbgrader("autograde", SET, "--force", folder=theirs)
        course = open_course(ours)
        with open_gradebook(course) as mine, Gradebook(open_course(theirs).db_url, "rnn") as stock:
            problem_set, _ = load(course, mine, SET)
            writer = Writer(mine, problem_set, course.config)
            for student in ("anna", "bo"):
                submission = read_submission(
                    course.folder("submitted", student, SET), student, [SET]
                )
                writer.write(submission, its_result(theirs, submission, problem_set))
            assert rows(mine) == rows(stock)
            assert len(rows(mine)["grades"]) == 2 * len(WORTH)
            assert {comment for *_, comment, _ in rows(mine)["comments"]} == {None, "No response."}
            if not again:
                for gradebook in (mine, stock):
                    change(gradebook, "anna")
                assert rows(mine) == rows(stock)


def test_what_a_person_entered_stays_and_waits_to_be_looked_at_again(opened, write, hand_in):
    gradebook, _ = opened
    hand_in("anna", points=3)
    write("anna")
    change(gradebook, "anna")
    hand_in("anna", points=1)
    write("anna")
    (notebook,) = gradebook.find_submission(SET, "anna").notebooks
    grades = {grade.name: grade for grade in notebook.grades}
    assert grades["question"].manual_score == 1.5
    assert grades["check_rnn_backward"].extra_credit == 1.0
    assert grades["check_rnn_backward"].auto_score == 1.0
    assert grades["check_readout_backward"].manual_score == 2.0
    assert grades["check_readout_backward"].needs_manual_grade
    assert not grades["check_rnn_backward"].needs_manual_grade
    assert notebook.flagged
    assert [c.manual_comment for c in notebook.comments].count("Nicely done.") == 1


def test_an_extension_stays_and_lateness_is_held_against_it(course, opened, fakes, hand_in):
    gradebook, problem_set = opened
    gradebook.find_assignment(SET).duedate = datetime(2026, 11, 1)
    gradebook.db.commit()
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    writer = Writer(gradebook, problem_set, course.config)
    penalties = []
    for extend in (False, True):
        file = hand_in("anna", points=3)
        (file.parent / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC")
        submission = read_submission(file.parent, "anna", [SET])
        task = Task(submission, problem_set.released, {"seed": 1}, fakes.grade)
        writer.write(submission, work(task))
        row = gradebook.find_submission(SET, "anna")
        penalties.append(row.notebooks[0].late_submission_penalty)
        assert row.timestamp == datetime(2026, 11, 2, 12)
        if not extend:
            gradebook.grant_extension(SET, "anna", days=7)
    earned = sum(min(3, points) for cell, points in WORTH.items() if cell.startswith("check_"))
    assert penalties == [earned, None]


def test_a_student_who_is_in_the_gradebook_keeps_their_name(opened, write, hand_in):
    gradebook, _ = opened
    gradebook.add_student("anna", first_name="Anna", last_name="Ek")
    hand_in("anna", points=3)
    write("anna")
    assert gradebook.find_student("anna").last_name == "Ek"


def test_a_result_is_written_wholly_or_not_at_all(opened, write, hand_in):
    gradebook, _ = opened
    hand_in("anna", points=3)

    def fail(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO comment"):
            raise ValueError("the disk is full")

    event.listen(gradebook.engine, "before_cursor_execute", fail)
    with pytest.raises(ValueError, match="the disk is full"):
        write("anna")
    event.remove(gradebook.engine, "before_cursor_execute", fail)
    assert all(not found for found in rows(gradebook).values())
    write("anna")
    assert len(rows(gradebook)["grades"]) == len(WORTH)


def test_the_number_of_queries_and_what_is_kept_do_not_grow_with_the_class(opened, write, hand_in):
    gradebook, _ = opened
    counts = []
    statements = []
    event.listen(
        gradebook.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *_: statements.append(statement),
    )
    for number in range(12):
        hand_in(f"student{number}", points=1)
        statements.clear()
        write(f"student{number}")
        counts.append(len(statements))
    assert len(set(counts)) == 1
    assert counts[0] <= 20
    assert not list(gradebook.db.identity_map)


def test_a_locked_gradebook_is_tried_again(opened, write, hand_in):
    from sqlalchemy.exc import OperationalError

    gradebook, _ = opened
    hand_in("anna", points=3)
    failures = iter([True, True, False])

    def locked(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO grade") and next(failures, False):
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(gradebook.engine, "before_cursor_execute", locked)
    write("anna")
    assert len(rows(gradebook)["grades"]) == len(WORTH)
