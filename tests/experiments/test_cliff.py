import numpy as np
import pytest

import rnnlib as rl
from rnnlib.experiments.cliff import H0, STEPS, TARGET, Weights, cliff, loss_and_gradient
from rnnlib.gradients import relative_error


@pytest.fixture(scope="module")
def result():
    return cliff(grid=120)


def test_the_gradient_is_that_of_the_library(rng):
    """Backpropagation for a grid at once, written out for one unit, against the general one."""
    w, b = rng.uniform(3, 4, size=3), rng.uniform(-3, -1, size=3)
    L, d = loss_and_gradient(Weights(w, b))
    cell = rl.Elman(g="sigmoid")
    for i in range(3):
        p = rl.ElmanParams(U=np.zeros((1, 1)), W=w[i].reshape(1, 1), b=b[i].reshape(1))
        h, tape = rl.forward(cell, p, np.zeros((STEPS, 1, 1)), np.full((1, 1), H0))
        dlast = rl.losses.squared_error_backward(h[-1], np.full((1, 1), TARGET))
        g = rl.backward(cell, p, tape, 0 * h, dlast).params
        assert relative_error(np.array([d.w[i], d.b[i]]), np.array([g.W[0, 0], g.b[0]])) < 1e-12
        assert L[i] == pytest.approx((h[-1, 0, 0] - TARGET) ** 2, rel=1e-12)


def test_the_gradient_is_that_of_finite_differences():
    at = Weights(np.array([4.0, 5.0]), np.array([-1.5, -2.0]))
    _, d = loss_and_gradient(at)
    want = rl.gradients.numerical_gradient(lambda p: loss_and_gradient(p)[0].sum(), at)
    for got, wanted in zip(d, want, strict=True):
        assert relative_error(got, wanted) < 1e-8


def test_the_surface_has_a_cliff_and_is_flat_elsewhere(result):
    surface = result.surface
    assert surface.loss.shape == surface.gradient_norm.shape == (120, 120)
    assert surface.gradient_norm.max() > 10
    assert np.median(surface.gradient_norm) < 0.1
    assert surface.loss.min() < 1e-4


def test_the_cliff_starts_about_where_the_unit_has_two_states_to_rest_in(result):
    steep = result.surface.gradient_norm > 5
    assert result.surface.w[steep.any(axis=0)].min() == pytest.approx(4, abs=0.1)


def test_without_clipping_descent_is_thrown_off_the_map_and_with_clipping_it_arrives(result):
    surface, plain, clipped = result
    assert plain.gradient_norm.max() > 5
    assert plain.b.max() > surface.b.max()
    assert plain.loss[-1] > 0.08
    for values, axis in ((clipped.w, surface.w), (clipped.b, surface.b)):
        assert values.min() >= axis.min()
        assert values.max() <= axis.max()
    assert clipped.loss[-100:].max() < 0.01


def test_a_clipped_step_is_never_longer_than_rate_times_clip(result):
    steps = np.hypot(np.diff(result.clipped.w), np.diff(result.clipped.b))
    assert steps.max() <= 0.5 * 0.1 * (1 + 1e-12)
    assert len(result.clipped.w) == 401
    assert (result.clipped.w[0], result.clipped.b[0]) == (6.0, -2.9)
