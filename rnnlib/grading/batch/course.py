"""The course folder as nbgrader's configuration describes it: where things are, who handed in."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows; there is no sandbox there either
    fcntl = None  # type: ignore[assignment]

CONFIG = "nbgrader_config.py"


class CourseError(Exception):
    """Nothing can be graded here; the message says why and what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder.

    Attributes:
        root: The folder.
        config: nbgrader's configuration.
        directory: nbgrader's CourseDirectory, which knows the names of all folders.
        db_url: Where the gradebook is.
    """

    root: Path
    config: Any
    directory: Any
    db_url: str

    def folder(self, step: str, student: str, problem_set: str) -> Path:
        """Such as submitted/anna/ps2_bptt, where the step is "submitted"."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, problem_set))

    def log(self, student: str, problem_set: str) -> Path:
        """The file of the log of one submission."""
        return self.root / "logs" / problem_set / f"{student}.log"

    def students(self, problem_set: str) -> list[str]:
        """Everybody who has a folder for a problem set among the submissions, sorted."""
        directory = self.directory
        pattern = re.compile(
            directory.format_path(
                directory.submitted_directory, r"(?P<student>[^/]+)", problem_set, escape=True
            )
        )
        paths = glob.glob(str(self.folder("submitted", "*", problem_set)))
        found = (pattern.fullmatch(path) for path in paths)
        return sorted(match["student"] for match in found if match)

    @contextmanager
    def lock(self, problem_set: str) -> Iterator[None]:
        """Hold the problem set, so that nobody else grades it meanwhile; a killed run lets go.

        Raises:
            CourseError: Another run holds it.
        """
        path = self.root / "logs" / problem_set / ".running"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            if fcntl is not None:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise CourseError(
                        f"{problem_set} is being graded by another run. Wait until it is done."
                    ) from None
            yield


def open_course(root: Path, db_url: str | None = None) -> Course:
    """The course in a folder.

    Args:
        root: The folder of nbgrader_config.py.
        db_url: The gradebook, where it is another one than the configuration's.

    Raises:
        CourseError: There is no course in the folder.
    """
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    root = root.resolve()
    if not (root / CONFIG).is_file():
        raise CourseError(f"There is no {CONFIG} in {root}. Run this in the course folder.")
    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    if db_url:
        config.CourseDirectory.db_url = db_url
    url = str(CourseDirectory(config=config).db_url)
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:///{root / url.removeprefix('sqlite:///')}"  # not where this was started
        config.CourseDirectory.db_url = url
    return Course(root, config, CourseDirectory(config=config), url)
