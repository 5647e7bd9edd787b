"""Refuse what an exercise asks for: a library's version of it, and automatic differentiation.

While a student's function runs, every Python function that is entered is looked at by the place
where it is defined. So it does not matter under which name, or through what else, it is called.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from types import FrameType, TracebackType

ANSWERS: tuple[str, ...] = (
    "rnnlib.grading.exercise.*",
    "rnnlib.grading.exercises.*",
    "rnnlib.grading.judging.*",
)
"""Where the grader keeps references and solutions."""

AUTOGRAD = (
    "torch.autograd.backward",
    "torch.autograd.grad",
    "torch.autograd.forward_ad.make_dual",
)
"""What differentiates by itself: all that torch offers for it goes through these."""

PLACES = ("rnnlib.", "torch.autograd", "torch.nn.modules.rnn")
"""Modules that are looked at; a call of anything else costs a glance."""


class WithheldError(BaseException):
    """A withheld function was called. No `Exception`: a student's `except` lets it through."""


class Withholding:
    """Ends a call of a withheld function as soon as it is entered.

    Attributes:
        called: The first withheld function that was called, as a student would write it.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Prepare to watch.

        Args:
            patterns: Patterns of dotted names such as "rnnlib.*.step_backward".
        """
        self.called = ""
        self._patterns = patterns
        self._before: object = None

    @property
    def reason(self) -> str:
        """What was done, as a sentence without its subject."""
        if self.called.startswith("torch.autograd"):
            return (
                f"calls {self.called}: derive the gradients and write them yourself, "
                "without automatic differentiation"
            )
        return f"calls {self.called}, which is what this problem set asks for; write it yourself"

    def __enter__(self) -> Withholding:
        self._before = sys.getprofile()
        sys.setprofile(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        before = self._before
        sys.setprofile(before if callable(before) else None)

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Look at a function that is entered; Python calls this for every one of them."""
        if event != "call":
            return
        module = frame.f_globals.get("__name__")
        if not isinstance(module, str) or not module.startswith(PLACES):
            return
        name = f"{module}.{frame.f_code.co_qualname}"
        if _matches(name, AUTOGRAD) or _matches(name, self._of(module)):
            self.called = self.called or _as_written(name)
            raise WithheldError(name)

    def _of(self, module: str) -> Sequence[str]:
        """The patterns for a module: the grader's own helpers are nobody's answer."""
        return ANSWERS if module.startswith("rnnlib.grading.") else self._patterns


@contextmanager
def permitted() -> Iterator[None]:
    """While the block lasts, everything may be called: the grader itself calls it."""
    watching = sys.getprofile()
    if not isinstance(watching, Withholding):
        yield
        return
    sys.setprofile(None)
    try:
        yield
    finally:
        sys.setprofile(watching)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _as_written(name: str) -> str:
    """The shortest name under which the library offers it: "rnnlib.backward", "torch.nn.LSTM"."""
    offered_as = name.removesuffix(".forward") if name.startswith("torch.nn") else name
    module, _, function = offered_as.rpartition(".")
    places = module.split(".")
    for depth in range(1, len(places)):
        place = ".".join(places[:depth])
        offered = getattr(sys.modules.get(place), function, None)
        if getattr(offered, "__module__", None) == module:
            return f"{place}.{function}"
    return name
