"""Read what a student handed in: regular files of bounded size, and no links."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rnnlib.grading.verification.reading import LARGEST_FILE, UnreadableError

TIMESTAMP = "timestamp.txt"
"""The file in which nbgrader keeps when something was handed in."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in for a problem set.

    Attributes:
        student: The name of the student's folder.
        notebooks: The bytes of each notebook, by its name without ".ipynb".
        timestamp: The text of timestamp.txt; empty without one.
        troubles: Why a notebook could not be read, a sentence each.
        ignored: The names of other files, which are not looked at.
    """

    student: str
    notebooks: Mapping[str, bytes]
    timestamp: str = ""
    troubles: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        sums = [hashlib.sha256(self.timestamp.encode()).hexdigest()]
        for name, content in sorted(self.notebooks.items()):
            sums += [name, hashlib.sha256(content).hexdigest()]
        object.__setattr__(self, "digest", hashlib.sha256("\n".join(sums).encode()).hexdigest())


def read_submission(folder: Path, student: str, names: Iterable[str]) -> Submission:
    """Read a student's notebooks and timestamp.

    Args:
        folder: The folder of the submission, such as submitted/anna/ps2_bptt.
        student: The student's name.
        names: The notebooks of the problem set, without ".ipynb".
    """
    notebooks: dict[str, bytes] = {}
    troubles: list[str] = []
    timestamp = ""
    with ExitStack() as stack:
        try:
            opened = _open_folder(folder)
            stack.callback(os.close, opened)
            there = sorted(os.listdir(opened))
        except (OSError, UnreadableError) as error:
            return Submission(student, {}, "", (f"the folder cannot be read: {_why(error)}.",))
        wanted = {f"{name}.ipynb": name for name in names}
        ignored = [name for name in there if name not in wanted and name != TIMESTAMP]
        for file, name in wanted.items():
            if file not in there:
                troubles.append(_missing(file, ignored))
                continue
            try:
                notebooks[name] = _read(opened, file, LARGEST_FILE)
            except (OSError, UnreadableError) as error:
                troubles.append(f"{file} cannot be read: {_why(error)}.")
        if TIMESTAMP in there:
            try:
                timestamp = _read(opened, TIMESTAMP, 200).decode("utf-8").strip()
            except (OSError, UnreadableError, UnicodeDecodeError) as error:
                troubles.append(f"{TIMESTAMP} cannot be read: {_why(error)}.")
    return Submission(student, notebooks, timestamp, tuple(troubles), tuple(ignored))


def _open_folder(folder: Path) -> int:
    """Open the folder and look that neither it nor the student's folder is a link."""
    if folder.parent.is_symlink():
        raise UnreadableError(f"{folder.parent.name} is a symbolic link")
    if folder.is_symlink():
        raise UnreadableError(f"{folder.name} is a symbolic link")
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)


def _read(folder: int, name: str, largest: int) -> bytes:
    """The bytes of a regular file in an open folder."""
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise UnreadableError("it is a symbolic link; ask for the file itself")
    # O_NONBLOCK: opening a named pipe would wait for its other end.
    opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableError("it is no regular file")
        content = file.read(largest + 1)
    if len(content) > largest:
        size = max(about.st_size, len(content))
        raise UnreadableError(
            f"it has {size:,} bytes, and {largest:,} are allowed; "
            "ask for it with its outputs cleared"
        )
    return content


def _missing(file: str, others: Iterable[str]) -> str:
    near = [name for name in others if ".ipynb" in name.lower() and not name.startswith(".")]
    if not near:
        return f"there is no {file}: ask for it."
    return f"there is no {file}, but {', '.join(map(repr, near))}: rename the right one to {file}."


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)
