"""What a mistake is: the right function with a line or two changed, a name, and a hint.

A mistake is executable. What a student's function answers is held against what the wrong version
answers on the same cases; where both agree in every case, the report can name the mistake.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """One way to get a function wrong.

    Attributes:
        name: What was done, as the report says it: "tanh' is left out". The same mistake has the
            same name in every exercise.
        hint: What to think about, without the line that mends it.
        changes: Pairs of a text in the solution's source and what a person who makes this mistake
            writes there. Each text stands in the source exactly once.
    """

    name: str
    hint: str
    changes: tuple[tuple[str, str], ...]


def wrong_version(
    solution: Callable[..., Any], mistakes: Sequence[Mistake]
) -> Callable[..., Any] | None:
    """The solution with these mistakes in it, as a function; None where they change the same text.

    Raises:
        ValueError: A text of the first mistake does not stand in the source exactly once.
    """
    assert isinstance(solution, FunctionType)
    source = textwrap.dedent(inspect.getsource(solution))
    for number, mistake in enumerate(mistakes):
        for right, wrong in mistake.changes:
            if source.count(right) != 1:
                if number > 0:
                    return None
                raise ValueError(
                    f"{solution.__name__} has {right!r} {source.count(right)} times, expected once "
                    f"(mistake {mistake.name!r})"
                )
            source = source.replace(right, wrong)
    namespace: dict[str, Any] = dict(solution.__globals__)
    exec(compile(source, f"<{solution.__name__}: {mistakes[-1].name}>", "exec"), namespace)
    function: Callable[..., Any] = namespace[solution.__name__]
    return function
