"""Start kernels for a notebook: in the sandbox, or, where that is said aloud, without it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from rnnlib.grading.exercise import find, names, withheld
from rnnlib.grading.sandbox import Limits, SandboxedKernelManager, available
from rnnlib.grading.verification.check_cell import parse
from rnnlib.grading.verification.kernel import Kernel, now
from rnnlib.grading.verification.released import Released


class OpenKernelManager(AsyncKernelManager):
    """A kernel without a sandbox, in a folder of its own, reached over sockets in that folder.

    It runs with the rights of whoever grades. It is for machines where no sandbox can be had, and
    for submissions that are trusted.
    """

    def __init__(self, **settings: Any) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="rnn-"))  # a short path: sockets need one
        super().__init__(transport="ipc", ip=str(self._folder / "k"), **settings)

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]
        """Start the kernel in its folder; what it says outside of the notebook goes nowhere."""
        work = self._folder / "work"
        work.mkdir(exist_ok=True)
        quiet = {"cwd": str(work), "stdout": DEVNULL, "stderr": DEVNULL}
        memory = ["--HistoryManager.hist_file=:memory:"]
        await super().start_kernel(**{"extra_arguments": memory, **quiet, **settings})

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the folder, with all that the kernel has left there."""
        await super().cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)


def starter(released: Released, sandbox: bool, limits: Limits) -> Callable[[], Kernel]:
    """What starts a kernel for a notebook.

    Args:
        released: The notebook as it was released.
        sandbox: Whether kernels are started in the sandbox.
        limits: What a kernel may take, in the sandbox.

    Raises:
        RuntimeError: The sandbox is asked for, and this machine has none; the message says why,
            and what to do.
    """
    if not sandbox:
        return lambda: started(OpenKernelManager())
    if reason := available():
        raise RuntimeError(f"Nothing is graded without a sandbox. {reason}")
    patterns = _patterns(released)
    return lambda: started(SandboxedKernelManager(withheld=patterns, limits=limits))


def started(manager: Any) -> Kernel:
    """A kernel, started by its manager.

    Raises:
        RuntimeError: It does not start.
    """
    now(manager.start_kernel)
    return Kernel(manager)


def _patterns(released: Released) -> list[str]:
    """What of rnnlib answers the problem sets that a notebook checks, as patterns."""
    checks = [parse(cell.source) for cell in released.cells if cell.tested]
    exercises = [find(check.exercise) for check in checks if check and check.exercise in names()]
    return sorted({pattern for exercise in exercises for pattern in withheld(exercise)})
