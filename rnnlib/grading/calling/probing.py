"""Call a function a few times more, to see what one call of each case does not show.

A function gives the same for the same arguments, whatever was called before, whatever the state of
global random numbers, and whatever else lies in the notebook. Where one does not, that costs no
points: it is a remark.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from rnnlib.grading.calling.answer import Answer, Refused
from rnnlib.grading.calling.leftovers import read, without
from rnnlib.grading.calling.oddities import Oddity
from rnnlib.grading.calling.randomness import seeded
from rnnlib.grading.calling.run import SECONDS, Call, run
from rnnlib.grading.exercise import Case, Exercise

SEEDS = 1_540_483_477, 3_266_489_917
"""Two seeds that nobody uses."""

SHARE = 0.2
"""The share of the time limit that further calls may take."""

NAMES = 20
"""Names of the notebook that are tried; more are hardly ever read."""


def probed(
    exercise: Exercise,
    cases: Sequence[Case],
    calls: Sequence[Call],
    function: Callable[..., object],
    seconds: float = SECONDS,
    start: float | None = None,
) -> tuple[Call, ...]:
    """The calls, the first of them with the oddities that further calls show.

    Args:
        exercise: What the function should be.
        cases: The cases it was called on.
        calls: What came of it.
        function: The student's function.
        seconds: The time limit for all calls together; a part of it is for these.
        start: When the time began to run, by `time.monotonic`; now, if it is left out.
    """
    first, *others = calls
    if first.failure is not None and first.failure.kind != "error":
        return (first, *others)
    now = time.monotonic()
    left = min(SHARE * seconds, (now if start is None else start) + seconds - now)

    def call() -> Call:
        return run(exercise, cases[:1], function, left, now)[0]

    oddities = first.oddities
    try:
        if first.answers is not None:
            oddities += _unsteady(exercise, first, call)
        if names := read(function)[:NAMES]:
            oddities += _leftover(exercise, first, call, function, names)
    except Exception:  # a student's objects may raise anything when they are looked at
        return (first, *others)
    return (replace(first, oddities=oddities), *others)


def _unsteady(exercise: Exercise, first: Call, call: Callable[[], Call]) -> tuple[Oddity, ...]:
    """Whether it gives the same again, and what it does with global random numbers."""
    with seeded(SEEDS[0]) as touched:
        again = call()
    if _stopped(again):
        return ()
    if again.failure is not None:
        return (Oddity("once", (again.failure.reason,)),)
    if values := _differing(exercise, first, again):
        with seeded(SEEDS[1]):
            one = call()
        with seeded(SEEDS[1]):
            other = call()
        random = touched and one.answers and not _differing(exercise, one, other)
        return (Oddity("random" if random else "unsteady", values),)
    return (Oddity("reseeds", tuple(touched)),) if touched else ()


def _leftover(
    exercise: Exercise,
    first: Call,
    call: Callable[[], Call],
    function: Callable[..., object],
    names: Sequence[str],
) -> tuple[Oddity, ...]:
    """Which of these names of the notebook it really reads: without them it fails, or differs."""
    missing, needed = list(names), list[str]()
    while missing:
        with without(function, missing):
            found = call()
        if _stopped(found):
            return ()
        name = found.failure.missing if found.failure else ""
        if name not in missing:
            break
        missing.remove(name)
        needed.append(name)
    if missing and _differing(exercise, first, found):
        needed += missing
    return (Oddity("leftover", tuple(needed)),) if needed else ()


def _stopped(call: Call) -> bool:
    return call.failure is not None and call.failure.kind == "stopped"


def _differing(exercise: Exercise, one: Call, other: Call) -> tuple[str, ...]:
    """The values that are not the same in two calls; none where both failed alike."""
    names = tuple(part.name for part in exercise.parts)
    if one.answers is None or other.answers is None:
        return () if one.answers is other.answers else names
    pairs = zip(names, one.answers, other.answers, strict=True)
    return tuple(name for name, a, b in pairs if not _same(a, b))


def _same(a: Answer, b: Answer) -> bool:
    """Whether two values are the same, up to the last digits, which may depend on alignment."""
    if isinstance(a, Refused) or isinstance(b, Refused):
        return a == b if isinstance(a, Refused) and isinstance(b, Refused) else False
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)
