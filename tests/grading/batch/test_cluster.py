"""A Dask cluster of separate processes that share no folder, and a PostgreSQL gradebook."""

import io
import os
import signal
import threading
import time

import pytest
from nbgrader.api import Gradebook

from rnnlib.grading.batch.course import CourseError
from rnnlib.grading.batch.grading import Choices, grade_class
from tests.grading.batch.rows import WORTH, rows

distributed = pytest.importorskip("distributed", reason="the package distributed is not installed")

SET = "ps2_bptt"
NO_SANDBOX = {"sandbox": False}  # the stand-ins need none


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers, each a process with a folder of its own."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
        silence_logs=50,
    ) as started:
        yield started


def kill_a_worker(cluster, folder, at):
    """Wait until so many are graded, then `kill -9` a worker."""

    def do():
        logs = folder / "logs" / SET
        until = time.monotonic() + 60
        while len(list(logs.glob("*.log"))) < at and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def test_a_class_is_graded_once_into_postgresql_although_a_worker_is_killed(
    folder, hand_in, fakes, cluster, postgres
):
    for number in range(60):
        hand_in(f"student{number:02}", points=number % 4, seconds=0.03)
    url = postgres("killed")
    killing = kill_a_worker(cluster, folder, at=10)
    choices = Choices(
        SET,
        course=folder,
        dask=cluster.scheduler_address,
        db=url,
        options=NO_SANDBOX,
        grade=fakes.grade,
    )
    graded = grade_class(choices, io.StringIO())
    killing.join()
    assert graded.summary.graded == 60
    assert not graded.summary.incomplete
    with Gradebook(url, "rnn") as gradebook:
        found = rows(gradebook)
    assert len(found["submissions"]) == 60
    assert len(found["grades"]) == 60 * len(WORTH)
    assert {
        (student, auto)
        for student, _, cell, auto, *_ in found["grades"]
        if cell == "check_rnn_backward"
    } == {(f"student{number:02}", number % 4) for number in range(60)}
    assert grade_class(choices, io.StringIO()).summary.skipped == 60


def test_a_submission_that_kills_every_worker_is_reported_and_the_others_are_graded(
    folder, hand_in, fakes, cluster
):
    hand_in("deadly", dies="always")
    for number in range(4):
        hand_in(f"student{number}", points=1)
    graded = grade_class(
        Choices(
            SET,
            course=folder,
            dask=cluster.scheduler_address,
            options=NO_SANDBOX,
            grade=fakes.grade,
        ),
        io.StringIO(),
    )
    assert graded.summary.graded == 4
    assert graded.summary.incomplete == ["deadly"]
    assert graded.summary.troubles["deadly"][0].startswith("the cluster could not grade it: Killed")


def test_processes_write_to_postgresql_too(folder, hand_in, fakes, postgres):
    hand_in("anna", points=3)
    url = postgres("processes")
    choices = Choices(SET, course=folder, jobs=1, db=url, grade=fakes.grade)
    assert grade_class(choices, io.StringIO()).summary.graded == 1
    with Gradebook(url, "rnn") as gradebook:
        assert len(rows(gradebook)["grades"]) == len(WORTH)


def test_a_gradebook_that_is_not_there_is_an_error_without_its_password(folder, hand_in, fakes):
    hand_in("anna", points=3)
    url = "postgresql+psycopg://me:secret@localhost:1/none"
    with pytest.raises(CourseError, match="cannot be opened") as raised:
        grade_class(Choices(SET, course=folder, jobs=1, db=url, grade=fakes.grade), io.StringIO())
    assert "secret" not in str(raised.value)


def test_a_scheduler_that_is_not_there_is_an_error(folder, hand_in, fakes, monkeypatch):
    monkeypatch.setattr("rnnlib.grading.batch.cluster.SECONDS_TO_CONNECT", 0.5)
    hand_in("anna", points=3)
    with pytest.raises(CourseError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9"):
        grade_class(
            Choices(SET, course=folder, dask="tcp://127.0.0.1:9", grade=fakes.grade),
            io.StringIO(),
        )
