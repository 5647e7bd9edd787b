"""Questions and answers as plain data, for the way into a student's kernel and back.

What comes back may have been made by anybody, and is read with that in mind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rnnlib.grading.calling.answer import Answer, Refused
from rnnlib.grading.calling.oddities import KINDS as ODD
from rnnlib.grading.calling.oddities import Oddity
from rnnlib.grading.calling.packing import (
    AXES,
    ENTRIES,
    TEXT,
    array_of,
    list_of,
    pack,
    text_of,
    texts,
    unpack,
)
from rnnlib.grading.calling.quiet import PRINTED
from rnnlib.grading.calling.run import FRAMES, Call, Failure
from rnnlib.grading.exercise import Array, Case, Exercise, Part, withheld

MIME = "application/vnd.rnnlib.answers+json"
"""The type under which a kernel publishes what came of one call."""

WARNINGS = 50
"""Warnings of one call."""

ODDITIES = 50
"""Oddities of one call, and names in each."""

KINDS = ("unsolved", "error", "stopped", "withheld", "return")


def ask(
    exercise: Exercise,
    cases: Sequence[Case],
    token: str,
    seconds: float,
    stand_ins: Sequence[str] = (),
) -> str:
    """A question to a kernel, as text: all that `run` needs, and nothing that answers it.

    Args:
        exercise: What the function should be.
        cases: What it is to be called on.
        token: What every answer to this question has to carry.
        seconds: The time limit for all calls together.
        stand_ins: The names of earlier functions in whose place right ones stand.
    """
    return json.dumps(
        {
            "token": token,
            "name": exercise.name,
            "arguments": exercise.arguments,
            "parts": [[part.name, part.axes] for part in exercise.parts],
            "cases": [
                {"sizes": dict(case.sizes), "arguments": [pack(a) for a in case.arguments]}
                for case in cases
            ],
            "seconds": seconds,
            "stand_ins": list(stand_ins),
            "withholds": list(withheld(exercise)),
        }
    )


def asked(question: str) -> tuple[Exercise, tuple[Case, ...], dict[str, Any]]:
    """The exercise, without its references, the cases, and everything else of a question."""
    data = json.loads(question)
    exercise = Exercise(
        name=data["name"],
        arguments=tuple(data["arguments"]),
        parts=tuple(Part(name, axes, points=1) for name, axes in data["parts"]),
        sizes=(),
        draw=_outside,
        reference=_outside,
        withholds=tuple(data["withholds"]),
    )
    cases = tuple(
        Case(case["sizes"], tuple(unpack(a) for a in case["arguments"]), ())
        for case in data["cases"]
    )
    return exercise, cases, data


def report(call: Call) -> dict[str, Any]:
    """What came of one call, as plain data; what is too large to travel is refused."""
    failure = call.failure
    return {
        "answers": None if call.answers is None else [_sent(answer) for answer in call.answers],
        "failure": None
        if failure is None
        else {
            "reason": failure.reason[:TEXT],
            "lines": [line[:TEXT] for line in failure.lines],
            "kind": failure.kind,
        },
        "mutated": list(call.mutated),
        "printed": call.printed[:PRINTED],
        "warnings": [warning[:TEXT] for warning in call.warnings[:WARNINGS]],
        "displays": min(call.displays, 1_000),
        "oddities": [
            {"kind": odd.kind, "names": [name[:TEXT] for name in odd.names[:ODDITIES]]}
            for odd in call.oddities[:ODDITIES]
        ],
    }


def heard(data: Any, exercise: Exercise) -> Call:
    """What came of one call, from data that a kernel sent.

    Raises:
        ValueError: It is not made as it should be; the message says in what.
    """
    if not isinstance(data, Mapping):
        raise ValueError("it is no record of a call")
    given, failed = data.get("answers"), data.get("failure")
    if (given is None) == (failed is None):
        raise ValueError("a call has either answers or a reason why not")
    answers = None
    if given is not None:
        if not isinstance(given, list) or len(given) != len(exercise.parts):
            raise ValueError(f"there are not {len(exercise.parts)} values")
        answers = tuple(_received(answer) for answer in given)
    mutated = texts(data, "mutated", len(exercise.arguments))
    if not set(mutated) <= set(exercise.arguments):
        raise ValueError("an argument was changed that there is not")
    displays = data.get("displays")
    if type(displays) is not int or not 0 <= displays <= 1_000:
        raise ValueError("the displays are not counted")
    return Call(
        answers,
        None if failed is None else _failure(failed),
        mutated,
        text_of(data, "printed", PRINTED),
        texts(data, "warnings", WARNINGS),
        displays,
        tuple(_oddity(odd) for odd in list_of(data, "oddities", ODDITIES)),
    )


def _sent(answer: Answer) -> Any:
    if isinstance(answer, Refused):
        return {"refused": answer.reason[:TEXT]}
    if answer.size > ENTRIES or answer.ndim > AXES:
        return {"refused": f"has {answer.size:,} entries, shape {answer.shape}"[:TEXT]}
    return pack(answer)


def _received(data: Any) -> Answer:
    if isinstance(data, Mapping) and "refused" in data:
        return Refused(text_of(data, "refused"))
    if not isinstance(data, Mapping) or data.get("dtype") != "<f8":
        raise ValueError("a value is no array of double precision")
    array: Array = array_of(data)
    return array


def _failure(data: Any) -> Failure:
    if not isinstance(data, Mapping):
        raise ValueError("a failure is no record")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError("a failure is of no known kind")
    return Failure(text_of(data, "reason"), texts(data, "lines", FRAMES), kind)


def _oddity(data: Any) -> Oddity:
    if not isinstance(data, Mapping):
        raise ValueError("an oddity is no record")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in ODD:
        raise ValueError("an oddity is of no known kind")
    names = texts(data, "names", ODDITIES)
    if len(names) < ODD[kind]:
        raise ValueError("an oddity has too few names")
    return Oddity(kind, names)


def _outside(*args: Any, **kwargs: Any) -> Any:
    raise LookupError("References are where answers are judged, and not here.")
