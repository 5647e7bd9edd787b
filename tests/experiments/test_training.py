"""The experiments on learning, small: that they train as they say, and what they then show."""

import numpy as np
import pytest

import rnnlib as rl
from rnnlib.experiments import adding, forget_bias, temporal_order
from rnnlib.experiments.training import (
    learning_curve,
    loss_and_gradients,
    random_network,
)
from rnnlib.gradients import numerical_gradient, relative_error

TASKS = {"adding": adding.task(12), "temporal order": temporal_order.task(12)}


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("cell", [rl.elman, rl.gru, rl.lstm], ids=["elman", "gru", "lstm"])
def test_the_gradients_are_those_of_finite_differences(name, cell, rng):
    task = TASKS[name]
    network, batch = random_network(rng, cell, task, hidden=3), task.sample(rng, 4)
    loss = loss_and_gradients(cell, task)
    got = loss(network, batch)[1]
    want = numerical_gradient(lambda n: loss(n, batch)[0], network)
    for g, w in zip(rl.tree.leaves(got), rl.tree.leaves(want), strict=True):
        assert relative_error(g, w) < 1e-7


def test_a_curve_starts_before_training_and_stops_at_its_target():
    task = TASKS["adding"]

    def curve(target):
        rng = np.random.default_rng(0)
        network = random_network(rng, rl.gru, task, hidden=8)
        optimizer = rl.optim.Adam(0.02)
        options = {"iterations": 130, "every": 50, "target": target}
        return learning_curve(rl.gru, network, task, optimizer, rng=rng, **options)

    whole = curve(0.0)
    assert whole.iterations.tolist() == [0, 50, 100, 130]
    assert whole.error[-1] < whole.error[0]
    stopped = curve(whole.error[1] * 1.01)
    assert stopped.iterations.tolist() == [0, 50]
    assert (stopped.error == whole.error[:2]).all()


def test_whoever_learns_nothing_has_the_error_of_guessing():
    rng = np.random.default_rng(0)
    batch = TASKS["adding"].sample(rng, 5000)
    assert TASKS["adding"].error(np.ones((5000, 1)), batch.y) == pytest.approx(1 / 6, abs=0.01)
    batch = TASKS["temporal order"].sample(rng, 5000)
    assert TASKS["temporal order"].error(np.eye(4)[[0] * 5000], batch.y) == pytest.approx(
        3 / 4, abs=0.02
    )


def test_an_orthogonal_start_learns_the_order_where_a_uniform_one_does_not():
    curves = temporal_order.temporal_order(seeds=1, iterations=400, every=200)
    assert curves["orthogonal"][0].error[-1] < 0.1
    assert curves["uniform"][0].error[-1] > 0.6


def test_the_gru_learns_to_add_where_the_plain_cell_does_not():
    curves = adding.adding(steps=30, hidden=16, iterations=250, seeds=1)
    assert list(curves) == ["elman", "gru", "lstm"]
    assert curves["gru"][0].error.min() < 0.05
    assert curves["elman"][0].error[-1] > 0.1


def test_the_forget_bias_decides_how_long_learning_takes():
    result = forget_bias.forget_bias(
        biases=(-4.0, 2.0), steps=20, hidden=16, iterations=300, target=0.05, seeds=1
    )
    assert result.iterations.shape == (2, 1)
    assert result.iterations[1, 0] < result.iterations[0, 0]
    assert [len(row) for row in result.curves] == [1, 1]
