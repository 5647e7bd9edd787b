"""rnnlib.grading.exercise: the specification of an exercise, and finding one by name."""

import ast
import dataclasses
import re
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest

import rnnlib
from rnnlib.grading.exercise import find, names, shares
from rnnlib.grading.formula import Formula

EXERCISES = [find(name) for name in names()]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def test_the_exercises_of_problem_set_2_are_found_by_name():
    assert {"ps2/readout_backward", "ps2/rnn_backward", "ps2/rnn_step_backward"} <= set(names())
    assert find("ps2/rnn_backward").signature == "rnn_backward(dh, x, h0, h, U, W, b)"


@pytest.mark.parametrize("name", ["ps2/rnn_bakward", "rnn_backward", "", "../check", None])
def test_an_unknown_name_is_answered_with_the_names_there_are(name):
    with pytest.raises(LookupError, match=r"no exercise .*ps2/rnn_backward"):
        find(name)


@each_exercise
def test_the_name_of_an_exercise_is_its_place(exercise):
    assert find(exercise.name) is exercise


@each_exercise
def test_there_are_general_cases_with_sizes_all_different_and_above_one(exercise):
    general = [case for case in exercise.cases() if not case.edge]
    assert len(general) >= 2
    for case in general:
        assert len(set(case.sizes.values())) == len(case.sizes)
        assert min(case.sizes.values()) > 1


@each_exercise
def test_general_cases_come_first(exercise):
    assert [bool(case.edge) for case in exercise.cases()] == sorted(
        bool(case.edge) for case in exercise.cases()
    )


@each_exercise
def test_one_step_and_one_sequence_are_edge_cases(exercise):
    edges = {case.edge for case in exercise.cases() if case.edge}
    assert {f"{letter} = 1" for letter in "TB" if letter in exercise.sizes[0]} <= edges
    assert {*exercise.extremes} <= edges


def numbers(values):
    """All floating point arrays among arguments or returned values, those in lists too."""
    for value in values:
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            yield value
        elif isinstance(value, list | tuple):
            yield from numbers(value)
        elif isinstance(value, Formula):
            yield from numbers(value.arrays)


@each_exercise
def test_no_argument_hides_anything_by_being_zero_and_all_numbers_are_finite(exercise):
    for case in exercise.cases():
        for array in numbers(case.arguments):
            assert (array != 0).all()
        for array in (*numbers(case.arguments), *case.expected):
            assert array.dtype == np.float64
            assert np.isfinite(array).all()


@each_exercise
def test_an_argument_is_something_that_travels_as_plain_data(exercise):
    for case in exercise.cases():
        for argument in case.arguments:
            kinds = argument if isinstance(argument, list | tuple) else (argument,)
            assert all(isinstance(kind, np.ndarray | int | float | Formula) for kind in kinds)


@each_exercise
def test_states_are_not_saturated_so_that_every_step_matters(exercise):
    for name in {"h", "h0", "h_prev"} & {*exercise.arguments}:
        place = exercise.arguments.index(name)
        states = [np.ravel(case.arguments[place]) for case in exercise.cases()]
        assert np.median(np.abs(np.concatenate(states))) < 0.95


@each_exercise
def test_the_axes_of_every_part_give_the_shape_of_its_reference(exercise):
    for case in exercise.cases():
        for part, expected in zip(exercise.parts, case.expected, strict=True):
            axes = [re.fullmatch(r"(\d*)(\w)", axis).groups() for axis in part.axes.split()]
            assert expected.shape == tuple(int(n or 1) * case.sizes[axis] for n, axis in axes)


@each_exercise
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(exercise):
    drawn_anew = dataclasses.replace(exercise)  # its cases are not those remembered
    for case, same, other in zip(
        exercise.cases(1), drawn_anew.cases(1), exercise.cases(2), strict=True
    ):
        assert case is not same
        for x, y, z in zip(*(numbers(c.arguments) for c in (case, same, other)), strict=True):
            assert np.array_equal(x, y)
            assert not np.array_equal(x, z)


def functions():
    """The dotted names of all functions of rnnlib, methods too, but for those of the grader."""
    root = Path(rnnlib.__file__).parent
    for file in root.rglob("*.py"):
        parts = file.relative_to(root.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{module}.{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from (
                    f"{module}.{node.name}.{method.name}"
                    for method in node.body
                    if isinstance(method, ast.FunctionDef)
                )


FUNCTIONS = sorted(functions())


@each_exercise
def test_what_is_withheld_is_there_and_is_never_the_grader(exercise):
    for pattern in exercise.withholds:
        if pattern.startswith("torch."):
            continue  # see test_withholding.py
        withheld = [name for name in FUNCTIONS if fnmatch(name, pattern)]
        assert withheld, pattern
        assert not any(".grading.check" in name or ".calling." in name for name in withheld)


@each_exercise
def test_edges_and_extremes_carry_a_fifth_each_and_all_cases_the_whole(exercise):
    cases = exercise.cases()
    carried = {"general": 0.0, "edge": 0.0, "extreme": 0.0}
    for share, case in zip(shares(cases), cases, strict=True):
        carried["extreme" if case.extreme else "edge" if case.edge else "general"] += share
    assert sum(carried.values()) == pytest.approx(1)
    assert carried["edge"] == pytest.approx(0.2)
    assert carried["extreme"] == pytest.approx(0.2 * bool(exercise.extremes))
