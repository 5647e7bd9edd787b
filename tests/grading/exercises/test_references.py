"""The references of problem sets 1 to 3, against equations and differences written here.

Each exercise is held three ways: its reference (rnnlib), its solution (what its mistakes are made
of), and here a third time, as independently as the function allows.
"""

import math

import numpy as np
import pytest

from rnnlib.grading.exercise import find, names
from rnnlib.grading.formula import FORMULAS, Formula

EXERCISES = [find(name) for name in names() if name.startswith(("ps1/", "ps2/", "ps3/"))]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
each_seed = pytest.mark.parametrize("seed", [0, 1])


def differences(f, arrays, e=1e-6):
    """Centred differences of f(*arrays), a number, in every entry of every array."""
    gradients = []
    for array in arrays:
        gradient = np.empty_like(array)
        for index in np.ndindex(array.shape):
            moved = []
            for step in (e, -e):
                at = array.copy()
                at[index] += step
                moved.append(f(*(at if other is array else other for other in arrays)))
            gradient[index] = (moved[0] - moved[1]) / (2 * e)
        gradients.append(gradient)
    return gradients


def states(x, h0, U, W, b):
    h = [h0]
    for x_t in x:
        h.append(np.tanh(np.einsum("bd,hd->bh", x_t, U) + np.einsum("bg,hg->bh", h[-1], W) + b))
    return np.array(h[1:])


def assert_close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-8)


@each_seed
@each_exercise
def test_the_solution_gives_what_the_reference_gives(exercise, seed):
    for case in exercise.cases(seed):
        values = exercise.solution(*case.arguments)
        values = (values,) if len(exercise.parts) == 1 else values
        for value, expected in zip(values, case.expected, strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-9)


@each_seed
@each_exercise
def test_the_solution_leaves_its_arguments_as_they_are(exercise, seed):
    for case in exercise.cases(seed):
        before = [np.array(a) for a in case.arguments if isinstance(a, np.ndarray)]
        exercise.solution(*case.arguments)
        after = [a for a in case.arguments if isinstance(a, np.ndarray)]
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@each_seed
def test_forward_exercises_agree_with_the_equations(seed):
    for case in find("ps1/rnn_step").cases(seed):
        x, h_prev, *p = case.arguments
        assert_close(case.expected[0], states(x[None], h_prev, *p)[0])
    for case in find("ps1/rnn_forward").cases(seed):
        assert_close(case.expected[0], states(*case.arguments))
    for case in find("ps1/readout").cases(seed):
        h, V, b_y = case.arguments
        assert_close(case.expected[0], np.einsum("tbh,kh->tbk", h, V) + b_y)
    for case in find("ps1/many_to_one").cases(seed):
        *network, V, b_y = case.arguments
        assert_close(case.expected[0], states(*network)[-1] @ V.T + b_y)
    for case in find("ps1/one_to_many").cases(seed):
        x, h, U, W, b, V, b_y, steps = case.arguments
        for o in (expected := case.expected[0]):
            h = states(x[None], h, U, W, b)[0]
            x = h @ V.T + b_y
            assert_close(o, x)
        assert len(expected) == steps


@each_seed
def test_probabilities_and_losses_agree_with_sums_over_entries(seed):
    for case in find("ps1/softmax").cases(seed):
        (o,), (p,) = case.arguments, case.expected
        for t, b in np.ndindex(o.shape[:2]):
            weights = [math.exp(o_k - max(o[t, b])) for o_k in o[t, b]]
            assert_close(p[t, b], [weight / math.fsum(weights) for weight in weights])
    for case in find("ps1/sequence_loss").cases(seed):
        y_hat, y = case.arguments
        T, B, _ = y_hat.shape
        losses = [-math.log(y_hat[t, b, y[t, b]]) for t in range(T) for b in range(B)]
        assert_close(case.expected[0], math.fsum(losses) / B)


@each_seed
def test_the_gradients_of_the_loss_agree_with_finite_differences(seed):
    for case in find("ps2/loss_and_gradients").cases(seed):
        x, y, h0, U, W, V, b, b_y = case.arguments

        def loss(U, W, V, b, b_y, x=x, y=y, h0=h0):
            o = states(x, h0, U, W, b) @ V.T + b_y
            log_y = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))
            return -np.take_along_axis(log_y, y[..., None], axis=-1).sum() / y.shape[1]

        assert_close(case.expected[0], loss(U, W, V, b, b_y))
        for expected, gradient in zip(
            case.expected[1:], differences(loss, [U, W, V, b, b_y]), strict=True
        ):
            assert_close(expected, gradient)


@each_seed
def test_the_truncated_gradients_agree_with_differences_piece_by_piece(seed):
    for case in find("ps2/truncated_backward").cases(seed):
        dh, x, h0, h, U, W, b, k = case.arguments
        sums = [0 * U, 0 * W, 0 * b]
        for start in range(0, len(x), k):
            piece = slice(start, start + k)
            before = h[start - 1] if start else h0

            def loss(x, h0, U, W, b, dh=dh[piece]):
                return (dh * states(x, h0, U, W, b)).sum()

            dx, dh0, *gradients = differences(loss, [x[piece].copy(), before.copy(), U, W, b])
            assert_close(case.expected[0][piece], dx)
            if start == 0:
                assert_close(case.expected[1], dh0)
            sums = [total + gradient for total, gradient in zip(sums, gradients, strict=True)]
        for expected, total in zip(case.expected[2:], sums, strict=True):
            assert_close(expected, total)


def slope(f, a):
    """The gradients of the known functions, derived by hand."""
    w, m = f.arrays
    return {
        "bowl": lambda: 2 * w * (a - m),
        "waves": lambda: w * np.cos(a + m),
        "product": lambda: w * (m * np.tanh(a)).sum() + (w * a).sum() * m * (1 - np.tanh(a) ** 2),
    }[f.name]()


@each_seed
def test_the_numerical_gradient_agrees_with_derivatives_by_hand(seed):
    cases = find("ps2/numerical_gradient").cases(seed)
    for case in cases:
        assert_close(case.expected[0], slope(*case.arguments))
    assert {case.arguments[0].name for case in cases if not case.edge} == {*FORMULAS}


def test_a_formula_of_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="only bowl, waves, product"):
        Formula("eval", ())


@each_seed
def test_the_jacobian_of_a_step_agrees_with_finite_differences(seed):
    for case in find("ps3/step_jacobian").cases(seed):
        h, W = case.arguments
        before = np.random.default_rng(seed).normal(size=h.shape)
        rest = np.arctanh(h) - before @ W.T
        for b, i in np.ndindex(h.shape):
            (row,) = differences(
                lambda s, rest=rest, b=b, i=i, W=W: np.tanh(rest[b] + W @ s)[i], [before[b].copy()]
            )
            assert_close(case.expected[0][b, i], row)


@each_seed
def test_the_gradient_norms_agree_with_the_chain_rule_on_vectors(seed):
    """The norm is the square root of the largest eigenvalue of PᵀP, P built column by column."""
    for case in find("ps3/gradient_norms").cases(seed):
        h, W = case.arguments
        T, B, H = h.shape
        for lag, b in np.ndindex(T, B):
            columns = []
            for e in np.eye(H):
                for t in range(T - lag, T):
                    e = (1 - h[t, b] ** 2) * (W @ e)
                columns.append(e)
            P = np.array(columns).T
            assert_close(case.expected[0][lag, b], np.sqrt(np.linalg.eigvalsh(P.T @ P)[-1]))


@each_seed
def test_singular_values_are_replaced_and_singular_vectors_stay(seed):
    for case in find("ps3/with_singular_values").cases(seed):
        (W, s), (new,) = case.arguments, case.expected
        assert_close(np.linalg.svdvals(new), s)
        for product in (new @ W.T, new.T @ W):  # common vectors: products are symmetric
            assert_close(product, product.T)
            assert np.linalg.eigvalsh(product).min() > 0


@each_seed
def test_the_orthogonal_matrix_is_orthogonal_and_leaves_a_triangle_with_a_positive_diagonal(seed):
    signs = set()
    for case in find("ps3/orthogonal").cases(seed):
        (A,), (Q,) = case.arguments, case.expected
        assert_close(Q.T @ Q, np.eye(len(A)))
        assert_close(np.tril(Q.T @ A, -1), 0)
        assert np.diag(Q.T @ A).min() > 0
        signs |= {*np.sign(np.diag(np.linalg.qr(A)[1]))}
    assert signs == {-1, 1}  # else nothing would depend on them


@each_seed
def test_clipping_agrees_with_its_definition_and_both_sides_of_the_limit_occur(seed):
    for name, size in (
        ("ps3/clip_by_norm", lambda flat: np.linalg.norm(flat)),
        ("ps3/clip_by_value", lambda flat: np.abs(flat).max()),
    ):
        clipped = set()
        for case in find(name).cases(seed):
            gradients, limit = case.arguments
            before = np.concatenate([dp.ravel() for dp in gradients])
            after = np.concatenate([dp.ravel() for dp in case.expected])
            clipped.add(bool(size(before) > limit))
            assert size(after) <= limit * (1 + 1e-12)
            if size(before) <= limit:
                assert_close(after, before)
            elif name == "ps3/clip_by_norm":
                assert_close(after / before, limit / size(before))
            else:
                assert_close(after[np.abs(before) <= limit], before[np.abs(before) <= limit])
                assert_close(np.abs(after[np.abs(before) > limit]), limit)
                assert (np.sign(after) == np.sign(before)).all()
        assert clipped == {True, False}


def test_the_points_of_a_problem_set_are_those_that_the_course_counts_on():
    points = {}
    for exercise in EXERCISES:
        problem_set = exercise.name.split("/")[0]
        points[problem_set] = points.get(problem_set, 0) + exercise.points
    assert points == {"ps1": 23, "ps2": 31, "ps3": 20}
