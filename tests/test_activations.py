import numpy as np
import pytest

import rnnlib as rl
from rnnlib.activations import ACTIVATIONS
from rnnlib.gradients import numerical_gradient, relative_error


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_is_the_derivative(name, move):
    a = np.array([-2.0, -0.3, 0.4, 3.0])
    g, slope = ACTIVATIONS[name]
    got = rl.to_numpy(slope(g(move(a))))
    assert relative_error(got, numerical_gradient(lambda a: g(a).sum(), a)) < 1e-9


def test_the_sigmoid_is_one_over_one_plus_e_to_the_minus_a():
    a = np.linspace(-8, 8, 33)
    assert relative_error(ACTIVATIONS["sigmoid"].g(a), 1 / (1 + np.exp(-a))) < 1e-15
