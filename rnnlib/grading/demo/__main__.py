"""The command line: `python -m rnnlib.grading.demo [--keep FOLDER]`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rnnlib.grading.batch.course import CourseError
from rnnlib.grading.demo.course import Result, make_course
from rnnlib.grading.demo.course import grade as grade_course
from rnnlib.grading.demo.submissions import CLASS, Submission, read_class
from rnnlib.grading.demo.table import table

CHECKOUT = CLASS.parents[1]
PROBLEM_SET = "ps2_bptt"

NO_SANDBOX = """This machine has no sandbox: {reason}
The demonstration's submissions are known, so they are graded without one; `rnnlib grade` would
refuse. `rnnlib doctor` says what to install.
"""


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
        except (OSError, RuntimeError, CourseError) as error:
            print(f"The class could not be graded. {error}", file=sys.stderr)
            return 1
    print(table(submissions, results, out_of, width=shutil.get_terminal_size((100, 24)).columns))
    if keep is not None:
        print(f"\nThe course folder: {folder}")
    return 0


def grade(
    folder: Path, submissions: Sequence[Submission]
) -> tuple[dict[str, Result], dict[str, float]]:
    """Make a course in a folder, hand in, and grade, in the sandbox where there is one.

    Returns:
        What came of each submission, by student, and the points of each part.
    """
    from rnnlib.grading.sandbox import available

    make_course(CHECKOUT, folder, PROBLEM_SET, submissions)
    reason = available()
    if reason is not None:
        print(NO_SANDBOX.format(reason=reason), file=sys.stderr)
    return grade_course(folder, PROBLEM_SET, reason is None, sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
