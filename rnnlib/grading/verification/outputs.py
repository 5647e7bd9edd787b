"""What a cell shows: the messages of a kernel as outputs of a notebook."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rnnlib.grading.verification.connection import Message
from rnnlib.grading.verification.harmless import harmless_output
from rnnlib.grading.verification.kernel import Outcome

SHOWN = ("stream", "display_data", "execute_result", "error")


class Shown:
    """Collects the outputs of one cell; what is no proper output is left out."""

    def __init__(self, number: int) -> None:
        """Begin with nothing.

        Args:
            number: The cell's number, which its result carries.
        """
        self.number = number
        self.outputs: list[Any] = []
        self._displays: dict[str, list[Any]] = {}
        self._clear = False

    def listen(self, message: Message) -> None:
        """Take a message of the kernel."""
        content, kind = message["content"], message["msg_type"]
        if kind == "clear_output":
            self._clear = bool(content.get("wait"))
            if not self._clear:
                self.outputs.clear()
        elif kind == "update_display_data":
            output = _output("display_data", content)
            for shown in self._displays.get(_display_id(content), []) if output else []:
                shown.update(data=output.data, metadata=output.metadata)
        elif kind in SHOWN:
            self._add(kind, content)

    def _add(self, kind: str, content: Message) -> None:
        output = _output(kind, {**content, "execution_count": self.number})
        if output is None or (kind == "stream" and not _proper(output)):
            return
        if self._clear:
            self.outputs.clear()
            self._clear = False
        last = self.outputs[-1] if self.outputs else {}
        if kind == "stream" and last.get("name") == output.name:
            last["text"] += output.text
            return
        self.outputs.append(output)
        if name := _display_id(content):
            self._displays.setdefault(name, []).append(output)


def stopped(outcome: Outcome) -> Any:
    """An output that says why a cell did not run to its end; the cell earns nothing then."""
    names = {"time": "CellTimeoutError", "flood": "OutputLimitError"}
    name = names.get(outcome.status, "DeadKernelError")
    sentence = f"The cell {outcome.reason}."
    return _output("error", {"ename": name, "evalue": sentence, "traceback": [sentence]})


def clamp(cell: Any, points: float) -> str:
    """Keep the value of a test cell within its points, so that nbgrader can take it.

    nbgrader gives up a whole submission for a value above the points, and gives all points for a
    negative one and for NaN. Here the first counts as all points, the others, and a result that
    shows nothing, as none.

    Returns:
        A line for the instructor; empty where nothing was changed.
    """
    for output in cell.get("outputs", ()):
        if output.output_type != "execute_result":
            continue
        text = output.data.get("text/plain")
        text = "".join(text) if isinstance(text, list) else text
        value = _number(text) if text else math.nan
        if value is None or 0 <= value <= points:
            return ""
        kept = points if value > points else 0.0
        output.data["text/plain"] = repr(float(kept))
        return f"is worth {points:g} points and came to {str(text)[:40]!r}: counted as {kept:g}."
    return ""


def _number(text: str) -> float | None:
    """The number that nbgrader reads there, where it reads one."""
    try:
        return float(text)
    except ValueError:
        return None


def _output(kind: str, content: Mapping[str, Any]) -> Any:
    """An output of a notebook, or None where the content is not made as it should be."""
    from nbformat.v4 import output_from_msg

    try:
        made = output_from_msg({"header": {"msg_type": kind}, "content": content})  # type: ignore[no-untyped-call]
        return harmless_output(made)
    except Exception:  # whatever a student's code may send
        return None


def _proper(stream: Any) -> bool:
    return stream.name in ("stdout", "stderr") and isinstance(stream.text, str)


def _display_id(content: Mapping[str, Any]) -> str:
    transient = content.get("transient")
    name = transient.get("display_id") if isinstance(transient, Mapping) else None
    return name if isinstance(name, str) else ""
