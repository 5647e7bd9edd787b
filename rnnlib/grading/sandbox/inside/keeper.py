"""The two processes around a kernel: the keeper, outside of its namespaces, and their init process.

The keeper makes the namespaces and the folders that are seen in them. The init process starts the
kernel, closes its folder when its sockets are there, and takes everything with it when it ends.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from rnnlib.grading.sandbox.inside import enclosure
from rnnlib.grading.sandbox.inside.kernel import KERNEL, WORK, serve

Order = dict[str, Any]
"""What the grader asks for, as plain data."""

SPOOL, TMP = "/sandbox/spool", "/sandbox/tmp"
"""The folders of all kernels, and what stands in the place of /tmp."""


def keep(order: Order, channel: socket.socket, pipes: tuple[int, int]) -> None:
    """Make the namespaces, start their init process, and end as it ends."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for pipe in pipes:
            os.close(pipe)
        enclosure.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        enclosure.new_namespaces()
        _mounts(order["id"], order["limits"]["scratch_size"])
        say(channel, said="started", id=order["id"])  # the sender's process id travels with it
        channel.close()
        init = os.fork()
        if init == 0:
            _init(order["limits"])
        signal.signal(signal.SIGINT, lambda *_: os.kill(init, signal.SIGINT))
        signal.signal(signal.SIGTERM, lambda *_: os.kill(init, signal.SIGKILL))
        _, status = os.waitpid(init, 0)
        code = os.waitstatus_to_exitcode(status)
    finally:
        os._exit(code if 0 <= code < 128 else 128 + abs(code) % 128)


def _mounts(kernel: str, size: int) -> None:
    """Folders of its own; those of the other kernels are out of sight."""
    enclosure.bind_mount(f"{SPOOL}/{kernel}", KERNEL)
    for place in (WORK, TMP, "/dev/shm"):
        enclosure.mount_tmpfs(place, size)
    enclosure.mount_devpts("/dev/pts")
    for folder in {sys.prefix, sys.base_prefix}:
        if folder.startswith("/tmp/"):  # an interpreter that lies there stays in sight
            place = TMP + folder.removeprefix("/tmp")
            os.makedirs(place)
            enclosure.bind_mount(folder, place)
    enclosure.bind_mount(TMP, "/tmp")
    shutil.copytree(f"{KERNEL}/submission", WORK, dirs_exist_ok=True)
    enclosure.mount_tmpfs(SPOOL, 4096)
    enclosure.make_all_read_only(but=(KERNEL, WORK, TMP, "/tmp", "/dev/shm", "/dev/pts", "/proc"))


def _init(limits: Order) -> None:
    """Start the kernel, close its folder when its sockets are there, and wait for its end."""
    try:
        enclosure.die_with_parent()
        enclosure.own_processes_only()
        ready, go = os.pipe(), os.pipe()
        kernel = os.fork()
        if kernel == 0:
            os.close(ready[0])
            os.close(go[1])
            serve(limits, ready[1], go[0])
        os.close(ready[1])
        os.close(go[0])
        signal.signal(signal.SIGINT, lambda *_: _interrupt(kernel))
        os.read(ready[0], 1)
        enclosure.make_read_only(KERNEL)
        enclosure.set_undumpable()
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


def say(channel: socket.socket, **news: object) -> None:
    """Tell the grader."""
    channel.send(json.dumps(news).encode())
