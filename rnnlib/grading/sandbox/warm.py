"""The host's side of the warmed-up process: orders go to it, news come from it, and it is watched.

One warmed-up process serves all kernels of one grading process and one problem set. A thread reads
its news and looks after what the kernels take.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnnlib.grading.sandbox import folders
from rnnlib.grading.sandbox.bubblewrap import command
from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.sandbox.masking import masked_copy
from rnnlib.grading.sandbox.watchdog import too_much

STARTING = 60.0
"""Seconds that the warmed-up process may take until it is ready, and a kernel until it is there."""

GLANCE = 0.1
"""Seconds between two looks at what the kernels take."""

ZYGOTE = "rnnlib.grading.sandbox.inside.zygote"

CREDENTIALS = struct.calcsize("iII")


@dataclass
class Running:
    """A kernel that has been ordered.

    Attributes:
        limits: What it may take.
        folder: Its connection folder, as the host sees it.
        keeper: The process id of its keeper, as the host sees it; 0 until it has started.
        ended: Set when it is gone.
        code: Its exit status, when it is gone.
        reason: Why it was stopped, if it was.
    """

    limits: Limits
    folder: Path
    keeper: int = 0
    started: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    code: int | None = None
    reason: str = ""


class Warm:
    """One warmed-up process inside bubblewrap."""

    def __init__(self, withheld: tuple[str, ...]) -> None:
        """Start it, with a copy of rnnlib that withholds these functions.

        Raises:
            RuntimeError: It does not start; the message has what it said.
        """
        self.folder = folders.make()
        self._owner = os.getpid()
        self.spool = self.folder / "s"
        self.spool.mkdir()
        runtime = self.folder / "runtime"
        runtime.mkdir()
        masked_copy(withheld, runtime)
        self._kernels: dict[str, Running] = {}
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._process: subprocess.Popen[bytes] | None = None
        self._ready, self._over = threading.Event(), threading.Event()
        live = functools.partial(self._live, runtime, theirs)
        threading.Thread(target=live, name="sandbox", daemon=True).start()
        atexit.register(self.close)
        if not self._ready.wait(STARTING) or self._over.is_set():
            said = self._said()
            self.close()
            raise RuntimeError(f"The sandbox did not start: {said or 'it said nothing'}.")

    @property
    def busy(self) -> bool:
        """Whether it has a kernel that has not ended."""
        return any(not running.ended.is_set() for running in list(self._kernels.values()))

    @property
    def alive(self) -> bool:
        """Whether it takes orders."""
        return not self._over.is_set()

    def start(self, kernel: str, folder: Path, limits: Limits) -> Running:
        """Order a kernel, whose folder in the spool has its connection file, and wait for it.

        Raises:
            RuntimeError: It does not start.
        """
        running = self._kernels[kernel] = Running(limits, folder)
        per_process = {
            "memory": limits.memory,
            "file_size": limits.file_size,
            "open_files": limits.open_files,
            "processes": limits.processes,
            "cpu_seconds": int(limits.notebook) + 1,
        }
        self._order(
            do="start",
            id=kernel,
            limits={"scratch_size": limits.scratch_size, "process": per_process},
        )
        end = time.monotonic() + STARTING
        while not running.started.wait(0.01):
            if running.ended.is_set() or not self.alive or time.monotonic() > end:
                raise RuntimeError(f"A kernel did not start in the sandbox: {self._said()}")
        return running

    def interrupt(self, kernel: str) -> None:
        """Interrupt what a kernel is doing."""
        self._order(do="interrupt", id=kernel)

    def kill(self, kernel: str, reason: str = "") -> None:
        """End a kernel, and every process that it has started."""
        running = self._kernels.get(kernel)
        if running is not None and not running.ended.is_set():
            running.reason = running.reason or reason
            self._order(do="kill", id=kernel)

    def forget(self, kernel: str) -> None:
        """Remove what is left of a kernel."""
        running = self._kernels.pop(kernel, None)
        if running is not None:
            shutil.rmtree(running.folder, ignore_errors=True)

    def close(self) -> None:
        """End it, with all its kernels, and remove its folder."""
        if os.getpid() != self._owner:  # forked since: they are not ours
            return
        self._over.set()
        if self._process is not None:
            self._process.kill()  # bubblewrap's end is the end of its namespace
            self._process.wait()
        self._channel.close()
        for running in list(self._kernels.values()):
            running.ended.set()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def _order(self, **order: Any) -> None:
        try:
            self._channel.send(json.dumps(order).encode())
        except OSError:
            self._over.set()

    def _said(self) -> str:
        try:
            return (self.folder / "log").read_text(errors="replace").strip()[-2000:]
        except OSError:
            return ""

    def _live(self, runtime: Path, theirs: socket.socket) -> None:
        """Start the process and attend to it: it is killed when the thread that started it ends."""
        program = [sys.executable, "-P", "-m", ZYGOTE, str(theirs.fileno())]
        try:
            with theirs, (self.folder / "log").open("wb") as log:
                self._process = subprocess.Popen(
                    command(runtime, self.spool, program),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            self._attend()
        finally:
            self._over.set()
            self._ready.set()  # or not at all
            for running in list(self._kernels.values()):
                running.ended.set()

    def _attend(self) -> None:
        """Read the news, and stop what takes too much, until the process is gone."""
        self._channel.settimeout(GLANCE)
        looked = 0.0
        while not self._over.is_set():
            try:
                text, sent, _, _ = self._channel.recvmsg(4096, socket.CMSG_SPACE(CREDENTIALS))
                if not text:
                    break
                self._hear(json.loads(text), sent)
            except TimeoutError:
                pass
            except OSError:
                break
            if time.monotonic() - looked > GLANCE:
                looked = time.monotonic()
                for kernel, running in list(self._kernels.items()):
                    if running.keeper and not running.ended.is_set():
                        reason = too_much(running.keeper, running.limits)
                        if reason:
                            self.kill(kernel, reason)

    def _hear(self, news: dict[str, Any], sent: list[tuple[int, int, bytes]]) -> None:
        if news["said"] == "ready":
            self._ready.set()
            return
        running = self._kernels.get(news["id"])
        if running is None:
            return
        if news["said"] == "started":
            credentials = next(data for _, kind, data in sent if kind == socket.SCM_CREDENTIALS)
            running.keeper = struct.unpack("iII", credentials[:CREDENTIALS])[0]
            running.started.set()
        elif news["said"] == "ended":
            running.code = news["code"]
            running.ended.set()
