"""What a mistake is: the right function with a line or two changed, a name, and a hint.

A mistake is executable. What a student's function answers is held against what the wrong version
answers on the same cases; where both agree in every case, the report can name the mistake.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
        charged_to: The returned values that pay for it, where the others are its consequence: the
            gradients of a loss that is averaged are right for that loss. None named: every value
            that it makes wrong.
        together: Whether it is this mistake only if all values that it makes wrong agree, as with
            two that are returned in each other's place.
    """

    name: str
    hint: str
    changes: tuple[tuple[str, str], ...]
    charged_to: tuple[str, ...] = ()
    together: bool = False


@dataclass(frozen=True)
class Known:
    """A mistake that is made in several exercises: everywhere the same name and the same hint.

    Example:
        >>> lost = Known("the carry is lost", "What do later steps say of this state?")
        >>> lost(("dh[t] + carry", "dh[t]")).name
        'the carry is lost'
    """

    name: str
    hint: str
    together: bool = False

    def __call__(self, *changes: tuple[str, str], charged_to: tuple[str, ...] = ()) -> Mistake:
        """The mistake in one exercise, by what it changes in the solution there."""
        return Mistake(self.name, self.hint, changes, charged_to, self.together)


def wrong_version(
    solution: Callable[..., Any], mistakes: Sequence[Mistake]
) -> Callable[..., Any] | None:
    """The solution with these mistakes in it, as a function; None where they do not go together.

    Without any mistakes it is the solution as somebody else's function, no part of rnnlib.

    Raises:
        ValueError: A text of the first mistake does not stand in the source exactly once.
    """
    assert isinstance(solution, FunctionType)
    source = _source(solution)
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
    namespace: dict[str, Any] = {**solution.__globals__, "__name__": "submission"}
    try:
        names = ", ".join(mistake.name for mistake in mistakes)
        code = compile(source, f"<{solution.__name__}: {names}>", "exec")
    except SyntaxError:
        if len(mistakes) > 1:
            return None
        raise
    exec(code, namespace)
    function: Callable[..., Any] = namespace[solution.__name__]
    return function


@lru_cache(maxsize=64)
def _source(solution: FunctionType) -> str:
    return textwrap.dedent(inspect.getsource(solution))
