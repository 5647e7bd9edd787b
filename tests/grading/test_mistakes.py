"""rnnlib.grading.mistake: every mistake of problem sets 1 to 3, handed in and found by its name.

Which values a mistake may cost is reasoned here for problem set 2, and not copied from a run. For
all exercises it is held against the arrays themselves.
"""

import itertools

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.judging.tolerance import close
from rnnlib.grading.judging.versions import same, single
from rnnlib.grading.mistake import Known, Mistake, wrong_version

EXERCISES = [find(name) for name in names() if name.startswith(("ps1/", "ps2/", "ps3/"))]
MADE = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes]
each_mistake = pytest.mark.parametrize(
    ("exercise", "mistake"), MADE, ids=[f"{e.function}: {m.name}" for e, m in MADE]
)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def report_on(exercise, *mistakes, seed=0, charged=()):
    """The report on a submission that makes these mistakes and no others."""
    cases = exercise.cases(seed)
    function = wrong_version(exercise.solution, mistakes)
    return judge(exercise, cases, run(exercise, cases, function), charged)


def named(exercise, name):
    return next(mistake for mistake in exercise.mistakes if mistake.name == name)


@each_exercise
def test_an_exercise_knows_what_people_get_wrong(exercise):
    assert len(exercise.mistakes) >= 8
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)


@pytest.mark.parametrize("seed", [0, 7])
@each_mistake
def test_a_mistake_costs_points_and_is_found_by_its_name(exercise, mistake, seed):
    report = report_on(exercise, mistake, seed=seed)
    assert [cause.names for cause in report.causes] == [(mistake.name,)]
    assert [cause.hints for cause in report.causes] == [(mistake.hint,)]
    assert report.points < report.out_of


@each_mistake
def test_a_mistake_costs_the_values_that_it_makes_wrong_and_only_those(exercise, mistake):
    cases = exercise.cases()
    function = wrong_version(exercise.solution, [mistake])
    wrong = set()
    with np.errstate(all="ignore"):
        for call, case in zip(run(exercise, cases, function), cases, strict=True):
            values = call.answers or [None] * len(exercise.parts)
            for part, got, expected in zip(exercise.parts, values, case.expected, strict=True):
                if not isinstance(got, np.ndarray) or not close(got, expected):
                    wrong.add(part.name)
    report = report_on(exercise, mistake)
    lost = {line.name for line in report.lines if line.points < line.out_of}
    if report.lines:
        assert lost == wrong & {*(mistake.charged_to or wrong)}
        assert {line.name for line in report.lines if line.kept} == wrong - lost
    else:
        assert report.points == 0.0  # it raises in every case


SUMS = {"dU", "dW", "db"}
LOST = {
    "ps2/rnn_step_backward": {
        "tanh' is left out": {"dx", "dh_prev", *SUMS},
        "the upstream gradient is ignored": {"dx", "dh_prev", *SUMS},
        "W and its transpose are mixed up": {"dh_prev"},
        "h_t stands where the state before, h_{t-1}, belongs": {"dW"},
        "dW is transposed": {"dW"},
        "dU is transposed": {"dU"},
        "the mean over the batch is taken instead of the sum": SUMS,
        "the bias's gradient is summed over everything": {"db"},
        "the rows of the weights' gradient are summed for the bias": {"db"},
    },
    "ps2/rnn_backward": {
        "the carry from later steps is lost": {"dx", "dh0", *SUMS},
        "the gradient is cut off after one step": {"dx", "dh0", *SUMS},
        "tanh' is taken twice": {"dx", "dh0", *SUMS},
        "W and its transpose are mixed up": {
            "dx",
            "dh0",
            *SUMS,
        },
        "the gradients are overwritten at every step, not summed": SUMS,
        "h_t stands where the state before, h_{t-1}, belongs": {"dW"},
        "the initial state h0 is forgotten: the first step starts from zeros": {"dW"},
        "h0 is used at every step": {"dW"},
        "the gradient of the initial state is left zero": {"dh0"},
        "the gradient of the state before is set to the upstream gradient": {"dh0"},
        "the bias's gradient is a mean over the batch, not a sum": {"db"},
    },
    "ps2/readout_backward": {
        "the mean over the batch is taken instead of the sum": {"dV", "db_y"},
        "the bias's gradient is summed over everything": {"db_y"},
    },
    "ps2/loss_and_gradients": {
        "the loss is averaged over the steps instead of summed": {"loss"},
        "the loss has the wrong sign": {"loss"},
        "the carry from later steps is lost": SUMS,
        "the gradient of the outputs has the opposite sign": {"dV", "db_y", *SUMS},
        "dW is transposed": {"dW"},
    },
    "ps2/truncated_backward": {
        "nothing is cut off": {"dx", "dh0", *SUMS},
        "only the first piece is counted": {"dx", *SUMS},
        "the states start from zeros again in every piece": {"dW"},
    },
}


@pytest.mark.parametrize(
    ("exercise", "name"), [(find(e), name) for e, lost in LOST.items() for name in lost]
)
def test_what_a_mistake_costs_is_what_reason_says(exercise, name):
    report = report_on(exercise, named(exercise, name))
    lost = {line.name for line in report.lines if line.points < line.out_of}
    assert lost == LOST[exercise.name][name]
    assert {line.points for line in report.lines if line.name in lost} == {0.0}


@pytest.mark.parametrize("seed", [0, 1])
@each_exercise
def test_no_two_mistakes_give_the_same_arrays(exercise, seed):
    for a, b in itertools.combinations(single(exercise, exercise.cases(seed)), 2):
        alike = [
            x == y
            if isinstance(x, str) or isinstance(y, str)
            else all(same(x, y, value) for value in range(len(x)))
            for x, y in ((a.outcome(at), b.outcome(at)) for at in range(len(a.cases)))
        ]
        assert not all(alike), (a.cause.text, b.cause.text)


def test_the_same_name_has_the_same_hint_everywhere():
    hints = {}
    for _, mistake in MADE:
        assert hints.setdefault(mistake.name, mistake.hint) == mistake.hint, mistake.name


@each_mistake
def test_a_hint_is_a_sentence_or_two_and_never_the_line(exercise, mistake):
    assert 10 < len(mistake.hint) < 200
    assert mistake.hint.endswith((".", "?"))
    assert not mistake.name.endswith(".")
    for right, _ in mistake.changes:
        assert len(right) < 6 or right.strip() not in mistake.hint


def solution(a, b):
    c = a + b
    return 2 * c


PLUS = Mistake("minus for plus", "Which sign?", (("a + b", "a - b"),))
TWICE = Mistake("not doubled", "How often?", (("2 * c", "c"),))
GONE = Mistake("b is forgotten", "Which arguments?", (("a + b", "a"),))


def test_a_wrong_version_is_the_solution_with_its_text_changed():
    assert wrong_version(solution, [])(3, 1) == 8
    assert wrong_version(solution, [PLUS])(3, 1) == 4
    assert wrong_version(solution, [PLUS, TWICE])(3, 1) == 2


def test_two_mistakes_in_the_same_text_do_not_go_together():
    assert wrong_version(solution, [PLUS, GONE]) is None


def test_two_mistakes_that_make_no_function_together_do_not_go_together():
    broken = Mistake("", "", (("2 * c", "2 * (c"),))
    assert wrong_version(solution, [PLUS, broken]) is None


def test_a_text_that_is_not_there_once_is_an_error_that_names_it():
    for text in ("a * b", "c"):
        with pytest.raises(ValueError, match="expected once"):
            wrong_version(solution, [Mistake("", "", ((text, "0"),))])


def test_a_known_mistake_has_one_name_and_one_hint_whatever_it_changes():
    known = Known("minus for plus", "Which sign?")
    assert known(("a + b", "a - b")) == PLUS
    assert known(("x", "y"), charged_to=("dx",)).charged_to == ("dx",)
