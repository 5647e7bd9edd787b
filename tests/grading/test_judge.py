"""rnnlib.grading.judging.judge: from answers to points and reasons."""

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.judge import judge

SEQUENCE = find("ps2/rnn_backward")


def report_on(name, function, seconds=10.0):
    exercise = find(name)
    cases = exercise.cases()
    return judge(exercise, cases, run(exercise, cases, function, seconds))


def spoil(function, *, part, when=lambda arguments: True):
    """The same function, except that one returned value is wrong when `when` says so."""

    def spoiled(*arguments):
        values = list(function(*arguments))
        if when(arguments):
            values[part] = values[part] + 1
        return tuple(values)

    return spoiled


def test_a_right_function_has_all_points(solved):
    name, function = solved
    report = report_on(name, function)
    assert report.points == report.out_of == find(name).points
    assert [line.verdict for line in report.lines] == ["right"] * len(find(name).parts)
    assert (report.troubles, report.remarks, report.printed) == ((), (), "")


@pytest.mark.parametrize("part", range(5))
def test_a_wrong_value_loses_its_own_points_only(solved, part):
    name, function = solved
    parts = find(name).parts
    if part >= len(parts):
        part -= len(parts)
    report = report_on(name, spoil(function, part=part))
    assert report.points == report.out_of - parts[part].points
    assert [line.points == line.out_of for line in report.lines] == [
        other is not parts[part] for other in parts
    ]


def one_step(arguments):
    return len(arguments[1]) == 1


def one_sequence(arguments):
    return arguments[1].shape[-2] == 1


@pytest.mark.parametrize(("when", "edge"), [(one_step, "T = 1"), (one_sequence, "B = 1")])
def test_a_value_wrong_in_one_edge_case_loses_a_tenth(right, when, edge):
    report = report_on("ps2/rnn_backward", spoil(right, part=3, when=when))
    line = report.lines[3]
    assert (line.points, report.points) == (1.8, 9.8)
    assert line.verdict == f"right, but not with {edge}"
    assert line.entry.startswith("relative error")


def test_a_value_of_one_step_wrong_for_one_sequence_loses_a_fifth(solved):
    name, function = solved
    report = report_on(name, spoil(function, part=0, when=one_sequence))
    lost = 0.2 if name == "ps2/rnn_step_backward" else 0.1
    assert report.lines[0].points == pytest.approx((1 - lost) * report.lines[0].out_of)


@pytest.mark.parametrize("position", [0, 1])
def test_a_value_wrong_in_one_general_case_has_no_points(right, position):
    T = SEQUENCE.sizes[position]["T"]
    H = SEQUENCE.sizes[position]["H"]

    def when(arguments):
        return arguments[0].shape[0] == T and arguments[0].shape[2] == H

    report = report_on("ps2/rnn_backward", spoil(right, part=0, when=when))
    assert report.points == 8.0


def test_being_right_with_one_step_only_earns_nothing(right):
    def carry_lost(dh, x, h0, h, U, W, b):
        dh = dh.copy()
        dh[:-1] = 0
        return right(dh, x, h0, h, U, W, b)

    report = report_on("ps2/rnn_backward", carry_lost)
    assert report.points == 0.0
    assert report.lines[0].hint == "right at the last step only"


def test_an_error_with_one_sequence_only_costs_that_part_and_is_shown(right):
    def function(dh, x, h0, h, U, W, b):
        if x.shape[1] == 1:
            raise IndexError("too many indices")
        return right(dh, x, h0, h, U, W, b)

    report = report_on("ps2/rnn_backward", function)
    assert report.points == 9.0
    assert {line.verdict for line in report.lines} == {"right, but not with B = 1"}
    assert report.troubles[0].reason == "raised IndexError: too many indices"
    assert report.troubles[0].case == "T=4, B=1, D=3, H=5"


def test_both_edge_cases_are_named_together(right):
    def function(dh, x, h0, h, U, W, b):
        dx, *rest = right(dh, x, h0, h, U, W, b)
        return dx.squeeze(), *rest

    report = report_on("ps2/rnn_backward", function)
    assert report.lines[0].verdict == "right, but not with T = 1 or B = 1"
    assert report.lines[0].hint == "an axis of size 1 is missing"
    assert report.points == 9.6


def test_a_function_that_answers_no_general_case_has_no_lines():
    report = report_on("ps2/rnn_backward", lambda *arguments: None)
    assert (report.points, report.lines) == (0.0, ())
    assert len(report.troubles) == 1
    assert report.troubles[0].case == ""


def test_the_same_failure_is_told_once():
    def function(dh, x, h0, h, U, W, b):
        return missing

    report = report_on("ps2/rnn_backward", function)
    assert [trouble.reason for trouble in report.troubles] == [
        "raised NameError: name 'missing' is not defined"
    ]
    assert report.troubles[0].case == "T=5, B=3, D=4, H=2"


def test_the_same_failure_with_other_sizes_in_its_message_is_told_once():
    def function(dh, x, h0, h, U, W, b):
        return x @ W

    (trouble,) = report_on("ps2/rnn_backward", function).troubles
    assert trouble.reason.startswith("raised ValueError: matmul")
    assert trouble.case == "T=5, B=3, D=4, H=2"


def test_the_shape_of_a_value_is_not_remarked_on_where_the_value_is_wrong(right):
    def column(*arguments):
        return *right(*arguments)[:4], right(*arguments)[4][:, None]

    assert report_on("ps2/rnn_backward", column).remarks == (
        "db has shape (H, 1) where (H,) is asked for.",
    )
    report = report_on("ps2/rnn_backward", spoil(column, part=4, when=one_sequence))
    assert report.lines[4].verdict == "right, but not with B = 1"
    assert report.remarks == ()


def test_what_is_odd_is_remarked_on_and_costs_nothing(right):
    def odd(dh, x, h0, h, U, W, b):
        dx, dh0, dU, dW, db = right(dh, x, h0, h, U, W, b)
        dh += 1
        np.float64(1.0) / np.float64(0.0)
        print("working")
        return dx, dh0, dU, dW, db[None]

    report = report_on("ps2/rnn_backward", odd)
    assert report.points == 10.0
    changed, shape, warned = report.remarks
    assert changed.startswith("dh is changed in place")
    assert shape == "db has shape (1, H) where (H,) is asked for."
    assert warned.startswith("Your code warned: RuntimeWarning: divide by zero")
    assert report.printed == "working"


def test_points_are_a_builtin_float_between_zero_and_all(solved):
    name, function = solved
    for part in range(len(find(name).parts)):
        for when in (one_step, one_sequence, lambda arguments: True):
            points = report_on(name, spoil(function, part=part, when=when)).points
            assert type(points) is float
            assert 0 <= points <= find(name).points
            assert len(f"{points}") <= 4  # no 8.200000000000001
