"""The same for nbgrader itself: two steps that `nbgrader autograde` takes in place of its own.

`nbgrader_config.py` names them. The gradebook, formgrader, feedback and export see ordinary cells.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool, Float, Integer

from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.verification.execution import execute
from rnnlib.grading.verification.reading import read
from rnnlib.grading.verification.released import Released, from_gradebook
from rnnlib.grading.verification.restoring import restore
from rnnlib.grading.verification.starting import starter

LARGEST_SEED = 2**48
"""Below what JSON keeps exactly everywhere."""


@cache
def run_seed() -> int:
    """A seed for this run: the same for all students of one command, another for the next."""
    return secrets.randbelow(LARGEST_SEED)


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes a submission what the release was, but for what students write.

    It comes first, so that nbgrader's own steps find nothing that they would stop at.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Mend the notebook; what was mended is in nbgrader's log."""
        about = resources["nbgrader"]
        notebook, troubles = read(nb)
        troubles += restore(notebook, _release(about, self.config))
        for trouble in troubles:
            self.log.warning(trouble)
        return notebook, resources


class VerifiedExecute(Execute):  # type: ignore[misc]
    """Runs a notebook, and asks for answers where nbgrader would run a check.

    Scores and reports of check cells are made outside of the student's kernel. A test that is
    written out in its cell is run as nbgrader runs it, and is as safe as it was: not at all.
    """

    seed = Integer(
        None,
        allow_none=True,
        help="What the inputs of the checks are drawn from. Drawn anew for each run by default, "
        "and kept in the metadata of the graded notebook; to repeat a run, set it to that.",
    ).tag(config=True)

    sandbox = Bool(
        True,
        help="Whether students' code is run in a sandbox. Without it, it runs with your rights.",
    ).tag(config=True)

    notebook_timeout = Float(600.0, help="Seconds that a notebook may take.").tag(config=True)

    output_limit = Integer(1_000_000, help="Bytes of output that a cell may write.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> tuple[Any, Any]:
        """Run all cells; what went wrong is in nbgrader's log.

        Raises:
            RuntimeError: The sandbox is asked for, and this machine has none.
        """
        if not self.sandbox:
            self.log.warning(
                "VerifiedExecute.sandbox is False: STUDENTS' CODE RUNS WITH YOUR RIGHTS, on your "
                "files and your network."
            )
        limits = Limits(
            cell=self.timeout or 60.0, notebook=self.notebook_timeout, output=self.output_limit
        )
        seed = run_seed() if self.seed is None else self.seed
        start = starter(_release(resources["nbgrader"], self.config), self.sandbox, limits)
        for trouble in execute(nb, start, seed, limits):
            self.log.warning(trouble)
        return nb, resources


def _release(about: Any, config: Any) -> Released:
    """The released notebook, from the gradebook and the course folder that nbgrader works with."""
    directory = CourseDirectory(config=config)
    with Gradebook(about["db_url"]) as gradebook:
        return from_gradebook(gradebook, directory, about["notebook"], about["assignment"])
