"""How far a run is: a line that is rewritten on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 30.0
"""Elsewhere than on a terminal."""


class Progress:
    """Says how many are done and how long the rest will take.

    Args:
        total: The number of submissions.
        stream: Where to.
    """

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._rewrites = stream.isatty()
        self._start = self._said = time.monotonic()
        self._done = 0
        if total:
            self._show(0)

    def update(self, done: int, at_work: int) -> None:
        """Say how many are done, and how many are being graded."""
        now = time.monotonic()
        finished = done == self._total and done > self._done
        self._done = done
        if self._rewrites or finished or now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            self._show(at_work)

    def say(self, line: str) -> None:
        """Print a line that stays."""
        self._stream.write(f"{self._erase()}{line}\n")
        self._stream.flush()

    def close(self) -> None:
        """Leave the last line where it is."""
        if self._rewrites and self._total:
            self._stream.write("\n")
            self._stream.flush()

    def _show(self, at_work: int) -> None:
        line = f"{self._done} of {self._total} done{self._rest(at_work)}"
        self._stream.write(f"{self._erase()}{line}{'' if self._rewrites else chr(10)}")
        self._stream.flush()

    def _rest(self, at_work: int) -> str:
        spent = time.monotonic() - self._start
        if self._done == self._total:
            return f" in {duration(spent)}"
        if not self._done:
            return f", {at_work} at work" if at_work else ""
        left = spent / self._done * (self._total - self._done)
        return f", {at_work} at work, about {duration(left)} left"

    def _erase(self) -> str:
        return "\r\x1b[K" if self._rewrites else ""


def duration(seconds: float) -> str:
    """Such as "8 s", "4 min 20 s" or "2 h 5 min".

    >>> duration(7.6), duration(260), duration(7500)
    ('8 s', '4 min 20 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
