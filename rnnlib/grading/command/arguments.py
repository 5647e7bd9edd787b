"""What `rnnlib` understands; each command is a function that takes the options.

A command is imported when it is called for, so that `rnnlib --help` is there at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

EXIT_STATUS = """exit status: 0 where every submission has been graded, 1 where some could not be
graded, or not all of it, 2 where nothing was done."""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = argparse.ArgumentParser(prog="rnnlib", description="Grade a class on this course.")
    commands = top.add_subparsers(metavar="command", required=True)
    _add_grade(commands)
    _add_doctor(commands)
    _add_preflight(commands)
    return top


def _add_grade(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "grade the submissions to a problem set that are not graded yet"
    grade = commands.add_parser("grade", help=about, description=about, epilog=EXIT_STATUS)
    grade.add_argument("problem_set", help="such as ps2_bptt")
    grade.add_argument(
        "--student", action="append", default=[], help="only this one; can be given several times"
    )
    grade.add_argument(
        "--force", action="store_true", help="grade again what has been graded already"
    )
    grade.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="number of processes; one per core if it is left out",
    )
    grade.add_argument(
        "--dask", metavar="ADDRESS", help="a Dask scheduler, such as tcp://host:8786"
    )
    grade.add_argument("--db", metavar="URL", help="a gradebook, such as postgresql+psycopg://...")
    grade.add_argument(
        "--seed", type=int, metavar="N", help="repeat the inputs of the run with this seed"
    )
    grade.add_argument(
        "--no-sandbox", action="store_true", help="run students' code with your rights: unsafe"
    )
    _add_course(grade)
    grade.set_defaults(run=_command("grade"))


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "look whether this machine has all that grading needs"
    doctor = commands.add_parser("doctor", help=about, description=about)
    doctor.set_defaults(run=_command("doctor"))


def _add_preflight(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "look through submissions before grading"
    preflight = commands.add_parser("preflight", help=about, description=about)
    preflight.add_argument("problem_set", help="such as ps2_bptt")
    preflight.add_argument("--repair", action="store_true", help="mend what can be mended safely")
    _add_course(preflight)
    preflight.set_defaults(run=_command("preflight"))


def _add_course(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder of the course; this one if it is left out",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """A command by the name of its module, imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        status: int = import_module(f"rnnlib.grading.command.{name}").run(options)
        return status

    return run
