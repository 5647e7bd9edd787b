import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib.gradients import relative_error
from rnnlib.losses import (
    cross_entropy,
    cross_entropy_backward,
    log_softmax,
    softmax,
    squared_error,
    squared_error_backward,
)
from tests.three_ways import assert_backward_is_right

T, B, K = 5, 3, 6


@pytest.fixture
def o(rng):
    return rng.normal(size=(T, B, K))


@pytest.fixture
def y(rng):
    return rng.integers(K, size=(T, B))


@pytest.mark.parametrize("leading", [(T, B), (B,)], ids=["many-to-many", "many-to-one"])
def test_the_backward_is_right_three_ways(leading, rng, move):
    o, y = rng.normal(size=(*leading, K)), rng.integers(K, size=leading)

    def loss(o):
        return cross_entropy(o, rl.to(y, "torch") if torch.is_tensor(o) else y)

    def gradients(o, dL):
        return dL * cross_entropy_backward(o, move(y))

    w = rng.normal(size=())
    assert_backward_is_right(loss, o, w, gradients, move)


def test_the_loss_is_summed_over_time_and_averaged_over_the_batch(o, y, move):
    y_hat = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
    want = 0.0
    for t in range(T):
        for b in range(B):
            want += -np.log(y_hat[t, b, y[t, b]]) / B
    assert float(cross_entropy(*move((o, y)))) == pytest.approx(want, rel=1e-14)


def test_the_loss_equals_torch_cross_entropy(o, y):
    o, y = rl.to((o, y), "torch")
    want = torch.nn.functional.cross_entropy(o.reshape(-1, K), y.reshape(-1), reduction="sum") / B
    assert float(cross_entropy(o, y)) == pytest.approx(float(want), rel=1e-14)


def test_probabilities_sum_to_one_and_the_logarithm_agrees(o, move):
    y_hat = rl.to_numpy(softmax(move(o)))
    assert relative_error(y_hat.sum(axis=-1), np.ones((T, B))) < 1e-15
    assert relative_error(rl.to_numpy(log_softmax(move(o))), np.log(y_hat)) < 1e-14


def test_a_constant_added_to_every_output_changes_nothing(o, move):
    assert relative_error(rl.to_numpy(softmax(move(o + 700.0))), softmax(o)) < 1e-12


def test_outputs_far_apart_neither_overflow_nor_give_log_zero(move):
    o, y = move((np.array([[1e4, -1e4]]), np.array([1])))
    assert float(cross_entropy(o, y)) == 2e4
    assert rl.to_numpy(cross_entropy_backward(o, y)).tolist() == [[1.0, -1.0]]


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
def test_classes_may_be_any_integers(o, y, dtype, move):
    got = float(cross_entropy(*move((o, y.astype(dtype)))))
    assert got == pytest.approx(float(cross_entropy(o, y)), rel=1e-14)


def test_the_dtype_is_kept(o, y, move):
    o, y = move((o.astype("float32"), y))
    for result in (softmax(o), log_softmax(o), cross_entropy(o, y), cross_entropy_backward(o, y)):
        assert result.dtype == o.dtype


def test_the_backward_of_the_squared_error_is_right_three_ways(o, rng, move):
    y = rng.normal(size=o.shape)
    a = {"o": o, "y": y}

    def gradients(a, dL):
        do = dL * squared_error_backward(a["o"], a["y"])
        return {"o": do, "y": -do}

    f = lambda a: squared_error(a["o"], a["y"])  # noqa: E731
    assert_backward_is_right(f, a, rng.normal(size=()), gradients, move)


def test_steps_that_do_not_count_add_nothing(o, y, rng, move):
    mask = np.arange(T)[:, None] < np.array([5, 2, 3])
    want = sum(float(cross_entropy(o[:n, [b]], y[:n, [b]])) / B for b, n in enumerate([5, 2, 3]))
    assert float(cross_entropy(*move((o, y, mask)))) == pytest.approx(want, rel=1e-14)
    do = rl.to_numpy(cross_entropy_backward(*move((o, y, mask))))
    assert relative_error(do, cross_entropy_backward(o, y) * mask[..., None]) < 1e-15

    target = rng.normal(size=o.shape)
    got = float(squared_error(*move((o, target, mask))))
    assert got == pytest.approx(float((mask[..., None] * (o - target) ** 2).sum() / B), rel=1e-14)
    assert (rl.to_numpy(squared_error_backward(*move((o, target, mask))))[~mask] == 0).all()


def test_a_mask_of_numbers_is_refused(o, y):
    with pytest.raises(TypeError, match="mask has dtype float64, expected booleans, True where"):
        cross_entropy(o, y, np.ones((T, B)))
