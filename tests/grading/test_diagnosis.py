"""rnnlib.grading.judging.diagnosis: one mistake, two at once, and what is in no list."""

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.judging.versions import double, same, single
from rnnlib.grading.mistake import wrong_version
from rnnlib.grading.reporting.html import as_html
from rnnlib.grading.reporting.report import as_text

EXERCISES = [find(name) for name in names() if name.startswith(("ps1/", "ps2/", "ps3/"))]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
STEP, SEQUENCE = find("ps2/rnn_step_backward"), find("ps2/rnn_backward")
SOFTMAX = find("ps1/softmax")
PAIRS = 30
"""How many pairs of mistakes are handed in for each exercise."""


def solved(exercise):
    """The solution, handed in."""
    return wrong_version(exercise.solution, [])


def report_on(exercise, function, charged=(), seed=0):
    cases = exercise.cases(seed)
    return judge(exercise, cases, run(exercise, cases, function), charged)


def making(exercise, *wanted):
    """A submission that makes the mistakes of these names."""
    mistakes = [next(m for m in exercise.mistakes if m.name == name) for name in wanted]
    return wrong_version(exercise.solution, mistakes)


def found(report):
    return {line.name: line.cause.names for line in report.lines if line.cause}


def lost(report):
    return {line.name for line in report.lines if line.points < line.out_of}


SLOPE = "tanh' is left out"
TRANSPOSED = "dW is transposed"
WT = "W and its transpose are mixed up"
BIAS = "the bias's gradient is summed over everything"


@each_exercise
def test_two_mistakes_at_once_are_both_named(exercise):
    cases = exercise.cases()
    general = [at for at, case in enumerate(cases) if not case.edge]
    versions = {frozenset(v.cause.names): v for v in single(exercise, cases)}
    pairs = double(exercise, cases)
    versions |= {frozenset(v.cause.names): v for v in pairs}
    chosen = np.random.default_rng(0).permutation(len(pairs))[:PAIRS]
    for pair in (pairs[i] for i in chosen):
        report = report_on(exercise, wrong_version(exercise.solution, pair.mistakes))
        wrong = [line for line in report.lines if "right" not in line.verdict]
        for line in wrong:
            value = [part.name for part in exercise.parts].index(line.name)
            if line.cause is None and line.hint:  # the pair comes to a factor, or to a reversal
                continue
            assert line.cause is not None, (pair.cause.text, line)
            version = versions[frozenset(line.cause.names)]
            # the pair itself, or mistakes that give exactly the same numbers as the pair
            assert all(same(pair.outcome(at), version.outcome(at), value) for at in general)


def test_two_mistakes_in_all_values_are_named_together():
    report = report_on(SEQUENCE, making(SEQUENCE, SLOPE, WT))
    assert set(found(report).values()) == {(SLOPE, WT)} or set(found(report).values()) == {
        (WT, SLOPE)
    }
    assert "two things: " in as_text(report)
    assert report.points == 0.0


def test_of_two_mistakes_each_is_named_where_it_is_the_only_one():
    report = report_on(SEQUENCE, making(SEQUENCE, SLOPE, TRANSPOSED))
    assert found(report) == {
        "dx": (SLOPE,),
        "dh0": (SLOPE,),
        "dU": (SLOPE,),
        "dW": (SLOPE, TRANSPOSED),
        "db": (SLOPE,),
    }


def test_a_third_mistake_does_not_hide_the_two_others_in_their_values():
    function = making(STEP, TRANSPOSED, BIAS, "dU is transposed", WT)
    assert found(report_on(STEP, function)) == {
        "dU": ("dU is transposed",),
        "dW": (TRANSPOSED,),
        "db": (BIAS,),
        "dh_prev": (WT,),
    }


def test_a_mistake_beside_one_in_no_list_is_still_named_for_its_value():
    def function(*arguments):
        dx, *rest = making(STEP, TRANSPOSED)(*arguments)
        return dx + 1, *rest

    report = report_on(STEP, function)
    assert found(report) == {"dW": (TRANSPOSED,)}
    assert lost(report) == {"dx", "dW"}


def test_the_cause_is_told_once_with_its_values_and_its_hint():
    report = report_on(STEP, making(STEP, "the mean over the batch is taken instead of the sum"))
    line = "Cause, for dU, dW and db: the mean over the batch is taken instead of the sum."
    hint = "Where is the division by B in the function that you differentiate?"
    assert as_text(report).count(line) == as_text(report).count(hint) == 1
    assert as_html(report).count(line) == as_html(report).count(hint) == 1
    assert as_html(report).count("the right numbers times 1/B") == 3
    assert report.data["lines"][2]["cause"]["hints"] == (hint,)


def test_a_failure_with_the_words_of_a_mistake_is_named():
    exercise = find("ps1/readout")
    report = report_on(exercise, lambda h, V, b_y: h @ V + b_y)
    assert report.points == 0.0
    assert "Cause: V and its transpose are mixed up" in as_text(report)
    assert report_on(exercise, lambda h, V, b_y: h @ V[0, :, :]).causes == {}


def test_what_is_wrong_with_large_numbers_only_is_named_and_costs_its_share():
    report = report_on(SOFTMAX, making(SOFTMAX, "the exponentials overflow"))
    assert report.lines[0].verdict == "right, but not with large numbers"
    assert report.points == pytest.approx(0.8 * 3)
    assert found(report) == {"p": ("the exponentials overflow",)}


def transpose(value):
    return value.T.copy()


def late(value):
    return np.concatenate([value[:1] * 0 + 0.3, value[:-1]])


def early(value):
    return np.concatenate([value[1:], value[-1:] * 0 + 0.3])


def noise(shape):
    return np.random.default_rng(5).choice([-1, 1], shape)


OTHERS = {
    "times 1.7": (
        lambda value: 1.7 * value,
        "the right numbers times 1.7",
        lambda part: part.axes != "",  # a single number is always some multiple of another
    ),
    "the opposite sign": (
        lambda value: -value,
        "the right numbers with the opposite sign",
        lambda part: not part.truth,
    ),
    "transposed": (transpose, "transposed", lambda part: part.axes in ("H H", "H D", "K H")),
    "late": (late, "the right numbers, but one step late", lambda part: part.axes[:1] == "T"),
    "early": (early, "the right numbers, but one step early", lambda part: part.axes[:1] == "T"),
    "reversed": (
        lambda value: value[::-1],
        "the right numbers, with the steps in reverse order",
        lambda part: part.axes[:1] == "T",
    ),
    "a little noise": (
        lambda value: value + 0.02 * np.abs(value).max() * noise(np.shape(value)),
        "",
        lambda part: True,
    ),
    "one entry": (
        lambda value: np.where(np.arange(np.size(value)).reshape(np.shape(value)), value, 2.5),
        "",
        lambda part: True,
    ),
}
SPOILED = [
    (exercise, position, other)
    for exercise in EXERCISES
    for position, part in enumerate(exercise.parts)
    for other, (_, _, applies) in OTHERS.items()
    if applies(part)
]


def spoil(exercise, position, change):
    """The solution, with one of its values changed."""

    def function(*arguments):
        values = solved(exercise)(*arguments)
        if len(exercise.parts) == 1:
            return change(np.asarray(values))
        return tuple(
            change(np.asarray(value)) if at == position else value
            for at, value in enumerate(values)
        )

    return function


@pytest.mark.parametrize(
    ("exercise", "position", "other"),
    SPOILED,
    ids=[f"{e.function} {e.parts[p].name} {other}" for e, p, other in SPOILED],
)
def test_what_is_wrong_in_no_listed_way_never_passes_and_is_located(exercise, position, other):
    change, hint, _ = OTHERS[other]
    report = report_on(exercise, spoil(exercise, position, change))
    assert lost(report) == {exercise.parts[position].name}
    line = report.lines[position]
    assert line.points == 0.0
    hint = hint.replace("step", exercise.parts[position].step)
    assert hint in line.hint or line.cause is not None


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e308, 1e-320])
def test_no_number_breaks_the_search_for_a_cause(odd):
    def function(*arguments):
        dx, *rest = solved(STEP)(*arguments)
        dx[0, 0] = odd
        return dx, *rest

    assert lost(report_on(STEP, function)) == {"dx"}


def test_versions_are_made_once_for_the_cases_of_a_seed():
    assert STEP.cases(3) is STEP.cases(3)
    assert single(STEP, STEP.cases(3)) is single(STEP, STEP.cases(3))
    assert single(STEP, STEP.cases(3)) is not single(STEP, STEP.cases(4))
