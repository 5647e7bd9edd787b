"""A thousand submissions through a Dask cluster into PostgreSQL, with a worker killed on the way.

Some minutes long, so `make bench-cluster` runs it and nothing else does. The class is the
demonstration class without its endless loop, again and again; verification is on, and the sandbox
where there is one.
"""

import io
import os
import signal
import threading
import time
from dataclasses import replace
from itertools import cycle, islice

import distributed
import psutil
import pytest
from nbgrader.api import Gradebook

from rnnlib.grading.batch.grading import Choices, grade_class
from rnnlib.grading.demo.submissions import read_class
from tests.benchmarks.test_grading_throughput import BARE, SET, make_course
from tests.grading.batch.rows import rows
from tests.grading.batch.server import binaries, server

SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "1000"))
WORKERS = 2


def a_class(number):
    """So many submissions; nobody waits for an endless loop, which says nothing of the cluster."""
    quick = (submission for submission in read_class(SET) if submission.student != "ivan")
    for place, submission in enumerate(islice(cycle(list(quick)), number)):
        yield replace(submission, student=f"{submission.student}{place:04}")


def kill_one_of(cluster, logs, at):
    """`kill -9` a worker once so many submissions are graded."""
    while len(list(logs.glob("*.log"))) < at:
        time.sleep(0.1)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)


def test_all_are_graded_once(tmp_path, capsys):
    from rnnlib.grading.sandbox import available

    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    submissions = list(a_class(SUBMISSIONS))
    folder = make_course(tmp_path / "course", BARE, submissions)
    with (
        server(programs) as database,
        distributed.LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
            silence_logs=50,
        ) as cluster,
    ):
        killer = threading.Thread(
            target=kill_one_of, args=(cluster, folder / "logs" / SET, SUBMISSIONS // 3), daemon=True
        )
        killer.start()
        choices = Choices(
            SET,
            course=folder,
            dask=cluster.scheduler_address,
            db=database("class"),
            options={"sandbox": available() is None},
        )
        start = time.monotonic()
        graded = grade_class(choices, io.StringIO())
        seconds = time.monotonic() - start
        killer.join()
        with Gradebook(choices.db, "rnn") as gradebook:
            found = rows(gradebook)
    memory = psutil.Process().memory_info().rss / 2**20
    with capsys.disabled():
        print(f"\n\n{SUBMISSIONS} submissions, {WORKERS} workers of which one was killed")
        print(
            f"  {seconds:.0f} s, {60 * SUBMISSIONS / seconds:.0f} a minute; {memory:.0f} MiB here"
        )
    assert graded.summary.graded == SUBMISSIONS
    assert not graded.summary.incomplete
    assert len(found["submissions"]) == SUBMISSIONS
    assert len(found["grades"]) == 4 * SUBMISSIONS
    points = {}
    for submission, row in zip(sorted(s.student for s in submissions), graded.rows, strict=True):
        assert row.student == submission
        points.setdefault(submission[:-4], set()).add(tuple(row.scores.items()))
    assert all(len(each) == 1 for each in points.values())  # the same work, the same points
