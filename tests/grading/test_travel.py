"""rnnlib.grading.calling.travel and packing: what travels arrives, and nothing else gets in."""

import copy
import json

import numpy as np
import pytest

from rnnlib.grading.calling import travel
from rnnlib.grading.calling.answer import Refused
from rnnlib.grading.calling.oddities import KINDS, Oddity
from rnnlib.grading.calling.packing import ENTRIES, pack, unpack
from rnnlib.grading.calling.run import Call, Failure
from rnnlib.grading.exercise import find, names
from rnnlib.grading.formula import Formula

EXERCISE = find("ps2/readout_backward")

ANSWERED = Call(
    answers=(np.arange(6.0).reshape(2, 3), np.array(np.nan), Refused("is None")),
    mutated=("h",),
    printed="hello\n",
    warnings=("UserWarning: careful",),
    displays=2,
    oddities=(Oddity("shared", ("dV", "h")), Oddity("leftover", ("Wf",))),
)
FAILED = Call(None, Failure("raised NameError: name 'da'", ("f, line 2: da", "g, line 3: x")))


def sent(call):
    """The data of a call, as it arrives: through JSON."""
    return json.loads(json.dumps(travel.report(call)))


def same(a, b):
    """Whether two arguments are the same, entry by entry and in type."""
    if isinstance(a, Formula):
        return a.name == b.name and same(a.arrays, b.arrays)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("name", names())
def test_the_question_of_every_exercise_arrives_as_it_was(name):
    exercise = find(name)
    asked, cases, about = travel.asked(travel.ask(exercise, exercise.cases(), "t", 3.0, ("step",)))
    assert (asked.name, asked.arguments) == (exercise.name, exercise.arguments)
    assert [part.name for part in asked.parts] == [part.name for part in exercise.parts]
    assert [part.axes for part in asked.parts] == [part.axes for part in exercise.parts]
    assert {*asked.withholds} >= {*exercise.withholds}
    assert (about["token"], about["seconds"], about["stand_ins"]) == ("t", 3.0, ["step"])
    for case, original in zip(cases, exercise.cases(), strict=True):
        assert case.sizes == original.sizes
        assert case.expected == ()
        assert all(map(same, case.arguments, original.arguments))


@pytest.mark.parametrize(
    "value",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(3, dtype=np.int32),
        np.array(True),
        np.empty((0, 3)),
        3,
        -0.5,
        float("inf"),
        True,
        [np.ones(2), (1, [np.zeros((1, 2))])],
        Formula("bowl", (np.ones(2), np.zeros(2))),
    ],
    ids=str,
)
def test_an_argument_arrives_as_it_was(value):
    assert same(value, unpack(json.loads(json.dumps(pack(value)))))


def test_numbers_of_other_types_travel_in_double_precision():
    for dtype in (np.float16, np.uint8, np.int16, ">f8"):
        arrived = unpack(pack(np.arange(3).astype(dtype)))
        assert arrived.dtype == np.float64
        assert np.array_equal(arrived, [0, 1, 2])


@pytest.mark.parametrize("value", [object(), {"a": 1}, np.array([None]), "text"])
def test_what_holds_no_numbers_does_not_travel(value):
    with pytest.raises(ValueError, match="holds no numbers that travel"):
        pack(value)


def test_a_call_arrives_as_it_was():
    arrived = travel.heard(sent(ANSWERED), EXERCISE)
    assert np.array_equal(arrived.answers[0], ANSWERED.answers[0])
    assert np.isnan(arrived.answers[1])
    assert arrived.answers[1].shape == ()
    assert arrived.answers[2:] == ANSWERED.answers[2:]
    for name in ("failure", "mutated", "printed", "warnings", "displays", "oddities"):
        assert getattr(arrived, name) == getattr(ANSWERED, name)
    assert travel.heard(sent(FAILED), EXERCISE) == FAILED


def test_an_array_that_is_too_large_arrives_as_its_shape():
    call = Call((np.zeros(ENTRIES + 1), np.zeros((1,) * 9), np.zeros(ENTRIES)))
    large, deep, fits = travel.heard(sent(call), EXERCISE).answers
    assert large == Refused("has 100,001 entries, shape (100001,)")
    assert deep == Refused("has 1 entries, shape (1, 1, 1, 1, 1, 1, 1, 1, 1)")
    assert fits.size == ENTRIES


def test_texts_and_lists_are_cut_to_what_is_taken():
    call = Call(
        None,
        Failure("x" * 10_000, ("y" * 10_000,)),
        printed="z" * 10_000,
        warnings=("w" * 10_000,) * 1_000,
        displays=10**9,
        oddities=(Oddity("leftover", ("v" * 10_000,) * 1_000),) * 1_000,
    )
    arrived = travel.heard(sent(call), EXERCISE)
    assert len(arrived.failure.reason) == 1_000
    assert len(arrived.printed) == 2_000
    assert len(arrived.warnings) == len(arrived.oddities) == 50
    assert arrived.displays == 1_000


ARRAY = pack(np.ones((2, 3)))

BAD_ARRAYS = {
    "of objects": {**ARRAY, "dtype": "|O"},
    "of another type": {**ARRAY, "dtype": "<i8"},
    "of a type that is no text": {**ARRAY, "dtype": ["<f8"]},
    "of records": {**ARRAY, "dtype": "<f8,<f8"},
    "with too few bytes": {**ARRAY, "shape": [2, 4]},
    "with too many bytes": {**ARRAY, "shape": [2, 2]},
    "with a negative size": {**ARRAY, "shape": [-2, -3]},
    "with a size that is none": {**ARRAY, "shape": [2.0, 3.0]},
    "with a size that is true": {**ARRAY, "shape": [True, 6]},
    "with a huge size": {**ARRAY, "shape": [10**30]},
    "with huge sizes": {**ARRAY, "shape": [10**5, 10**5]},
    "with many axes": {**ARRAY, "shape": [1] * 100 + [6]},
    "without a shape": {"array": ARRAY["array"], "dtype": "<f8"},
    "that is not base64": {**ARRAY, "array": "%" * 64},
    "that is not ASCII": {**ARRAY, "array": "é" * 64},
    "that is a list": {**ARRAY, "array": [1, 2]},
    "that is too long": {**ARRAY, "array": "A" * 10**7},
    "that is nothing": None,
    "that is a number": 1.0,
    "that is a formula": pack(Formula("bowl", (np.ones(2), np.ones(2)))),
    "that is a list of arrays": pack([np.ones(2)]),
    "refused at length": {"refused": "x" * 1_001},
    "refused without reason": {"refused": None},
}


@pytest.mark.parametrize("bad", BAD_ARRAYS)
def test_an_array_that_is_badly_made_is_no_answer(bad):
    data = sent(ANSWERED)
    data["answers"][0] = BAD_ARRAYS[bad]
    with pytest.raises(ValueError, match=r"\w"):
        travel.heard(data, EXERCISE)


BAD_CALLS = {
    "no answers and no failure": {"answers": None},
    "too few values": {"answers": [ARRAY]},
    "too many values": {"answers": [ARRAY] * 4},
    "values in a record": {"answers": {"dh": ARRAY}},
    "an argument that there is not": {"mutated": ["z"]},
    "arguments without end": {"mutated": ["h"] * 1_000},
    "an argument that is no text": {"mutated": [{"h": 1}]},
    "printed without end": {"printed": "x" * 2_001},
    "printed nothing": {"printed": None},
    "warnings without end": {"warnings": ["w"] * 51},
    "a warning without end": {"warnings": ["w" * 1_001]},
    "displays of true": {"displays": True},
    "displays below zero": {"displays": -1},
    "displays without end": {"displays": 10**30},
    "no oddities": {"oddities": None},
    "oddities without end": {"oddities": [{"kind": "once", "names": ["x"]}] * 51},
    "an oddity of no kind": {"oddities": [{"kind": "points", "names": ["10"]}]},
    "an oddity of a kind that is no text": {"oddities": [{"kind": ["once"], "names": ["x"]}]},
    "an oddity that is no record": {"oddities": ["once"]},
    "an oddity that names no other": {"oddities": [{"kind": "shared", "names": ["dV"]}]},
    "a failure beside answers": {"failure": {"reason": "", "lines": [], "kind": "error"}},
    "a failure of no kind": {"answers": None, "failure": {"reason": "", "lines": [], "kind": "x"}},
    "a failure that is a text": {"answers": None, "failure": "raised"},
    "lines without end": {
        "answers": None,
        "failure": {"reason": "", "lines": ["x"] * 5, "kind": "error"},
    },
}


@pytest.mark.parametrize("bad", BAD_CALLS)
def test_a_call_that_is_badly_made_is_no_answer(bad):
    with pytest.raises(ValueError, match=r"\w"):
        travel.heard({**sent(ANSWERED), **BAD_CALLS[bad]}, EXERCISE)


@pytest.mark.parametrize("data", [None, [], "text", 3, {}, {"answers": []}])
def test_what_is_no_call_is_no_answer(data):
    with pytest.raises(ValueError, match=r"\w"):
        travel.heard(data, EXERCISE)


def test_half_a_character_is_replaced():
    data = sent(FAILED)
    data["printed"] = "\ud800"
    assert travel.heard(data, EXERCISE).printed == "?"


ODD_VALUES = (None, True, -1, 10**30, 0.5, "", "x" * 3_000, [], [[]], {}, [None], {"array": "A"})


def places(data, path=()):
    """The path to everything in a record."""
    yield path
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[key], (*path, key))


@pytest.mark.parametrize("call", [ANSWERED, FAILED], ids=["answered", "failed"])
def test_whatever_stands_in_any_place_is_taken_or_refused_and_never_an_error(call):
    taken = refused = 0
    for path in places(sent(call)):
        for value in ODD_VALUES:
            data = sent(call)
            if path:
                *way, last = path
                place = data
                for key in way:
                    place = place[key]
                place[last] = copy.deepcopy(value)
            else:
                data = value
            try:
                travel.heard(data, EXERCISE)
            except ValueError:
                refused += 1
            else:
                taken += 1
    assert taken > 0
    assert refused > 5 * taken


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("text", "neither a number"),
        (None, "neither a number"),
        (10**16, "neither a number"),
        ({}, "no known kind"),
        ({"list": 3}, "no list"),
        ({"list": [1] * 101}, "no list"),
        ({"formula": "exec", "arrays": []}, "no formula"),
        ({"formula": ["bowl"], "arrays": []}, "no text"),
        ({"formula": "bowl", "arrays": 1}, "no list"),
        ({"list": [{"list": [{"list": [{"list": [{"list": []}]}]}]}]}, "neither a number"),
    ],
)
def test_an_argument_that_is_badly_made_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        unpack(data)


def test_every_kind_of_oddity_travels():
    oddities = tuple(Oddity(kind, ("a", "b")) for kind in KINDS)
    call = Call(ANSWERED.answers, oddities=oddities)
    assert travel.heard(sent(call), EXERCISE).oddities == oddities
