"""What a kernel and its processes take, all together, and whether that is too much.

Limits that the system sets hold for one process each. This looks at all of them, from outside.
"""

from __future__ import annotations

from contextlib import suppress

import psutil

from rnnlib.grading.sandbox.limits import MIB, Limits


def too_much(keeper: int, limits: Limits) -> str:
    """Why a kernel has to be stopped: one sentence without its subject, or nothing.

    Args:
        keeper: The process id of the kernel's keeper, whose descendants are counted.
        limits: What it may take.
    """
    memory = threads = 0
    for process in _descendants(keeper):
        with suppress(psutil.Error):  # it has just ended
            with process.oneshot():
                about = process.memory_info()
                threads += process.num_threads()
            memory += about.rss - getattr(about, "shared", 0)
    if memory > limits.memory:
        return f"used more than {limits.memory // MIB} MB of memory"
    if threads > limits.processes:
        return f"started more than {limits.processes} processes and threads"
    return ""


def _descendants(keeper: int) -> list[psutil.Process]:
    """The kernel and what it has started; the two processes that only hold it are not counted."""
    with suppress(psutil.Error):
        first = psutil.Process(keeper).children()
        return first[0].children(recursive=True) if first else []
    return []
