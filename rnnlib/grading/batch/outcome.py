"""What workers have in common: tasks go in, outcomes come out, in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rnnlib.grading.batch.work import Result, Task

Work = Callable[[Task], Result]


@dataclass(frozen=True)
class Outcome:
    """A task that is over: its result, or the sentence that says why there is none."""

    student: str
    result: Result | None
    reason: str = ""


class Workers(Protocol):
    """Processes that grade: here, or on other machines."""

    def capacity(self) -> int:
        """How many tasks may be under way at once."""

    def submit(self, task: Task) -> None:
        """Begin with a task."""

    def wait(self, seconds: float) -> list[Outcome]:
        """The tasks that are over, as soon as there are any, after that time at the latest."""

    def close(self) -> None:
        """End all workers, and what they are doing."""
