"""The warmed-up process: it has imported what notebooks need, and forks a kernel for each of them.

Orders and news travel as JSON over one socket, whose number is the only argument. An order names a
kernel by an id that the grader chose:

    {"do": "start", "id": "3", "limits": {...}}     start a kernel
    {"do": "interrupt", "id": "3"}                  interrupt what it is doing
    {"do": "kill", "id": "3"}                       end it, and all of its processes

and the news are "ready", "started" and "ended". A kernel is three processes: a keeper, which lives
among the zygote's processes and holds the namespaces (`keeper`); the init process of the new
namespace, with whose end everything in it ends; and the kernel itself, which is the only one that
runs a student's code, and has given up all privileges before (`kernel`).
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from rnnlib.grading.sandbox.inside import seccomp
from rnnlib.grading.sandbox.inside.keeper import Order, keep, say

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
    say(channel, said="ready")
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
            keep(order, channel, pipes)
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
                say(channel, said="ended", id=kernel, code=code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
