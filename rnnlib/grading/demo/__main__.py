"""The command line: `python -m rnnlib.grading.demo [--keep FOLDER]`."""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rnnlib.grading.demo.course import Result, autograde, release, start_worker
from rnnlib.grading.demo.submissions import CLASS, Submission, hand_in, read_class
from rnnlib.grading.demo.table import table

CHECKOUT = CLASS.parents[1]
PROBLEM_SET = "ps2_bptt"
PROCESSES = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade the demonstration class and print the table.

    Returns:
        0 when every submission was graded, 1 otherwise.
    """
    parser = argparse.ArgumentParser(prog="python -m rnnlib.grading.demo", description=__doc__)
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="a new folder for the course")
    keep: Path | None = parser.parse_args(arguments).keep
    with tempfile.TemporaryDirectory(prefix="rnn-course-") as scratch:
        folder = Path(scratch) if keep is None else keep.resolve()
        try:
            submissions = read_class(PROBLEM_SET)
            results, out_of = grade(folder, submissions)
        except (OSError, RuntimeError) as error:
            print(f"The class could not be graded. {error}", file=sys.stderr)
            return 1
    print(table(submissions, results, out_of, width=shutil.get_terminal_size((100, 24)).columns))
    if keep is not None:
        print(f"\nThe course folder: {folder}")
    return 0


def grade(
    folder: Path, submissions: Sequence[Submission]
) -> tuple[dict[str, Result], dict[str, float]]:
    """Make a course in a folder, release the problem set, hand in and grade.

    Returns:
        What nbgrader made of each submission, by student, and the points of each part.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(CHECKOUT / "solutions", folder / "solutions")
    shutil.copy(CHECKOUT / "nbgrader_config.py", folder)
    start = time.monotonic()
    results: dict[str, Result] = {}
    with ProcessPoolExecutor(
        PROCESSES,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=start_worker,
        initargs=(folder / "grading.log",),
    ) as pool:
        out_of = pool.submit(release, folder, PROBLEM_SET).result()
        released = folder / "exercises" / PROBLEM_SET / f"{PROBLEM_SET}.ipynb"
        for submission in submissions:
            hand_in(released, submission, folder / "submitted")
        tasks = {
            pool.submit(autograde, folder, PROBLEM_SET, submission.student): submission.student
            for submission in submissions
        }
        for task in as_completed(tasks):
            results[tasks[task]] = task.result()
            _progress(len(results), len(tasks), time.monotonic() - start)
    return results, out_of


def _progress(done: int, total: int, seconds: float) -> None:
    """One line that is written over and over on a terminal, and once elsewhere."""
    line = f"graded {done} of {total} submissions in {seconds:.0f} s"
    if sys.stderr.isatty():
        print(f"\r{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total:
        print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
