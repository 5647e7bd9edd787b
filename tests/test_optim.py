import dataclasses

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import optim
from rnnlib.gradients import relative_error

STEPS = 200
PAIRS = {
    "SGD": (optim.SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "Momentum": (
        optim.Momentum(0.05, mu=0.8),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
    ),
    "Nesterov": (
        optim.Momentum(0.05, mu=0.8, nesterov=True),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    ),
    "Adam": (
        optim.Adam(0.01, beta1=0.8, beta2=0.99, epsilon=1e-6),
        lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6),
    ),
}
OURS = pytest.mark.parametrize("optimizer", [ours for ours, _ in PAIRS.values()], ids=list(PAIRS))


@pytest.fixture
def params(rng):
    return {"cell": rl.elman.init(rng, inputs=2, hidden=4), "rest": [rng.normal(size=3), None]}


def gradients_of(params, t):
    """Those of Σ (p - 1)⁴ / 4, and of a wind that turns with t."""
    wind = 0.1 * float(np.sin(t))
    return rl.tree.map(lambda p: (p - 1) ** 3 + wind, params)


def run(optimizer, params, first=0, last=STEPS, state=None):
    state = optimizer.init(params) if state is None else state
    for t in range(first, last):
        params, state = optimizer.step(params, gradients_of(params, t), state)
    return params, state


@pytest.mark.parametrize("name", PAIRS)
def test_many_steps_equal_torch_optim(name, params, move):
    ours, make = PAIRS[name]
    tensors = rl.to(params, "torch")
    theirs = make(list(rl.tree.leaves(tensors)))
    for t in range(STEPS):
        pairs = zip(rl.tree.leaves(tensors), rl.tree.leaves(gradients_of(tensors, t)), strict=True)
        for p, dp in pairs:
            p.grad = dp
        theirs.step()
    got, _ = run(ours, move(params))
    assert_close(rl.to_numpy(got), rl.to_numpy(tensors), 1e-12)


def assert_close(got, want, tolerance=0.0):
    pairs = zip(rl.tree.named_leaves(got), rl.tree.leaves(want), strict=True)
    for (name, g), w in pairs:
        assert relative_error(g, w) <= tolerance, name


@pytest.mark.parametrize("name", PAIRS)
def test_an_optimizer_of_torch_behind_our_calls_takes_the_same_steps(name, params):
    ours, make = PAIRS[name]
    params = rl.to(params, "torch")
    assert_close(run(optim.TorchOptimizer(make), params)[0], run(ours, params)[0], 1e-12)


def test_adam_is_its_algorithm_on_a_scalar():
    p, m, v = 0.5, 0.0, 0.0
    adam = optim.Adam(rate=0.1, beta1=0.9, beta2=0.99, epsilon=1e-3)
    got, state = np.array([p]), adam.init(np.array([p]))
    for t in range(1, 6):
        g = p**2 - t
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / ((v / (1 - 0.99**t)) ** 0.5 + 1e-3)
        got, state = adam.step(got, got**2 - t, state)
    assert got[0] == pytest.approx(p, rel=1e-14)
    assert state.t == 5


@OURS
def test_state_and_parameters_are_handed_on_and_never_changed(optimizer, params, move):
    params = move(params)
    gradients = gradients_of(params, 0)
    _, state = run(optimizer, params, last=3)
    before = rl.tree.map(np.copy, rl.to_numpy((params, gradients, state)))
    optimizer.step(params, gradients, state)
    assert_close(rl.to_numpy((params, gradients, state)), before)


def test_an_optimizer_of_torch_changes_nothing_in_place_either(params):
    optimizer = optim.TorchOptimizer(PAIRS["Adam"][1])
    params = rl.to(params, "torch")
    _, state = run(optimizer, params, last=3)
    before = rl.tree.map(np.copy, rl.to_numpy((params, state["state"])))
    optimizer.step(params, gradients_of(params, 0), state)
    assert_close(rl.to_numpy((params, state["state"])), before)
    assert all(p.grad is None for p in rl.tree.leaves(params))


@OURS
def test_stopping_half_way_and_going_on_gives_the_same_bits(optimizer, params, move):
    whole, _ = run(optimizer, move(params))
    half, state = run(optimizer, move(params), last=80)
    rest, _ = run(optimizer, half, first=80, state=state)
    assert_close(rl.to_numpy(rest), rl.to_numpy(whole))


@OURS
def test_the_dtype_is_kept(optimizer, params, move):
    params = rl.tree.map(lambda p: p.astype("float32"), params)
    got, _ = run(optimizer, move(params), last=2)
    assert all(p.dtype == np.float32 for p in rl.tree.leaves(rl.to_numpy(got)))


@OURS
def test_a_bad_gradient_is_refused_by_name(optimizer, params):
    def step(gradients):
        optimizer.step(params, gradients, optimizer.init(params))

    name = type(optimizer).__name__
    cell, rest = params["cell"], params["rest"]
    with pytest.raises(ValueError, match=rf"{name}.step: the gradient of cell.W holds NaN or inf"):
        step({"cell": cell._replace(W=cell.W * np.nan), "rest": rest})
    with pytest.raises(ValueError, match=r"of cell.b has shape \(1,\) and dtype float64, expected"):
        step({"cell": cell._replace(b=cell.b[:1]), "rest": rest})
    with pytest.raises(ValueError, match=r"dtype float32, expected \(4,\) and float64"):
        step({"cell": cell._replace(b=cell.b.astype("float32")), "rest": rest})
    with pytest.raises(TypeError, match=r"of cell.b is torch, its parameter numpy"):
        step({"cell": cell._replace(b=torch.tensor(cell.b)), "rest": rest})
    with pytest.raises(ValueError, match="the trees differ at tree"):
        step({"cell": cell})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optim.SGD(-0.1), "SGD: rate is -0.1, expected a positive number"),
        (lambda: optim.SGD(float("nan")), "SGD: rate is nan, expected a positive"),
        (lambda: optim.Momentum(0.1, mu=1.0), "Momentum: mu is 1.0, expected at least 0 and less"),
        (lambda: optim.Adam(0), "Adam: rate is 0, expected a positive number"),
        (lambda: optim.Adam(beta1=-0.1), "Adam: beta1 is -0.1, expected at least 0"),
        (lambda: optim.Adam(beta2=1.0), "Adam: beta2 is 1.0, expected"),
        (lambda: optim.Adam(epsilon=0), "Adam: epsilon is 0, expected a positive"),
    ],
)
def test_bad_settings_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_an_optimizer_is_configuration_and_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        optim.Adam().rate = 1.0
