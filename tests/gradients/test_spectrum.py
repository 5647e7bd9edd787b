import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import init
from rnnlib.gradients import (
    henrici_departure,
    relative_error,
    singular_values,
    spectral_radius,
)


def test_singular_values_are_those_the_matrix_was_made_with(rng, move):
    W = np.stack([init.with_singular_values(rng, values) for values in ([3, 2, 1], [1, 5, 0])])
    got = rl.to_numpy(singular_values(move(W)))
    assert relative_error(got, np.array([[3.0, 2, 1], [5, 1, 0]])) < 1e-14


def test_a_matrix_that_is_not_square_has_as_many_as_its_shorter_side(rng, move):
    assert tuple(singular_values(move(rng.normal(size=(2, 5, 3)))).shape) == (2, 3)


def test_the_spectral_radius_counts_complex_eigenvalues_by_their_modulus(move):
    rotation = np.array([[0.0, -2.0], [2.0, 0.0]])  # eigenvalues ±2i
    got = spectral_radius(move(np.stack([rotation, np.diag([1.0, -3.0])])))
    assert relative_error(rl.to_numpy(got), np.array([2.0, 3.0])) < 1e-14


def test_the_radius_is_at_most_the_norm_and_powers_grow_at_its_rate(rng):
    W = rng.normal(size=(6, 6))
    assert spectral_radius(W) <= singular_values(W)[0]
    growth = singular_values(np.linalg.matrix_power(W / 3, 200))[0] ** (1 / 200)
    assert growth == pytest.approx(spectral_radius(W / 3), rel=0.05)


def test_the_departure_is_the_norm_of_what_stands_above_the_diagonal(rng, move):
    T = np.triu(rng.normal(size=(3, 5, 5)))
    Q = init.orthogonal(rng, 5)
    above = np.linalg.norm(np.triu(T, 1), axis=(-2, -1))
    got = rl.to_numpy(henrici_departure(move(Q @ T @ Q.T)))
    assert relative_error(got, above) < 1e-12
    share = rl.to_numpy(henrici_departure(move(Q @ T @ Q.T), normalized=True))
    assert relative_error(share, above / np.linalg.norm(T, axis=(-2, -1))) < 1e-12


@pytest.mark.parametrize(("dtype", "rounding"), [("float64", 1e-7), ("float32", 1e-3)])
def test_a_normal_matrix_departs_by_rounding_only(dtype, rounding, rng, move):
    A = rng.normal(size=(40, 40))
    normal = np.stack([init.orthogonal(rng, 40), A + A.T, A - A.T, np.eye(40)]).astype(dtype)
    got = rl.to_numpy(henrici_departure(move(normal), normalized=True))
    assert got.dtype == dtype
    assert (got >= 0).all()
    assert got.max() < rounding


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_the_departure_neither_overflows_nor_underflows(scale):
    W = scale * np.array([[0.5, 4.0], [0.0, 0.5]])
    assert henrici_departure(W) == pytest.approx(4 * scale, rel=1e-14)
    assert henrici_departure(W, normalized=True) == pytest.approx(4 / np.sqrt(16.5), rel=1e-14)


def test_zero_is_normal(move):
    zero = move(np.zeros((3, 3)))
    assert float(henrici_departure(zero)) == 0
    assert float(henrici_departure(zero, normalized=True)) == 0


@pytest.mark.parametrize("function", [singular_values, spectral_radius, henrici_departure])
def test_half_precision_and_what_is_no_matrix_are_refused(function):
    with pytest.raises(TypeError, match="W has dtype float16, expected float32 or float64"):
        function(np.eye(2, dtype="float16"))
    with pytest.raises(TypeError, match="W has dtype bfloat16"):
        function(torch.eye(2, dtype=torch.bfloat16))
    with pytest.raises(ValueError, match="It needs at least 2 axes and has 1"):
        function(np.ones(3))
    with pytest.raises(ValueError, match="W holds nan at index"):
        function(np.full((2, 2), np.nan))


@pytest.mark.parametrize("function", [spectral_radius, henrici_departure])
def test_eigenvalues_need_a_square(function):
    with pytest.raises(ValueError, match=r"W has shape \(2, 3\), expected \(\.\.\., H, H\)"):
        function(np.ones((2, 3)))
