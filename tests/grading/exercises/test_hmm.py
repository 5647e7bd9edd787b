"""Hidden Markov models: references against exact numbers, and no mistake is charged twice.

What is exact here: whole numbers instead of floats, in which nothing is rounded and nothing
underflows, and for the short sequences every path of states by itself.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.judge import judge
from tests.grading.exercises.handing_in import (
    assert_close,
    each,
    exercises_of,
    handed_in,
    report_on,
)

EXERCISES = exercises_of("hmm")
each_seed = pytest.mark.parametrize("seed", [0, 1])

SCALE = 2**64
"""Times this, every probability in a case is a whole number."""

FINE = 2**400
"""The same for probabilities of 10⁻⁹⁰."""


def whole(a, scale):
    """An array of probabilities as exact whole numbers, `scale` for 1."""
    exact = [Fraction(p) * scale for p in a.ravel()]
    assert all(p.denominator == 1 for p in exact)
    return np.array([p.numerator for p in exact], dtype=object).reshape(a.shape)


def chains(case):
    """For every sequence of a case: its symbols' emissions (T, N), W and the prior, all exact."""
    x, *model = case.arguments
    W, U, prior = (whole(a, FINE if case.extreme else SCALE) for a in model)
    return [(U.T[x[:, n]], W, prior) for n in range(x.shape[1])]


def alphas(emissions, W, prior):
    """P(Y_t = j, X_1, …, X_t), times powers of SCALE."""
    made = [prior * emissions[0]]
    for emission in emissions[1:]:
        made.append((W @ made[-1]) * emission)
    return made


def betas(emissions, W):
    """P(X_{t+1}, …, X_T | Y_t = j), times powers of SCALE."""
    made = [np.array([1] * len(W), dtype=object)]
    for emission in emissions[:0:-1]:
        made.insert(0, (emission * made[0]) @ W)
    return made


def shares(numbers):
    return [number / sum(numbers) for number in numbers]


def log_of(number, factors):
    """The logarithm of a whole number that is so many factors of SCALE too large."""
    return math.log(number) - factors * math.log(SCALE)


@each_seed
@each(EXERCISES)
def test_the_solution_gives_what_the_reference_gives_and_leaves_its_arguments_alone(exercise, seed):
    for case in exercise.cases(seed):
        before = [np.copy(argument) for argument in case.arguments]
        assert_close(exercise.solution(*case.arguments), case.expected[0], rtol=1e-9)
        assert all(map(np.array_equal, before, case.arguments))


@each_seed
def test_filtering_agrees_with_exact_numbers(seed):
    for case in find("hmm/filtering").cases(seed):
        for n, chain in enumerate(chains(case)):
            assert_close(case.expected[0][:, n], [shares(alpha) for alpha in alphas(*chain)])


@each_seed
def test_smoothing_agrees_with_exact_numbers(seed):
    for case in find("hmm/smoothing").cases(seed):
        for n, (emissions, W, prior) in enumerate(chains(case)):
            pairs = zip(alphas(emissions, W, prior), betas(emissions, W), strict=True)
            assert_close(case.expected[0][:, n], [shares(a * b) for a, b in pairs])


@each_seed
def test_the_log_likelihood_agrees_with_exact_numbers(seed):
    for case in find("hmm/log_likelihood").cases(seed):
        for n, (emissions, W, prior) in enumerate(chains(case)):
            last = alphas(emissions, W, prior)[-1]
            assert_close(case.expected[0][n], log_of(sum(last), 2 * len(emissions)))


@each_seed
def test_the_path_of_viterbi_has_the_greatest_probability_of_all(seed):
    for case in find("hmm/viterbi").cases(seed):
        for n, (emissions, W, prior) in enumerate(chains(case)):
            best = prior * emissions[0]
            for emission in emissions[1:]:
                best = (W * best).max(axis=1) * emission
            path = case.expected[0][:, n].astype(int)
            mine = prior[path[0]] * emissions[0][path[0]]
            for t in range(1, len(path)):
                mine = mine * W[path[t], path[t - 1]] * emissions[t][path[t]]
            assert mine == best.max()


@each_seed
def test_all_four_agree_with_every_path_of_a_short_sequence(seed):
    """Filtering sees the sequence up to a step, so its last step is held against the paths."""
    x, W, U, prior = find("hmm/filtering").cases(seed)[0].arguments
    values = {exercise.function: exercise.reference(x, W, U, prior)[0] for exercise in EXERCISES}
    T, B, N = len(x), x.shape[1], len(W)
    for n in range(B):
        joint, marginals = {}, np.zeros((T, N))
        for path in itertools.product(range(N), repeat=T):
            p = prior[path[0]] * U[path[0], x[0, n]]
            for t in range(1, T):
                p *= W[path[t], path[t - 1]] * U[path[t], x[t, n]]
            joint[path] = p
            for t in range(T):
                marginals[t, path[t]] += p
        total = math.fsum(joint.values())
        assert_close(values["smoothing"][:, n], marginals / total)
        assert_close(values["filtering"][-1, n], marginals[-1] / total)
        assert_close(values["log_likelihood"][n], math.log(total))
        assert tuple(values["viterbi"][:, n]) == max(joint, key=joint.get)


def test_a_long_sequence_is_less_probable_than_any_float():
    for name in ("hmm/log_likelihood", "hmm/viterbi"):
        case = max(find(name).cases(), key=lambda case: case.sizes["T"])
        likelihood = find("hmm/log_likelihood").reference(*case.arguments)[0]
        assert (likelihood < math.log(5e-324)).all()
    for name in ("hmm/filtering", "hmm/smoothing"):
        case = find(name).cases()[-1]
        assert case.edge == "very unlikely observations"
        likelihood = find("hmm/log_likelihood").reference(*case.arguments)[0]
        assert (likelihood < math.log(5e-324)).all()


# Nobody pays twice

CALLING = """
def filtering(x, W, U, prior):
    return right(x, W.T, U, prior)

def smoothing(x, W, U, prior):
    h = filtering(x, W, U, prior)
    smoothed = [h[-1]]
    for h_t in h[-2::-1]:
        ways = W * h_t[:, None, :]
        back = ways / ways.sum(axis=2, keepdims=True)
        smoothed.insert(0, np.einsum("bji,bj->bi", back, smoothed[0]))
    return smoothed
"""


def test_a_smoother_that_calls_a_wrong_filter_pays_for_it_in_the_filter_only():
    made = {"np": np, "right": handed_in(find("hmm/filtering"))}
    exec(CALLING, made)
    assert report_on("hmm/filtering", made["filtering"]).points == 0.0
    report = report_on("hmm/smoothing", made["smoothing"])
    assert report.points == report.out_of
    assert "With a right filtering in the place of yours" in report.remarks[0]


def test_a_recursion_that_is_written_out_again_is_charged_once():
    name, charged = "the transition matrix and its transpose are mixed up", []
    for exercise in map(find, ("hmm/filtering", "hmm/log_likelihood")):
        mistake = next(mistake for mistake in exercise.mistakes if mistake.name == name)
        report = report_on(exercise.name, handed_in(exercise, mistake), charged=charged)
        assert [cause.names for cause in report.causes] == [(name,)]
        assert report.points == (report.out_of if charged else 0.0)
        charged = [name]


def backwards_viterbi(x, W, U, prior):
    """From the end: at equal probability it comes to another path than the way from the start."""
    log_W, log_Ux = np.log(W), np.log(U.T[x])
    best, step = np.zeros_like(log_Ux[0]), []
    for log_Ux_t in log_Ux[:0:-1]:
        ways = (best + log_Ux_t)[:, :, None] + log_W  # to j from i
        step.append(ways.argmax(axis=1))
        best = ways.max(axis=1)
    path = [(np.log(prior) + log_Ux[0] + best).argmax(axis=-1)]
    for forth in step[::-1]:
        path.append(np.take_along_axis(forth, path[-1][:, None], axis=1)[:, 0])
    return np.stack(path)


@pytest.mark.parametrize("seed", range(12))
def test_any_of_the_most_probable_paths_is_right(seed):
    """Paths that hold the same factors in another order are as probable; rounding decides."""
    exercise = find("hmm/viterbi")
    cases = exercise.cases(seed)
    report = judge(exercise, cases, run(exercise, cases, backwards_viterbi))
    assert report.points == 4.0
    assert report.remarks == ()


def test_a_path_that_is_less_probable_is_wrong_and_its_entries_are_counted():
    exercise = find("hmm/viterbi")
    cases = exercise.cases()

    def late(*arguments):
        path = backwards_viterbi(*arguments)
        path[0] = (path[0] + 1) % len(arguments[1])
        return path

    report = judge(exercise, cases, run(exercise, cases, late))
    assert report.points == 0.0
    assert report.lines[0].verdict == "24 of 192 entries of y are wrong"
