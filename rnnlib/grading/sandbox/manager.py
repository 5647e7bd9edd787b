"""Kernels in the sandbox, for whoever speaks Jupyter: a manager and its provisioner.

`SandboxedKernelManager` takes the place of Jupyter's own manager, for instance as nbgrader's
`c.Execute.kernel_manager_class`. Its kernels are forked from a warmed-up process inside bubblewrap
and reached through sockets in a private folder.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import stat
import threading
import time
import uuid
from collections import OrderedDict
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Any as AnyTrait
from traitlets import List, Unicode

from rnnlib.grading.sandbox.bubblewrap import available
from rnnlib.grading.sandbox.limits import Limits
from rnnlib.grading.sandbox.warm import STARTING, Running, Warm

KEPT = 2
"""Warmed-up processes that are kept at once: one for each problem set that is being graded."""

_warm: OrderedDict[tuple[str, ...], Warm] = OrderedDict()
_not_ours: list[Warm] = []
_lock = threading.Lock()
_numbers = itertools.count(1)


def warm(withheld: tuple[str, ...]) -> Warm:
    """The warmed-up process that withholds these functions; a new one, where there is none.

    Raises:
        RuntimeError: There is no sandbox on this machine, or it does not start.
    """
    with _lock:
        process = _warm.pop(withheld, None)
        if process is not None and not process.alive:
            process.close()
            process = None
        if process is None:
            if (reason := available()) is not None:
                raise RuntimeError(f"There is no sandbox: {reason}")
            process = Warm(withheld)
        _warm[withheld] = process
        idle = [key for key, other in _warm.items() if other is not process and not other.busy]
        for key in idle[: max(0, len(_warm) - KEPT)]:
            _warm.pop(key).close()
        return process


def _begin_anew() -> None:
    """In a forked process: the warmed-up processes are those of the one it was forked from."""
    global _lock
    _lock = threading.Lock()
    _not_ours.extend(_warm.values())
    _warm.clear()


os.register_at_fork(after_in_child=_begin_anew)


class SandboxProvisioner(KernelProvisionerBase):
    """Has the warmed-up process fork a kernel, and speaks for it."""

    _process: Warm | None = None
    _running: Running | None = None
    _id = ""

    @property
    def has_process(self) -> bool:
        """Whether a kernel has been started and is not forgotten."""
        return self._running is not None

    @property
    def reason(self) -> str:
        """Why the kernel was stopped; empty where it was not, or ended by itself."""
        return self._running.reason if self._running else ""

    async def pre_launch(self, **settings: Any) -> dict[str, Any]:
        """Make the kernel's folder, with the submission's files and the connection file."""
        manager: Any = self.parent
        process = self._process = await asyncio.to_thread(warm, tuple(manager.withheld))
        self._id = str(next(_numbers))
        folder = process.spool / self._id
        folder.mkdir(mode=0o700)
        _copy_files(settings.pop("cwd", None), folder / "submission", manager.limits)
        manager.transport, manager.ip = "ipc", str(folder / "k")
        manager.cleanup_connection_file()
        manager.connection_file = str(folder / "host.json")
        manager.write_connection_file()
        connection = json.loads(Path(manager.connection_file).read_text())
        connection["ip"] = "/sandbox/kernel/k"
        (folder / "connection.json").write_text(json.dumps(connection))
        return await super().pre_launch(cmd=[], **settings)

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
        """Order the kernel, and wait until its process is there."""
        assert self._process is not None
        manager: Any = self.parent
        folder = self._process.spool / self._id
        self._running = await asyncio.to_thread(
            self._process.start, self._id, folder, manager.limits
        )
        await self._bound([Path(f"{manager.ip}-{port}") for port in manager.ports])
        self.connection_info = manager.get_connection_info()
        return self.connection_info

    async def _bound(self, sockets: list[Path]) -> None:
        """Wait for its sockets: who connects too soon tries again a tenth of a second later."""
        end = time.monotonic() + STARTING
        while not all(socket.exists() for socket in sockets) and time.monotonic() < end:
            if await self.poll() is not None:
                return
            await asyncio.sleep(0.002)

    async def poll(self) -> int | None:
        """The exit status, or None while the kernel is there."""
        running = self._running
        if running is None:
            return 0
        return (running.code if running.code is not None else 1) if running.ended.is_set() else None

    async def wait(self) -> int | None:
        """Wait until the kernel is gone."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.005)
        self._forget()
        return code

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel, or end it: there are no other signals."""
        if signum == signal.SIGINT and self._process is not None:
            self._process.interrupt(self._id)
        elif signum != 0:
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all its processes."""
        if self._process is not None:
            self._process.kill(self._id)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel and all its processes."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the kernel's folder."""
        self._forget()

    def _forget(self) -> None:
        if self._process is not None and self._running and self._running.ended.is_set():
            self._process.forget(self._id)


class SandboxedKernelManager(AsyncKernelManager):
    """Starts kernels in the sandbox. The kernel's name does not matter: it is Python."""

    withheld = List(Unicode(), help="What of rnnlib is not there: patterns of dotted names.")
    limits = AnyTrait(Limits(), help="What a kernel may take.")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is."""
        return KernelSpec(argv=["python"], display_name="Python 3", language="python")

    @property
    def reason(self) -> str:
        """Why the kernel was stopped; empty where it was not."""
        return getattr(self.provisioner, "reason", "")

    def __init__(self, **settings: Any) -> None:
        # one for all: to end a context of its own with every kernel would take a tenth of a second
        settings.setdefault("context", zmq.asyncio.Context.instance())
        super().__init__(**settings)

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]
        """Start a kernel; `cwd` is a folder whose plain files it gets copies of."""
        self.kernel_id = self.kernel_id or str(uuid.uuid4())
        self.provisioner = SandboxProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        await super().start_kernel(**settings)

    async def _async_wait(self, pollinterval: float = 0.005) -> None:
        """Wait for the kernel's end, which comes soon after it has been asked for."""
        await super()._async_wait(pollinterval)


def _copy_files(source: str | None, target: Path, limits: Limits) -> None:
    """Copy the plain files of a folder, no links, no folders, and no more than fits."""
    target.mkdir()
    room = limits.scratch_size // 2
    for entry in sorted(os.scandir(source), key=lambda e: e.name) if source else ():
        about = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(about.st_mode) and about.st_size <= min(room, limits.file_size):
            shutil.copyfile(entry.path, target / entry.name, follow_symlinks=False)
            room -= about.st_size
