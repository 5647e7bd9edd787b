"""Sequences of unequal length: the references, right answers in odd ways, and the padding."""

import numpy as np
import pytest

from rnnlib.gradients import numerical_gradient
from rnnlib.grading.exercise import find
from tests.grading.exercises.handing_in import (
    assert_close,
    assert_full,
    each,
    exercises_of,
    report_on,
    values_of,
)

EXERCISES = exercises_of("lengths")
LOSS, FORWARD, BACKWARD = (
    find(f"lengths/{name}") for name in ("sequence_loss", "rnn_forward", "rnn_backward")
)
each_seed = pytest.mark.parametrize("seed", [0, 1])


def one_after_the_other(x, h0, U, W, b, lengths):
    """Every sequence alone, cut to its own length: nothing is padded."""
    h, last = np.zeros((*x.shape[:2], len(b))), np.empty_like(h0)
    for n, length in enumerate(lengths):
        state = h0[n]
        for t in range(length):
            state = np.tanh(U @ x[t, n] + W @ state + b)
            h[t, n] = state
        last[n] = state
    return h, last


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
def test_the_loss_is_that_of_the_sequences_one_by_one(seed):
    for case in LOSS.cases(seed):
        y_hat, y, lengths = case.arguments
        losses = [
            -sum(np.log(y_hat[t, n, y[t, n]]) for t in range(length))
            for n, length in enumerate(lengths)
        ]
        assert_close(case.expected[0], sum(losses) / len(losses))


@each_seed
def test_the_states_are_those_of_the_sequences_one_by_one(seed):
    for case in FORWARD.cases(seed):
        for value, expected in zip(
            one_after_the_other(*case.arguments), case.expected, strict=True
        ):
            assert_close(value, expected)


@each_seed
def test_the_gradients_agree_with_finite_differences(seed):
    for case in BACKWARD.cases(seed):
        dh, dlast, x, h0, _, U, W, b, lengths = case.arguments

        def loss(arguments, dh=dh, dlast=dlast, lengths=lengths):
            h, last = one_after_the_other(*arguments, lengths)
            return (dh * h).sum() + (dlast * last).sum()

        by_differences = numerical_gradient(loss, (x, h0, U, W, b))
        for expected, difference in zip(case.expected, by_differences, strict=True):
            assert_close(expected, difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
@each(EXERCISES)
def test_every_general_case_holds_padding(exercise, seed):
    for case in exercise.cases(seed):
        lengths, T = case.arguments[-1], case.sizes["T"]
        assert lengths.min() >= 1
        if not case.edge:
            assert lengths.max() == T
            assert lengths.min() < T
            assert lengths[0] < T


def test_a_loss_by_a_loop_keeps_its_points():
    def sequence_loss(y_hat, y, lengths):
        total = 0.0
        for n in range(y.shape[1]):
            for t in range(lengths[n]):
                total -= np.log(y_hat[t, n, y[t, n]])
        return total / y.shape[1]

    assert_full(report_on("lengths/sequence_loss", sequence_loss))


def test_states_of_the_sequences_one_by_one_keep_their_points():
    def rnn_forward(*arguments):
        return one_after_the_other(*arguments)

    assert_full(report_on("lengths/rnn_forward", rnn_forward))


def test_a_way_back_that_starts_each_sequence_at_its_own_end_keeps_its_points():
    def rnn_backward(dh, dlast, x, h0, h, U, W, b, lengths):
        dx, dh0 = np.zeros_like(x), np.empty_like(h0)
        dU, dW, db = np.zeros_like(U), np.zeros_like(W), np.zeros_like(b)
        for n, length in enumerate(lengths):
            carry = dlast[n]
            for t in range(length - 1, -1, -1):
                da = (1 - h[t, n] ** 2) * (dh[t, n] + carry)
                dx[t, n], carry = U.T @ da, W.T @ da
                dU += np.outer(da, x[t, n])
                dW += np.outer(da, h[t - 1, n] if t else h0[n])
                db += da
            dh0[n] = carry
        return dx, dh0, dU, dW, db

    assert_full(report_on("lengths/rnn_backward", rnn_backward))
