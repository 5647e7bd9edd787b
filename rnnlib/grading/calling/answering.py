"""The kernel's half of the verification: a question comes in, and what came of the calls goes out.

Here is no reference and no score. Where a right version of an earlier function is to stand in, its
values are asked for from outside; `verification.serving` is the other half of that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from rnnlib.grading.calling import travel
from rnnlib.grading.calling.packing import pack, unpack
from rnnlib.grading.calling.probing import probed
from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.calling.run import Call, run
from rnnlib.grading.calling.standing_in import given
from rnnlib.grading.exercise import Array


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
