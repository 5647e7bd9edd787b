"""Keep what a student's code prints, plots and warns out of the notebook cell.

nbgrader gives no points to a cell that writes to stderr, and a warning is written there. Code may
have taken hold of a stream long before it is called (a logger does, `def debug(out=sys.stderr)`
does), so the stream objects themselves are diverted, and not only the names `sys.stdout` and
`sys.stderr`.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

PRINTED = 2_000
"""Characters of printed text that are kept."""

MISSING = object()


class _Kept(io.StringIO):
    """Text, of which only the first characters are kept."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED - self.tell())])
        return len(text)


class _Nowhere:
    """Takes any call and does nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


@dataclass
class Heard:
    """What was printed (stdout and stderr together), the warnings, each once, and displays."""

    printed: str = ""
    warnings: list[str] = field(default_factory=list)
    displays: int = 0


@contextmanager
def quiet() -> Iterator[Heard]:
    """Capture prints, log records, displays and warnings, whatever the filters.

    The result is filled when the block ends. What compiled code prints is dropped, and figures
    that were opened in the block are closed. As `@quiet()` it decorates a function.

    Example:
        >>> with quiet() as heard:
        ...     print("nothing of this is seen")
        >>> heard.printed.strip()
        'nothing of this is seen'
    """
    heard, kept = Heard(), _Kept()
    with ExitStack() as stack:
        for name in ("stdout", "stderr"):
            stack.callback(setattr, sys, name, getattr(sys, name))
        streams = _streams()
        for stream in streams:
            _flush(stream)  # what was printed before comes out
        for number in (1, 2):
            stack.enter_context(_drop_file_descriptor(number))
        for stream in streams:
            _divert(stack, stream, kept)
        stack.enter_context(_no_displays(heard))
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        try:
            yield heard
        finally:
            heard.printed = kept.getvalue()
            heard.warnings = list(dict.fromkeys(_line(warning) for warning in caught))


def _streams() -> list[Any]:
    """The standard streams, and those of the notebook that a logger holds; its files are left."""
    loggers = (logging.getLogger(), *logging.getLogger().manager.loggerDict.values())
    streams = [sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__]
    streams += [
        handler.stream
        for logger in loggers
        for handler in getattr(logger, "handlers", ())  # a place holder has none
        if isinstance(handler, logging.StreamHandler) and _in_notebook(handler.stream)
    ]
    return list({id(stream): stream for stream in streams if stream is not None}.values())


def _in_notebook(stream: object) -> bool:
    return hasattr(stream, "pub_thread")


def _divert(stack: ExitStack, stream: Any, kept: _Kept) -> None:
    """Have a stream write into `kept`, whoever holds it, until the stack is closed."""
    if _in_notebook(stream):  # a `write` held from before ends here
        _replace(stack, stream, "session", _Nowhere())
    if not _replace(stack, stream, "write", kept.write):
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is stream:
                setattr(sys, name, kept)
    stack.callback(_flush, stream)


def _flush(stream: Any) -> None:
    with suppress(Exception):  # closed, or not made for it
        stream.flush()


def _replace(stack: ExitStack, thing: Any, name: str, value: Any) -> bool:
    """Give one object another attribute until the stack is closed; False if it takes none."""
    before = getattr(thing, "__dict__", {}).get(name, MISSING)
    try:
        setattr(thing, name, value)
    except AttributeError:
        return False
    if before is MISSING:
        stack.callback(delattr, thing, name)
    else:
        stack.callback(setattr, thing, name, before)
    return True


@contextmanager
def _no_displays(heard: Heard) -> Iterator[None]:
    """Show nothing in the notebook, neither at once nor, as open figures, after the cell."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None

    def count(*args: object, **kwargs: object) -> tuple[dict[str, Any], dict[str, Any]]:
        heard.displays += 1
        return {}, {}  # as `format` returns them: nothing to display

    before = _figures()
    with ExitStack() as stack:
        for thing, name in (("display_formatter", "format"), ("display_pub", "publish")):
            if hasattr(shell, thing):
                _replace(stack, getattr(shell, thing), name, count)
        try:
            yield
        finally:
            opened = _figures() - before
            heard.displays += len(opened)
            for number in opened:
                sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


@contextmanager
def _drop_file_descriptor(number: int) -> Iterator[None]:
    try:
        real = os.dup(number)
    except OSError:  # closed: nothing can be written there
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(real, number)
        os.close(real)


def _line(warning: warnings.WarningMessage) -> str:
    return f"{warning.category.__name__}: {warning.message}"[:300]
