"""The state of everything that grading needs on this machine, with what to do where it is not."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rnnlib.grading.sandbox.bubblewrap import available
from rnnlib.grading.sandbox.inside.seccomp import prepare
from rnnlib.grading.sandbox.limits import MIB, Limits


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        ok: Whether grading can go on with it.
        text: How it stands.
        advice: What to do, where it could be better.
    """

    name: str
    ok: bool
    text: str
    advice: str = ""


def doctor() -> tuple[Finding, ...]:
    """Look at everything that grading needs, and really try what can be tried."""
    return (
        _python(),
        _nbgrader(),
        _alembic(),
        _bubblewrap(),
        _filter(),
        _kernel(),
        _cgroups(),
        _disk(),
    )


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Finding("Python", ok, version, "" if ok else "Python 3.11 or later is needed.")


def _nbgrader() -> Finding:
    if importlib.util.find_spec("nbgrader") is None:
        return Finding(
            "nbgrader", False, "not installed", "Install it: pip install 'rnnlib[grading]'."
        )
    return Finding("nbgrader", True, importlib.metadata.version("nbgrader"))


def _alembic() -> Finding:
    """The program that nbgrader calls by name when it makes a gradebook."""
    place = shutil.which("alembic") or shutil.which(
        "alembic", path=str(Path(sys.executable).parent)
    )
    advice = "" if place else "Install it, or put the environment's bin folder on PATH."
    return Finding("alembic", bool(place), place or "not on PATH", advice)


def _bubblewrap() -> Finding:
    reason = available()
    if reason is not None:
        return Finding("bubblewrap", False, "no sandbox", reason)
    done = subprocess.run(["bwrap", "--version"], capture_output=True, text=True)
    return Finding("bubblewrap", True, done.stdout.strip() or "there")


def _filter() -> Finding:
    if prepare() is not None:
        return Finding("libseccomp", True, "there")
    text = "not installed; some memory that a submission takes is not counted"
    return Finding("libseccomp", True, text, "Install it, e.g. `sudo apt install libseccomp2`.")


def _kernel() -> Finding:
    """Start a kernel in the sandbox, and have it ask for more memory than it may."""
    if available() is not None:
        return Finding("a sandboxed kernel", False, "not tried", "See bubblewrap, above.")
    from rnnlib.grading.sandbox.trial import memory_is_limited

    start = time.monotonic()
    try:
        limited = memory_is_limited(Limits(memory=256 * MIB))
    except RuntimeError as error:
        return Finding("a sandboxed kernel", False, "did not start", str(error))
    text = f"works, {time.monotonic() - start:.1f} s with its first start"
    if not limited:
        return Finding("a sandboxed kernel", False, "its memory is not limited", "See ulimit -a.")
    return Finding("a sandboxed kernel", True, text)


def _cgroups() -> Finding:
    there = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
    text = "version 2" if there else "not used"
    return Finding("control groups", True, f"{text}; limits are set without them")


def _disk() -> Finding:
    place = tempfile.gettempdir()
    free = shutil.disk_usage(place).free // MIB
    ok = free > 500
    advice = "" if ok else f"Make room in {place}, or set TMPDIR to a folder with more."
    return Finding("disk", ok, f"{free} MB free in {place}", advice)
