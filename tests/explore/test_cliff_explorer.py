import numpy as np
import pytest

import rnnlib as rl
from rnnlib.explore.cliff import BIAS, ITERATIONS, LIMITS, RATES, STARTS, at, cliff

PLAIN, CLIPPED, WAY, LOSS = (
    "without clipping",
    "with clipping",
    "w on the way",
    "The loss on the way",
)


@pytest.fixture(scope="module")
def explorer():
    return cliff()


def loss_and_slope(w):
    """By the general forward and backward, for one network."""
    p = rl.ElmanParams(np.zeros((1, 1)), np.array([[w]]), np.array([BIAS]))
    h0 = np.full((1, 1), 1 / (1 + np.exp(-0.5)))
    h, tape = rl.forward(rl.Elman(g="sigmoid"), p, np.zeros((50, 1, 1)), h0)
    g = rl.backward(rl.Elman(g="sigmoid"), p, tape, 0 * h, 2 * (h[-1] - 0.7))
    return (h[-1, 0, 0] - 0.7) ** 2, g.params.W


ENDS = [(s, r, c) for s in (4.0, 5.5) for r in (0.2, 1.0) for c in (0.05, 0.5)]


@pytest.mark.parametrize(("start", "rate", "limit"), [*ENDS, (4.41, 0.5, 0.1), (5.2, 0.5, 0.1)])
def test_the_ways_down_are_those_of_plain_and_of_clipped_descent(explorer, start, rate, limit):
    shown = explorer.at(start=start, rate=rate, limit=limit)
    for name, longest in ((PLAIN, np.inf), (CLIPPED, limit)):
        w = shown[WAY][name]
        assert w[0] == start
        for n in (0, 1, 5):  # each step from where the one before has led
            loss, dw = loss_and_slope(w[n])
            dw, _ = rl.gradients.clip_by_norm(dw, longest)
            assert w[n + 1] == pytest.approx(w[n] - rate * dw.item(), rel=1e-9)
            assert shown[LOSS][name][n] == pytest.approx(loss, rel=1e-9)
        np.testing.assert_array_equal(shown["The cliff"][name], [w, shown[LOSS][name]])
    np.testing.assert_array_equal(
        shown["The cliff"]["start"][:, 0], [start, at(np.array([start]))[0][0]]
    )


def test_the_lowest_place_lies_at_the_foot_of_the_cliff():
    w = np.linspace(3.5, 8, 4501)
    loss, dw = at(w)
    steepest = w[abs(dw).argmax()]
    assert steepest < w[loss.argmin()] < steepest + 0.03
    assert abs(dw).max() > 40
    assert np.median(abs(dw)) < 0.1
    assert loss[w < steepest - 0.01].min() > 0.2


def test_from_the_wall_the_first_step_goes_far_without_clipping_and_to_the_foot_with_it(explorer):
    shown = explorer.at(start=4.41, rate=0.5, limit=0.1)
    assert shown[LOSS][PLAIN][0] > 0.2
    assert shown[WAY][PLAIN][1] > 13
    assert shown[LOSS][PLAIN][1] > 0.08
    assert shown[WAY][CLIPPED][1] == pytest.approx(4.46)
    assert shown[LOSS][CLIPPED][1] < 0.01


def test_without_clipping_descent_is_thrown_away_and_with_it_no_step_is_long(explorer):
    shown = explorer.at(start=5.2, rate=0.5, limit=0.1)
    assert shown[WAY][PLAIN].max() > 20
    assert shown[LOSS][PLAIN][-1] > 0.08
    assert shown[LOSS][CLIPPED][-1] < 0.01
    for rate in RATES:
        for limit in LIMITS:
            for start in STARTS[::20]:
                w = explorer.at(start=start, rate=rate, limit=limit)[WAY][CLIPPED]
                assert len(w) == ITERATIONS + 1
                assert abs(np.diff(w)).max() <= rate * limit + 1e-12
