"""Two networks on one sequence: their references, and right answers in odd ways."""

import numpy as np
import pytest

from rnnlib.gradients import numerical_gradient
from rnnlib.grading.exercise import find
from tests.grading.exercises.handing_in import (
    assert_close,
    assert_full,
    each,
    exercises_of,
    handed_in,
    points,
    report_on,
    values_of,
)

EXERCISES = exercises_of("bidirectional")
FORWARD, BACKWARD = (
    f"bidirectional/bidirectional_{direction}" for direction in ("forward", "backward")
)
backward = handed_in(find(BACKWARD))
each_seed = pytest.mark.parametrize("seed", [0, 1])


def both(x, h0_forward, h0_backward, U_f, W_f, b_f, U_b, W_b, b_b):
    """The equations, each state at its own place and no sequence reversed."""
    T, B, H = *x.shape[:2], len(b_f)
    h = np.empty((T, B, 2 * H))
    for t in range(T):
        before = h[t - 1, :, :H] if t > 0 else h0_forward
        h[t, :, :H] = np.tanh(x[t] @ U_f.T + before @ W_f.T + b_f)
    for t in range(T - 1, -1, -1):
        after = h[t + 1, :, H:] if t < T - 1 else h0_backward
        h[t, :, H:] = np.tanh(x[t] @ U_b.T + after @ W_b.T + b_b)
    return h


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
def test_the_forward_reference_agrees_with_the_equations(seed):
    for case in find(FORWARD).cases(seed):
        assert_close(case.expected[0], both(*case.arguments))


@each_seed
def test_the_gradients_agree_with_finite_differences(seed):
    for case in find(BACKWARD).cases(seed):
        dh, *arguments = case.arguments

        def loss(arguments, dh=dh):
            return (dh * both(*arguments)).sum()

        for expected, by_differences in zip(
            case.expected, numerical_gradient(loss, tuple(arguments)), strict=True
        ):
            assert_close(expected, by_differences, rtol=1e-6, atol=1e-8)


def each_state_at_its_place(*arguments):
    return both(*arguments)


def as_one_network(x, h0_forward, h0_backward, U_f, W_f, b_f, U_b, W_b, b_b):
    """Both directions as one network of blocks, on the sequence beside itself reversed."""
    D, H = x.shape[2], len(b_f)
    U, W = np.zeros((2 * H, 2 * D)), np.zeros((2 * H, 2 * H))
    U[:H, :D], U[H:, D:], W[:H, :H], W[H:, H:] = U_f, U_b, W_f, W_b
    h, states = np.hstack([h0_forward, h0_backward]), []
    for x_t in np.concatenate([x, np.flip(x, axis=0)], axis=2):
        h = np.tanh(np.einsum("hd,bd->bh", U, x_t) + np.dot(h, W.T) + np.r_[b_f, b_b])
        states.append(h)
    states = np.array(states)
    return np.dstack([states[..., :H], states[::-1, :, H:]])


def lists_put_in_front(x, h0_forward, h0_backward, U_f, W_f, b_f, U_b, W_b, b_b):
    past, future = [h0_forward], [h0_backward]
    for t in range(len(x)):
        past.append(np.tanh(x[t] @ U_f.T + past[-1] @ W_f.T + b_f))
        future.insert(0, np.tanh(x[-1 - t] @ U_b.T + future[0] @ W_b.T + b_b))
    return [np.hstack(pair).tolist() for pair in zip(past[1:], future[:-1], strict=True)]


def in_single_precision(*arguments):
    return as_one_network(*(argument.astype(np.float32) for argument in arguments))


@pytest.mark.parametrize(
    "function", [each_state_at_its_place, as_one_network, lists_put_in_front, in_single_precision]
)
def test_a_right_layer_keeps_its_points(function):
    assert_full(report_on(FORWARD, function))


def all_at_once(dh, x, h0_forward, h0_backward, U_f, W_f, b_f, U_b, W_b, b_b):
    """No sequence is reversed, and all sums come after the loops."""
    T, H = len(x), len(b_f)
    h = both(x, h0_forward, h0_backward, U_f, W_f, b_f, U_b, W_b, b_b)
    slope, da = (1 - h) * (1 + h), np.empty(h.shape)
    carry_f = carry_b = 0
    for t in range(T):
        s = T - 1 - t
        da[s, :, :H] = slope[s, :, :H] * (dh[s, :, :H] + carry_f)
        da[t, :, H:] = slope[t, :, H:] * (dh[t, :, H:] + carry_b)
        carry_f, carry_b = da[s, :, :H] @ W_f, da[t, :, H:] @ W_b
    before = np.concatenate([h0_forward[None], h[:-1, :, :H]])
    after = np.concatenate([h[1:, :, H:], h0_backward[None]])
    da_f, da_b = da[..., :H], da[..., H:]

    def products(da, a):
        return np.tensordot(da, a, axes=([0, 1], [0, 1]))

    sums_f = products(da_f, x), products(da_f, before), da_f.sum((0, 1))
    sums_b = products(da_b, x), products(da_b, after), da_b.sum((0, 1))[None]
    return da_f @ U_f + da_b @ U_b, carry_f, carry_b, *sums_f, *sums_b


def test_a_right_way_back_keeps_its_points():
    report = report_on(BACKWARD, all_at_once)
    assert_full(report)
    assert any("db_b has shape (1, H)" in remark for remark in report.remarks)


def test_a_direction_that_is_right_earns_its_half_where_the_other_is_not():
    def second_half_forgotten(dh, x, *arguments):
        values = list(backward(dh, x, *arguments))
        values[2], values[6:] = 0 * values[2], [0 * value for value in values[6:]]
        return values

    earned = points(report_on(BACKWARD, second_half_forgotten))
    lost = {"dh0_backward", "dU_b", "dW_b", "db_b"}
    assert {name for name, value in earned.items() if value == 0.0} == lost


def test_a_layer_made_of_the_students_plain_network_is_not_charged_for_its_mistake():
    made = {"np": np}
    exec(
        "def rnn_forward(x, h0, U, W, b):\n"
        "    states = [h0]\n"
        "    for x_t in x:\n"
        "        states.append(np.tanh(x_t @ U.T + states[-1] @ W + b))\n"
        "    return np.array(states[1:])\n"
        "def bidirectional_forward(x, h0_f, h0_b, U_f, W_f, b_f, U_b, W_b, b_b):\n"
        "    there = rnn_forward(x, h0_f, U_f, W_f, b_f)\n"
        "    back = rnn_forward(x[::-1], h0_b, U_b, W_b, b_b)[::-1]\n"
        "    return np.concatenate([there, back], axis=-1)\n",
        made,
    )
    report = report_on(FORWARD, made["bidirectional_forward"])
    assert report.points == report.out_of
    assert "With a right rnn_forward in the place of yours" in report.remarks[0]


@each(EXERCISES)
def test_whatever_holds_the_right_numbers_has_full_points(exercise):
    right = handed_in(exercise)
    for form in (np.asfortranarray, lambda value: np.asarray(value).tolist(), np.float32):

        def function(*arguments, form=form):
            made = [form(value) for value in values_of(exercise, right(*arguments))]
            return made if len(made) > 1 else made[0]

        assert report_on(exercise.name, function).points == exercise.points
