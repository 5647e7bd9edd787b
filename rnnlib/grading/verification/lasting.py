"""A kernel that outlives what kills it: started again, and brought back to where it was.

A cell that ends its kernel, or fills its memory, costs itself. The next kernel runs what has run
before, without that cell, and nobody sees it but the functions that are defined again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from rnnlib.grading.verification.connection import Message
from rnnlib.grading.verification.kernel import Kernel, Outcome, unheard

RESTARTS = 3
"""How often a dead kernel is replaced; a notebook that kills more of them is given up."""


class LastingKernel:
    """A kernel for one notebook, replaced when it dies, within the notebook's time."""

    def __init__(self, start: Callable[[], Kernel], seconds: float) -> None:
        """Start the first kernel.

        Args:
            start: Starts a kernel.
            seconds: The time limit for everything together.

        Raises:
            RuntimeError: It does not start.
        """
        self.seconds = seconds
        self.restarts = 0
        self._start = start
        self._end = time.monotonic() + seconds
        self._ran: list[str] = []
        self._kernel: Kernel | None = start()
        self._given_up = ""
        self.language_info = self._kernel.language_info

    def execute(
        self,
        code: str,
        *,
        seconds: float,
        largest: int,
        listen: Callable[[Message], None],
        answer: Callable[[str], str] | None = None,
        shown: bool = True,
    ) -> Outcome:
        """Have a piece of code executed, as `Kernel.execute`; what is shown is remembered."""
        left = self._end - time.monotonic()
        if left <= 0:
            self._given_up = f"the notebook had used up its {self.seconds:g} s"
        if self._given_up or self._kernel is None:
            return Outcome("dead", f"was not run: {self._given_up}")
        outcome = self._kernel.execute(
            code,
            seconds=min(seconds, left),
            largest=largest,
            listen=listen,
            answer=answer,
            shown=shown,
        )
        full = shown and _has_no_memory_left(outcome)
        if shown and outcome.status in ("ok", "error") and not full:
            self._ran.append(code)
        if outcome.status == "dead" or full:
            self._replace(largest)
        if left < seconds and time.monotonic() >= self._end:
            reason = f"was stopped when the notebook had used up its {self.seconds:g} s"
            outcome = replace(outcome, reason=reason)
        return outcome

    def close(self) -> None:
        """End the kernel."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def _replace(self, largest: int) -> None:
        """Start another kernel, and run in it what has run so far; leave out what kills it too."""
        dead = True
        while dead:
            self.close()
            if self.restarts == RESTARTS:
                self._given_up = f"the notebook had ended its kernel {RESTARTS + 1} times"
                return
            if time.monotonic() >= self._end:
                return
            self.restarts += 1
            try:
                self._kernel = self._start()
            except RuntimeError as error:
                self._given_up = f"no kernel could be started again ({error})"
                return
            dead = False
            for code in tuple(self._ran):
                left = self._end - time.monotonic()
                outcome = self._kernel.execute(
                    code, seconds=max(left, 0.0), largest=largest, listen=unheard
                )
                dead = outcome.status == "dead"
                if outcome.status not in ("ok", "error"):
                    self._ran.remove(code)
                if dead:
                    break


def _has_no_memory_left(outcome: Outcome) -> bool:
    """Whether a cell has filled the memory: what it holds would be missing in later cells."""
    return outcome.reply is not None and outcome.reply.get("ename") == "MemoryError"
