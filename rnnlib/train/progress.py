"""A progress bar on one line: how far, the loss, the time left.

In Jupyter it is one output that is replaced, in a terminal one line that is overwritten, and in a
pipe or a log it is silent. It never writes to stderr, which nbgrader takes for an error, and it
leaves one line in a saved notebook, where a bar of carriage returns leaves them all.
"""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import Any

WIDTH = 20
SECONDS = 0.1  # between two pictures


class Progress:
    """A bar from `done` to `total`, shown while the `with` block lasts.

    Example:
        >>> with Progress(0, 10, show=True) as bar:  # no terminal here, so it is silent
        ...     bar.update(1, loss=0.5)
    """

    def __init__(self, done: int, total: int, *, show: bool) -> None:
        self.first, self.done, self.total = done, done, total
        self.loss = float("nan")
        self.start = self.shown = monotonic()
        self.write = _writer() if show else None

    def __enter__(self) -> Progress:
        return self

    def update(self, done: int, loss: float) -> None:
        """Say how far it is; drawn at most ten times a second."""
        self.done, self.loss = done, loss
        if self.write is not None and monotonic() - self.shown > SECONDS:
            self.shown = monotonic()
            self.write(self.line())

    def line(self) -> str:
        """The bar as text."""
        passed = monotonic() - self.start
        filled = WIDTH * self.done // max(self.total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        made, left = self.done - self.first, self.total - self.done
        time = f"{clock(passed / made * left)} left" if made and left else f"in {clock(passed)}"
        return f"[{bar}] {self.done}/{self.total}  loss {self.loss:.4g}  {time}"

    def note(self, text: str) -> None:
        """Print a line below the bar, whether or not the bar is shown."""
        self.close()
        print(f"train: {text}")

    def close(self) -> None:
        """Draw the bar a last time."""
        if self.write is not None:
            self.write(self.line(), end=True)
            self.write = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any.

    Example:
        >>> clock(83.2), clock(3600)
        ('1:23', '1:00:00')
    """
    minutes, s = divmod(round(seconds), 60)
    h, m = divmod(minutes, 60)
    return f"{h}:{m:02}:{s:02}" if h else f"{m}:{s:02}"


def _writer() -> Any:
    """What draws a line here: Jupyter's, the terminal's, or None."""
    IPython = sys.modules.get("IPython")  # a notebook has loaded it
    shell = IPython.get_ipython() if IPython is not None else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        return _Jupyter()
    return _terminal if sys.stdout.isatty() else None


def _terminal(line: str, end: bool = False) -> None:
    sys.stdout.write(f"\r{line:<79}" + ("\n" if end else ""))
    sys.stdout.flush()


class _Jupyter:
    """One output of the cell, replaced by every call."""

    def __init__(self) -> None:
        self.handle: Any = None

    def __call__(self, line: str, end: bool = False) -> None:
        display: Any = sys.modules["IPython"].display.display
        data = {"text/plain": line}
        if self.handle is None:
            self.handle = display(data, raw=True, display_id=True)
        else:
            self.handle.update(data, raw=True)
