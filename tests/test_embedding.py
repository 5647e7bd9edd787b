import numpy as np
import pytest

import rnnlib as rl
from rnnlib import embedding
from rnnlib.backend import sum_rows
from rnnlib.gradients import relative_error
from tests.three_ways import assert_backward_is_right

K, D = 6, 2
LEADING = pytest.mark.parametrize("leading", [(5, 3), (3,)], ids=["sequences", "one step"])


@pytest.fixture
def params(rng):
    return embedding.init(rng, symbols=K, inputs=D)


@LEADING
def test_the_backward_is_right_three_ways(leading, params, rng, move):
    y = rng.integers(K, size=leading)

    def f(params):
        return embedding.forward(params, like(params.E, y))

    def gradients(params, dx):
        return embedding.backward(params, move(y), dx)

    assert_backward_is_right(f, params, rng.normal(size=(*leading, D)), gradients, move)


def like(E, y):
    return y if isinstance(E, np.ndarray) else rl.to(y, "torch")


@LEADING
def test_a_lookup_is_a_product_with_one_hot_and_so_is_its_gradient(leading, params, rng, move):
    y, dx = rng.integers(K, size=leading), rng.normal(size=(*leading, D))
    one_hot = rl.to_numpy(embedding.one_hot(move(y), symbols=K))
    p, y, w = move((params, y, dx))
    assert (rl.to_numpy(embedding.forward(p, y)) == one_hot @ params.E).all()
    dE = one_hot.reshape(-1, K).T @ dx.reshape(-1, D)
    assert relative_error(rl.to_numpy(embedding.backward(p, y, w).E), dE) < 1e-14


def test_a_symbol_that_is_read_often_gets_the_whole_sum(params, move):
    p, y, dx = move((params, np.full((50, 4), 2), np.ones((50, 4, D))))
    dE = rl.to_numpy(embedding.backward(p, y, dx).E)
    assert dE[2].tolist() == [200.0, 200.0]
    assert np.delete(dE, 2, axis=0).any() == False  # noqa: E712


def test_the_gradient_has_the_same_bits_every_time(rng, move):
    rows, index = move(
        (rng.normal(size=(40_000, 8)).astype("float32"), rng.integers(5, size=40_000))
    )
    first = rl.to_numpy(sum_rows(rows, index, 5))
    assert all((rl.to_numpy(sum_rows(rows, index, 5)) == first).all() for _ in range(5))


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_symbols_may_be_any_integers(dtype, params, rng, move):
    y = rng.integers(K, size=(5, 3))
    got = embedding.forward(*move((params, y.astype(dtype))))
    assert (rl.to_numpy(got) == params.E[y]).all()


def test_the_dtype_is_kept(params, rng, move):
    p = rl.tree.map(lambda E: E.astype("float32"), params)
    p, y, dx = move((p, rng.integers(K, size=(5, 3)), np.ones((5, 3, D), "float32")))
    assert embedding.forward(p, y).dtype == p.E.dtype
    assert embedding.backward(p, y, dx).E.dtype == p.E.dtype
    assert embedding.one_hot(y, symbols=K, dtype="float32").dtype == p.E.dtype


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda p: embedding.forward(p, np.array([K])),
            ValueError,
            "y holds 6, expected symbols 0",
        ),
        (lambda p: embedding.forward(p, np.array([-1])), ValueError, "y holds -1, expected"),
        (
            lambda p: embedding.forward(p, np.array([1.0])),
            TypeError,
            "y has dtype float64, expected",
        ),
        (
            lambda p: embedding.backward(p, np.array([1]), np.ones((2, D))),
            ValueError,
            r"dx has shape \(2, 2\), expected \(..., D\) with the leading axes = \(1,\) as in y",
        ),
        (
            lambda p: embedding.one_hot(np.array([3]), symbols=3),
            ValueError,
            "expected symbols 0 to 2",
        ),
        (
            lambda p: embedding.one_hot(np.array([3]), symbols=0),
            ValueError,
            "symbols is 0, expected",
        ),
        (
            lambda p: embedding.init(np.random.default_rng(0), symbols=3, inputs=0),
            ValueError,
            r"embedding\.init: inputs is 0, expected at least 1",
        ),
        (lambda p: embedding.init(0, symbols=3, inputs=2), TypeError, "expected a NumPy Generator"),
    ],
)
def test_bad_input_is_refused(call, error, message, params):
    with pytest.raises(error, match=message):
        call(params)
