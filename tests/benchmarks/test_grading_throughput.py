"""Submissions a minute: nbgrader's own `autograde` against `rnnlib grade`, on the same class.

The class is the demonstration class, handed in again until there are 40 submissions, but for the
endless loop: it takes the time limit in both, and would measure that. nbgrader runs
with a bare configuration: no verification and no sandbox. `rnnlib grade` runs with both. Each is a
command of its own, started cold, on the same cores; the problem set is released beforehand.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import pytest

from rnnlib.grading.demo.submissions import hand_in, read_class

ROOT = Path(__file__).parents[2]
SET = "ps2_bptt"
SUBMISSIONS = 40
CORES = 2
GOAL = 4.0
ENDLESS = ("ivan",)

BARE = """
c = get_config()
c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.Execute.timeout = 60
"""


def repeated(number):
    """So many submissions, each by a student of its own."""
    ending = [one for one in read_class(SET) if one.student not in ENDLESS]
    for place, submission in enumerate(islice(cycle(ending), number)):
        yield replace(submission, student=f"{submission.student}{place:03}")


def make_course(folder, config, submissions):
    """A course in which a class has handed in."""
    shutil.copytree(ROOT / "solutions" / SET, folder / "solutions" / SET)
    shutil.copytree(ROOT / "exercises" / SET, folder / "exercises" / SET)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run("nbgrader", "generate_assignment", SET, "--force", folder=folder)
    for submission in submissions:
        released = folder / "exercises" / SET / f"{SET}.ipynb"
        hand_in(released, submission, folder / "submitted")
    return folder


def run(*command, folder, statuses=(0,)):
    """Run a command on a fixed number of cores, and give its seconds."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    seconds = time.monotonic() - start
    assert done.returncode in statuses, done.stdout + done.stderr
    return seconds


def graded(folder):
    """How many submissions have been graded."""
    return len(list((folder / "autograded").glob(f"*/{SET}/{SET}.ipynb")))


def test_submissions_a_minute(tmp_path, capsys):
    from rnnlib.grading.sandbox import available

    if reason := available():
        pytest.skip(f"no sandbox to measure: {reason}")
    stock = make_course(tmp_path / "stock", BARE, repeated(SUBMISSIONS))
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    ours = make_course(tmp_path / "ours", config, repeated(SUBMISSIONS))
    seconds = {
        "nbgrader autograde": run("nbgrader", "autograde", SET, folder=stock),
        "rnnlib grade": run("rnnlib", "grade", SET, f"--jobs={CORES}", folder=ours),
    }
    assert graded(stock) == graded(ours) == SUBMISSIONS
    ratio = seconds["nbgrader autograde"] / seconds["rnnlib grade"]
    with capsys.disabled():
        print(f"\n\n{SUBMISSIONS} submissions on {CORES} cores")
        for who, spent in seconds.items():
            print(f"  {who:<20} {spent:6.1f} s  {60 * SUBMISSIONS / spent:6.0f} a minute")
        print(f"  {ratio:.2f} times as many a minute; the goal is {GOAL:g}\n")
    assert ratio > 1
