"""The kernel's half of the verification: a question comes in, and what came of the calls goes out.

Here is no reference and no score. Where a right version of an earlier function is to stand in, its
values are asked for from outside.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rnnlib.grading.calling import travel
from rnnlib.grading.calling.packing import TEXT, pack, unpack
from rnnlib.grading.calling.probing import probed
from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.calling.run import Call, run
from rnnlib.grading.calling.standing_in import given, numbers
from rnnlib.grading.exercise import Array

LONGEST = 200
"""Entries along an axis of what a right version is called with: no case has as many."""

AXES = 3
"""Axes of what a right version is called with: no case has more."""


def answer(function: Callable[..., object], question: str) -> None:
    """Call a function on the cases of a question, and publish what came of each call.

    Where no right version stands in, a few calls more follow at the end, and the first answer goes
    out again with what they show.

    Args:
        function: The student's function.
        question: What `travel.ask` made.
    """
    with quiet():
        exercise, cases, about = travel.asked(question)
    start, seconds, token = time.monotonic(), about["seconds"], about["token"]
    publish, ask = _publisher(token), _asker(token)
    references = {name: _stand_in(name, ask) for name in about["stand_ins"]}
    calls: list[Call] = []
    with given(function, references):
        for number, case in enumerate(cases):
            calls += run(exercise, [case], function, seconds, start)
            publish(number, calls[-1])
    if calls and not references:
        first, *_ = probed(exercise, cases, calls, function, seconds, start)
        publish(0, first)


def serve(prompt: str, token: str, references: Mapping[str, Callable[..., Any]]) -> tuple[str, str]:
    """The outside half of a call of a stand-in: the reply to what a kernel asks for.

    Args:
        prompt: What the kernel asks for; anybody may have made it.
        token: The token of the question under way.
        references: The right versions, by name.

    Returns:
        The name of what was called, or nothing where it was no proper call, and the reply.
    """
    try:
        data = json.loads(prompt)
        if not isinstance(data, dict) or data.get("token") != token:
            raise ValueError("it does not belong to this question")
        name, named = data.get("call"), data.get("kwargs")
        if not isinstance(name, str) or name not in references:
            raise ValueError("there is nothing of that name")
        if not isinstance(named, dict):
            raise ValueError("the arguments have no names")
        args = [_small(value) for value in unpack(data.get("args"))]
        kwargs = {key: _small(unpack(value)) for key, value in named.items()}
    except (ValueError, TypeError, RecursionError) as error:
        return "", json.dumps({"refused": f"{error}"[:TEXT]})
    try:
        with np.errstate(all="ignore"):
            values = references[name](*args, **kwargs)
        return name, json.dumps({"values": pack(values)})
    except Exception as error:  # the arguments are the student's
        return name, json.dumps({"refused": f"{type(error).__name__}: {error}"[:TEXT]})


def _small(value: Any) -> Array:
    """An argument of a right version, which is no larger than one of a case.

    Of larger ones, a few are enough to make an array that fills the memory.
    """
    array = numbers(value)
    if array.ndim > AXES or max(array.shape, default=0) > LONGEST:
        raise ValueError(f"an argument of shape {array.shape} is larger than in any case")
    return array


def _publisher(token: str) -> Callable[[int, Call], None]:
    """What sends an answer out; it carries the question's token."""
    from IPython import get_ipython

    def publish(number: int, call: Call) -> None:
        answer = {"token": token, "number": number, "call": travel.report(call)}
        get_ipython().display_pub.publish({travel.MIME: answer}, metadata={})

    return publish


def _asker(token: str) -> Callable[[dict[str, Any]], Any]:
    """What asks outside, over the channel on which a kernel asks for input."""
    from IPython import get_ipython

    def ask(call: dict[str, Any]) -> Any:
        reply = json.loads(get_ipython().kernel.raw_input(json.dumps({"token": token, **call})))
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return unpack(reply["values"])

    return ask


def _stand_in(name: str, ask: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
    """What stands in the place of the student's function of that name: it asks outside."""

    def stand_in(*args: Array, **kwargs: Array) -> Any:
        packed = {key: pack(value) for key, value in kwargs.items()}
        return ask({"call": name, "args": pack(args), "kwargs": packed})

    return stand_in
