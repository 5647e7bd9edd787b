"""Keep what a student's code prints and warns out of the notebook cell.

nbgrader gives no points to a cell that writes to stderr, and a warning is written there.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

PRINTED = 2_000
"""Characters of printed text that are kept."""


class _Kept(io.StringIO):
    """Text, of which only the first characters are kept."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED - self.tell())])
        return len(text)


@dataclass
class Heard:
    """What was printed (stdout and stderr together), and the warnings, each once."""

    printed: str = ""
    warnings: list[str] = field(default_factory=list)


@contextmanager
def quiet() -> Iterator[Heard]:
    """Capture stdout, stderr, log records that go to stderr, and warnings, whatever the filters.

    The result is filled when the block ends. What compiled code writes to stderr is dropped.
    """
    heard, kept, real_stderr = Heard(), _Kept(), sys.stderr
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is real_stderr
    ]
    with ExitStack() as stack:
        stack.enter_context(_drop_file_descriptor(2))
        stack.enter_context(redirect_stdout(kept))
        stack.enter_context(redirect_stderr(kept))
        for handler in handlers:
            handler.setStream(kept)
            stack.callback(handler.setStream, real_stderr)
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        try:
            yield heard
        finally:
            heard.printed = kept.getvalue()
            heard.warnings = list(dict.fromkeys(_line(warning) for warning in caught))


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
