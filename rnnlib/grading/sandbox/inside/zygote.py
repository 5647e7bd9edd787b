"""The warmed-up process: it has imported what notebooks need, and forks a kernel for each of them.

Orders and news travel as JSON over one socket, whose number is the only argument. An order names a
kernel by an id that the grader chose:

    {"do": "start", "id": "3", "limits": {...}}     start a kernel
    {"do": "interrupt", "id": "3"}                  interrupt what it is doing
    {"do": "kill", "id": "3"}                       end it, and all of its processes

and the news are "ready", "started" and "ended". A kernel is three processes: a keeper, which lives
among the zygote's processes and holds the namespaces; the first process of the new namespace, with
whose end everything in it ends; and the kernel itself, which is the only one that runs a student's
code, and has given up all privileges before.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnlib.grading.sandbox.inside import enclosure, seccomp

Order = dict[str, Any]

SPOOL, KERNEL = "/sandbox/spool", "/sandbox/kernel"
WORK, TMP = "/sandbox/work", "/sandbox/tmp"

WARM = (
    "ipykernel.kernelapp",
    "ipykernel.inprocess",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "numpy.random",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "rnnlib.grading",
    "rnnlib.grading.calling.answering",
    "rnnlib.plots",
    "rnnlib.experiments",
)
"""What most notebooks import, or the kernel itself. What is not there is left out."""


def main(number: int) -> None:
    """Take orders until the other side is gone."""
    channel = socket.socket(fileno=number)
    for module in WARM:
        with suppress(ImportError):
            importlib.import_module(module)
    with suppress(Exception):
        _draw()
    seccomp.prepare()
    keepers: dict[int, str] = {}  # process id -> kernel
    wake, awake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(awake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _say(channel, said="ready")
    while True:
        waiting: list[Any] = [channel, wake]
        ready, _, _ = select.select(waiting, [], [])
        if wake in ready:
            os.read(wake, 4096)
            _reap(channel, keepers)
        if channel in ready:
            order = channel.recv(65536)
            if not order:
                return
            _obey(json.loads(order), channel, keepers, (wake, awake))


def _draw() -> None:
    """Draw one picture, for fonts, the reader of formulas and the renderer are slow at first."""
    import numpy as np

    from rnnlib import plots

    plots.lines(
        {"a": np.ones(2)},
        x_label="step $t$",
        y_label=r"$\partial L/\partial h_t$",
        caption="warm",
        alt="warm",
        log_y=True,
    )


def _obey(
    order: Order, channel: socket.socket, keepers: dict[int, str], pipes: tuple[int, int]
) -> None:
    if order["do"] == "start":
        pid = os.fork()
        if pid == 0:
            _keep(order, channel, pipes)
        keepers[pid] = order["id"]
        return
    signals = {"interrupt": signal.SIGINT, "kill": signal.SIGTERM}
    for pid, kernel in keepers.items():
        if kernel == order["id"]:
            os.kill(pid, signals[order["do"]])


def _reap(channel: socket.socket, keepers: dict[int, str]) -> None:
    """Tell of every kernel that has ended."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            kernel = keepers.pop(pid, None)
            if kernel is not None:
                code = os.waitstatus_to_exitcode(status)
                _say(channel, said="ended", id=kernel, code=code)


def _say(channel: socket.socket, **news: object) -> None:
    channel.send(json.dumps(news).encode())


# ---- the keeper -----------------------------------------------------------------------------


def _keep(order: Order, channel: socket.socket, pipes: tuple[int, int]) -> None:
    """Make the namespaces, start their first process, and end as it ends."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for pipe in pipes:
            os.close(pipe)
        enclosure.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        enclosure.new_namespaces()
        _mounts(order["id"], order["limits"]["scratch_size"])
        _say(channel, said="started", id=order["id"])  # the sender's process id travels with it
        channel.close()
        first = os.fork()
        if first == 0:
            _first(order["limits"])
        signal.signal(signal.SIGINT, lambda *_: os.kill(first, signal.SIGINT))
        signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
        _, status = os.waitpid(first, 0)
        code = os.waitstatus_to_exitcode(status)
    finally:
        os._exit(code if 0 <= code < 128 else 128 + abs(code) % 128)


def _mounts(kernel: str, size: int) -> None:
    """Folders of its own; those of the other kernels are out of sight."""
    enclosure.show(f"{SPOOL}/{kernel}", KERNEL)
    for place in (WORK, TMP, "/dev/shm"):
        enclosure.scratch(place, size)
    enclosure.terminals("/dev/pts")
    for folder in {sys.prefix, sys.base_prefix}:
        if folder.startswith("/tmp/"):  # an interpreter that lies there stays in sight
            place = TMP + folder.removeprefix("/tmp")
            os.makedirs(place)
            enclosure.show(folder, place)
    enclosure.show(TMP, "/tmp")
    shutil.copytree(f"{KERNEL}/submission", WORK, dirs_exist_ok=True)
    enclosure.scratch(SPOOL, 4096)
    enclosure.make_all_read_only(but=(KERNEL, WORK, TMP, "/tmp", "/dev/shm", "/dev/pts", "/proc"))


# ---- the first process of the namespace -----------------------------------------------------


def _first(limits: Order) -> None:
    """Start the kernel, close its folder when its sockets are there, and wait for its end."""
    try:
        enclosure.die_with_parent()
        enclosure.own_processes_only()
        ready, go = os.pipe(), os.pipe()
        kernel = os.fork()
        if kernel == 0:
            os.close(ready[0])
            os.close(go[1])
            _kernel(limits, ready[1], go[0])
        os.close(ready[1])
        os.close(go[0])
        signal.signal(signal.SIGINT, lambda *_: _interrupt(kernel))
        os.read(ready[0], 1)
        enclosure.make_read_only(KERNEL)
        enclosure.be_opaque()
        os.write(go[1], b"!")
        while True:
            pid, status = os.waitpid(-1, 0)  # orphans of the kernel end here too
            if pid == kernel:
                code = os.waitstatus_to_exitcode(status)
                os._exit(code if code >= 0 else 128 - code)
    finally:
        os._exit(1)


def _interrupt(kernel: int) -> None:
    """Interrupt the kernel and, as a terminal would, the programs that it waits for."""
    with suppress(ProcessLookupError):
        os.killpg(kernel, signal.SIGINT)


# ---- the kernel -----------------------------------------------------------------------------


def _kernel(limits: Order, ready: int, go: int) -> None:
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


if __name__ == "__main__":
    main(int(sys.argv[1]))
