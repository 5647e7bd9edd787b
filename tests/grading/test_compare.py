"""rnnlib.grading.judging.compare and its hints: one answer against one reference."""

import re

import numpy as np
import pytest

from rnnlib.grading.calling.answer import Refused
from rnnlib.grading.exercise import Part
from rnnlib.grading.judging.compare import compare

SIZES = {"T": 5, "B": 3, "D": 4, "H": 2}
RNG = np.random.default_rng(0)
DX = RNG.normal(size=(5, 3, 4))
DW = RNG.normal(size=(2, 2))
DU = RNG.normal(size=(2, 4))
DB = RNG.normal(size=2)
STACK = RNG.normal(size=(8, 4))


def of(name, axes, got, expected, **others):
    return compare(Part(name, axes, 1.0), got, expected, SIZES, others)


def test_equal_numbers_are_right_without_a_word():
    found = of("dU", "H D", DU.copy(), DU)
    assert found.right
    assert (found.finding, found.entry, found.hint, found.remark) == ("", "", "", "")


@pytest.mark.parametrize(("error", "right"), [(0.9e-3, True), (1.1e-3, False)])
def test_the_tolerance_is_relative_to_the_largest_entry(error, right):
    for scale in (1e-12, 1.0, 1e12):
        got = scale * DU
        got[0, 0] += error * scale * np.abs(DU).max()
        assert of("dU", "H D", got, scale * DU).right is right


def test_the_worst_entry_is_named_with_both_numbers():
    got = DU.copy()
    got[1, 2] = 7.0
    found = of("dU", "H D", got, DU)
    assert found.entry == f"dU[1, 2] is 7, expected {DU[1, 2]:.4g}"
    assert found.finding == f"relative error {abs(7 - DU[1, 2]) / np.abs(DU).max():.2g}"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_wrong(bad):
    got = DU.copy()
    got[0, 1] = bad
    found = of("dU", "H D", got, DU)
    assert not found.right
    assert found.finding.startswith("1 of 8 entries of dU are ")


def test_a_huge_number_does_not_overflow_into_a_warning():
    got = DU.copy()
    got[0, 0] = 1e308
    assert not of("dU", "H D", got, DU / 1e10).right


def test_a_refused_value_is_wrong_with_its_reason():
    found = of("dU", "H D", Refused("is None"), DU)
    assert (found.right, found.finding) == (False, "dU is None")


@pytest.mark.parametrize(
    ("name", "axes", "got", "expected", "shape"),
    [
        ("db", "H", DB[None], DB, "(1, H) where (H,)"),
        ("db", "H", DB[:, None], DB, "(H, 1) where (H,)"),
        ("dU", "H D", DU[:, None, :, None], DU, "(H, 1, D, 1) where (H, D)"),
        ("dx", "T B D", DX[None, :, :1], DX[:, :1], "(1, T, B, D) where (T, B, D)"),
    ],
)
def test_an_extra_axis_of_size_one_is_right_and_remarked_on(name, axes, got, expected, shape):
    found = of(name, axes, got, expected)
    assert found.right
    assert found.remark == f"{name} has shape {shape} is asked for."


def test_time_and_batch_swapped_is_wrong_with_one_sequence_too():
    assert not of("dx", "T B D", DX[:, :1].swapaxes(0, 1), DX[:, :1]).right


def test_a_right_answer_with_few_digits_is_told_that_it_may_be_rounded():
    found = of("dx", "T B D", np.round(DX, 2), DX)
    assert found.hint == "rounded to 2 decimal places"
    assert of("dx", "T B D", np.round(DX, 1), DX).hint == ""  # so far off is more than rounding


def test_three_places_and_half_precision_are_enough():
    assert of("dx", "T B D", np.round(DX, 3), DX).right
    assert of("dx", "T B D", DX.astype(np.float16).astype(float), DX).right


def test_two_numbers_that_differ_by_just_too_much_are_written_differently():
    for entry in np.geomspace(1, 10, 200):
        for sign in (-1, 1):
            found = of("db", "H", np.array([entry * (1 + sign * 1.01e-3)]), np.array([entry]))
            got, expected = re.fullmatch(r"db\[0\] is (.*), expected (.*)", found.entry).groups()
            assert got != expected


@pytest.mark.parametrize("zero", [np.array(0.0), np.array([0.0]), np.zeros((2, 4))])
def test_zeros_in_any_form_are_right_where_the_reference_is_all_zeros(zero):
    assert of("dU", "H D", zero, np.zeros((2, 4))).right


def test_a_single_zero_is_wrong_where_the_reference_is_not_zero():
    assert not of("dU", "H D", np.array(0.0), DU).right


@pytest.mark.parametrize("got", [DU[:, :3], DU.ravel(), DU.T[..., None], np.array(3.0)])
def test_another_shape_is_wrong_and_both_shapes_are_named(got):
    found = of("dU", "H D", got, DU)
    assert not found.right
    assert found.finding == f"dU has shape {got.shape}, expected (2, 4) = (H, D)"


SWAPPED = [0, 1, 4, 5, 2, 3, 6, 7]
ONE_BLOCK = np.repeat([0, 1, 0, 0], 2)[:, None]
LAST, FIRST, TWO = np.zeros_like(DX), DX.copy(), np.zeros_like(DX)
LAST[-1] = DX[-1]
LATE = np.concatenate([DX[:1], DX[:-1]])
FIRST[0] += 1
TWO[[1, 3]] = DX[[1, 3]]
ONE_SEQUENCE = DX + 1
ONE_SEQUENCE[:, 1] = DX[:, 1]


@pytest.mark.parametrize(
    ("name", "axes", "got", "expected", "hint"),
    [
        ("dU", "H D", DU.T, DU, "transposed"),
        ("dW", "H H", DW.T, DW, "transposed"),
        ("dx", "T B D", DX.swapaxes(0, 1), DX, "time and batch are swapped"),
        (
            "db",
            "H",
            np.array(DB.sum()),
            DB,
            "one number: the sum of all the entries that are expected",
        ),
        ("dx", "T B D", DX.sum(axis=1), DX, "summed over B, which should be kept"),
        ("dx", "T B D", DX[:, 0], DX[:, :1], "an axis of size 1 is missing"),
        ("dU", "H D", 0 * DU, DU, "all zeros"),
        ("dU", "H D", -DU, DU, "the right numbers with the opposite sign"),
        ("dU", "H D", DU / 3, DU, "the right numbers times 1/B"),
        ("dU", "H D", DU * 5, DU, "the right numbers times T"),
        ("dU", "H D", DU / 15, DU, "the right numbers times 1/(T·B)"),
        ("dU", "H D", DU * 2, DU, "the right numbers times 2"),
        ("dx", "T B D", LATE, DX, "the right numbers, but one step late"),
        ("dx", "T B D", np.roll(DX, -1, axis=0), DX, "the right numbers, but one step early"),
        ("dx", "T B D", np.roll(DX, 2, axis=0), DX, "the right numbers, but 2 steps late"),
        ("dx", "T B D", DX[::-1], DX, "the right numbers, with the steps in reverse order"),
        ("dx", "T B D", LAST, DX, "right at the last step only"),
        ("dx", "T B D", FIRST, DX, "wrong at the first step only"),
        ("dx", "T B D", TWO, DX, "right at dx[1] and dx[3] only"),
        ("dx", "T B D", ONE_SEQUENCE, DX, "right at dx[:, 1] only"),
        ("dx", "T B D", np.stack([DX, DX]), 2 * DX, "an axis of size 2 is not summed over"),
        ("dU", "4H D", STACK[SWAPPED], STACK, "the blocks 2 and 3 of 4 have changed places"),
        ("dU", "4H D", STACK + ONE_BLOCK, STACK, "wrong in block 2 of 4 only"),
        ("dU", "4H D", STACK + 1 - ONE_BLOCK, STACK, "wrong in blocks 1 and 3 and 4 of 4 only"),
        ("dU", "4H D", STACK + 1, STACK, ""),
        ("dU", "H D", DU + 1, DU, ""),
        ("dx", "T B D", DX + 1, DX, ""),
    ],
)
def test_a_hint_says_what_the_wrong_numbers_look_like(name, axes, got, expected, hint):
    found = of(name, axes, got, expected)
    assert not found.right
    assert found.hint == hint


def test_a_single_number_is_named_without_axes():
    expected = np.array(2.0)
    assert of("loss", "", np.array(2.0001), expected).right
    found = of("loss", "", np.array(3.0), expected)
    assert found.entry == "loss is 3, expected 2"
    assert found.hint == ""  # any number is some multiple of another
    assert of("loss", "", np.array(-2.0), expected).hint.endswith("with the opposite sign")
    found = of("loss", "", np.full(3, 2.0), expected)
    assert found.finding == "loss has shape (3,), expected a single number"
    found = of("loss", "", np.array([[2.0]]), expected)
    assert found.right
    assert found.remark == "loss has shape (1, 1) where a single number is asked for."


def test_a_value_in_the_place_of_another_is_recognised():
    other = RNG.normal(size=(2, 4))
    assert of("dU", "H D", other.copy(), DU, dQ=other).hint == "these are the numbers of dQ"
    found = of("db", "H", other.copy(), DB, dQ=other)
    assert found.finding.startswith("db has shape (2, 4), expected")
    assert found.hint == "these are the numbers of dQ"
