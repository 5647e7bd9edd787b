import numpy as np
import pytest

import rnnlib as rl
from rnnlib.explore.hidden_state import STEPS, hidden_state

PULSE, CONSTANT, LEFT = "pulse at t = 1", "constant input ½", "What is left of the pulse"


@pytest.fixture(scope="module")
def explorer():
    return hidden_state()


@pytest.mark.parametrize(
    ("g", "w", "b"),
    [("tanh", -1.5, -1.0), ("relu", 0.35, 0.2), ("sigmoid", 1.5, 1.0), ("identity", 0.8, 0.0)],
)
def test_the_series_are_those_of_a_network_with_one_unit(explorer, g, w, b):
    p = rl.ElmanParams(U=np.ones((1, 1)), W=np.array([[w]]), b=np.array([b]))
    x = np.zeros((STEPS, 3, 1))
    x[0, 0], x[:, 1] = 1.0, 0.5
    h, _ = rl.forward(rl.Elman(g=g), p, x)
    shown = explorer.at(g=g, w=w, b=b)
    assert np.allclose(shown["The state"][PULSE], h[:, 0, 0], rtol=1e-12)
    assert np.allclose(shown["The state"][CONSTANT], h[:, 1, 0], rtol=1e-12)
    assert np.allclose(shown[LEFT][PULSE], abs(h[:, 0, 0] - h[:, 2, 0]), rtol=1e-9)


def test_half_the_weight_leaves_half_the_pulse_a_step(explorer):
    left = explorer.at(g="identity", w=0.5, b=0.0)[LEFT][PULSE]
    assert np.allclose(left, 0.5 ** np.arange(STEPS))
