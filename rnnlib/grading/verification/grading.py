"""Grade one notebook in memory: no gradebook, no shared disk, no exception whatever was handed in.

What nbgrader's own steps do to a submission, in their order: outputs cleared, hidden names made
unique, the kernel and the locked cells put back, cells run, long outputs cut, scores determined.
nbgrader's code does it wherever it works without a gradebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rnnlib.grading.reporting.report import MIME
from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.verification.execution import execute, is_check, refuse
from rnnlib.grading.verification.reading import UnreadableError, read
from rnnlib.grading.verification.released import Released, from_data
from rnnlib.grading.verification.restoring import restore
from rnnlib.grading.verification.starting import starter

USUAL = Limits()
"""What a notebook may take where nothing else is said."""


@dataclass(frozen=True)
class Graded:
    """What came of one notebook.

    Attributes:
        notebook: The notebook as it goes to autograded/.
        scores: The points of every graded cell by its name; None where a person has to grade.
        reports: What check reported, by the name of the test cell.
        troubles: What an instructor should know, a line each.
        readable: Whether what was handed in is a notebook at all. Where it is not, the notebook
            and the points here are those of an empty one.
    """

    notebook: Any
    scores: dict[str, float | None] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()
    readable: bool = True


def grade_notebook(
    notebook: bytes | str | Mapping[str, Any],
    released: Released | Mapping[str, Any],
    seed: int,
    sandbox: bool = True,
    limits: Limits = USUAL,
) -> Graded:
    """Grade one submitted notebook.

    Args:
        notebook: What was handed in: the content of the file, or a notebook.
        released: The notebook as it was released.
        seed: What the inputs are drawn from: the same for all of a run, and for its repetition.
        sandbox: Whether the student's code is run in a sandbox.
        limits: What it may take.

    Raises:
        RuntimeError: This machine has no sandbox, or no kernel starts.
    """
    readable = True
    wanted = from_data(released)
    start = starter(wanted, sandbox, limits)
    try:
        submitted, troubles = read(notebook)
        troubles += restore(submitted, wanted)
        troubles += execute(submitted, start, seed, limits)
    except UnreadableError as error:
        readable = False
        submitted, troubles = read({"cells": []})
        restore(submitted, wanted)
        refuse(submitted, seed, f"the notebook could not be read, {error}")
        troubles = (f"The notebook could not be read: {error}.",)
    _limit_output().preprocess(submitted, {})
    scores, reports = _results(submitted)
    return Graded(submitted, scores, reports, troubles, readable)


def _results(notebook: Any) -> tuple[dict[str, float | None], dict[str, dict[str, Any]]]:
    """The points and the report of every graded cell, as nbgrader finds them."""
    from nbgrader.utils import determine_grade, is_grade

    scores: dict[str, float | None] = {}
    reports: dict[str, dict[str, Any]] = {}
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        name = cell.metadata.nbgrader["grade_id"]
        points, _ = determine_grade(cell)
        scores[name] = None if points is None else float(points)
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}) and is_check(cell):
                reports[name] = output["data"][MIME]
    return scores, reports


@cache
def _limit_output() -> Any:
    from nbgrader.preprocessors import LimitOutput

    return LimitOutput()
