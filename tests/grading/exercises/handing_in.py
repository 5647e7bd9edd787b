"""Handing in, for the tests of the exercises: a function as it stands in a student's notebook."""

from types import FunctionType

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.again import run_and_judge
from rnnlib.grading.mistake import wrong_version


def sigmoid(a):
    """σ(a), as a notebook has it."""
    return 1 / (1 + np.exp(-a))


def exercises_of(*problem_sets):
    """The exercises of these problem sets, in order."""
    return [find(name) for name in names() if name.split("/")[0] in problem_sets]


def each(exercises):
    """A test for every one of these exercises."""
    return pytest.mark.parametrize("exercise", exercises, ids=lambda exercise: exercise.name)


def handed_in(exercise, *mistakes):
    """The exercise's solution with these mistakes, as if a student had written it.

    It is taken out of the grader's own module, where no student's function may call anything.
    """
    function = wrong_version(exercise.solution, mistakes)
    return function and FunctionType(
        function.__code__, {**function.__globals__, "__name__": "notebook", "sigmoid": sigmoid}
    )


def calls_of(exercise, cases, function):
    """What a function answers on these cases."""
    with np.errstate(all="ignore"):
        return run(exercise, cases, function)


def report_on(name, function, seed=1, charged=()):
    """The report on a function that is handed in for the exercise of that name."""
    exercise = find(name)
    return run_and_judge(exercise, exercise.cases(seed), function, charged=charged)


def values_of(exercise, returned):
    """What a function returned, as a tuple of values also where it is a single one."""
    return (returned,) if len(exercise.parts) == 1 else tuple(returned)


def assert_full(report):
    """All points, and nothing to say of any value."""
    assert report.points == report.out_of, report
    assert {line.verdict for line in report.lines} == {"right"}
    assert not report.causes


def points(report):
    """The points of every value, by its name."""
    return {line.name: line.points for line in report.lines}


def assert_close(got, expected, rtol=1e-7, atol=1e-9):
    """Equal, but for rounding and for what centred differences leave."""
    np.testing.assert_allclose(got, expected, rtol=rtol, atol=atol)
