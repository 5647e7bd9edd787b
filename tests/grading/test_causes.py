"""rnnlib.grading.judging.causes: what a mistake costs, and that nobody pays for it twice."""

import itertools

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.again import run_and_judge
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.judging.versions import single
from rnnlib.grading.mistake import wrong_version
from rnnlib.grading.reporting.report import as_text

EXERCISES = [find(name) for name in names() if name.startswith(("ps1/", "ps2/", "ps3/"))]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
STEP, SEQUENCE = find("ps2/rnn_step_backward"), find("ps2/rnn_backward")
LOSS = find("ps2/loss_and_gradients")


def solved(exercise):
    """The solution, handed in."""
    return wrong_version(exercise.solution, [])


EXCHANGED = "h and c are returned in each other's place"


def report_on(exercise, function, charged=(), seed=0):
    cases = exercise.cases(seed)
    return judge(exercise, cases, run(exercise, cases, function), charged)


def making(exercise, *wanted):
    """A submission that makes the mistakes of these names."""
    mistakes = [next(m for m in exercise.mistakes if m.name == name) for name in wanted]
    return wrong_version(exercise.solution, mistakes)


def lost(report):
    return {line.name for line in report.lines if line.points < line.out_of}


SLOPE = "tanh' is left out"
LATE = "h_t stands where the state before, h_{t-1}, belongs"
WT = "W and its transpose are mixed up"


def test_a_mistake_that_was_charged_before_costs_nothing_again_and_the_report_says_so():
    assert report_on(STEP, making(STEP, SLOPE)).charged == (SLOPE,)
    report = report_on(SEQUENCE, making(SEQUENCE, SLOPE), charged=(SLOPE,))
    assert report.points == 10.0
    assert {line.status for line in report.lines} == {"kept"}
    assert all(
        line.verdict.endswith("no points lost: the mistake behind it was already charged")
        for line in report.lines
    )
    assert report.charged == ()
    assert "↳ dx" in as_text(report)


SHARED = [
    (earlier, later, mistake.name)
    for earlier, later in itertools.permutations(EXERCISES, 2)
    for mistake in later.mistakes
    if earlier.name[:3] == later.name[:3]
    and mistake.name in {other.name for other in earlier.mistakes}
]


@pytest.mark.parametrize(
    ("earlier", "later", "name"),
    SHARED,
    ids=[f"{name}: {e.function}, {later.function}" for e, later, name in SHARED],
)
def test_the_same_mistake_in_two_exercises_of_a_set_is_charged_once(earlier, later, name):
    before = report_on(earlier, making(earlier, name))
    assert before.points < before.out_of
    report = report_on(later, making(later, name), before.charged)
    if report.lines and name in before.charged:
        assert report.points == report.out_of
        assert report.charged == ()
    else:  # it raises, and a function that gives nothing earns nothing
        assert report.troubles or before.troubles
        assert report.points < report.out_of


def test_another_mistake_on_top_of_a_charged_one_is_charged_where_it_shows():
    function = making(SEQUENCE, SLOPE, LATE)
    report = report_on(SEQUENCE, function, charged=(SLOPE,))
    assert lost(report) == {"dW"}
    assert report.points == 8.0
    assert set(report.lines[3].cause.names) == {SLOPE, LATE}
    both = report_on(SEQUENCE, function, charged=(SLOPE, LATE))
    assert both.points == 10.0


@pytest.mark.parametrize("charged", [LATE, WT, "tanh' is taken twice", "no such mistake", ""])
def test_nothing_is_forgiven_for_another_mistake_than_the_charged_one(charged):
    assert report_on(SEQUENCE, making(SEQUENCE, SLOPE), charged=(charged,)).points == 0.0


def test_noise_on_top_of_a_charged_mistake_earns_nothing():
    function = making(SEQUENCE, SLOPE)
    report = report_on(SEQUENCE, lambda *a: [1.01 * v for v in function(*a)], charged=(SLOPE,))
    assert report.points == 0.0


def test_a_failure_is_never_forgiven():
    exercise = find("ps1/rnn_forward")
    name = "U and its transpose are mixed up"
    report = report_on(exercise, making(exercise, name), charged=(name,))
    assert report.points == 0.0


def test_an_edge_case_that_a_charged_mistake_does_not_explain_still_costs_its_share():
    wrong = making(SEQUENCE, SLOPE)

    def function(dh, x, h0, h, U, W, b):
        if len(x) == 1:
            raise IndexError("squeezed")
        return wrong(dh, x, h0, h, U, W, b)

    report = report_on(SEQUENCE, function, charged=(SLOPE,))
    assert report.points == pytest.approx(9.0)


def test_what_was_charged_is_told_through_run_and_judge_too():
    cases = SEQUENCE.cases()
    report = run_and_judge(SEQUENCE, cases, making(SEQUENCE, WT), charged=(WT,))
    assert report.points == 10.0


def test_the_gradients_of_a_loss_that_is_averaged_follow_from_it_and_keep_their_points():
    name = "the loss is averaged over the steps instead of summed"
    report = report_on(LOSS, making(LOSS, name))
    assert lost(report) == {"loss"}
    assert report.points == report.out_of - 1
    assert report.lines[1].verdict.endswith("no points lost: it follows from loss, charged there")
    assert report.charged == (name,)


def test_gradients_that_do_not_fit_to_their_loss_pay_themselves():
    name = "the gradients are averaged over the steps, and the loss is not"
    report = report_on(LOSS, making(LOSS, name))
    assert lost(report) == {"dU", "dW", "dV", "db", "db_y"}


@each_exercise
def test_a_wrong_function_never_has_all_points_unless_it_was_charged_before(exercise):
    singles = single(exercise, exercise.cases())
    for mistake, other in itertools.islice(itertools.combinations(singles, 2), 0, None, 9):
        function = wrong_version(exercise.solution, mistake.mistakes)
        assert report_on(exercise, function).points < exercise.points, (mistake, other)


def test_a_right_function_needs_no_cause_whatever_was_charged():
    for exercise in EXERCISES:
        charged = [mistake.name for mistake in exercise.mistakes]
        report = report_on(exercise, solved(exercise), charged)
        assert report.points == exercise.points
        assert report.causes == {}
        assert report.troubles == ()


def test_zeros_are_never_the_consequence_of_what_was_charged_before():
    """A mistake upstream can leave one gradient zero; zeros everywhere are nothing at all."""
    exercise = find("ps4/lstm_backward")
    charged = tuple(mistake.name for mistake in find("ps4/lstm_step_backward").mistakes)

    def nothing(dh, x, h0, c0, U, W, b):
        return [np.zeros_like(value) for value in (x, h0, c0, U, W, b)]

    report = report_on(exercise, nothing, charged)
    assert report.points == 0.0
    assert report.causes == {}
    assert {line.hint for line in report.lines} == {"all zeros"}


def test_one_value_in_both_places_is_no_exchange():
    exercise = find("ps4/lstm_forward")
    right = wrong_version(exercise.solution, [])
    exchanged = report_on(find("ps4/lstm_step"), making(find("ps4/lstm_step"), EXCHANGED)).charged
    assert exchanged == (EXCHANGED,)

    def twice(*arguments):
        h, _ = right(*arguments)
        return h, h.copy()

    report = report_on(exercise, twice, exchanged)
    assert [line.points for line in report.lines] == [1, 0]
    assert report.lines[1].hint == "these are the numbers of h"
    assert report.causes == {}
    assert report_on(exercise, making(exercise, EXCHANGED), exchanged).points == 2.0


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda h: h[::-1].copy(), "the right numbers, with the steps in reverse order"),
        (lambda h: h / 7, "the right numbers times 0.1429"),
    ],
)
def test_two_mistakes_that_come_to_something_simple_are_not_named(change, hint):
    exercise = find("ps1/rnn_forward")
    right = wrong_version(exercise.solution, [])
    report = report_on(exercise, lambda *arguments: change(right(*arguments)))
    assert report.lines[0].hint == hint
    assert report.causes == {}
