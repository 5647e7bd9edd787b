"""The processes that grade: a late one is ended, a dead one replaced, none is left."""

import time
from pathlib import Path

import psutil
import pytest

from rnnlib.grading.batch.processes import Processes
from rnnlib.grading.batch.submission import Submission
from rnnlib.grading.batch.work import Task


@pytest.fixture
def processes():
    """Makes processes, and ends them."""
    made = []

    def make(jobs, **settings):
        made.append(Processes(jobs, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


def task(student, fakes, wish):
    return Task(Submission(student, {"ps9": wish}), {"ps9": None}, {"seed": 1}, fakes.grade)


def wait_for(processes, number):
    outcomes = []
    until = time.monotonic() + 30
    while len(outcomes) < number and time.monotonic() < until:
        outcomes += processes.wait(0.2)
    return {outcome.student: outcome for outcome in outcomes}


def test_a_process_that_does_not_answer_is_ended_and_the_others_go_on(processes, fakes):
    pool = processes(2, patience=1.5)
    pool.submit(task("late", fakes, b'{"seconds": 60}'))
    pool.submit(task("quick", fakes, b'{"raises": "as it should"}'))
    outcomes = wait_for(pool, 2)
    assert outcomes["late"].result is None
    assert "was not done after" in outcomes["late"].reason
    assert "as it should" in outcomes["quick"].result.troubles[0]


def test_a_process_that_died_while_it_had_nothing_to_do_is_replaced(processes, fakes):
    pool = processes(1)
    pool.submit(task("first", fakes, b'{"raises": "first"}'))
    wait_for(pool, 1)
    (worker,) = pool._workers
    worker.process.kill()
    worker.process.join()
    pool.submit(task("second", fakes, b'{"raises": "second"}'))
    assert "second" in wait_for(pool, 1)["second"].result.troubles[0]


def test_closing_ends_all_processes_also_in_the_midst_of_a_task(processes, fakes):
    pool = processes(2)
    pool.submit(task("idle", fakes, b'{"raises": "first"}'))
    wait_for(pool, 1)
    pool.submit(task("busy", fakes, b'{"seconds": 60}'))
    pids = [worker.process.pid for worker in pool._workers]
    folders = [Path(worker.folder) for worker in pool._workers]
    assert all(folder.exists() for folder in folders)
    start = time.monotonic()
    pool.close()
    assert time.monotonic() - start < 10
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not any(folder.exists() for folder in folders)


def test_a_result_that_cannot_travel_is_told_and_the_process_goes_on(processes, fakes):
    pool = processes(1, work=fakes.unsendable)
    pool.submit(task("odd", fakes, b"{}"))
    outcomes = wait_for(pool, 1)
    assert outcomes["odd"].result is None
    assert "the grader failed" in outcomes["odd"].reason
