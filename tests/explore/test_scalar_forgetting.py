import numpy as np
import pytest

from rnnlib.experiments import forgetting
from rnnlib.explore.scalar_forgetting import AFTER, STEPS, WEIGHTS, scalar_forgetting

STATE, LEFT, UNTIL = "The state", "What is left of x₁", "Steps until one hundredth is left"


@pytest.fixture(scope="module")
def explorer():
    return scalar_forgetting()


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("w", [-1.2, -0.34, 0.0, 0.5, 1.0, 1.2])
def test_the_state_is_the_linear_recurrence_with_and_without_its_first_input(explorer, after, w):
    x = np.zeros(STEPS)
    x[1:] = {
        "nothing": 0.0,
        "always ½": 0.5,
        "noise": np.random.default_rng(5).normal(scale=0.5, size=299)[: STEPS - 1],
    }[after]
    for name, first in (("with x₁ = 1", 1.0), ("with x₁ = 0", 0.0)):
        h, states = 0.0, []
        for x_t in (first, *x[1:]):
            h = w * h + x_t
            states.append(h)
        np.testing.assert_allclose(explorer.at(after=after, w=w)[STATE][name], states, atol=1e-9)


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("w", [-1.2, 0.0, 0.5, 0.9, 1.2])
def test_what_comes_later_does_not_change_what_is_left_of_the_first_input(explorer, after, w):
    shown = explorer.at(after=after, w=w)[LEFT]
    t = np.arange(STEPS)
    np.testing.assert_allclose(shown["this w"], abs(w) ** t, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(shown["w = ½"], 0.5**t, rtol=1e-9, atol=1e-12)


def test_the_powers_are_those_of_the_experiment(explorer):
    h = forgetting.scalar_forgetting(weights=[0.9], steps=STEPS - 1).h[:, 0]
    np.testing.assert_allclose(explorer.at(after="nothing", w=0.9)[LEFT]["this w"], h)


def test_the_steps_are_the_first_at_which_no_more_than_one_hundredth_is_left(explorer):
    for w in WEIGHTS:
        at, steps = explorer.at(w=w)[UNTIL]["this w"][:, 0]
        assert at == w
        if abs(w) >= 1:
            assert np.isnan(steps)
        else:
            assert abs(w) ** steps <= 0.01 + 1e-9
            assert steps == 1 or abs(w) ** (steps - 1) > 0.01 + 1e-9


def test_the_caption_says_how_long_nine_tenths_remember(explorer):
    assert explorer.at(w=0.9)[UNTIL]["this w"][1] == 44
    assert "grows from 44 steps" in explorer.caption
