import dataclasses

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib.gradients import relative_error
from tests.three_ways import assert_backward_is_right

NONLINEARITIES = ["tanh", "relu", "sigmoid", "identity"]


@pytest.fixture
def step(rng, sizes):
    """The arguments of one step, none of them zero."""
    _, B, D, H, _ = sizes
    return {
        "params": rl.elman.init(rng, inputs=D, hidden=H),
        "x": rng.normal(size=(B, D)),
        "h_prev": rng.normal(size=(B, H)),
    }


@pytest.mark.parametrize("g", NONLINEARITIES)
def test_a_step_is_the_lecture_equation(g, step, move):
    by_hand = {
        "tanh": np.tanh,
        "relu": lambda a: np.maximum(a, 0),
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
        "identity": lambda a: a,
    }[g]
    U, W, b = step["params"]
    want = by_hand(step["x"] @ U.T + step["h_prev"] @ W.T + b)
    cell = rl.Elman(g=g)
    p, x, h_prev = (move(step[name]) for name in ("params", "x", "h_prev"))
    h = cell.step(p, x, h_prev)
    assert relative_error(rl.to_numpy(h), want) < 1e-15


@pytest.mark.parametrize("g", NONLINEARITIES)
def test_the_backward_of_a_step_is_right_three_ways(g, step, rng, move):
    cell = rl.Elman(g=g)

    def f(a):
        return cell.step(a["params"], a["x"], a["h_prev"])

    def gradients(a, dh):
        _, tape = rl.forward(cell, a["params"], a["x"][None], a["h_prev"])
        g = rl.backward(cell, a["params"], tape, dh[None])
        return {"params": g.params, "x": g.x[0], "h_prev": g.state0}

    w = rng.normal(size=step["h_prev"].shape)
    assert_backward_is_right(f, step, w, gradients, move)


def test_a_step_equals_torch_rnn_cell(step):
    U, W, b = rl.to(step["params"], "torch")
    reference = torch.nn.RNNCell(U.shape[1], U.shape[0], dtype=torch.float64)
    with torch.no_grad():
        for parameter, value in zip(reference.parameters(), (U, W, b, 0 * b), strict=True):
            parameter.copy_(value)
    x, h_prev = rl.to((step["x"], step["h_prev"]), "torch")
    h = rl.elman.step(rl.ElmanParams(U, W, b), x, h_prev)
    assert relative_error(h, reference(x, h_prev).detach()) < 1e-14


def test_relu_has_slope_zero_at_zero_as_torch_has_it(move):
    p = rl.ElmanParams(U=np.array([[0.0], [3.0]]), W=np.zeros((2, 2)), b=np.zeros(2))
    p, x, dh = move((p, np.ones((1, 1, 1)), np.array([[[5.0, 5.0]]])))
    _, tape = rl.forward(rl.Elman(g="relu"), p, x)
    g = rl.backward(rl.Elman(g="relu"), p, tape, dh)
    assert rl.to_numpy(g.params.b).tolist() == [0.0, 5.0]


def test_the_sigmoid_does_not_overflow(move):
    p = rl.ElmanParams(U=np.zeros((2, 1)), W=np.zeros((2, 2)), b=np.zeros(2))
    p, x, h_prev = move((p._replace(b=np.array([-1e4, 1e4])), np.zeros((1, 1)), np.zeros((1, 2))))
    assert rl.to_numpy(rl.Elman(g="sigmoid").step(p, x, h_prev)).tolist() == [[0.0, 1.0]]


def test_initial_parameters_lie_within_one_over_root_h():
    p = rl.elman.init(np.random.default_rng(0), inputs=3, hidden=100)
    for name, array in rl.tree.named_leaves(p):
        assert 0.09 < abs(array).max() <= 0.1, name


def test_one_seed_gives_the_same_parameters_on_every_backend(move):
    p = rl.elman.init(np.random.default_rng(0), inputs=3, hidden=4)
    q = move(rl.elman.init(np.random.default_rng(0), inputs=3, hidden=4))
    assert all((a == b).all() for a, b in zip(p, rl.to_numpy(q), strict=True))


def test_a_cell_is_configuration_and_cannot_be_changed():
    assert rl.Elman(g="tanh") == rl.elman
    with pytest.raises(dataclasses.FrozenInstanceError):
        rl.elman.g = "relu"


def test_an_unknown_nonlinearity_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="g is 'gelu', expected one of tanh, relu, sigmoid, iden"):
        rl.Elman(g="gelu")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"rng": 0}, TypeError, r"rng is a int, expected a NumPy Generator\. Make one with numpy"),
        ({"inputs": 0}, ValueError, "inputs is 0, expected at least 1"),
        ({"hidden": 2.0}, TypeError, r"hidden is 2\.0, expected an integer of at least 1"),
        ({"hidden": True}, TypeError, "hidden is True, expected an integer"),
    ],
)
def test_bad_arguments_of_init_are_refused(arguments, error, message, rng):
    given = {"rng": rng, "inputs": 2, "hidden": 3} | arguments
    with pytest.raises(error, match=message):
        rl.elman.init(given.pop("rng"), **given)
