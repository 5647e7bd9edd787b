"""`rnnlib grade`: the run over a class, and its table."""

from __future__ import annotations

import argparse
import shutil
import sys

UNSAFE = """
!!  Grading WITHOUT a sandbox. Students' code runs with your rights: it can read and change your
!!  files, the gradebook and other submissions, and use the network. Only for submissions that you
!!  trust as you trust yourself.
"""


def run(options: argparse.Namespace) -> int:
    """Grade; progress goes to stderr, the table to stdout.

    Returns:
        0 where every submission has been graded, 1 where some could not be, 2 where nothing was
        done.
    """
    if not options.dask:
        from rnnlib.grading.batch.processes import warm_up

        warm_up()  # workers load what they need while this process does the same
    from rnnlib.grading.batch.course import CourseError
    from rnnlib.grading.batch.grading import Choices, grade_class
    from rnnlib.grading.batch.table import table

    if options.no_sandbox:
        print(UNSAFE, file=sys.stderr)
    elif not options.dask and (reason := _no_sandbox()):
        print(reason, file=sys.stderr)
        return 2
    choices = Choices(
        options.problem_set,
        course=options.course,
        students=tuple(options.student),
        force=options.force,
        jobs=options.jobs,
        dask=options.dask,
        db=options.db,
        seed=options.seed,
        options={"sandbox": not options.no_sandbox},
    )
    try:
        graded = grade_class(choices, sys.stderr)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    width = shutil.get_terminal_size((100, 24)).columns
    print(table(graded.rows, graded.points, graded.summary.troubles, width))
    print(f"\n{graded}")
    return 1 if graded.summary.incomplete or graded.summary.interrupted else 0


def _no_sandbox() -> str:
    """Why nothing is graded on this machine; empty where there is a sandbox."""
    from rnnlib.grading.sandbox import available

    reason = available()
    if reason is None:
        return ""
    return (
        f"Nothing was graded: {reason}\n`rnnlib doctor` says more. To grade without a sandbox, "
        "with students' code having your rights: --no-sandbox."
    )
