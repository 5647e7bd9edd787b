"""rnnlib.grading.calling.answer: returned values as plain arrays."""

import itertools

import numpy as np
import pytest

from rnnlib.grading.calling.answer import Refused, WrongCountError, answer, answers, unpacked

STEP = np.ones((2, 3))
NUMBERS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def as_matrix():
    with pytest.warns(PendingDeprecationWarning):
        return np.matrix(NUMBERS)


def as_tensor():
    torch = pytest.importorskip("torch")
    return torch.tensor(NUMBERS, requires_grad=True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: NUMBERS,
        lambda: np.asfortranarray(NUMBERS),
        lambda: NUMBERS[::-1][::-1],
        lambda: NUMBERS.T.copy().T,
        lambda: NUMBERS.astype(np.float32),
        lambda: NUMBERS.astype(np.float16),
        lambda: NUMBERS.astype(np.longdouble),
        lambda: NUMBERS.astype(int),
        lambda: NUMBERS.tolist(),
        lambda: [row for row in NUMBERS],
        lambda: np.ma.masked_array(NUMBERS),
        as_matrix,
        as_tensor,
        lambda: as_tensor().bfloat16(),  # NumPy has no such type
        lambda: as_tensor().int(),
    ],
)
def test_numbers_in_any_container_become_a_float64_array(make):
    taken = answer(make())
    assert type(taken) is np.ndarray
    assert taken.dtype == np.float64
    assert np.array_equal(taken, NUMBERS)


def test_an_answer_shares_no_memory_with_what_was_returned():
    assert not np.shares_memory(answer(NUMBERS), NUMBERS)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is None"),
        ("0.5", "is a str, not an array"),
        ({"dW": NUMBERS}, "is a dict, not an array"),
        ((n for n in NUMBERS), "is a generator, not an array"),
        (NUMBERS + 0j, "holds complex numbers"),
        (NUMBERS.astype(object), "is an array of Python objects, not of numbers"),
        (np.array(["a"]), "is an array of text, not of numbers"),
        ([[1.0], [1.0, 2.0]], "is a list whose rows differ in length"),
        (np.broadcast_to(0.0, (10**6, 10**6)), "has 1,000,000,000,000 entries"),
        (as_tensor().float()[0, 0].expand(10**6, 10**6), "has 1,000,000,000,000 entries"),
    ],
)
def test_what_holds_no_numbers_is_refused_with_the_reason(value, reason):
    taken = answer(value)
    assert isinstance(taken, Refused)
    assert taken.reason.startswith(reason)


@pytest.mark.parametrize("returned", [(1.0, 2.0), [1.0, 2.0]])
def test_a_tuple_and_a_list_are_taken(returned):
    assert answers(returned, ["dx", "dW"]) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "returned None, expected 2 values: dx, dW: is the return statement missing?"),
        (NUMBERS, "returned an ndarray, expected 2 values: dx, dW"),
        ((NUMBERS,), "returned 1 value, expected 2 values: dx, dW"),
        ((1, 2, 3), "returned 3 values, expected 2 values: dx, dW"),
        ({1, 2}, "returned a set, expected 2 values: dx, dW"),
        ("ab", "returned a str, expected 2 values: dx, dW"),
    ],
)
def test_anything_but_the_right_number_of_values_says_what_was_returned(returned, message):
    with pytest.raises(WrongCountError) as error:
        answers(returned, ["dx", "dW"])
    assert str(error.value) == message


@pytest.mark.parametrize(
    "returned",
    [
        (n for n in (STEP, STEP)),
        map(np.copy, [STEP, STEP]),
        {"h": STEP, "c": STEP}.values(),
        np.stack([STEP, STEP]),
    ],
)
def test_what_unpacks_into_the_values_is_taken(returned):
    taken = unpacked(returned, ["h", "c"], "B H")
    assert [value.shape for value in answers(taken, ["h", "c"])] == [(2, 3), (2, 3)]


def test_one_array_is_not_taken_for_several_and_what_never_ends_is_cut():
    assert unpacked(STEP, ["h", "c"], "B H") is STEP
    assert len(unpacked(itertools.count(), ["h", "c"], "B H")) == 3


def test_several_values_where_one_is_asked_for_are_counted():
    with pytest.raises(WrongCountError, match="returned 2 values, expected 1 value"):
        answers((np.ones((4, 2, 3)), STEP), ["h"], "T B H")


STEPS = [np.ones((2, 3)), 2 * np.ones((2, 3))]


@pytest.mark.parametrize(
    ("returned", "axes", "shape"),
    [
        (NUMBERS, "B H", (2, 3)),
        ((NUMBERS,), "B H", (2, 3)),
        (0.5, "", ()),
        (np.float64(0.5), "", ()),
        (np.array(0.5), "", ()),
        ((0.5,), "", ()),
        (STEPS, "T B H", (2, 2, 3)),
        (tuple(STEPS), "T B H", (2, 2, 3)),
        (STEPS[:1], "T B H", (1, 2, 3)),
        (tuple(STEPS[:1]), "T B H", (1, 2, 3)),
        ((np.stack(STEPS),), "T B H", (2, 2, 3)),
    ],
)
def test_where_one_value_is_asked_for_it_may_come_bare_or_in_a_tuple_of_one(returned, axes, shape):
    (taken,) = answers(returned, ["h"], axes)
    assert taken.shape == shape


def test_where_one_value_is_asked_for_nothing_is_still_nothing():
    with pytest.raises(WrongCountError, match="returned None, expected 1 value: h: is the return"):
        answers(None, ["h"])
    assert answers(({},), ["h"], "T B H") == (Refused("is a dict, not an array"),)
