"""A time limit for a call: an endless loop ends with a TimeoutError."""

from __future__ import annotations

import functools
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

AGAIN = 1.0
"""Seconds until a call that caught the alarm itself, with a bare `except:`, is stopped again."""


class Alarm(BaseException):
    """The time is up. No `Exception`, so that a student's `except Exception` lets it through."""


def time_limit(seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that it ends with a TimeoutError after this many seconds.

    It interrupts Python code, not a single long call into C. It needs SIGALRM and the main thread;
    elsewhere (Windows, a worker thread) the function runs without a limit.

    Example:
        >>> @time_limit(seconds=0.05)
        ... def endless():
        ...     while True:
        ...         pass
        >>> endless()
        Traceback (most recent call last):
        TimeoutError: did not finish within 0.05 s
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            return _within(seconds, lambda: function(*args, **kwargs))

        return limited

    return decorate


def _within(seconds: float, call: Callable[[], R]) -> R:
    message = f"did not finish within {seconds:g} s"
    if seconds <= 0:
        raise TimeoutError(message)
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        return call()

    armed = True

    def ring(signum: int, frame: FrameType | None) -> None:
        if armed:
            raise Alarm

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        try:
            return call()
        finally:
            armed = False  # from here on a late alarm is silent
    except Alarm:
        raise TimeoutError(message) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
