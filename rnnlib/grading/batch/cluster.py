"""Workers of a Dask cluster, by the address of its scheduler.

The workers share nothing with this machine: the submission travels to them and the result travels
back. They need the same rnnlib, nbgrader, and a sandbox. What a lost worker had is begun again on
another one, by the scheduler.
"""

from __future__ import annotations

import queue
from asyncio import CancelledError
from typing import Any

from rnnlib.grading.batch.course import CourseError
from rnnlib.grading.batch.outcome import Outcome, Work
from rnnlib.grading.batch.work import Task, work

SECONDS_TO_CONNECT = 10

AHEAD = 2
"""Tasks under way for each worker: one at work, and one that has travelled already."""


class Cluster:
    """The workers of a Dask cluster.

    Args:
        address: The scheduler's, such as "tcp://10.0.0.5:8786".
        work: What they do; a function of a module, found there by its name.
        sandbox: Whether every worker has to have a sandbox.

    Raises:
        CourseError: There is no such cluster, or its workers cannot grade.
    """

    def __init__(self, address: str, work: Work = work, sandbox: bool = True) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "A cluster needs the package distributed: pip install 'rnnlib[cluster]'."
            ) from None
        try:
            client: Any = Client
            self._client = client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CourseError(f"There is no Dask scheduler at {address}: {error}") from error
        self._work = work
        self._over: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._under_way: dict[str, str] = {}
        try:
            _look_at(self._states(sandbox), address)
        except BaseException:
            self.close()
            raise

    def _states(self, sandbox: bool) -> Any:
        try:
            return self._client.run(_state, sandbox)
        except Exception as error:
            raise CourseError(
                f"The workers cannot load what they need: {_short(error)}. "
                "Install rnnlib there: pip install 'rnnlib[grading,notebooks,cluster]'."
            ) from error

    def capacity(self) -> int:
        """Some tasks for every worker there is now; they may come and go."""
        return AHEAD * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def submit(self, task: Task) -> None:
        """Send a task to the cluster."""
        future = self._client.submit(self._work, task, pure=False)
        self._under_way[future.key] = task.submission.student
        future.add_done_callback(self._over.put)

    def wait(self, seconds: float) -> list[Outcome]:
        """The outcomes of the tasks that are over; waits that many seconds for the first."""
        try:
            future = self._over.get(timeout=seconds)
        except queue.Empty:
            return []
        student = self._under_way.pop(future.key)
        try:
            return [Outcome(student, future.result())]
        except (Exception, CancelledError) as error:  # its own, or every worker died of it
            return [Outcome(student, None, f"the cluster could not grade it: {_short(error)}.")]
        finally:
            future.release()

    def close(self) -> None:
        """Leave the cluster, which forgets the tasks that are not over."""
        self._client.close()


def _state(sandbox: bool) -> dict[str, str | None]:
    """What a worker is: its version of rnnlib, and why it has no sandbox, if so."""
    import rnnlib

    why: str | None = None
    if sandbox:
        from rnnlib.grading.sandbox import available

        why = available()
    return {"version": rnnlib.__version__, "no sandbox": why}


def _look_at(states: dict[str, dict[str, str | None]], address: str) -> None:
    import rnnlib

    if not states:
        raise CourseError(f"The Dask cluster at {address} has no workers.")
    for worker, state in states.items():
        if state["version"] != rnnlib.__version__:
            raise CourseError(
                f"The worker {worker} has rnnlib {state['version']}, this machine "
                f"{rnnlib.__version__}. Install the same one."
            )
        if state["no sandbox"]:
            raise CourseError(f"The worker {worker} has no sandbox: {state['no sandbox']}")


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
