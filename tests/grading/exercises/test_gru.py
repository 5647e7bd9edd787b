"""The gated recurrent unit: its references, right answers in odd ways, and one mistake twice."""

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
    sigmoid,
    values_of,
)

EXERCISES = exercises_of("gru")
step_backward = handed_in(find("gru/gru_step_backward"))
backward = handed_in(find("gru/gru_backward"))
each_seed = pytest.mark.parametrize("seed", [0, 1])


def step(x, h, U, W, b, b_n):
    """One step, each gate by its own block of the stack."""
    H = h.shape[1]
    r_rows, z_rows, n_rows = (slice(k * H, (k + 1) * H) for k in range(3))
    r = 1 / (1 + np.exp(-(x @ U[r_rows].T + h @ W[r_rows].T + b[r_rows])))
    keep = 1 / (1 + np.exp(-(x @ U[z_rows].T + h @ W[z_rows].T + b[z_rows])))
    n = np.tanh(x @ U[n_rows].T + b[n_rows] + r * (h @ W[n_rows].T + b_n))
    return n + keep * (h - n)


def sequence(x, h, *parameters):
    states = []
    for x_t in x:
        h = step(x_t, h, *parameters)
        states.append(h)
    return np.array(states)


# The references


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
    for name, function in {"gru/gru_step": step, "gru/gru_forward": sequence}.items():
        for case in find(name).cases(seed):
            assert_close(case.expected[0], function(*case.arguments))


@each_seed
@pytest.mark.parametrize(
    ("name", "function"), [("gru/gru_step_backward", step), ("gru/gru_backward", sequence)]
)
def test_the_gradients_agree_with_finite_differences(name, function, seed):
    for case in find(name).cases(seed):
        dh, *arguments = case.arguments

        def loss(arguments, dh=dh):
            return (dh * function(*arguments)).sum()

        for expected, by_differences in zip(
            case.expected, numerical_gradient(loss, tuple(arguments)), strict=True
        ):
            assert_close(expected, by_differences, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("cut", [2, 5, 10])
def test_a_gradient_that_is_cut_off_shows_in_the_long_sequence(cut):
    """Also where the cut is so late that the short sequences are right."""

    def gru_backward(dh, x, h0, *parameters):
        if len(x) <= cut:
            return backward(dh, x, h0, *parameters)
        h = sequence(x[:-cut], h0, *parameters)
        dx, _, *sums = backward(dh[-cut:], x[-cut:], h[-1], *parameters)
        return np.concatenate([0 * x[:-cut], dx]), 0 * h0, *sums

    lost = dict.fromkeys(("dx", "dh0", "dU", "dW", "db", "db_n"), 0.0)
    assert points(report_on("gru/gru_backward", gru_backward)) == lost


# Right in odd ways


def reshaped(x, h_prev, U, W, b, b_n):
    B, H = h_prev.shape
    from_x = np.dot(x, U.T).reshape(B, 3, H) + b.reshape(3, H)
    from_h = np.einsum("ghk,bk->bgh", W.reshape(3, H, H), h_prev)
    r, z = (0.5 * (1 + np.tanh((from_x + from_h)[:, k] / 2)) for k in range(2))
    n = np.tanh(from_x[:, 2] + r * from_h[:, 2] + r * b_n)
    return n - z * n + z * h_prev


def sequence_by_sequence(x, h_prev, U, W, b, b_n):
    new = []
    for x_b, h_b in zip(x, h_prev, strict=True):
        U_r, U_z, U_n = np.vsplit(U, 3)
        W_r, W_z, W_n = np.vsplit(W, 3)
        b_r, b_z, b_c = np.hsplit(b, 3)
        r, z = sigmoid(U_r @ x_b + W_r @ h_b + b_r), sigmoid(U_z @ x_b + W_z @ h_b + b_z)
        n = np.tanh(U_n @ x_b + b_c + r * (W_n @ h_b + b_n))
        new.append(((1 - z) * n + z * h_b).tolist())
    return new


def in_single_precision(*arguments):
    return reshaped(*(argument.astype(np.float32) for argument in arguments))


@pytest.mark.parametrize("function", [reshaped, sequence_by_sequence, in_single_precision])
def test_a_right_step_keeps_its_points_however_it_takes_the_gates(function):
    assert_full(report_on("gru/gru_step", function))


def a_gate_at_a_time(dh, x, h_prev, U, W, b, b_n):
    """A path at a time from h back to h_prev, tanh' as 1/cosh², sums as products with ones."""
    H = h_prev.shape[1]
    a = [x @ U[k * H : (k + 1) * H].T + b[k * H : (k + 1) * H] for k in range(3)]
    m = [h_prev @ W[k * H : (k + 1) * H].T for k in range(3)]
    r, z, inner = sigmoid(a[0] + m[0]), sigmoid(a[1] + m[1]), m[2] + b_n
    total = a[2] + r * inner
    dz, dn = dh * h_prev - dh * np.tanh(total), dh - dh * z
    dn_in = dn / np.cosh(total) ** 2
    d_in = [dn_in * inner * r * (1 - r), dz * z * (1 - z), dn_in]
    d_from_h = [*d_in[:2], r * dn_in]
    dh_prev = z * dh
    for k in range(3):
        dh_prev = dh_prev + d_from_h[k] @ W[k * H : (k + 1) * H]
    ones = np.ones((1, len(x)))
    dU = np.concatenate([d.T @ x for d in d_in])
    dW = np.concatenate([np.einsum("bh,bk->hk", d, h_prev) for d in d_from_h])
    dx = sum(d @ U[k * H : (k + 1) * H] for k, d in enumerate(d_in))
    return dx, dh_prev, dU, dW, (ones @ np.hstack(d_in))[0], ones @ d_from_h[2]


def test_a_right_step_backward_keeps_its_points():
    report = report_on("gru/gru_step_backward", a_gate_at_a_time)
    assert_full(report)
    assert any("db_n has shape (1, H)" in remark for remark in report.remarks)


def in_place(dh, x, h_prev, *parameters):
    values = step_backward(dh.copy(), x, h_prev, *parameters)
    dh *= 0
    dh += values[1]
    return values[0], dh, *values[2:]


def test_an_upstream_gradient_that_is_changed_in_place_costs_nothing_and_is_remarked_on():
    report = report_on("gru/gru_step_backward", in_place)
    assert_full(report)
    assert any(remark.startswith("dh is changed in place") for remark in report.remarks)


def lists_turned_round(dh, x, h0, *parameters):
    """Lists that are appended to and reversed, a carry that starts as 0."""
    before = [h0, *sequence(x, h0, *parameters)[:-1]]
    dx, carry, sums = [], 0, []
    for dh_t, x_t, h_prev in zip(dh[::-1], x[::-1], before[::-1], strict=True):
        dx_t, carry, *more = a_gate_at_a_time(dh_t + carry, x_t, h_prev, *parameters)
        dx.append(dx_t)
        sums.append([more[0], more[1], more[2], more[3][0]])
    dx.reverse()
    return dx, carry, *(np.sum(one, axis=0) for one in zip(*sums, strict=True))


def test_a_right_sequence_backward_keeps_its_points():
    assert_full(report_on("gru/gru_backward", lists_turned_round))


@each(EXERCISES)
def test_whatever_holds_the_right_numbers_has_full_points(exercise):
    right = handed_in(exercise)
    for form in (np.asfortranarray, lambda value: np.asarray(value).tolist(), np.float32):

        def function(*arguments, form=form):
            made = [form(value) for value in values_of(exercise, right(*arguments))]
            return made if len(made) > 1 else made[0]

        assert report_on(exercise.name, function).points == exercise.points


# Nobody pays twice


def test_a_wrong_equation_written_out_again_is_charged_once():
    """z and 1 - z in each other's place: in the step, and in all that is written like it."""
    name, charged = "z and 1 - z stand in each other's place", []
    for exercise in map(find, ("gru/gru_step", "gru/gru_forward", "gru/gru_backward")):
        mistake = next(mistake for mistake in exercise.mistakes if mistake.name == name)
        report = report_on(exercise.name, handed_in(exercise, mistake), charged=charged)
        assert [cause.names for cause in report.causes] == [(name,)]
        assert report.points == (report.out_of if charged else 0.0)
        charged = [name]


def test_a_sequence_that_calls_a_wrong_step_pays_for_it_in_the_step_only():
    made = {"np": np, "right": handed_in(find("gru/gru_step"))}
    exec(
        "def gru_step(*arguments):\n"
        "    return 2 * right(*arguments)\n"
        "def gru_forward(x, h, *parameters):\n"
        "    states = []\n"
        "    for x_t in x:\n"
        "        h = gru_step(x_t, h, *parameters)\n"
        "        states.append(h)\n"
        "    return states\n",
        made,
    )
    assert report_on("gru/gru_step", made["gru_step"]).points == 0.0
    report = report_on("gru/gru_forward", made["gru_forward"])
    assert report.points == report.out_of
    assert "With a right gru_step in the place of yours" in report.remarks[0]
