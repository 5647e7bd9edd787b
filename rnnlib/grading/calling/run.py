"""Call a student's function on every case, so that nothing it does ends the check."""

from __future__ import annotations

import copy
import linecache
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from rnnlib.grading.calling.answer import Answer, WrongCountError, answers, unpacked
from rnnlib.grading.calling.limit import time_limit
from rnnlib.grading.calling.oddities import Oddity, of_values
from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.calling.withholding import WithheldError, Withholding
from rnnlib.grading.exercise import Case, Exercise
from rnnlib.grading.formula import Formula

SECONDS = 10.0
"""The time limit for all calls of one exercise together."""

NOT_OWN = (
    *(sysconfig.get_paths()[key] for key in ("stdlib", "purelib", "platlib")),
    str(Path(__file__).parents[2]),
    "<frozen",
    "<__array_function__",
)
"""Where the code lies that a student did not write."""

FRAMES = 4
"""Lines of a traceback that are kept: the innermost ones."""

WIDTH = 160
"""Characters of such a line that are kept."""


@dataclass(frozen=True)
class Failure:
    """Why a call gave no answers: one sentence, and the lines of the student's code that led there.

    Attributes:
        reason: The sentence, without its subject: "raised NameError: name 'da' is not defined".
        lines: The student's own lines, outermost first.
        kind: "unsolved", "error", "stopped" (time limit, interrupt), "withheld" or "return".
        missing: The name that was not found, where that is the reason.
    """

    reason: str
    lines: tuple[str, ...] = ()
    kind: str = "error"
    missing: str = ""


@dataclass(frozen=True)
class Call:
    """What came of calling the function on one case.

    Attributes:
        answers: The returned values; None where the call failed.
        failure: Why there are none.
        mutated: The arguments that were changed in place.
        printed: What was printed, cut after a while.
        warnings: Each once.
        displays: How often something was displayed.
        oddities: What else is odd about it.
    """

    answers: tuple[Answer, ...] | None
    failure: Failure | None = None
    mutated: tuple[str, ...] = ()
    printed: str = ""
    warnings: tuple[str, ...] = ()
    displays: int = 0
    oddities: tuple[Oddity, ...] = ()


def run(
    exercise: Exercise,
    cases: Sequence[Case],
    function: Callable[..., object],
    seconds: float = SECONDS,
    start: float | None = None,
) -> tuple[Call, ...]:
    """Call the function on every case, each time on fresh copies of the arguments.

    Args:
        exercise: What the function should be.
        cases: The cases to call it on.
        function: The student's function.
        seconds: The time limit for all calls together. When it is reached, the remaining cases
            have no answer, with the same reason.
        start: When the time began to run, by `time.monotonic`; now, if it is left out.
    """
    calls: list[Call] = []
    end = (time.monotonic() if start is None else start) + seconds
    for case in cases:
        stopped = calls[-1].failure if calls else None
        if stopped is not None and stopped.kind == "stopped":
            calls.append(Call(None, stopped))
        else:
            calls.append(_call(exercise, case, function, end, seconds))
    return tuple(calls)


def _call(
    exercise: Exercise, case: Case, function: Callable[..., object], end: float, seconds: float
) -> Call:
    arguments = copy.deepcopy(case.arguments)
    handed = dict(zip(exercise.arguments, arguments, strict=True))
    names = [part.name for part in exercise.parts]
    oddities: list[Oddity] = []
    withholding = Withholding(exercise.withholds)

    @time_limit(end - time.monotonic())
    def attempt() -> tuple[Answer, ...] | Failure:
        try:
            with withholding:
                returned = unpacked(function(*arguments), names, exercise.parts[0].axes)
                found = answers(returned, names, exercise.parts[0].axes)
        except WrongCountError as error:
            return Failure(str(error), kind="return")
        except Exception as error:
            return _failure(error, exercise)
        oddities.extend(of_values(returned, dict(zip(names, found, strict=True)), handed))
        return found

    result: tuple[Answer, ...] | Failure
    with quiet() as heard:
        try:
            result = attempt()
        except TimeoutError:
            result = Failure(f"did not finish within {seconds:g} s", kind="stopped")
        except KeyboardInterrupt:
            result = Failure("was interrupted", kind="stopped")
        except WithheldError as error:
            result = Failure(withholding.reason, _own_lines(error.__traceback__), "withheld")
        except BaseException as error:  # SystemExit, and whatever an exception's __str__ raises
            result = Failure(f"raised {type(error).__name__}")
    failure = result if isinstance(result, Failure) else None
    found = None if isinstance(result, Failure) else result
    if withholding.called and (failure is None or failure.kind in ("error", "return")):
        found, failure = None, Failure(withholding.reason, kind="withheld")  # it was caught there
    mutated = tuple(
        name
        for name, before, after in zip(exercise.arguments, case.arguments, arguments, strict=True)
        if not _unchanged(before, after)
    )
    heard_of = heard.printed, tuple(heard.warnings), heard.displays
    return Call(found, failure, mutated, *heard_of, tuple(oddities))


def _unchanged(before: Any, after: Any) -> bool:
    """Whether an argument is as it was; a list of arrays entry by entry."""
    if type(before) is not type(after):
        return False
    if isinstance(before, Formula):
        return _unchanged(before.arrays, after.arrays)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, np.ndarray) and before.dtype != after.dtype:
        return False
    return np.array_equal(before, after)


def raised(error: Exception) -> str:
    """What was raised, in one line: "raised ValueError: shapes (2,3) and (4,) not aligned"."""
    text = " ".join(str(error).split())[:300]
    return f"raised {type(error).__name__}" + (f": {text}" if text else "")


def _failure(error: Exception, exercise: Exercise) -> Failure:
    lines, reason = _own_lines(error.__traceback__), raised(error)
    if isinstance(error, NotImplementedError) and not str(error).strip():
        return Failure("is not written yet: it raises NotImplementedError", kind="unsolved")
    if isinstance(error, TypeError) and not lines:
        reason += f"; it is called as {exercise.signature}"
    missing = error.name if isinstance(error, NameError) else None
    return Failure(reason, lines, missing=missing if type(missing) is str else "")


def _own_lines(trace: TracebackType | None) -> tuple[str, ...]:
    """The lines of a traceback that are in the student's own code, with their place."""
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(NOT_OWN):
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()[:WIDTH]
            lines.append(f"{code.co_name}, line {trace.tb_lineno}: {source}")
        trace = trace.tb_next
    return tuple(lines[-FRAMES:])
