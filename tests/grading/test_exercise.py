"""rnnlib.grading.exercise: the specification of an exercise, and finding one by name."""

import numpy as np
import pytest

from rnnlib.grading.exercise import find, names, shares

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
    has_time = "T" in exercise.sizes[0]
    assert edges == ({"T = 1", "B = 1"} if has_time else {"B = 1"})


@each_exercise
def test_no_number_of_a_case_is_zero(exercise):
    for case in exercise.cases():
        for array in (*case.arguments, *case.expected):
            assert array.dtype == np.float64
            assert np.isfinite(array).all()
            assert (array != 0).all()


@each_exercise
def test_states_are_not_saturated_so_that_every_step_matters(exercise):
    for case in exercise.cases():
        h = case.arguments[exercise.arguments.index("h")]
        assert np.median(np.abs(h)) < 0.9


@each_exercise
def test_the_axes_of_every_part_give_the_shape_of_its_reference(exercise):
    for case in exercise.cases():
        for part, expected in zip(exercise.parts, case.expected, strict=True):
            assert expected.shape == tuple(case.sizes[axis] for axis in part.axes.split())


@each_exercise
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(exercise):
    first, again, other = exercise.cases(1), exercise.cases(1), exercise.cases(2)
    for a, b, c in zip(first, again, other, strict=True):
        for x, y, z in zip(a.arguments, b.arguments, c.arguments, strict=True):
            assert np.array_equal(x, y)
            assert not np.array_equal(x, z)


@each_exercise
def test_general_cases_carry_eighty_percent_and_all_cases_the_whole(exercise):
    cases = exercise.cases()
    share = shares(cases)
    assert sum(share) == pytest.approx(1)
    assert sum(s for s, case in zip(share, cases, strict=True) if not case.edge) == pytest.approx(
        0.8
    )
