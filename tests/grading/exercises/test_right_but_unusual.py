"""Right in an unusual way is right: every exercise of problem sets 1 to 3 keeps its full marks.

First whatever form a right answer may have, then right functions that go about it in another way:
einsum, loops over the batch, sums in another order, lists, tensors.
"""

import numpy as np
import pytest

from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.again import run_and_judge
from rnnlib.grading.mistake import wrong_version

EXERCISES = [find(name) for name in names() if name.startswith(("ps1/", "ps2/", "ps3/"))]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def solved(exercise):
    """The solution, handed in."""
    return wrong_version(exercise.solution, [])


def report_on(exercise, function):
    return run_and_judge(exercise, exercise.cases(1), function)


def tensor(value):
    torch = pytest.importorskip("torch", reason="torch is not installed: no tensors to hand in")
    return torch.tensor(np.asarray(value, dtype=np.float64), requires_grad=True)


FORMS = {
    "single precision": lambda value: np.asarray(value, dtype=np.float32),
    "Fortran order": lambda value: np.asfortranarray(value),
    "a reversed view": lambda value: np.asarray(value)[..., None][::-1].copy()[::-1][..., 0],
    "read-only": lambda value: np.broadcast_to(value, np.shape(value)),
    "nested lists": lambda value: np.asarray(value).tolist(),
    "a list of rows": lambda value: list(value) if np.ndim(value) else value,
    "a tensor": tensor,
    "an axis too many": lambda value: np.asarray(value)[None],
}


@pytest.mark.parametrize("form", FORMS)
@each_exercise
def test_a_right_answer_is_right_in_any_form(exercise, form):
    def function(*arguments):
        values = solved(exercise)(*arguments)
        if len(exercise.parts) == 1:
            return FORMS[form](values if np.ndim(values) else np.asarray(values)[()])
        return [FORMS[form](value if np.ndim(value) else float(value)) for value in values]

    report = report_on(exercise, function)
    assert report.points == report.out_of, report


@pytest.mark.parametrize(
    "exercise",  # but differences of single-precision numbers, of which no digits are left
    [exercise for exercise in EXERCISES if exercise.function != "numerical_gradient"],
    ids=lambda e: e.name,
)
def test_a_right_function_that_computes_in_single_precision_keeps_its_points(exercise):
    def single(value):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return value.astype(np.float32)
        return [single(v) for v in value] if isinstance(value, list) else value

    report = report_on(exercise, lambda *arguments: solved(exercise)(*map(single, arguments)))
    assert report.points == report.out_of, report


@each_exercise
def test_a_tuple_of_the_single_value_is_right_too(exercise):
    if len(exercise.parts) > 1:
        report = report_on(exercise, lambda *a: tuple(solved(exercise)(*a)))
    else:
        report = report_on(exercise, lambda *a: (solved(exercise)(*a),))
    assert report.points == report.out_of


def rnn_step(x, h_prev, U, W, b):
    rows = []
    for x_b, h_b in zip(x, h_prev, strict=True):
        a = [U[j].dot(x_b) + W[j].dot(h_b) + b[j] for j in range(len(b))]
        rows.append([np.sinh(a_j) / np.cosh(a_j) for a_j in a])
    return rows


def rnn_forward(x, h0, U, W, b):
    h = np.empty((x.shape[0] + 1, *h0.shape), order="F")
    h[0] = h0
    for t in range(1, len(h)):
        both = np.concatenate([x[t - 1], h[t - 1]], axis=1) @ np.concatenate([U, W], axis=1).T
        h[t] = 2 / (1 + np.exp(-2 * (both + b))) - 1
    return h[1:]


def softmax(o):
    shifted = o - np.expand_dims(np.amax(o, axis=2), 2)
    return np.exp(shifted - np.log(np.exp(shifted).sum(2))[:, :, np.newaxis])


def readout(h, V, b_y):
    T, B, H = h.shape
    return (np.dot(h.reshape(T * B, H), V.transpose()) + b_y[None]).reshape(T, B, -1)


def sequence_loss(y_hat, y):
    loss = 0
    for t in reversed(range(len(y))):
        picked = y_hat[t][np.arange(y.shape[1]), y[t]]
        loss += np.log(1 / picked).mean()
    return loss


def many_to_one(x, h0, U, W, b, V, b_y):
    answers = []
    for n in range(x.shape[1]):
        h = h0[n]
        for x_t in x[:, n]:
            h = np.tanh(U @ x_t + W @ h + b)
        answers.append(V @ h + b_y)
    return np.array(answers)


def one_to_many(x, h0, U, W, b, V, b_y, steps):
    UV, bias = U @ V, U @ b_y + b
    h = np.tanh(np.einsum("hd,bd->bh", U, x) + np.einsum("hg,bg->bh", W, h0) + b)
    o = [h @ V.T + b_y]
    while len(o) < steps:
        h = np.tanh(h @ (UV + W).T + bias)  # the output never appears between two steps
        o += [h @ V.T + b_y]
    return o


def is_causal(network, x):
    h = network(x)
    return all(np.allclose(network(x[:t]), h[:t]) for t in range(1, len(x)))  # nothing is changed


def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh / np.cosh(np.arctanh(h)) ** 2
    dU = sum(np.outer(da_b, x_b) for da_b, x_b in zip(da, x, strict=True))
    dW = np.einsum("bi,bj->ij", da, h_prev)
    return np.matmul(da, U), (W.T @ da.T).T, dU, dW, np.ones(len(da)) @ da


def rnn_backward(dh, x, h0, h, U, W, b):
    steps, carry = [], 0
    before = np.concatenate([h0[None], h[:-1]])
    for dh_t, h_t in zip(dh[::-1], h[::-1], strict=True):
        steps.append((dh_t + carry) * (1 - h_t) * (1 + h_t))
        carry = steps[-1] @ W
    da = np.array(steps[::-1])
    dW = np.tensordot(da, before, axes=([0, 1], [0, 1]))
    return da @ U, carry, np.einsum("tbi,tbj->ij", da, x), dW, da.sum(1).sum(0)


def rnn_backward_sequence_by_sequence(dh, x, h0, h, U, W, b):
    dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
    dU, dW, db = 0, 0, 0
    for n in range(x.shape[1]):
        carry = np.zeros(len(b))
        for t in range(len(x) - 1, -1, -1):
            da = (1 - h[t, n] * h[t, n]) * (dh[t, n] + carry)
            dx[t, n] = U.T.dot(da)
            carry = W.T.dot(da)
            dU = dU + np.outer(da, x[t, n])
            dW = dW + da[:, None] * (h[t - 1, n] if t else h0[n])[None, :]
            db = db + da
        dh0[n] = carry
    return dx, dh0, dU, dW, db.reshape(1, -1)


def rnn_backward_by_all_pairs_of_steps(dh, x, h0, h, U, W, b):
    """No carry at all: every direct gradient is sent back by itself, and all of them are added."""
    da, dh0 = np.zeros_like(h), np.zeros_like(h0)
    for later in range(len(x)):
        gradient = dh[later]
        for t in range(later, -1, -1):
            arrived = gradient * (1 - h[t] ** 2)
            da[t] += arrived
            gradient = arrived @ W
        dh0 += gradient
    before = np.concatenate([h0[None], h[:-1]])
    dU, dW = (np.einsum("tbi,tbj->ij", da, inputs) for inputs in (x, before))
    return da @ U, dh0, dU, dW, np.einsum("tbi->i", da)


def rnn_backward_in_tensors(dh, x, h0, h, U, W, b):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    dh, x, h0, h, U, W = map(torch.tensor, (dh, x, h0, h, U, W))
    dx, dU, dW, db = [], torch.zeros_like(U), torch.zeros_like(W), 0
    carry = torch.zeros_like(h0)
    for t in reversed(range(len(x))):
        da = (dh[t] + carry) * (1 - h[t] ** 2)
        dx.insert(0, da @ U)
        dU += da.T @ x[t]
        dW += da.T @ (h[t - 1] if t else h0)
        db = db + da.sum(0)
        carry = da @ W
    return torch.stack(dx), carry, dU, dW, db


def rnn_backward_in_place(dh, x, h0, h, U, W, b):
    dh[-1] *= 1 - h[-1] ** 2
    for t in range(len(x) - 1, 0, -1):
        dh[t - 1] += dh[t] @ W
        dh[t - 1] *= 1 - h[t - 1] ** 2
    before = np.r_[h0[None], h[:-1]]
    return (
        dh @ U,
        dh[0] @ W,
        np.einsum("tbi,tbj->ij", dh, x),
        np.einsum("tbi,tbj->ij", dh, before),
        dh.sum((0, 1)),
    )


def readout_backward(do, h, V):
    T, B, K = do.shape
    rows = do.reshape(T * B, K)
    return (V.T @ rows.T).T.reshape(h.shape), rows.T @ h.reshape(T * B, -1), rows.sum(axis=0)


def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    """All gradients sequence by sequence, and the mean over them in the end."""
    sequences = []
    for n in range(y.shape[1]):
        h = [h0[n]]
        for x_t in x[:, n]:
            h.append(np.tanh(U @ x_t + W @ h[-1] + b))
        states = np.array(h[1:])
        o = states @ V.T + b_y
        log_y = o - np.log(np.exp(o).sum(axis=1, keepdims=True))
        do = np.exp(log_y)
        do[np.arange(len(y)), y[:, n]] -= 1
        da, carry = np.zeros_like(states), 0
        for t in reversed(range(len(y))):
            da[t] = (do[t] @ V + carry) * (1 - states[t] ** 2)
            carry = da[t] @ W
        loss = -log_y[np.arange(len(y)), y[:, n]].sum()
        before = np.array(h[:-1])
        sequences.append((loss, da.T @ x[:, n], da.T @ before, do.T @ states, da.sum(0), do.sum(0)))
    return [np.mean(values, axis=0) for values in zip(*sequences, strict=True)]


def numerical_gradient(f, a):
    flat, gradient = a.reshape(-1), []
    for i, kept in enumerate(flat.copy()):
        flat[i] = kept + 1e-4
        above = f(a)
        flat[i] = kept - 1e-4
        gradient.append((above - f(a)) / 2e-4)
        flat[i] = kept
    return np.reshape(gradient, a.shape)


def numerical_gradient_one_sided(f, a):
    here, gradient = f(a), np.zeros(a.shape)
    for i, j in np.ndindex(*a.shape):
        e = np.zeros(a.shape)
        e[i, j] = 1e-7
        gradient[i, j] = (f(a + e) - here) / 1e-7
    return gradient


def truncated_backward(dh, x, h0, h, U, W, b, k):
    pieces = []
    for start in range(0, len(x), k):
        piece = slice(start, start + k)
        before = h0 if start == 0 else h[start - 1]
        pieces.append(rnn_backward(dh[piece], x[piece], before, h[piece], U, W, b))
    dx, dh0, *sums = zip(*pieces, strict=True)
    return np.concatenate(dx), dh0[0], *(np.sum(values, axis=0) for values in sums)


def with_singular_values(W, s):
    P, sigma, Qt = np.linalg.svd(W)
    return sum(s[i] * np.outer(P[:, i], Qt[i]) for i in range(len(sigma)))


def orthogonal(A):
    columns = []
    for column in A.T:
        for other in columns:
            column = column - (other @ column) * other
        columns.append(column / np.linalg.norm(column))
    return np.array(columns).T


def step_jacobian(h, W):
    return np.array([np.diag(1 - h_b**2) @ W for h_b in h])


def gradient_norms(h, W):
    J = (1 - h**2)[..., None] * W
    P = np.broadcast_to(np.eye(len(W)), J.shape[1:])
    norms = []
    for J_t in [*J[::-1]]:
        norms.append(np.linalg.svd(P, compute_uv=False)[:, 0])
        P = np.einsum("bij,bjk->bik", P, J_t)
    return norms


def clip_by_norm(gradients, limit):
    flat = np.concatenate([dp.ravel() for dp in gradients])
    norm = np.linalg.norm(flat)
    if norm > limit:
        for dp in gradients:
            dp /= norm
            dp *= limit
    return tuple(gradients)


def clip_by_value(gradients, limit):
    clipped = []
    for dp in gradients:
        dp = dp.copy()
        dp[dp > limit] = limit
        dp[dp < -limit] = -limit
        clipped.append(dp)
    return clipped


OTHER_WAYS = [
    ("ps1", rnn_step),
    ("ps1", rnn_forward),
    ("ps1", softmax),
    ("ps1", readout),
    ("ps1", sequence_loss),
    ("ps1", many_to_one),
    ("ps1", one_to_many),
    ("ps1", is_causal),
    ("ps2", rnn_step_backward),
    ("ps2", rnn_backward),
    ("ps2", rnn_backward_sequence_by_sequence),
    ("ps2", rnn_backward_by_all_pairs_of_steps),
    ("ps2", rnn_backward_in_tensors),
    ("ps2", rnn_backward_in_place),
    ("ps2", readout_backward),
    ("ps2", loss_and_gradients),
    ("ps2", numerical_gradient),
    ("ps2", numerical_gradient_one_sided),
    ("ps2", truncated_backward),
    ("ps3", with_singular_values),
    ("ps3", orthogonal),
    ("ps3", step_jacobian),
    ("ps3", gradient_norms),
    ("ps3", clip_by_norm),
    ("ps3", clip_by_value),
]


def solves(exercise, function):
    return function.__name__.startswith(exercise.function)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("problem_set", "function"), OTHER_WAYS, ids=[function.__name__ for _, function in OTHER_WAYS]
)
def test_a_right_function_keeps_its_points_however_it_goes_about_it(problem_set, function, seed):
    candidates = [e for e in EXERCISES if e.name.startswith(problem_set) and solves(e, function)]
    exercise = max(candidates, key=lambda e: len(e.function))
    report = run_and_judge(exercise, exercise.cases(seed), function)
    assert report.points == report.out_of, report
    assert {line.verdict for line in report.lines} == {"right"}
    assert report.causes == {}


def test_every_exercise_is_solved_in_another_way():
    for exercise in EXERCISES:
        assert any(solves(exercise, function) for _, function in OTHER_WAYS), exercise.name
