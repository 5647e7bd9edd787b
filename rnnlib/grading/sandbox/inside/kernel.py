"""The kernel itself: it gives up all privileges, and then runs a student's code."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

from rnnlib.grading.sandbox.inside import enclosure, seccomp

KERNEL, WORK = "/sandbox/kernel", "/sandbox/work"
"""The folder of its sockets and connection file, and the one that it works in."""


def serve(limits: dict[str, Any], ready: int, go: int) -> None:
    """Give up all privileges, open the sockets, and serve. Here a student's code runs."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        enclosure.drop_privileges()
        enclosure.limit(**limits["process"])
        seccomp.refuse_calls()
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        os.chdir(WORK)
        os.environ.update(HOME=WORK, IPYTHONDIR="/tmp/ipython", TMPDIR="/tmp")
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance()
        app.initialize(  # type: ignore[no-untyped-call]
            [
                *("-f", str(Path(KERNEL, "connection.json"))),
                "--HistoryManager.enabled=False",
                "--IPKernelApp.parent_handle=0",
            ]
        )
        sys.path[:] = [path for path in sys.path if path] + [WORK]  # libraries come first
        os.write(ready, b"!")
        os.read(go, 1)
        os.close(ready)
        os.close(go)
        app.start()  # type: ignore[no-untyped-call]
        os._exit(0)
    finally:
        os._exit(1)
