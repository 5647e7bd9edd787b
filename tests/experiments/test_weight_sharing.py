import numpy as np
import pytest

from rnnlib.experiments import weight_sharing as ws
from rnnlib.gradients import numerical_gradient, relative_error
from rnnlib.losses import cross_entropy, cross_entropy_backward


@pytest.fixture(scope="module")
def results():
    return ws.compare(seeds=2)


def test_own_weights_have_as_many_times_the_parameters_as_there_are_steps(results):
    assert results["shared"].parameters == 8 * 1 + 8 * 8 + 8 + 2 * 8 + 2
    assert results["own"].parameters == 15 * results["shared"].parameters


def test_both_fit_the_training_sequences_and_only_shared_weights_know_the_rule(results):
    shared, own = results["shared"], results["own"]
    assert shared.train_accuracy.min() > 0.95
    assert own.train_accuracy.min() > 0.95
    assert shared.test_accuracy.min() > 0.95
    assert own.test_accuracy.max() < 0.85


def test_own_weights_refuse_a_sequence_that_is_longer_than_they_are(rng):
    networks = [ws.random_network(rng) for _ in range(3)]
    with pytest.raises(ValueError, match="x has 4 steps, but there are weights for 3"):
        ws.outputs(networks, np.zeros((4, 1, 1)))


@pytest.mark.parametrize("count", [1, 4])
def test_the_gradients_are_those_of_finite_differences(count, rng):
    networks = [ws.random_network(rng) for _ in range(count)]
    x, y = ws.same_sign(rng, 4, 3)
    o, tapes = ws.outputs(networks, x)
    got = ws.backward(networks, tapes, cross_entropy_backward(o, y))
    want = numerical_gradient(lambda n: cross_entropy(ws.outputs(n, x)[0], y), networks)
    for g, w in zip(ws.rl.tree.leaves(got), ws.rl.tree.leaves(want), strict=True):
        assert relative_error(g, w) < 1e-7


def test_the_task_is_the_one_it_says():
    x, y = ws.same_sign(np.random.default_rng(0), 50, 20)
    clear = (abs(x[1:, :, 0]) > 0.9) & (abs(x[:-1, :, 0]) > 0.9)  # where the noise hides no sign
    same = (x[1:, :, 0] * x[:-1, :, 0] > 0).astype(int)
    assert (same == y[1:])[clear].mean() > 0.999
    assert 0.4 < y.mean() < 0.6
