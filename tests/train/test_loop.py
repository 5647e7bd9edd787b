import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import optim
from rnnlib.gradients import numerical_gradient, relative_error
from rnnlib.train import TrainingError, load, train
from tests.train.small_network import (
    ADAM,
    assert_same_bits,
    loss_and_gradients,
    network,
    now_and_then,
    run,
    sums,
)

# What it does


def test_the_loop_is_gradient_descent():
    trained = run(optimizer=optim.SGD(0.1))
    params, rng = network(), np.random.default_rng(1)
    for t in range(20):
        loss, gradients = loss_and_gradients(params, sums(rng))
        assert trained.history["loss"][t] == loss
        params = rl.tree.map(lambda p, dp: p - 0.1 * dp, params, gradients)
    for p, q in zip(rl.tree.leaves(trained.params), rl.tree.leaves(params), strict=True):
        assert (p == q).all()


def test_the_gradients_of_this_test_are_right():
    batch = sums(np.random.default_rng(0))
    _, got = loss_and_gradients(network(), batch)
    want = numerical_gradient(lambda p: loss_and_gradients(p, batch)[0], network())
    for g, w in zip(rl.tree.leaves(got), rl.tree.leaves(want), strict=True):
        assert relative_error(g, w) < 1e-7


def test_it_learns(move):
    history = run(150, move=move, clip=1.0).history
    assert history["loss"][-10:].mean() < 0.2 * history["loss"][:10].mean()


def test_both_backends_take_the_same_steps(move):
    one, other = run(), run(move=move)
    assert relative_error(other.history["loss"], one.history["loss"]) < 1e-10


def test_torch_optim_takes_the_same_steps():
    def make(tensors):
        return torch.optim.Adam(tensors, lr=0.01)

    def move(tree):
        return rl.to(tree, "torch")

    theirs = run(move=move, optimizer=optim.TorchOptimizer(make))
    assert relative_error(theirs.history["loss"], run().history["loss"]) < 1e-10


def test_one_seed_gives_the_same_bits(move):
    assert_same_bits(run(move=move), run(move=move))
    assert run(seed=1).history["loss"][0] != run(seed=2).history["loss"][0]


def test_where_it_starts_is_left_as_it_was():
    params = network()
    before = rl.tree.map(np.copy, params)
    train(
        params,
        loss_and_gradients,
        sums,
        ADAM,
        rng=np.random.default_rng(),
        iterations=2,
        progress=0,
    )
    assert all((p == q).all() for p, q in zip(params.cell, before.cell, strict=True))


def test_the_history_holds_iterations_loss_norm_and_what_the_callback_returns():
    history = run(7, callback=now_and_then).history
    assert list(history) == ["iteration", "loss", "gradient_norm", "weight"]
    assert history["iteration"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert np.isnan(history["weight"]).tolist() == [True, True, False, True, True, False, True]
    _, gradients = loss_and_gradients(network(), sums(np.random.default_rng(1)))
    norm = np.linalg.norm(np.concatenate([dp.ravel() for dp in rl.tree.leaves(gradients)]))
    assert history["gradient_norm"][0] == pytest.approx(norm, rel=1e-14)


# Stopping and going on


@pytest.mark.parametrize("optimizer", [optim.SGD(0.1), optim.Momentum(0.1), ADAM], ids=str)
def test_stopping_and_going_on_gives_the_same_bits(optimizer, move):
    options = {"optimizer": optimizer, "move": move, "callback": now_and_then, "clip": 0.5}
    part = run(8, **options)
    assert_same_bits(run(20, seed=99, resume=part, **options), run(20, **options))


@pytest.mark.parametrize("where", ["batches", "loss", "callback"])
def test_an_interrupt_returns_what_is_reached_and_resuming_gives_the_same_bits(where, capfd):
    calls = []

    def interrupting(name, f):
        def g(*args):
            result = f(*args)
            calls.append(name)
            if name == where and calls.count(name) == 8:
                raise KeyboardInterrupt
            return result

        return g

    trained = train(
        network(),
        interrupting("loss", loss_and_gradients),
        interrupting("batches", sums),
        ADAM,
        rng=np.random.default_rng(1),
        iterations=20,
        callback=interrupting("callback", now_and_then),
        progress=False,
    )
    assert trained.iterations == 7
    out, err = capfd.readouterr()
    assert "train: interrupted after 7 of 20 iterations" in out
    assert err == ""
    assert_same_bits(
        run(20, seed=99, resume=trained, callback=now_and_then), run(20, callback=now_and_then)
    )


def test_a_finished_training_resumed_is_itself():
    assert_same_bits(run(5, resume=run(5)), run(5))


def test_a_loss_of_nan_stops_with_the_iteration_and_loses_nothing(tmp_path):
    def spoilt(params, batch):
        loss, gradients = loss_and_gradients(params, batch)
        spoilt.calls += 1
        return (np.nan if spoilt.calls == 6 else loss), gradients

    spoilt.calls = 0
    with pytest.raises(
        TrainingError, match=r"stopped at iteration 6: the loss is nan.*clip=1.0"
    ) as e:
        run(loss_and_gradients=spoilt, checkpoint=tmp_path / "run.npz")
    assert_same_bits(e.value.trained, run(5))
    assert_same_bits(load(tmp_path / "run.npz", network(), ADAM), run(5))


def test_numbers_that_grow_without_bound_are_reported_and_lose_nothing():
    def growing(params, batch):
        return (params**2).sum(), 2 * params

    def grow():
        rng = np.random.default_rng()
        options = {"rng": rng, "iterations": 100, "progress": False}
        with np.errstate(over="ignore"):
            train(np.ones(1), growing, lambda rng: None, optim.SGD(1e9), **options)

    with pytest.raises(TrainingError, match=r"stopped at iteration \d+: the loss is inf") as raised:
        grow()
    assert np.isfinite(raised.value.trained.params).all()


def test_a_network_that_overflows_is_reported_with_the_iteration():
    def overflowing(params, batch):
        if overflowing.calls == 3:
            params = params._replace(cell=params.cell._replace(b=params.cell.b + np.inf))
        overflowing.calls += 1
        return loss_and_gradients(params, batch)

    overflowing.calls = 0
    message = r"stopped at iteration 4: forward: params.b holds inf at index \(0,\)"
    with pytest.raises(TrainingError, match=message) as raised:
        run(loss_and_gradients=overflowing)
    assert_same_bits(raised.value.trained, run(3))


def test_a_mistake_in_the_call_is_shown_as_it_is():
    with pytest.raises(ValueError, match=r"^forward: x has shape \(8, 6\)"):
        run(loss_and_gradients=lambda p, batch: loss_and_gradients(p, (batch[0][..., 0].T, 0)))
    with pytest.raises(ValueError, match="the callback returned 'loss', which the history has"):
        run(callback=lambda iteration, params: {"loss": 1.0})


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"iterations": 0}, ValueError, "iterations is 0, expected at least 1"),
        ({"clip": 0.0}, ValueError, "clip is 0.0, expected a positive number, or None"),
        ({"every": 0}, ValueError, "every is 0, expected at least 1"),
        ({"resume": 3}, TypeError, "resume is a int, expected what train returned"),
    ],
)
def test_bad_arguments_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        run(**options)


def test_a_generator_of_another_kind_cannot_go_on():
    rng = np.random.Generator(np.random.MT19937(0))
    with pytest.raises(
        ValueError, match="rng is a generator of MT19937, but resume has used PCG64"
    ):
        train(network(), loss_and_gradients, sums, ADAM, rng=rng, iterations=3, resume=run(1))


def test_fewer_iterations_than_are_made_are_refused():
    with pytest.raises(ValueError, match="iterations is 3, but resume has made 5 already"):
        run(3, resume=run(5))
