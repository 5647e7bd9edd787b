"""Workers on this machine: processes that live through the run, each with a pipe of its own.

A process that dies takes nothing with it but its own task, which another one tries once more. They
are forked from a clean process that has nbgrader loaded already, so a new one is there at once.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from rnnlib.grading.batch.outcome import Outcome, Work
from rnnlib.grading.batch.work import Result, Task, work

ATTEMPTS = 2
"""How often a task is tried whose process dies."""

PATIENCE = 1800.0
"""Seconds after which a process is ended that has not answered: far above a notebook's limits."""

PRELOAD = ["rnnlib.grading.verification", "rnnlib.grading.batch.work", "nbgrader.preprocessors"]
"""What every worker needs and what takes long to import."""


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    folder: str
    task: Task | None = None
    attempt: int = 0
    start: float = 0.0


def warm_up() -> None:
    """Start the process that workers are forked from; what it imports, it imports by the way."""
    multiprocessing.set_forkserver_preload(PRELOAD)
    forkserver.ensure_running()


class Processes:
    """A number of processes that grade one submission each at a time.

    Args:
        jobs: How many.
        work: What they do; a function of a module, found there by its name.
        patience: Seconds after which a process is ended that has not answered.
    """

    def __init__(self, jobs: int, work: Work = work, patience: float = PATIENCE) -> None:
        self._context = multiprocessing.get_context("forkserver")
        warm_up()
        self._jobs = jobs
        self._work = work
        self._patience = patience
        self._workers: list[_Worker] = []

    def capacity(self) -> int:
        """As many tasks as there are processes."""
        return self._jobs

    def submit(self, task: Task) -> None:
        """Give a task to a process that has none."""
        self._begin(task, attempt=1)

    def wait(self, seconds: float) -> list[Outcome]:
        """The outcomes of the tasks that are over; waits that many seconds for the first."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        ready = wait(list(busy), seconds)
        outcomes = [self._outcome(busy[pipe]) for pipe in ready if isinstance(pipe, Connection)]
        outcomes += [self._late(worker) for worker in busy.values() if self._is_late(worker)]
        return [outcome for outcome in outcomes if outcome is not None]

    def close(self) -> None:
        """End all processes, also in the midst of a task."""
        for worker in self._workers:
            if worker.task is None:
                with suppress(OSError):
                    worker.pipe.send(None)
            else:
                worker.process.terminate()
        while self._workers:
            self._bury(self._workers[-1], seconds=5)

    def _begin(self, task: Task, attempt: int) -> None:
        worker = next((worker for worker in self._workers if worker.task is None), None)
        if worker is None:
            worker = self._start()
        worker.task, worker.attempt, worker.start = task, attempt, time.monotonic()
        with suppress(OSError):  # where it died idle, its pipe is at its end: `wait` sees that
            worker.pipe.send(task)

    def _start(self) -> _Worker:
        here, there = self._context.Pipe()
        folder = tempfile.mkdtemp(prefix="rnn-")
        process = self._context.Process(target=_serve, args=(there, self._work, folder))
        process.start()
        there.close()
        worker = _Worker(process, here, folder)
        self._workers.append(worker)
        return worker

    def _outcome(self, worker: _Worker) -> Outcome | None:
        task, worker.task = worker.task, None
        assert task is not None
        student = task.submission.student
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker, seconds=1)
            if worker.attempt < ATTEMPTS:
                self._begin(task, worker.attempt + 1)
                return None
            times = f"{worker.attempt} times, by {_status(worker.process)}"
            return Outcome(student, None, f"the process that graded it died {times}.")
        if isinstance(result, Result):
            return Outcome(student, result)
        return Outcome(student, None, str(result))

    def _is_late(self, worker: _Worker) -> bool:
        return worker.task is not None and time.monotonic() - worker.start > self._patience

    def _late(self, worker: _Worker) -> Outcome:
        assert worker.task is not None
        student = worker.task.submission.student
        self._bury(worker)
        return Outcome(student, None, f"it was not done after {self._patience / 60:.3g} minutes.")

    def _bury(self, worker: _Worker, seconds: float = 0.0) -> None:
        """Give a process some time to end, then end it, and remove what it has left."""
        worker.process.join(seconds)
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        shutil.rmtree(worker.folder, ignore_errors=True)
        self._workers.remove(worker)


def _status(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"{'signal' if code < 0 else 'exit status'} {abs(code)}"


def _serve(pipe: Connection, work: Work, folder: str) -> None:
    """What a process does: a task after the other, until it is told to end.

    Args:
        pipe: Tasks come from it, and results go to it.
        work: What to do with a task.
        folder: For temporary files; removed at the end, whichever that is.
    """
    os.setsid()  # Ctrl-C is for the run, which lets its processes finish or ends them
    tempfile.tempdir = folder
    threading.Thread(target=_end_with_the_run, args=(pipe, folder), daemon=True).start()
    while (task := pipe.recv()) is not None:
        try:
            pipe.send(work(task))
        except Exception as error:
            pipe.send(f"the grader failed: {type(error).__name__}: {error}")


def _end_with_the_run(pipe: Connection, folder: str) -> None:
    """Wait until the other end of the pipe is closed, as by `kill -9`, and end at once."""
    hangup = select.poll()
    hangup.register(pipe.fileno(), 0)
    hangup.poll()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
