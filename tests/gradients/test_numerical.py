import numpy as np

import rnnlib as rl
from rnnlib.gradients import numerical_gradient, relative_error


def test_a_cubic_is_differentiated_to_nine_digits(rng, move):
    a = rng.normal(size=(3, 4))
    got = numerical_gradient(lambda a: (a**3).sum(), move(a))
    assert relative_error(rl.to_numpy(got), 3 * a**2) < 1e-9


def test_a_tree_gives_a_tree_of_the_same_types(rng, move):
    p = rl.elman.init(rng, inputs=2, hidden=3)
    got = numerical_gradient(lambda p: (p.U**2).sum() + p.b.sum(), move(p))
    assert type(got) is rl.ElmanParams
    U, W, b = rl.to_numpy(got)
    assert relative_error(U, 2 * p.U) < 1e-9
    assert (W == 0).all()
    assert relative_error(b, np.ones(3)) < 1e-9


def test_the_point_itself_is_left_as_it_is(rng, move):
    a = move(rng.normal(size=3))
    before = rl.to_numpy(a).copy()
    numerical_gradient(lambda a: (a**2).sum(), a)
    assert (rl.to_numpy(a) == before).all()


def test_large_entries_are_moved_in_proportion():
    """A fixed width of 6e-6 would be lost in the rounding of 1e9."""
    got = numerical_gradient(lambda a: (a**2).sum(), np.array([1e9, 1e-3]))
    assert relative_error(got, np.array([2e9, 2e-3])) < 1e-8


def test_views_and_transposes_are_differentiated_like_copies(rng):
    a = rng.normal(size=(4, 3)).T[::2]
    got = numerical_gradient(lambda a: (a**2).sum(), a)
    assert relative_error(got, 2 * a) < 1e-9


def test_an_array_without_axes_has_a_gradient(move):
    got = numerical_gradient(lambda a: a**2, move(np.array(3.0)))
    assert abs(float(got) - 6) < 1e-8


def test_the_error_is_relative_to_the_largest_entry():
    want = np.array([100.0, 0.0])
    assert relative_error(np.array([100.0, 1.0]), want) == 0.01
    assert relative_error(np.zeros(2), np.zeros(2)) == 0.0
    assert relative_error(np.array([0.5, 0.0]), np.zeros(2)) == 0.5
