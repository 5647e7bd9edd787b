import numpy as np
import pytest

import rnnlib as rl
from rnnlib.explore.saturation import SIZES, STEPS, WEIGHTS, saturation

STEPS_SHOWN, GRADIENT = "Where the steps are", "The gradient"


@pytest.fixture(scope="module")
def explorer():
    return saturation()


ENDS = [(g, w, size) for g in ("tanh", "sigmoid") for w in (0.0, 5.0) for size in (0.0, 3.0)]


@pytest.mark.parametrize(("g", "w", "size"), [*ENDS, ("tanh", 1.5, 0.5), ("sigmoid", 4.2, 1.1)])
def test_the_series_are_those_of_a_network_with_one_unit(explorer, g, w, size):
    x = size * np.random.default_rng(6).normal(size=STEPS)
    h, a, slopes = 0.0, [], []
    for x_t in x:
        a.append(w * h + x_t)
        h = np.tanh(a[-1]) if g == "tanh" else 1 / (1 + np.exp(-a[-1]))
        slopes.append(1 - h**2 if g == "tanh" else h * (1 - h))
    shown = explorer.at(g=g, w=w, size=size)
    np.testing.assert_allclose(shown[STEPS_SHOWN]["a step"], [a, slopes], atol=1e-12)
    product = np.cumprod(slopes[::-1])
    k = np.arange(1, STEPS + 1)
    for name, wanted in (("slopes", product), ("wᵏ", w**k), ("gradient", w**k * product)):
        name = name if name == "gradient" else f"{name} alone"
        np.testing.assert_allclose(shown[GRADIENT][name], wanted, rtol=1e-7, atol=1e-300)


def test_the_gradient_is_what_backpropagation_sends_to_the_first_state(explorer):
    w, size = 1.5, 0.5
    p = rl.ElmanParams(np.ones((1, 1)), np.array([[w]]), np.zeros(1))
    x = size * np.random.default_rng(6).normal(size=(STEPS, 1, 1))
    h, tape = rl.forward(rl.elman, p, x)
    back = rl.backward(rl.elman, p, tape, 0 * h, np.ones((1, 1))).state0[0, 0]
    assert explorer.at(g="tanh", w=w, size=size)[GRADIENT]["gradient"][-1] == pytest.approx(back)


def test_a_larger_weight_or_a_larger_input_leaves_less_of_the_gradient_of_tanh(explorer):
    def left(w, size):
        return explorer.at(g="tanh", w=w, size=size)[GRADIENT]["gradient"][-1]

    assert left(1.5, 0) == pytest.approx(1.5**STEPS)  # a unit that rests at 0 explodes
    assert left(1.5, 0) > left(1.5, 0.5) > left(1.5, 1.5) > left(1.5, 3)
    assert left(1.5, 0.5) > left(3, 0.5) > left(5, 0.5)


@pytest.mark.parametrize("g", ["tanh", "sigmoid"])
def test_once_inputs_come_the_slopes_take_more_than_any_weight_gives(explorer, g):
    assert "the slopes take more than w gives" in explorer.caption
    for w in WEIGHTS:
        for size in SIZES[1:]:
            shown = explorer.at(g=g, w=w, size=size)
            assert shown[GRADIENT]["gradient"][-1] < 0.05
            assert abs(shown[STEPS_SHOWN]["a step"][0]).max() < 11  # on the axis


def test_the_slopes_of_the_sigmoid_are_at_most_one_quarter(explorer):
    assert explorer.at(g="sigmoid", w=0, size=0)[STEPS_SHOWN]["a step"][1].max() == 0.25
    assert explorer.at(g="sigmoid", w=4, size=1)[GRADIENT]["gradient"].max() < 1
