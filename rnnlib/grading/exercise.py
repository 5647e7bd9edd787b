"""What an exercise is: its arguments, the parts that earn points, its cases and its reference.

Every exercise is one module in `rnnlib.grading.exercises`, which holds one `exercise`. Its name is
its place: "ps2/rnn_backward" is `exercises/ps2/rnn_backward.py`.
"""

from __future__ import annotations

import copy
import importlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnlib.grading.formula import Formula
from rnnlib.grading.mistake import Mistake
from rnnlib.grading.networks import NETWORKS

Array = npt.NDArray[np.float64]

EDGE_SHARE = 0.2
"""Share of a part's points for the cases with a size of 1, in equal parts."""

EXTREME_SHARE = 0.2
"""Share of a part's points for what an exercise calls extreme; the general cases have the rest."""


@dataclass(frozen=True)
class Part:
    """One returned value and what it is worth.

    Attributes:
        name: The name that the report uses, such as "dW".
        axes: The letters of its axes, separated by spaces: "T B D".
        points: The points for this value being right in every case.
        truth: Whether it is True or False.
        step: What one index along T is called.
        whole: Whether it holds whole numbers, such as those of states.
        settled: Where several answers are as right: takes the arguments, an answer and the
            reference, and gives the answer with whatever is as right as the reference replaced.
    """

    name: str
    axes: str
    points: float
    truth: bool = False
    step: str = "step"
    whole: bool = False
    settled: Callable[[tuple[Any, ...], Array, Array], Array] | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """One call: sizes by letter, arguments, and the values that the reference returns for them.

    An argument is an array, a number, a list or tuple of arrays, or a `Formula`.
    """

    sizes: Mapping[str, int]
    arguments: tuple[Any, ...]
    expected: tuple[Array, ...]
    extreme: str = ""

    @property
    def edge(self) -> str:
        """What makes it an edge case, such as "T = 1"; empty for a general case."""
        ones = (f"{letter} = 1" for letter, size in self.sizes.items() if size == 1)
        return self.extreme or ", ".join(ones)

    @property
    def label(self) -> str:
        """All sizes, such as "T=5, B=3, D=4, H=2", and what else is special."""
        sizes = [f"{letter}={size}" for letter, size in self.sizes.items()]
        networks = [a.name for a in self.arguments if isinstance(a, Formula) and a.name in NETWORKS]
        told = [f"a network that {name}" for name in networks] + [self.extreme] * bool(self.extreme)
        return ", ".join([*sizes, *told])


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function that students write, and everything needed to judge it.

    Attributes:
        name: The name that `check` is called with.
        arguments: The names of the function's arguments, in order.
        parts: The returned values, in order.
        sizes: The sizes of every case. General cases, with all sizes above 1 and different, come
            first; a case with a size of 1 is an edge case.
        draw: Makes the arguments of one case from a generator and its sizes.
        reference: The function itself, right.
        builds_on: Right versions of earlier functions, by the global name under which the function
            may call the student's own. What is wrong because of these alone costs nothing again.
        solution: The function as a student could write it, in NumPy alone: what its mistakes are
            made from. Equal to the reference.
        mistakes: What people get wrong here, each the solution with a line or two changed.
        withholds: What of rnnlib and torch answers this exercise, as patterns of dotted names such
            as "rnnlib.*.step_backward". The function can call none of it while it is checked.
        extremes: Further edge cases, by what is special about them, such as "large numbers": each
            a function that draws its arguments as `draw` does, of the sizes of the first case.
    """

    name: str
    arguments: tuple[str, ...]
    parts: tuple[Part, ...]
    sizes: tuple[Mapping[str, int], ...]
    draw: Callable[..., tuple[Any, ...]]
    reference: Callable[..., tuple[Array, ...]]
    builds_on: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    solution: Callable[..., Any] | None = None
    mistakes: tuple[Mistake, ...] = ()
    withholds: tuple[str, ...] = ()
    extremes: Mapping[str, Callable[..., tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def function(self) -> str:
        """The name of the function: the last word of the exercise's name."""
        return self.name.rpartition("/")[2]

    @property
    def signature(self) -> str:
        """The function with its arguments, as a student defines it."""
        return f"{self.function}({', '.join(self.arguments)})"

    @property
    def points(self) -> float:
        """The points of all parts together."""
        return sum(part.points for part in self.parts)

    def cases(self, seed: int = 0) -> tuple[Case, ...]:
        """The cases of a seed, the general ones first; the same seed gives the same cases."""
        return _cases(self, seed)


@lru_cache(maxsize=64)
@np.errstate(all="ignore")  # a student's np.seterr holds for the student's code only
def _cases(exercise: Exercise, seed: int) -> tuple[Case, ...]:
    own = zlib.crc32(exercise.name.encode())  # what one exercise is asked, no other one hears
    drawn = [(sizes, "", exercise.draw) for sizes in exercise.sizes]
    drawn += [(exercise.sizes[0], name, draw) for name, draw in exercise.extremes.items()]
    return tuple(
        _case(exercise, np.random.default_rng([seed, position, own]), *each)
        for position, each in enumerate(drawn)
    )


def _case(
    exercise: Exercise,
    rng: np.random.Generator,
    sizes: Mapping[str, int],
    extreme: str,
    draw: Callable[..., tuple[Any, ...]],
) -> Case:
    arguments = draw(rng, **sizes)
    expected = exercise.reference(*copy.deepcopy(arguments))
    return Case(
        sizes, arguments, tuple(np.array(value, dtype=float) for value in expected), extreme
    )


def shares(cases: Sequence[Case]) -> tuple[float, ...]:
    """The share of a part's points that each case carries; all of them together are 1.

    The general cases are asked for together: they share what the others leave.
    """
    kinds = ["extreme" if case.extreme else "edge" if case.edge else "general" for case in cases]
    of_kind = {"edge": EDGE_SHARE, "extreme": EXTREME_SHARE}
    of_kind["general"] = 1 - sum(share for kind, share in of_kind.items() if kind in kinds)
    return tuple(of_kind[kind] / kinds.count(kind) for kind in kinds)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of all exercises, sorted."""
    folder = Path(__file__).parent / "exercises"
    files = (path.relative_to(folder).with_suffix("") for path in folder.glob("*/*.py"))
    return tuple(sorted(path.as_posix() for path in files if path.name != "__init__"))


def find(name: str) -> Exercise:
    """The exercise of that name.

    Raises:
        LookupError: There is none; the message lists the names there are.
    """
    if name not in names():
        raise LookupError(f"There is no exercise {name!r}. The exercises: {', '.join(names())}.")
    module = importlib.import_module(f"rnnlib.grading.exercises.{name.replace('/', '.')}")
    exercise: Exercise = module.exercise
    return exercise


@lru_cache(maxsize=64)
def withheld(exercise: Exercise) -> tuple[str, ...]:
    """What of rnnlib and torch answers an exercise, or another of its problem set, as patterns."""
    problem_set = exercise.name.rpartition("/")[0]
    others = [find(name) for name in names() if name.rpartition("/")[0] == problem_set]
    return tuple(sorted({pattern for each in (exercise, *others) for pattern in each.withholds}))
