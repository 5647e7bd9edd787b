"""rnnlib.grading.calling.run: nothing that a student's function does ends the check."""

import os
import sys
import time
import warnings

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find

EXERCISE = find("ps2/rnn_backward")
CASES = EXERCISE.cases()


def calls_of(function, seconds=10.0):
    return run(EXERCISE, CASES, function, seconds)


def failure_of(function, seconds=10.0):
    return calls_of(function, seconds)[0].failure


def test_every_case_is_called_once_with_arrays_of_its_own(right):
    seen = []

    def spy(*arguments):
        seen.append(arguments)
        return right(*arguments)

    calls = calls_of(spy)
    assert [call.failure for call in calls] == [None] * len(CASES)
    for case, arguments in zip(CASES, seen, strict=True):
        for original, handed in zip(case.arguments, arguments, strict=True):
            assert np.array_equal(original, handed)
            assert not np.shares_memory(original, handed)
            assert handed.flags.writeable


def test_an_answer_is_kept_when_the_function_later_overwrites_its_buffer(right):
    buffer = {}

    def reuses(dh, x, h0, h, U, W, b):
        values = right(dh, x, h0, h, U, W, b)
        kept = buffer.setdefault("dU", np.empty((10, 10)))[: U.shape[0], : U.shape[1]]
        kept[...] = values[2]
        return *values[:2], kept, *values[3:]

    for case, call in zip(CASES, calls_of(reuses), strict=True):
        np.testing.assert_allclose(call.answers[2], case.expected[2])


class UnspeakableError(Exception):
    def __str__(self):
        raise RuntimeError


def raises(error):
    def function(*arguments):
        raise error

    return function


def recursion(*arguments):
    return recursion(*arguments)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (raises(NameError("name 'da' is not defined")), "raised NameError: name 'da' is not"),
        (raises(ValueError()), "raised ValueError"),
        (raises(SystemExit(0)), "raised SystemExit"),
        (raises(GeneratorExit()), "raised GeneratorExit"),
        (raises(KeyboardInterrupt()), "was interrupted"),
        (raises(TimeoutError("mine")), "raised TimeoutError: mine"),
        (raises(NotImplementedError()), "is not written yet: it raises NotImplementedError"),
        (raises(NotImplementedError("dW")), "raised NotImplementedError: dW"),
        (raises(UnspeakableError()), "raised RuntimeError"),
        (raises(MemoryError("no room")), "raised MemoryError: no room"),
        (recursion, "raised RecursionError"),
        (lambda *arguments: None, "returned None"),
        (None, "raised TypeError"),
        ("rnn_backward", "raised TypeError"),
    ],
)
def test_whatever_is_raised_becomes_a_reason(function, reason):
    assert failure_of(function).reason.startswith(reason)


def test_a_wrong_signature_is_answered_with_the_right_one():
    reason = failure_of(lambda dh, x: None).reason
    assert "takes 2 positional arguments but 7 were given" in reason
    assert "rnn_backward(dh, x, h0, h, U, W, b)" in reason


def test_only_the_lines_of_the_student_are_kept():
    def helper(U, x):
        return np.linalg.inv(U @ x)  # raises inside NumPy

    def function(dh, x, h0, h, U, W, b):
        return helper(U, x[0])

    lines = failure_of(function).lines
    assert [line.split(",")[0] for line in lines] == ["function", "helper"]
    assert lines[1].endswith("np.linalg.inv(U @ x)  # raises inside NumPy")


def test_a_deep_recursion_keeps_a_few_lines():
    assert len(failure_of(recursion).lines) == 4


def test_a_long_message_is_cut():
    assert len(failure_of(raises(ValueError("x" * 10_000))).reason) < 400


def test_an_endless_loop_ends_and_the_remaining_cases_are_not_tried():
    tried = []

    def endless(*arguments):
        tried.append(1)
        while True:
            pass

    calls = calls_of(endless, seconds=0.3)
    assert len(tried) == 1
    assert {call.failure.reason for call in calls} == {"did not finish within 0.3 s"}


def test_the_limit_holds_for_all_calls_together(right):
    def slow(*arguments):
        time.sleep(0.5)
        return right(*arguments)

    answered = [call.failure is None for call in calls_of(slow, seconds=1.4)]
    assert answered[0]
    assert not answered[-1]
    assert answered == sorted(answered, reverse=True)  # once stopped, none of the rest is called


def test_a_list_that_never_ends_is_read_only_as_far_as_values_are_asked_for():
    class Endless(list):
        def __iter__(self):
            while True:
                yield 1.0

    failure = failure_of(lambda *arguments: Endless(), seconds=0.3)
    assert failure.reason.startswith("returned 0 values")

    failure = failure_of(lambda *arguments: [Endless([1.0])] * 5, seconds=0.3)
    assert failure.reason == "did not finish within 0.3 s"


def test_arguments_changed_in_place_are_named(right):
    def careless(dh, x, h0, h, U, W, b):
        values = right(dh, x, h0, h, U, W, b)
        dh *= 2
        W[0] = 0
        return values

    assert all(call.mutated == ("dh", "W") for call in calls_of(careless))
    assert all(call.mutated == () for call in calls_of(right))


def test_arrays_in_a_list_are_copies_too_and_a_changed_one_is_named():
    exercise = find("ps3/clip_by_norm")
    cases = exercise.cases()

    def careless(gradients, limit):
        gradients[0] *= 2
        return exercise.solution(gradients, limit)

    def replaces(gradients, limit):
        values = exercise.solution(gradients, limit)
        gradients[-1] = None
        return values

    before = [np.array(case.arguments[0][0]) for case in cases]
    for function in (careless, replaces):
        assert all(c.mutated == ("gradients",) for c in run(exercise, cases, function))
    assert all(call.mutated == () for call in run(exercise, cases, exercise.solution))
    for case, array in zip(cases, before, strict=True):
        assert np.array_equal(case.arguments[0][0], array)


def test_a_function_that_is_handed_out_is_a_copy_too():
    exercise = find("ps2/numerical_gradient")
    cases = exercise.cases()

    def careless(f, a):
        value = exercise.solution(f, a)
        f.arrays[0][...] = 0
        return value

    for _ in range(2):
        for case, call in zip(cases, run(exercise, cases, careless), strict=True):
            assert call.mutated == ("f",)
            np.testing.assert_allclose(call.answers[0], case.expected[0], rtol=1e-3, atol=1e-6)


def test_prints_and_warnings_are_heard_and_not_shown(right, capfd):
    def loud(*arguments):
        print("hello")
        print("oh", file=sys.stderr)
        os.write(2, b"from C")
        warnings.warn("careful", stacklevel=1)
        np.float64(1.0) / np.float64(0.0)
        return right(*arguments)

    call = calls_of(loud)[0]
    assert call.printed == "hello\noh\n"
    assert call.warnings[0] == "UserWarning: careful"
    assert call.warnings[1].startswith("RuntimeWarning: divide by zero")
    assert call.answers is not None
    assert capfd.readouterr() == ("", "")
