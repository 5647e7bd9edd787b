"""The scan equals the loop, and its backward is right."""

import operator

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import scan
from rnnlib.gradients import relative_error
from rnnlib.scan.recurrence import DIAGONAL, MATRIX
from tests.three_ways import assert_backward_is_right

T, B, D, H = 7, 3, 2, 4
LENGTHS = [1, 2, 3, 4, 5, 8, 13, 32, 33]


def coefficients(rng, shape):
    """Random A of moderate size: the states neither vanish nor explode."""
    return rng.normal(size=shape) / np.sqrt(shape[-1])


def random_case(rng, kind, T=T):
    shape = {"diagonal": (T, B, H), "matrices": (T, B, H, H), "constant": (H, H)}[kind]
    return {
        "A": coefficients(rng, shape),
        "b": rng.normal(size=(T, B, H)),
        "h0": rng.normal(size=(B, H)),
    }


def as_matrices(A, T=T):
    """Each kind of coefficients as full matrices, (T, B, H, H)."""
    if A.ndim == 2:
        return np.broadcast_to(A, (T, B, H, H))
    return A[..., None] * np.eye(H) if A.ndim == 3 else A


def by_hand(A, b, h0):
    """The definition: one matrix times one vector at a time."""
    A, h = as_matrices(A, len(b)), [h0]
    for t in range(len(b)):
        h.append(np.stack([A[t, i] @ h[t][i] + b[t, i] for i in range(B)]))
    return np.stack(h[1:])


def forward(A, b, h0=None):
    return (scan.constant_recurrence if A.ndim == 2 else scan.linear_recurrence)(A, b, h0)


def backward(A, h, dh, h0=None):
    constant = A.ndim == 2
    return (scan.constant_recurrence_backward if constant else scan.linear_recurrence_backward)(
        A, h, dh, h0
    )


KINDS = ["diagonal", "matrices", "constant"]


# The scan itself.


@pytest.mark.parametrize("length", LENGTHS)
def test_every_prefix_is_there_and_in_order(length):
    """Composition of permutations: associative, and not commutative."""
    rng = np.random.default_rng(length)
    permutations = np.stack([rng.permutation(5) for _ in range(length)])

    def after(later, earlier):
        return np.take_along_axis(later, earlier, axis=-1)

    got = scan.associative_scan(after, permutations)
    want = [permutations[0]]
    for e in permutations[1:]:
        want.append(e[want[-1]])
    assert got.tolist() == np.stack(want).tolist()


@pytest.mark.parametrize("length", LENGTHS)
def test_work_is_linear_and_rounds_are_logarithmic(length):
    applied = []

    def add(later, earlier):
        applied.append(len(later))
        return later + earlier

    scan.associative_scan(add, np.arange(length))
    assert sum(applied) <= 2 * length
    assert len(applied) <= 2 * np.log2(length)


def test_a_tree_is_scanned_leaf_by_leaf(move):
    x, y = move((np.arange(6.0), np.arange(12.0).reshape(6, 2)))

    def add(later, earlier):
        return rl.tree.map(operator.add, later, earlier)

    got = scan.associative_scan(add, {"x": x, "y": y})
    assert rl.to_numpy(got["x"]).tolist() == np.arange(6.0).cumsum().tolist()
    want = np.arange(12.0).reshape(6, 2).cumsum(axis=0)
    assert rl.to_numpy(got["y"]).tolist() == want.tolist()


@pytest.mark.parametrize("kind", ["diagonal", "matrices"])
def test_composition_is_associative_and_means_one_step_after_another(kind, rng):
    algebra = {"diagonal": DIAGONAL, "matrices": MATRIX}[kind]
    A, b, h0 = random_case(rng, kind, T=3).values()

    def after(later, earlier):
        return algebra.product(later[0], earlier[0]), algebra.apply(later[0], earlier[1]) + later[1]

    one, two, three = zip(A, b, strict=True)
    left, right = after(after(three, two), one), after(three, after(two, one))
    assert relative_error(left[0], right[0]) < 1e-14
    assert relative_error(left[1], right[1]) < 1e-14
    assert relative_error(algebra.apply(left[0], h0) + left[1], by_hand(A, b, h0)[-1]) < 1e-14


# Linear recurrences.


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_scan_equals_the_recurrence(kind, length, rng, move):
    case = random_case(rng, kind, T=length)
    got = rl.to_numpy(forward(**move(case)))
    assert relative_error(got, by_hand(**case)) < 1e-13


@pytest.mark.parametrize("kind", ["diagonal", "matrices"])
def test_the_loop_equals_the_recurrence(kind, rng, move):
    case = random_case(rng, kind)
    got = rl.to_numpy(scan.linear_recurrence_loop(**move(case)))
    assert relative_error(got, by_hand(**case)) < 1e-14


@pytest.mark.parametrize("kind", KINDS)
def test_the_backward_is_right_three_ways(kind, rng, move):
    arguments = random_case(rng, kind)

    def gradients(a, dh):
        g = backward(a["A"], forward(**a), dh, a["h0"])
        return {"A": g.A if kind != "constant" else g.W, "b": g.b, "h0": g.h0}

    w = rng.normal(size=(T, B, H))
    assert_backward_is_right(lambda a: forward(**a), arguments, w, gradients, move)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [1, 2, 5])
def test_without_an_initial_state_it_is_zero(kind, length, rng, move):
    case = random_case(rng, kind, T=length)
    A, b, h0 = move((case["A"], case["b"], 0 * case["h0"]))
    dh = move(rng.normal(size=(length, B, H)))
    h = forward(A, b)
    assert rl.to_numpy(h == forward(A, b, h0)).all()
    without, with_zeros = backward(A, h, dh), backward(A, h, dh, h0)
    for got, want in zip(without, with_zeros, strict=True):
        assert rl.to_numpy(got == want).all()


def test_the_plain_cell_with_a_linear_g_is_a_scan(rng, move):
    """Forward and backward, against the time loop of the library."""
    cell = rl.Elman(g="identity")
    p, x, h0, dh = move(
        (
            cell.init(rng, inputs=D, hidden=H)._replace(b=rng.normal(size=H)),
            rng.normal(size=(T, B, D)),
            rng.normal(size=(B, H)),
            rng.normal(size=(T, B, H)),
        )
    )
    h, tape = rl.forward(cell, p, x, h0)
    got = scan.constant_recurrence(p.W, cell.project(p, x), h0)
    assert relative_error(rl.to_numpy(got), rl.to_numpy(h)) < 1e-14

    want = rl.backward(cell, p, tape, dh)
    g = scan.constant_recurrence_backward(p.W, h, dh, h0)
    assert relative_error(rl.to_numpy(g.W), rl.to_numpy(want.params.W)) < 1e-13
    assert relative_error(rl.to_numpy(g.h0), rl.to_numpy(want.state0)) < 1e-13
    assert relative_error(rl.to_numpy(g.b @ p.U), rl.to_numpy(want.x)) < 1e-13


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_special_case_of_matrices(kind, rng):
    A, b, h0 = random_case(rng, kind).values()
    assert relative_error(forward(as_matrices(A), b, h0), forward(A, b, h0)) < 1e-13


def test_one_half_forgets_exponentially(move):
    b, half = move((np.zeros((20, 1, 1)), np.array([[0.5]])))
    h = rl.to_numpy(scan.constant_recurrence(half, b, h0=move(np.ones((1, 1)))))
    assert h.ravel().tolist() == [0.5**t for t in range(1, 21)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_sequence_loses_no_precision(kind, rng, move):
    case = random_case(rng, kind, T=3000)
    case["A"] *= 0.5
    assert relative_error(rl.to_numpy(forward(**move(case))), by_hand(**case)) < 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_equals_its_sequences_one_by_one(kind, rng):
    A, b, h0 = random_case(rng, kind).values()
    together = forward(A, b, h0)
    for i in range(B):
        one = forward(A if kind == "constant" else A[:, i : i + 1], b[:, i : i + 1], h0[i : i + 1])
        assert relative_error(one, together[:, i : i + 1]) < 1e-14


@pytest.mark.parametrize("kind", KINDS)
def test_dtype_is_kept_and_arguments_are_left_alone(kind, rng, move):
    case = move(rl.to(random_case(rng, kind), "numpy", dtype="float32"))
    before = rl.to_numpy(rl.tree.map(lambda x: x + 0, case))
    h = forward(**case)
    g = backward(case["A"], h, h, case["h0"])
    assert all(x.dtype == case["b"].dtype for x in (h, *g))
    for old, new in zip(rl.tree.leaves(before), rl.tree.leaves(rl.to_numpy(case)), strict=True):
        assert (old == new).all()


# Bad input.

A, b, h0 = random_case(np.random.default_rng(0), "diagonal").values()
W = np.eye(H)

BAD = {
    "a constant matrix": (
        lambda: scan.linear_recurrence(W, b),
        ValueError,
        "linear_recurrence: A has shape (4, 4), expected (T, B, H) = (7, 3, 4) for diagonals or "
        "(T, B, H, H) = (7, 3, 4, 4) for matrices. For one (H, H) matrix at all steps use "
        "constant_recurrence.",
    ),
    "coefficients of another length": (
        lambda: scan.linear_recurrence_loop(A[1:], b),
        ValueError,
        "linear_recurrence_loop: A has shape (6, 3, 4), expected (T, B, H) = (7, 3, 4)",
    ),
    "another size": (
        lambda: scan.linear_recurrence(A, b[..., :3]),
        ValueError,
        "linear_recurrence: b has shape (7, 3, 3), expected (T, B, H) with H = 4 as in A",
    ),
    "an initial state for another batch": (
        lambda: scan.linear_recurrence(A, b, h0[:2]),
        ValueError,
        "h0 has shape (2, 4), expected (B, H) with B = 3 as in b",
    ),
    "no step": (
        lambda: scan.constant_recurrence(W, b[:0]),
        ValueError,
        "constant_recurrence: b has shape (0, 3, 4), expected (T, B, H) with at least one of each",
    ),
    "NaN": (
        lambda: scan.constant_recurrence(W * np.nan, b),
        ValueError,
        "W holds nan at index (0, 0); every entry must be finite",
    ),
    "a gradient of another length": (
        lambda: scan.linear_recurrence_backward(A, b, b[1:], h0),
        ValueError,
        "linear_recurrence_backward: dh has shape (6, 3, 4), expected (T, B, H) with T = 7 as in h",
    ),
    "two libraries": (
        lambda: scan.constant_recurrence(W, torch.as_tensor(b)),
        TypeError,
        "b is a torch array and W a numpy array",
    ),
    "integers": (
        lambda: scan.linear_recurrence(A.astype(int), b),
        TypeError,
        "A has dtype int64, expected floating point",
    ),
    "leaves of two lengths": (
        lambda: scan.associative_scan(operator.add, (b, {"A": A[1:]})),
        ValueError,
        "associative_scan: [1].A has 6 steps and [0] has 7; time is the first axis of both",
    ),
    "an element without time": (
        lambda: scan.associative_scan(operator.add, np.array(1.0)),
        ValueError,
        "associative_scan: elements has shape (), expected time as its first axis",
    ),
    "no element": (
        lambda: scan.associative_scan(operator.add, ()),
        ValueError,
        "associative_scan: elements holds no array",
    ),
    "elements of a list of numbers": (
        lambda: scan.associative_scan(operator.add, [1.0, 2.0]),
        TypeError,
        "expected a NumPy array or a torch tensor, got float",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_answered_with_what_was_expected_and_what_came(what):
    call, error, message = BAD[what]
    with pytest.raises(error) as raised:
        call()
    assert message in str(raised.value)
