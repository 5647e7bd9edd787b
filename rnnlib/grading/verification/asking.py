"""One question to a kernel: the inputs of every case go in, and what came of the calls comes out.

What comes is data that anybody may have made. It counts if it is well made and carries the
question's token; of several answers to one case the last one counts. Nothing else does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rnnlib.grading.calling import travel
from rnnlib.grading.calling.run import Call
from rnnlib.grading.exercise import Case, Exercise
from rnnlib.grading.verification.check_cell import CheckCell
from rnnlib.grading.verification.connection import Message
from rnnlib.grading.verification.kernel import Outcome
from rnnlib.grading.verification.lasting import LastingKernel
from rnnlib.grading.verification.serving import serve

PATIENCE = 3.0
"""Seconds beyond its time limit that a question may take: the kernel keeps the limit itself."""

LARGEST = 16_000_000
"""Bytes that may come meanwhile: all the answers, and what is printed around them."""

CALL = "__import__('rnnlib.grading.calling.answering', fromlist=['answer']).answer({}, {!r})"
"""What the kernel executes: it leaves no name behind."""


class Question:
    """A question about one function.

    Attributes:
        called: The names of the earlier functions whose right versions it called.
    """

    def __init__(
        self,
        check: CheckCell,
        exercise: Exercise,
        cases: Sequence[Case],
        seconds: float,
        stand_ins: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """Ask about a function.

        Args:
            check: How the function is found in the kernel.
            exercise: What it should be.
            cases: What it is called on.
            seconds: The time limit of all calls together.
            stand_ins: Right versions of functions that it builds on, by name; what they return is
                worked out here.
        """
        self.called: set[str] = set()
        self._exercise, self._cases, self._seconds = exercise, cases, seconds
        self._token = secrets.token_hex(16)
        self._references = stand_ins or {}
        self._calls: dict[int, Call] = {}
        self._malformed = ""
        question = travel.ask(exercise, cases, self._token, seconds, tuple(self._references))
        code = CALL.format(check.function, question)
        self._code = "\n".join(filter(None, (check.imports, code)))

    def ask(self, kernel: LastingKernel) -> tuple[tuple[Call, ...] | str, Outcome]:
        """What came of the calls, or why there is no answer; and how the asking ended."""
        outcome = kernel.execute(
            self._code,
            seconds=self._seconds + PATIENCE,
            largest=LARGEST,
            listen=self._listen,
            answer=self._serve if self._references else None,
            shown=False,
        )
        calls = [self._calls.get(number) for number in range(len(self._cases))]
        answered = [call for call in calls if call is not None]
        if len(answered) == len(calls):
            return tuple(answered), outcome
        return outcome.reason or self._malformed or _raised(outcome), outcome

    def _listen(self, message: Message) -> None:
        """Take an answer to one case; of several, the last one counts."""
        bundle = message["content"].get("data")
        data = bundle.get(travel.MIME) if isinstance(bundle, dict) else None
        if not isinstance(data, dict) or data.get("token") != self._token:
            return
        number = data.get("number")
        if type(number) is not int or not 0 <= number < len(self._cases):
            return
        try:
            self._calls[number] = travel.heard(data.get("call"), self._exercise)
        except ValueError as error:
            self._malformed = f"gave an answer that cannot be read: {error}"

    def _serve(self, prompt: str) -> str:
        """What a right version returns for arguments that the kernel sends."""
        name, reply = serve(prompt, self._token, self._references)
        if name:
            self.called.add(name)
        return reply


def _raised(outcome: Outcome) -> str:
    """Why there is no answer, by what the kernel says was raised: mostly a missing function."""
    reply = outcome.reply or {}
    name, text = reply.get("ename"), reply.get("evalue")
    if isinstance(name, str) and isinstance(text, str):
        look = " Look at the error of its cell above." if name == "NameError" else ""
        return f"cannot be called. {name}: {text[:200]}.{look}"
    return "gave no answer"
