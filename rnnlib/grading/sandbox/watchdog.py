"""What a kernel and its processes take, all together, and whether that is too much.

Limits that the system sets hold for one process each. This looks at all of them, from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from rnnlib.grading.sandbox.limits import MIB, Limits


def too_much(keeper: int, limits: Limits) -> str:
    """Why a kernel has to be stopped: one sentence without its subject, or nothing.

    Args:
        keeper: The process id of the kernel's keeper, whose descendants are counted.
        limits: What it may take.
    """
    processes = list(_belonging(keeper))
    state = [_state(process) for process in processes]
    if sum(each.get("Threads", 0) for each in state) > limits.processes:
        return f"started more than {limits.processes} processes and threads"
    memory = 1024 * sum(each.get("RssAnon", 0) + each.get("RssShmem", 0) for each in state)
    if memory > limits.memory and _shared_once(processes) > limits.memory:
        return f"used more than {limits.memory // MIB} MB of memory"
    return ""


def _belonging(keeper: int) -> Iterator[int]:
    """The kernel and what it has started; the two processes that only hold it are not counted."""
    for first in _children(keeper):
        waiting = _children(first)
        while waiting:
            yield (process := waiting.pop())
            waiting += _children(process)


def _children(process: int) -> list[int]:
    """A process's children: from files, or searched for where Linux is built without these."""
    try:
        files = [*Path(f"/proc/{process}/task").glob("*/children")]
        if files:
            return [int(child) for file in files for child in file.read_text().split()]
        return [child.pid for child in psutil.Process(process).children()]
    except (OSError, psutil.Error):  # it has just ended
        return []


def _state(process: int) -> dict[str, int]:
    """The numbers that Linux tells of a process, by name; memory in kB."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        pairs = (line.replace("kB", "").partition(":") for line in lines)
        return {name: int(text) for name, _, text in pairs if text.strip().isdecimal()}
    return {}


def _shared_once(processes: list[int]) -> int:
    """Bytes of memory of all processes, what several of them share counted once."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += psutil.Process(process).memory_full_info().pss
    return total
