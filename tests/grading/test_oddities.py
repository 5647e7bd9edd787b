"""rnnlib.grading.calling.oddities and judging.remarks: odd values cost nothing and are told."""

import numpy as np
import pytest

from rnnlib.grading.calling.oddities import KINDS, Oddity, of_values
from rnnlib.grading.calling.run import Call, run
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.again import run_and_judge
from rnnlib.grading.judging.remarks import SENTENCES, remarks_on

EXERCISE = find("ps2/rnn_backward")
CASES = EXERCISE.cases()


def report_on(function):
    return run_and_judge(EXERCISE, CASES, function)


def oddities_of(function):
    return {oddity for call in run(EXERCISE, CASES, function) for oddity in call.oddities}


def test_ordinary_values_are_not_odd(right):
    assert oddities_of(right) == set()
    assert report_on(right).remarks == ()


def test_values_in_the_memory_of_an_argument_are_named(right):
    def function(dh, x, h0, h, U, W, b):
        x[...], h0[...], *rest = right(dh, x, h0, h, U, W, b)
        return x, h0.T.T[::-1][::-1], *rest

    assert oddities_of(function) == {Oddity("shared", ("dx", "x")), Oddity("shared", ("dh0", "h0"))}
    report = report_on(function)
    assert report.points == 10.0
    assert report.remarks[0].startswith("x and h0 are changed in place.")
    assert report.remarks[1] == (
        "dx shares memory with x: whoever changes one changes the other. "
        "This alone costs no points; return a copy."
    )


def test_values_in_the_memory_of_each_other_are_named(right):
    def function(*arguments):
        _, dh0, dU, dW, _ = right(*arguments)
        return dh0, dh0, dU, dW, dW[0]

    assert oddities_of(function) == {
        Oddity("shared", ("dh0", "dx")),
        Oddity("shared", ("db", "dW")),
    }


def test_tensors_share_memory_as_arrays_do(right):
    torch = pytest.importorskip("torch")

    def function(dh, *others):
        return torch.from_numpy(dh), *map(torch.tensor, right(dh, *others)[1:])

    assert oddities_of(function) == {Oddity("shared", ("dx", "dh"))}


def test_views_that_lie_between_each_other_are_separate():
    both = np.zeros((4, 6))
    answers = {"a": both[:, :3], "b": both[:, 3:]}
    assert of_values((both[:, :3], both[:, 3:]), answers, {}) == ()


def test_what_shares_memory_in_a_way_hard_to_find_out_counts_as_separate():
    memory = np.zeros(10**6)
    strided = [
        np.lib.stride_tricks.as_strided(memory[k:], (7, 5, 3, 9), (8 * 12345, 8 * 777, 8 * 91, 16))
        for k in (0, 1)
    ]
    found = of_values(tuple(strided), {"a": strided[0], "b": strided[1]}, {})
    assert found in ((), (Oddity("shared", ("b", "a")),))


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_values_of_lower_precision_are_named_in_one_remark(right, dtype):
    report = report_on(lambda *a: tuple(value.astype(dtype) for value in right(*a)))
    assert report.remarks[0] == (
        f"dx, dh0, dU, dW and db are {dtype}, and the arguments are float64: digits are lost."
    )
    assert report.points == 10.0


def test_wrong_values_of_whole_numbers_are_named(right):
    report = report_on(lambda *a: (right(*a)[0].round().astype(int) + 1, *right(*a)[1:]))
    assert report.remarks == (
        "dx holds only whole numbers (int64): "
        "fractions that are written into such an array are cut off.",
    )


def test_whole_numbers_are_not_odd_where_they_are_right():
    exercise = find("hmm/viterbi")
    calls = run(exercise, exercise.cases(), exercise.solution)
    assert Oddity("whole", ("int64", "y")) in calls[0].oddities
    report = run_and_judge(exercise, exercise.cases(), exercise.solution)
    assert (report.points, report.remarks) == (report.out_of, ())


def test_zeros_of_whole_numbers_are_zeros(right):
    function = np.zeros((2, 3), int)
    assert of_values((function,), {"dx": function.astype(float)}, {}) == ()


def test_a_bare_array_is_looked_at_as_the_one_value():
    a = np.ones(3)
    for returned in (a, (a,)):
        assert of_values(returned, {"y": a}, {"a": a}) == (Oddity("shared", ("y", "a")),)
    assert of_values([1.0, 2.0, 3.0], {"y": a}, {"a": a}) == ()


def test_there_is_a_sentence_for_every_kind():
    assert SENTENCES.keys() == KINDS.keys()
    for kind, least in KINDS.items():
        for count in (least, least + 1):
            sentence = SENTENCES[kind](("one", "two", "three")[:count])
            assert sentence.endswith((".", "?"))
            assert "one" in sentence


def test_the_call_that_shows_most_speaks_for_all():
    few, many = Oddity("shared", ("dx", "x")), Oddity("shared", ("dx", "x", "dh"))
    calls = [Call(None, oddities=(odd,)) for odd in (few, many, few)]
    (remark,) = remarks_on((), calls, [None] * 3)
    assert remark.startswith("dx shares memory with x and dh:")
