"""Problem set 4: its references against the equations, and no mistake is charged twice."""

import numpy as np
import pytest

from rnnlib.gradients import numerical_gradient
from rnnlib.grading.exercise import find
from tests.grading.exercises.handing_in import (
    assert_close,
    each,
    exercises_of,
    handed_in,
    points,
    report_on,
    values_of,
)

EXERCISES = exercises_of("ps4")
step_backward = handed_in(find("ps4/lstm_step_backward"))
backward = handed_in(find("ps4/lstm_backward"))
each_seed = pytest.mark.parametrize("seed", [0, 1])


def gates(x, h, U, W, b):
    """The four pre-activations of one step, each by its own block of the stack."""
    H = h.shape[1]
    for k in range(4):
        rows = slice(k * H, (k + 1) * H)
        yield np.einsum("hd,bd->bh", U[rows], x) + np.einsum("hg,bg->bh", W[rows], h) + b[rows]


def step(x, h, c, U, W, b, squash=np.tanh):
    i, f, g, o = gates(x, h, U, W, b)
    c = c / (1 + np.exp(-f)) + squash(g) / (1 + np.exp(-i))
    return squash(c) / (1 + np.exp(-o)), c


def sequence(x, h, c, U, W, b):
    steps = []
    for x_t in x:
        h, c = step(x_t, h, c, U, W, b)
        steps.append((h, c))
    return tuple(np.array(values) for values in zip(*steps, strict=True))


# The references, against the equations and against finite differences of them


@each_seed
@each(EXERCISES)
def test_the_solution_gives_what_the_reference_gives_and_leaves_its_arguments_alone(exercise, seed):
    for case in exercise.cases(seed):
        before = [np.copy(argument) for argument in case.arguments]
        values = values_of(exercise, exercise.solution(*case.arguments))
        for value, expected in zip(values, case.expected, strict=True):
            assert_close(value, expected, rtol=1e-9, atol=1e-12)
        assert all(map(np.array_equal, before, case.arguments))


@each_seed
def test_the_forward_references_agree_with_the_equations(seed):
    for name, function in {
        "ps4/lstm_step": step,
        "ps4/additive_lstm_step": lambda *a: step(*a, squash=lambda a: a),
        "ps4/lstm_forward": sequence,
    }.items():
        for case in find(name).cases(seed):
            for expected, value in zip(case.expected, function(*case.arguments), strict=True):
                assert_close(expected, value)


@each_seed
def test_the_step_backward_agrees_with_finite_differences(seed):
    for case in find("ps4/lstm_step_backward").cases(seed):
        dh, dc, *arguments = case.arguments

        def loss(arguments, dh=dh, dc=dc):
            h, c = step(*arguments)
            return (dh * h).sum() + (dc * c).sum()

        for expected, by_differences in zip(
            case.expected, numerical_gradient(loss, tuple(arguments)), strict=True
        ):
            assert_close(expected, by_differences, rtol=1e-6, atol=1e-8)


@each_seed
def test_the_sequence_backward_agrees_with_finite_differences(seed):
    for case in find("ps4/lstm_backward").cases(seed):
        dh, *arguments = case.arguments

        def loss(arguments, dh=dh):
            return (dh * sequence(*arguments)[0]).sum()

        for expected, by_differences in zip(
            case.expected, numerical_gradient(loss, tuple(arguments)), strict=True
        ):
            assert_close(expected, by_differences, rtol=1e-6, atol=1e-8)


def test_the_forget_gates_part_of_the_bias_is_the_second_quarter():
    for case in find("ps4/forget_bias").cases():
        b, value = case.arguments
        quarters, expected = b.reshape(4, -1), case.expected[0].reshape(4, -1)
        assert (expected[1] == value).all()
        assert (expected[[0, 2, 3]] == quarters[[0, 2, 3]]).all()


@pytest.mark.parametrize("cut", [2, 5, 10])
def test_a_gradient_that_is_cut_off_shows_in_the_long_sequence(cut):
    """Also where the cut is so late that the short sequences are right."""

    def lstm_backward(dh, x, h0, c0, U, W, b):
        dh = dh.copy()
        if len(x) <= cut:
            return backward(dh, x, h0, c0, U, W, b)
        h, c = sequence(x[:-cut], h0, c0, U, W, b)
        dx, _, _, *sums = backward(dh[-cut:], x[-cut:], h[-1], c[-1], U, W, b)
        return np.concatenate([0 * x[:-cut], dx]), 0 * h0, 0 * c0, *sums

    report = report_on("ps4/lstm_backward", lstm_backward)
    assert points(report) == dict.fromkeys(("dx", "dh0", "dc0", "dU", "dW", "db"), 0.0)


# Nobody pays twice

WRONG_STEP = """
def lstm_step_backward(dh, dc, x, h_prev, c_prev, U, W, b):
    values = list(right(dh, dc, x, h_prev, c_prev, U, W, b))
    values[2] = dc + dh  # the carry of the memory, without its way
    return tuple(values)

def lstm_backward(dh, x, h0, c0, U, W, b):
    h, c = sequence(x, h0, c0, U, W, b)
    dx, sums, dh_next, dc_next = np.zeros_like(x), [0, 0, 0], 0 * h0, 0 * c0
    for t in reversed(range(len(x))):
        before = (h[t - 1], c[t - 1]) if t else (h0, c0)
        dx[t], dh_next, dc_next, *more = lstm_step_backward(
            dh[t] + dh_next, dc_next, x[t], *before, U, W, b
        )
        sums = [a + b for a, b in zip(sums, more)]
    return dx, dh_next, dc_next, *sums
"""


def test_a_sequence_that_calls_a_wrong_step_pays_for_it_in_the_step_only():
    made = {"np": np, "sequence": sequence, "right": step_backward}
    exec(WRONG_STEP, made)
    assert points(report_on("ps4/lstm_step_backward", made["lstm_step_backward"]))["dc_prev"] == 0
    report = report_on("ps4/lstm_backward", made["lstm_backward"])
    assert report.points == report.out_of
    assert "With a right lstm_step_backward in the place of yours" in report.remarks[0]


def test_a_wrong_equation_written_out_again_is_charged_once():
    """The candidate without its tanh: in the step, and in all that is written like it."""
    name = "tanh is left out at the candidate"
    charged = []
    for exercise in ("lstm_step", "lstm_step_backward", "lstm_forward", "lstm_backward"):
        exercise = find(f"ps4/{exercise}")
        mistake = next(mistake for mistake in exercise.mistakes if mistake.name == name)
        report = report_on(exercise.name, handed_in(exercise, mistake), charged=charged)
        assert [cause.names for cause in report.causes] == [(name,)]
        if charged:
            assert report.points == report.out_of
        else:
            assert points(report) == {"h": 1.0, "c": 0.0}
        charged = [name]
