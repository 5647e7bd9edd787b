"""Problem set 4: right answers in odd ways keep their points, and what is odd is remarked on."""

import collections

import numpy as np
import pytest

from rnnlib.grading.exercise import find
from tests.grading.exercises.handing_in import (
    assert_full,
    each,
    exercises_of,
    handed_in,
    report_on,
    sigmoid,
    values_of,
)

step_backward = handed_in(find("ps4/lstm_step_backward"))
State = collections.namedtuple("State", "h c")


def slices(x, h_prev, c_prev, U, W, b):
    H = h_prev.shape[1]
    a = np.concatenate((x, h_prev), axis=1).dot(np.concatenate((U, W), axis=1).T) + b
    i, f = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H])
    g, o = np.tanh(a[:, 2 * H : 3 * H]), sigmoid(a[:, 3 * H :])
    next_c = f * c_prev + i * g
    return [o * np.tanh(next_c), next_c]


def reshaped(x, h_prev, c_prev, U, W, b):
    B, H = h_prev.shape
    a = (x @ U.T + h_prev @ W.T + b).reshape(B, 4, H)
    squashed = 0.5 + 0.5 * np.tanh(a / 2)
    c = squashed[:, 1] * c_prev + squashed[:, 0] * np.tanh(a[:, 2])
    return squashed[:, 3] * np.tanh(c), c


def by_einsum(x, h_prev, c_prev, U, W, b):
    D, H = x.shape[1], h_prev.shape[1]
    a = np.einsum("ghd,bd->gbh", U.reshape(4, H, D), x)
    a += np.einsum("ghk,bk->gbh", W.reshape(4, H, H), h_prev) + b.reshape(4, 1, H)
    i, f, g, o = a
    c = c_prev * sigmoid(f) + sigmoid(i) * np.tanh(g)
    return np.multiply(sigmoid(o), np.tanh(c)), c


def sequence_by_sequence(x, h_prev, c_prev, U, W, b):
    h, c = [], []
    for x_b, h_b, c_b in zip(x, h_prev, c_prev, strict=True):
        i, f, g, o = np.vsplit((np.dot(U, x_b) + np.dot(W, h_b) + b)[:, None], 4)
        c.append((sigmoid(f)[:, 0] * c_b + (sigmoid(i) * np.tanh(g))[:, 0]).tolist())
        h.append((sigmoid(o)[:, 0] * np.tanh(c[-1])).tolist())
    return h, c


def rounded(*arguments):
    return reshaped(*(argument.astype(np.float32) for argument in arguments))


def with_named_values(x, h_prev, c_prev, U, W, b):
    return State(*slices(x, h_prev, c_prev, U, W, b))


STEPS = [slices, reshaped, by_einsum, sequence_by_sequence, rounded, with_named_values]


@pytest.mark.parametrize("function", STEPS, ids=lambda function: function.__name__)
def test_a_right_step_keeps_its_points_however_it_takes_the_gates(function):
    assert_full(report_on("ps4/lstm_step", function))


def in_a_dictionary(x, h_prev, c_prev, U, W, b):
    a = x @ U.T + h_prev @ W.T + b
    i, f, g, o = (a[:, k * len(h_prev.T) : (k + 1) * len(h_prev.T)] for k in range(4))
    gate = {"i": sigmoid(i), "f": sigmoid(f), "g": np.tanh(g), "o": sigmoid(o)}
    gate["tanh_c"] = np.tanh(gate["f"] * c_prev + gate["i"] * gate["g"])
    return gate


def a_gate_at_a_time(dh, dc, x, h_prev, c_prev, U, W, b):
    """Four gates by themselves, sums of outer products, tanh' as 1/cosh²."""
    H, gate = h_prev.shape[1], in_a_dictionary(x, h_prev, c_prev, U, W, b)
    c = np.arctanh(gate["tanh_c"])
    dc = dc + dh * gate["o"] / np.cosh(c) ** 2
    da = {
        "i": dc * gate["g"] * gate["i"] * (1 - gate["i"]),
        "f": dc * c_prev * gate["f"] * (1 - gate["f"]),
        "g": dc * gate["i"] / np.cosh(np.arctanh(gate["g"])) ** 2,
        "o": dh * gate["tanh_c"] * gate["o"] * (1 - gate["o"]),
    }
    dx, dh_prev, dU, dW, db = 0, 0, [], [], []
    for k, name in enumerate("ifgo"):
        rows = slice(k * H, (k + 1) * H)
        dx = dx + np.dot(da[name], U[rows])
        dh_prev = dh_prev + np.dot(W[rows].T, da[name].T).T
        dU.append(sum(np.outer(da_b, x_b) for da_b, x_b in zip(da[name], x, strict=True)))
        dW.append(np.einsum("bh,bk->hk", da[name], h_prev))
        db.append(np.ones(len(x)) @ da[name])
    return dx, dh_prev, dc * gate["f"], np.vstack(dU), np.vstack(dW), np.hstack(db)


def stacked_of_four(dh, dc, x, h_prev, c_prev, U, W, b):
    """(B, 4, H) throughout, and the bias's gradient with its batch axis kept."""
    B, H = h_prev.shape
    gate = in_a_dictionary(x, h_prev, c_prev, U, W, b)
    i, f, g, o, tanh_c = (gate[name] for name in ("i", "f", "g", "o", "tanh_c"))
    dc = dc + dh * o * (1 - tanh_c) * (1 + tanh_c)
    slopes = [g * (i - i**2), c_prev * (f - f**2), i * (1 - g**2), tanh_c * (o - o**2)]
    da = np.stack(slopes, axis=1) * np.stack([dc, dc, dc, dh], axis=1)
    da = da.reshape(B, 4 * H)
    return [da @ U, da @ W, f * dc, x.T.dot(da).T, h_prev.T.dot(da).T, da.sum(0, keepdims=True)]


def in_place(dh, dc, x, h_prev, c_prev, U, W, b):
    """The carry is added to where it stands, as every second right implementation does it."""
    gate = in_a_dictionary(x, h_prev, c_prev, U, W, b)
    i, f, g, o, tanh_c = (gate[name] for name in ("i", "f", "g", "o", "tanh_c"))
    dc += dh * o * (1 - tanh_c**2)
    da = np.hstack([dc * i * g * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * o])
    da[:, -h_prev.shape[1] :] *= tanh_c * (1 - o)
    dc *= f
    return da @ U, da @ W, dc, da.T @ x, da.T @ h_prev, da.sum(0)


@pytest.mark.parametrize("function", [a_gate_at_a_time, stacked_of_four, in_place])
def test_a_right_step_backward_keeps_its_points(function):
    assert_full(report_on("ps4/lstm_step_backward", function))


def test_a_carry_that_is_changed_in_place_costs_nothing_and_is_remarked_on():
    report = report_on("ps4/lstm_step_backward", in_place)
    assert report.points == report.out_of
    assert any(
        remark.startswith("dc is changed in place. No points are lost") for remark in report.remarks
    )


def test_an_axis_too_many_in_the_bias_costs_nothing_and_is_remarked_on():
    report = report_on("ps4/lstm_step_backward", stacked_of_four)
    assert report.points == report.out_of
    assert any("db has shape (1, 4H)" in remark for remark in report.remarks)


def whole_arrays(dh, x, h0, c0, U, W, b):
    """Whole arrays kept of the way there, a carry that starts as 0, all sums after the loop."""
    T, (B, H) = len(x), h0.shape
    h, c = np.empty((T + 1, B, H)), np.empty((T + 1, B, H))
    gate = np.empty((4, T, B, H))
    h[0], c[0] = h0, c0
    for t in range(T):
        a = (x[t] @ U.T + h[t] @ W.T + b).reshape(B, 4, H)
        gate[:, t] = sigmoid(a[:, 0]), sigmoid(a[:, 1]), np.tanh(a[:, 2]), sigmoid(a[:, 3])
        i, f, g, o = gate[:, t]
        c[t + 1] = f * c[t] + i * g
        h[t + 1] = o * np.tanh(c[t + 1])
    da, dnext_h, dnext_c = np.zeros((T, B, 4, H)), 0, 0
    for t in range(T - 1, -1, -1):
        (i, f, g, o), tanh_c = gate[:, t], np.tanh(c[t + 1])
        dnext_h = dnext_h + dh[t]
        dnext_c = dnext_c + dnext_h * o * (1 - tanh_c**2)
        da[t, :, 0] = dnext_c * g * i * (1 - i)
        da[t, :, 1] = dnext_c * c[t] * f * (1 - f)
        da[t, :, 2] = dnext_c * i * (1 - g**2)
        da[t, :, 3] = dnext_h * tanh_c * o * (1 - o)
        dnext_h, dnext_c = da[t].reshape(B, -1) @ W, dnext_c * f
    rows = da.reshape(T, B, 4 * H)
    return (
        rows @ U,
        dnext_h,
        dnext_c,
        np.tensordot(rows, x, axes=([0, 1], [0, 1])),
        np.tensordot(rows, h[:-1], axes=([0, 1], [0, 1])),
        rows.sum((0, 1)),
    )


def batch_major_and_used_up(dh, x, h0, c0, U, W, b):
    """Batch first inside, as other courses have it, and a cache that every step takes from."""
    cache, h, c = [], h0, c0
    for x_t in x:
        cache.append((x_t, h, c))
        h, c = reshaped(x_t, h, c, U, W, b)
    dx, sums = np.zeros((x.shape[1], len(x), x.shape[2])), [0, 0, 0]
    dh_next = dc_next = np.zeros_like(h0)
    while cache:
        x_t, h_prev, c_prev = cache.pop()
        t = len(cache)
        dx[:, t], dh_next, dc_next, *more = step_backward(
            dh[t] + dh_next, dc_next, x_t, h_prev, c_prev, U, W, b
        )
        sums = [total + one for total, one in zip(sums, more, strict=True)]
    return dx.transpose(1, 0, 2), dh_next, dc_next, *sums


def one_sequence_after_the_other(dh, x, h0, c0, U, W, b):
    dx, dh0, dc0, sums = np.zeros_like(x), [], [], []
    for n in range(x.shape[1]):
        one = slice(n, n + 1)
        dx[:, one], first_h, first_c, *more = whole_arrays(
            dh[:, one], x[:, one], h0[one], c0[one], U, W, b
        )
        dh0.append(first_h[0])
        dc0.append(first_c[0])
        sums.append(more)
    return dx, dh0, dc0, *(sum(one) for one in zip(*sums, strict=True))


def in_single_precision(*arguments):
    return whole_arrays(*(argument.astype(np.float32) for argument in arguments))


@pytest.mark.parametrize(
    "function",
    [whole_arrays, batch_major_and_used_up, one_sequence_after_the_other, in_single_precision],
)
def test_a_right_sequence_backward_keeps_its_points(function):
    assert_full(report_on("ps4/lstm_backward", function))


def test_only_the_edge_share_is_lost_where_one_sequence_or_one_step_raises():
    def squeezed(dh, x, *arguments):
        if x.shape[1] == 1:
            raise IndexError("too many indices for array")
        return whole_arrays(dh, x, *arguments)

    report = report_on("ps4/lstm_backward", squeezed)
    assert report.points == pytest.approx(0.9 * report.out_of)
    assert {line.verdict for line in report.lines} == {"right, but not with B = 1"}

    def no_single_step(dh, x, *arguments):
        values = list(whole_arrays(dh, x, *arguments))
        return values if len(x) > 1 else [values[0], None, *values[2:]]

    report = report_on("ps4/lstm_backward", no_single_step)
    assert report.points == pytest.approx(report.out_of - 0.2)  # a tenth of dh0
    assert "dh0" in {line.name for line in report.lines if line.points < line.out_of}


@each(exercises_of("ps4"))
def test_whatever_holds_the_right_numbers_has_full_points(exercise):
    right = handed_in(exercise)
    for form in (np.asfortranarray, lambda value: np.asarray(value).tolist(), np.float32):

        def function(*arguments, form=form):
            made = [form(value) for value in values_of(exercise, right(*arguments))]
            return made if len(made) > 1 else made[0]

        assert report_on(exercise.name, function).points == exercise.points
