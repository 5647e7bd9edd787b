"""One kernel as the grader sees it: asked to execute, listened to, interrupted, killed.

What a kernel sends may be made by the student's code: forged, malformed, late, endless. So every
message is counted in bytes before it is read, what cannot be read is dropped, and only what belongs
to the request under way is listened to. Nothing that a kernel sends raises here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_async, run_sync

from rnnlib.grading.verification.connection import GLANCE, Connection, Message

GRACE = 3.0
"""Seconds that an interrupted kernel has to end what it is doing, before it is killed."""

LATE = 1.0
"""Seconds that outputs may come after the reply that says that all is done."""

LATE_INTERRUPT = 0.3
"""Seconds that an interrupt may come after what it was meant for has ended."""

MOMENT = 0.02
"""Seconds that the first output of a kernel may come after its first reply."""


@dataclass(frozen=True)
class Outcome:
    """How a request ended.

    Attributes:
        status: "ok", "error" (the code raised), "time" (interrupted), "flood" (too much output), or
            "dead" (the kernel is gone).
        reason: One sentence without its subject, where it is neither "ok" nor "error".
        reply: The content of the kernel's reply, where there is one.
    """

    status: str
    reason: str = ""
    reply: Message | None = None


class Kernel:
    """A running kernel, and the connection to it."""

    def __init__(self, manager: KernelManager, startup: float = 60.0) -> None:
        """Connect to a kernel that has been started.

        Args:
            manager: Its manager.
            startup: The seconds that it may take until it answers.

        Raises:
            RuntimeError: It does not answer.
        """
        self.manager = manager
        self._connection = Connection(manager)
        try:
            self.language_info = self._greet(startup)
        except RuntimeError:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return bool(now(self.manager.is_alive))

    def execute(
        self,
        code: str,
        *,
        seconds: float,
        largest: int,
        listen: Callable[[Message], None],
        answer: Callable[[str], str] | None = None,
        shown: bool = True,
    ) -> Outcome:
        """Have a piece of code executed, and wait until it is done.

        Args:
            code: What to execute.
            seconds: The time limit; when it is reached, the code is interrupted, and the kernel is
                killed if that does not help.
            largest: The bytes that may come meanwhile; the same happens when there are more.
            listen: Called with every message about outputs.
            answer: Answers what the code asks for by `input`; without it, asking is an error.
            shown: Whether it is a cell of the notebook, with a number and a place in its history.
        """
        end = time.monotonic() + seconds
        request = self._connection.client.execute(
            code,
            silent=not shown,
            store_history=shown,
            allow_stdin=answer is not None,
            stop_on_error=False,
        )
        outcome = self._converse(request, end, largest, listen, answer)
        if outcome.status == "time":
            outcome = replace(outcome, reason=f"did not finish within {seconds:.3g} s")
        if outcome.status not in ("time", "flood"):
            return outcome
        ended = self._reconnected() if outcome.reply else self._interrupted(request)
        if not ended:
            self.kill()
            return replace(outcome, status="dead")
        return replace(outcome, reply=None)

    def kill(self) -> None:
        """End the process at once, and all that belongs to it."""
        with suppress(RuntimeError):  # there is none any more
            now(self.manager.shutdown_kernel, now=True)

    def close(self) -> None:
        """End the process and the connection."""
        self.kill()
        self._connection.close()
        now(self.manager.cleanup_resources)

    def _greet(self, seconds: float) -> Message:
        """Wait until the kernel answers and its outputs arrive; what language it speaks.

        Outputs that are sent before this process has subscribed to them are lost, so that a kernel
        whose reply came without any is asked again.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.alive:
            request = self._connection.client.kernel_info()
            heard: dict[str, Message] = {}
            until = end
            while time.monotonic() < until and (heard or self.alive):
                for channel, frames in self._connection.receive(until - time.monotonic()):
                    message = self._connection.read(frames, request)
                    if message is not None:
                        heard[channel] = message["content"]
                        until = min(until, time.monotonic() + MOMENT)
                if heard.keys() >= {"shell", "iopub"}:
                    return dict(heard["shell"].get("language_info", {}))
        raise RuntimeError(f"The kernel did not start: {self._cause()}.")

    def _converse(
        self,
        request: str,
        end: float,
        largest: int,
        listen: Callable[[Message], None],
        answer: Callable[[str], str] | None,
    ) -> Outcome:
        """Listen until the request is done, or there is a reason to stop it."""
        reply: Message | None = None
        idle, received = False, 0
        while time.monotonic() < end and not (reply and idle):
            arrived = self._connection.receive(end - time.monotonic())
            if not arrived and not self.alive:
                return Outcome("dead", self._cause())
            for channel, frames in arrived:
                received += sum(map(len, frames))
                if channel == "cut" and not self._stays():
                    return Outcome("dead", self._cause())
                if channel == "cut" or received > largest:
                    reason = f"wrote more than {largest / 1e6:.3g} MB of output"
                    return Outcome("flood", reason, reply)
                message = self._connection.read(frames, request)
                if message is None:
                    continue
                if channel == "shell":
                    reply, end = message["content"], min(end, time.monotonic() + LATE)
                elif channel == "stdin" and answer is not None:
                    self._connection.client.input(answer(str(message["content"].get("prompt", ""))))
                elif _says_idle(message):
                    idle = True
                elif channel == "iopub":
                    listen(message)
        if reply is None:
            return Outcome("time")
        if not idle and not self._reconnected():  # its outputs would be met by the next request
            return Outcome("dead", self._cause())
        return Outcome("ok" if reply.get("status") == "ok" else "error", reply=reply)

    def _interrupted(self, request: str) -> bool:
        """Interrupt what is running; whether it ended, and the kernel answers again."""
        with suppress(RuntimeError, OSError):  # there is no process any more
            now(self.manager.interrupt_kernel)
        end = time.monotonic() + GRACE
        replies: list[Message] = []
        while time.monotonic() < end and not replies and self.alive:
            arrived = self._connection.receive(end - time.monotonic())
            heard = (self._connection.read(f, request) for name, f in arrived if name == "shell")
            replies = [message["content"] for message in heard if message is not None]
        if not replies or not self._reconnected():
            return False
        return replies[0].get("ename") == "KeyboardInterrupt" or self._outlasts_the_interrupt()

    def _outlasts_the_interrupt(self) -> bool:
        """Let an interrupt arrive that came too late: it would hit the next cell. Whether it lives.

        On its way into a sandbox it passes three processes, and the code may end meanwhile.
        """
        waiting = f"__import__('time').sleep({LATE_INTERRUPT})"
        request = self._connection.client.execute(waiting, silent=True, stop_on_error=False)
        outcome = self._converse(request, time.monotonic() + GRACE, sys.maxsize, unheard, None)
        return outcome.status in ("ok", "error")

    def _reconnected(self) -> bool:
        """Leave behind whatever is on its way, and connect anew; whether the kernel answers."""
        self._connection.close()
        self._connection = Connection(self.manager)
        try:
            self._greet(GRACE)
        except RuntimeError:
            return False
        return True

    def _stays(self) -> bool:
        """Whether the process is there, and is still there a moment later."""
        time.sleep(GLANCE)
        return self.alive

    def _cause(self) -> str:
        """Why the kernel is not there, as far as whoever watches over it says so."""
        return str(getattr(self.manager, "reason", None) or "ended its own process")


def unheard(message: Message) -> None:
    """Nobody listens."""


def _says_idle(message: Message) -> bool:
    state = message["content"].get("execution_state")
    return bool(message["msg_type"] == "status" and state == "idle")


def now(call: Callable[..., Any], **arguments: Any) -> Any:
    """Call a kernel manager's method, which may be asynchronous or not, and wait for it."""

    async def awaited() -> Any:
        return await ensure_async(call(**arguments))

    return run_sync(awaited)()
