"""Every mistake of ps4, gru, bidirectional, lengths and hmm, handed in and found by its name.

And what is wrong in a way that no list holds: it never passes, and is found in the right value.
"""

import ast
import inspect
import itertools
import textwrap
from dataclasses import replace

import numpy as np
import pytest

from rnnlib.grading.judging.judge import judge
from rnnlib.grading.judging.tolerance import close
from rnnlib.grading.judging.versions import same, single
from tests.grading.exercises.handing_in import (
    calls_of,
    each,
    exercises_of,
    handed_in,
    sigmoid,
    values_of,
)

EXERCISES = exercises_of("ps4", "gru", "bidirectional", "lengths", "hmm")
MADE = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes]
each_exercise = each(EXERCISES)
each_mistake = pytest.mark.parametrize(
    ("exercise", "mistake"), MADE, ids=[f"{e.function}: {m.name}" for e, m in MADE]
)


def wrong_values(exercise, cases, calls):
    """The names of the values that are not the reference's in some case."""
    wrong = set()
    for case, call in zip(cases, calls, strict=True):
        given = call.answers or [np.array(np.nan)] * len(exercise.parts)
        for part, got, expected in zip(exercise.parts, given, case.expected, strict=True):
            if not close(got, expected):
                wrong.add(part.name)
    return wrong


@pytest.mark.parametrize("seed", [0, 5])
@each_mistake
def test_a_mistake_is_named_and_costs_the_values_that_it_makes_wrong(exercise, mistake, seed):
    cases = exercise.cases(seed)
    calls = calls_of(exercise, cases, handed_in(exercise, mistake))
    report = judge(exercise, cases, calls)
    assert [cause.names for cause in report.causes] == [(mistake.name,)]
    assert [cause.hints for cause in report.causes] == [(mistake.hint,)]
    assert report.points < report.out_of

    wrong = wrong_values(exercise, cases, calls)
    paying = {*mistake.charged_to} or wrong
    assert {line.name for line in report.lines if line.points < line.out_of} == wrong & paying
    assert wrong & paying


@each_exercise
def test_an_exercise_has_its_own_mistakes_and_no_two_of_one_name(exercise):
    assert len(exercise.mistakes) > 10
    assert len({mistake.name for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert {name for mistake in exercise.mistakes for name in mistake.charged_to} <= {
        part.name for part in exercise.parts
    }


@each_exercise
def test_no_two_mistakes_give_the_same_arrays(exercise):
    cases = exercise.cases(2)
    for a, b in itertools.combinations(single(exercise, cases), 2):
        alike = [
            x == y
            if isinstance(x, str) or isinstance(y, str)
            else all(same(x, y, value) for value in range(len(x)))
            for x, y in ((a.outcome(at), b.outcome(at)) for at in range(len(cases)))
        ]
        assert not all(alike), (a.mistakes[0].name, b.mistakes[0].name)


@each_exercise
def test_a_changed_text_stands_in_the_solution_exactly_once(exercise):
    source = inspect.getsource(exercise.solution)
    for mistake in exercise.mistakes:
        assert mistake.changes
        for right, wrong in mistake.changes:
            assert source.count(right) == 1, mistake.name
            assert right != wrong, mistake.name


@each_exercise
def test_a_hint_is_a_sentence_or_two_and_never_the_line(exercise):
    for mistake in exercise.mistakes:
        assert 10 < len(mistake.hint) < 200, mistake.name
        assert mistake.hint.endswith((".", "?")), mistake.name
        assert not mistake.name.endswith(".")
        for right, _ in mistake.changes:
            assert len(right) < 6 or right.strip() not in mistake.hint, mistake.name


TWO_AT_ONCE = [
    "ps4/lstm_step",
    "ps4/lstm_step_backward",
    "gru/gru_step_backward",
    "bidirectional/bidirectional_forward",
    "hmm/filtering",
]


@each([exercise for exercise in EXERCISES if exercise.name in TWO_AT_ONCE])
def test_two_mistakes_at_once_are_both_named_or_located(exercise):
    cases, rng = exercise.cases(), np.random.default_rng(0)
    pairs, tried = list(itertools.combinations(exercise.mistakes, 2)), 0
    for pair in (pairs[at] for at in rng.permutation(len(pairs))):
        function = handed_in(exercise, *pair)
        if function is None:  # both change the same text
            continue
        calls = calls_of(exercise, cases, function)
        report = judge(exercise, cases, calls)
        wrong = wrong_values(exercise, cases, calls)
        assert (report.points < report.out_of) == bool(wrong)
        found = {name for cause in report.causes for name in cause.names}
        assert bool(found) == bool(wrong)
        assert {line.name for line in report.lines if line.cause} <= wrong
        tried += 1
        if tried == 12:
            break
    assert tried == 12


def unlisted(exercise):
    """The exercise without its list of mistakes: points and places, and no search for a cause."""
    return replace(exercise, mistakes=())


def whole(value):
    return 0.03 * np.abs(value).max() + 1.0 * (value.dtype.kind == "i")


BLURS = {
    "twice as large": lambda value: 2 * value + (value == 0),
    "of the opposite sign": lambda value: -value - (value == 0),
    "off in one entry": lambda value: (
        value + whole(value) * (np.arange(value.size) == 0).reshape(value.shape)
    ),
    "a little off everywhere": lambda value: value + whole(value),
    "shifted along the first axis": lambda value: (
        np.roll(value, 1, axis=0) + (len(value) == 1) if value.ndim else value + 1
    ),
    "reversed along the last axis": lambda value: (
        value[..., ::-1] + (value.shape[-1] == 1) if value.ndim else value + 1
    ),
    "zero": lambda value: 0 * value - (np.abs(value).max() == 0),
}


@pytest.mark.parametrize("blur", BLURS)
@each(EXERCISES)
def test_a_value_that_is_wrong_in_no_listed_way_is_located_and_costs_that_value(exercise, blur):
    right, cases = handed_in(exercise), exercise.cases(1)
    judged = exercise if exercise.name in TWO_AT_ONCE else unlisted(exercise)
    for at, part in enumerate(exercise.parts):

        def function(*arguments, at=at):
            values = list(values_of(exercise, right(*arguments)))
            values[at] = BLURS[blur](np.asarray(values[at]))
            return values if len(values) > 1 else values[0]

        report = judge(judged, cases, calls_of(exercise, cases, function))
        lost = {line.name for line in report.lines if line.points < line.out_of}
        assert lost == {part.name}
        assert report.points == pytest.approx(report.out_of - part.points)


OTHERS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}


class Changed(ast.NodeTransformer):
    """The solution with its n-th + - * / replaced by another one."""

    def __init__(self, number):
        self.number, self.seen = number, 0

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if type(node.op) in OTHERS:
            if self.seen == self.number:
                node.op = OTHERS[type(node.op)]()
            self.seen += 1
        return node


def changed(solution):
    """The solution with one operator replaced, for every operator."""
    source = textwrap.dedent(inspect.getsource(solution))
    for number in itertools.count():
        change = Changed(number)
        tree = ast.fix_missing_locations(change.visit(ast.parse(source)))
        if change.seen <= number:
            return
        made = {**solution.__globals__, "__name__": "notebook", "sigmoid": sigmoid}
        exec(compile(tree, "<changed>", "exec"), made)
        yield ast.unparse(tree), made[solution.__name__]


@each([exercise for exercise in EXERCISES if exercise.name != "ps4/forget_bias"])
def test_a_solution_with_one_operator_changed_never_passes(exercise):
    """Or it is right still: then it is so for other numbers too."""
    tried, judged = [*changed(exercise.solution)], unlisted(exercise)
    assert len(tried) >= 2
    for source, function in tried:
        cases = exercise.cases()
        report = judge(judged, cases, calls_of(exercise, cases, function))
        if report.points == report.out_of:
            for seed in (11, 12, 13):
                cases = exercise.cases(seed)
                again = judge(judged, cases, calls_of(exercise, cases, function))
                assert again.points == again.out_of, source
