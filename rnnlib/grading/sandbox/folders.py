"""The folders through which kernels are reached, and what a killed grader has left of them.

Sockets have paths of at most 107 bytes, so the folders lie in a short place. A folder's name has
the number of the process that made it: when that is gone, the next one clears it away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

PREFIX = "rnn-sandbox-"

LONGEST = 60
"""Bytes of the path of the usual place for temporary files above which /tmp is taken instead."""


def make() -> Path:
    """A new folder that nobody else may look into."""
    place = tempfile.gettempdir()
    place = place if len(os.fsencode(place)) <= LONGEST else "/tmp"
    _clear(Path(place))
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


def _clear(place: Path) -> None:
    """Remove what is left of processes that were killed."""
    for folder in place.glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        with suppress(OSError):
            mine = folder.lstat().st_uid == os.getuid()
            if mine and owner.isdecimal() and not psutil.pid_exists(int(owner)):
                shutil.rmtree(folder, ignore_errors=True)
