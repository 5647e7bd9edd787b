"""The wrong versions of an exercise: what each mistake, and each two of them, answers.

A version is the solution with its mistakes in it, called on the same cases as the student's
function. What it answers is computed when first asked for, and kept for the next submission.
"""

from __future__ import annotations

import copy
import itertools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from rnnlib.grading.calling.answer import Answer, Refused, WrongCountError, answers
from rnnlib.grading.calling.run import raised
from rnnlib.grading.exercise import Array, Case, Exercise
from rnnlib.grading.judging.tolerance import close
from rnnlib.grading.mistake import Mistake, wrong_version
from rnnlib.grading.reporting.report import Cause

Outcome = tuple[Answer, ...] | str
"""What one call gave: its values, or the reason why it gave none."""


@dataclass(frozen=True, eq=False)
class Version:
    """The solution with some mistakes in it; it is called on a case when that is asked for.

    Attributes:
        mistakes: What is wrong with it.
        function: The solution with these mistakes.
        exercise: The exercise that it is a version of.
        cases: The cases that it can be asked about.
    """

    mistakes: tuple[Mistake, ...]
    function: Callable[..., Any]
    exercise: Exercise
    cases: tuple[Case, ...]
    _outcomes: dict[int, Outcome] = field(default_factory=dict)

    def outcome(self, at: int) -> Outcome:
        """What it gives in the case at this position."""
        if at not in self._outcomes:
            self._outcomes[at] = _outcome(self.function, self.exercise, self.cases[at])
        return self._outcomes[at]

    @property
    def together(self) -> bool:
        """Whether all values that it makes wrong have to agree: one alone may agree by chance."""
        return len(self.mistakes) > 1 or self.mistakes[0].together

    def makes_wrong(self, value: int, at: int) -> bool:
        """Whether it gives a wrong value at this position in the case at that one."""
        outcome = self.outcome(at)
        return isinstance(outcome, str) or not same_value(
            outcome[value], self.cases[at].expected[value]
        )

    @property
    def cause(self) -> Cause:
        """Its mistakes, as the report tells them; True and False agree by chance too often."""
        names = tuple(mistake.name for mistake in self.mistakes)
        sure = not any(part.truth for part in self.exercise.parts)
        return Cause(names, tuple(mistake.hint for mistake in self.mistakes), sure)


def single(exercise: Exercise, cases: Sequence[Case]) -> tuple[Version, ...]:
    """A version for every mistake of the exercise."""
    return _versions(exercise, tuple(cases), 1)


def double(exercise: Exercise, cases: Sequence[Case]) -> tuple[Version, ...]:
    """A version for every two mistakes that one person can make at once."""
    return _versions(exercise, tuple(cases), 2)


def same(got: Outcome, version: Outcome, position: int) -> bool:
    """Whether one value, by its position, is the same in two outcomes."""
    if isinstance(got, str) or isinstance(version, str):
        return False
    return same_value(got[position], version[position])


def same_value(got: Answer, other: Answer) -> bool:
    """Whether two values are the same array, up to the tolerance and to axes of size 1."""
    if isinstance(got, Refused) or isinstance(other, Refused):
        return isinstance(got, Refused) and isinstance(other, Refused) and got == other
    if got.ndim > other.ndim and got.squeeze().shape == other.squeeze().shape:
        got = got.reshape(other.shape)
    if got.shape != other.shape or got.size == 0:
        return False
    got, other = _finite(got, other)
    return close(got, other) and close(other, got)  # next to zeros small numbers are not the same


def _finite(got: Array, other: Array) -> tuple[Array, Array]:
    """Two arrays whose common NaN and infinities are zero, so that the rest can be compared."""
    odd = ~np.isfinite(other)
    if not odd.any() or not np.array_equal(got[odd], other[odd], equal_nan=True):
        return got, other
    return np.where(odd, 0.0, got), np.where(odd, 0.0, other)


@lru_cache(maxsize=64)
def _versions(exercise: Exercise, cases: tuple[Case, ...], number: int) -> tuple[Version, ...]:
    """All versions with so many mistakes."""
    solution = exercise.solution
    if solution is None:
        return ()
    versions = []
    for mistakes in itertools.combinations(exercise.mistakes, number):
        function = wrong_version(solution, mistakes)
        if function is None:  # the first took away the text of the second: the other way round?
            mistakes = mistakes[::-1]
            function = wrong_version(solution, mistakes)
        if function is not None:
            versions.append(Version(mistakes, function, exercise, cases))
    return tuple(versions)


@np.errstate(all="ignore")
def _outcome(function: Callable[..., Any], exercise: Exercise, case: Case) -> Outcome:
    """What a version gives in one case; a reason is worded as that of a student's function."""
    names = [part.name for part in exercise.parts]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return answers(function(*copy.deepcopy(case.arguments)), names)
        except WrongCountError as error:
            return str(error)
        except Exception as error:
            return raised(error)
