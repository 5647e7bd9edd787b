import numpy as np
import pytest

import rnnlib as rl
from rnnlib import gradients
from rnnlib.explore.singular_values import (
    HIDDEN,
    LARGEST,
    NORMALITY,
    SMALLEST,
    STEPS,
    recurrent,
    singular_values,
)

BOUND = "bound: largest singular valueᵏ"


@pytest.fixture(scope="module")
def explorer():
    return singular_values()


ENDS = [
    (g, s, low, n) for g in ("linear", "tanh") for s in (0.5, 2.0) for low in (0, 1) for n in (0, 1)
]


@pytest.mark.parametrize(
    ("g", "largest", "smallest", "normality"), [*ENDS, ("tanh", 1.2, 0.6, 0.5)]
)
def test_the_series_are_those_of_a_network_with_this_matrix(
    explorer, g, largest, smallest, normality
):
    W = recurrent(largest, smallest, normality)
    shown = explorer.at(g=g, largest=largest, smallest=smallest, normality=normality)
    u = np.random.default_rng(4).normal(size=(HIDDEN, 1))
    cell = rl.Elman(g={"linear": "identity", "tanh": "tanh"}[g])
    p = rl.ElmanParams(u / np.linalg.norm(u), W, np.zeros(HIDDEN))
    x = np.eye(1, STEPS).reshape(STEPS, 1, 1)
    h, tape = rl.forward(cell, p, x)
    np.testing.assert_allclose(
        shown["The state"]["state after a pulse"], np.linalg.norm(h[:, 0], axis=1), rtol=1e-9
    )
    J = gradients.step_jacobians(cell, p, tape)
    product = gradients.jacobian_between(J, earlier=STEPS - 3, later=STEPS)[0]
    growth = shown["The gradient"]["gradient"]
    np.testing.assert_allclose(growth[2], np.linalg.norm(product, 2), rtol=1e-9, atol=1e-12)
    assert (growth <= shown["The gradient"][BOUND] * (1 + 1e-9) + 1e-12).all()


def test_the_plane_holds_the_eigenvalues_in_the_ring_of_the_singular_values(explorer):
    for largest, smallest, normality in ((0.5, 0.0, 0.0), (2.0, 1.0, 1.0), (1.2, 0.6, 0.5)):
        W = recurrent(largest, smallest, normality)
        plane = explorer.at(largest=largest, smallest=smallest, normality=normality)["The spectrum"]
        x, y = plane["eigenvalues"]
        values = np.linalg.eigvals(W)
        np.testing.assert_allclose(np.sort(x), np.sort(values.real), atol=1e-12)
        radii = np.hypot(x, y)
        np.testing.assert_allclose(np.sort(radii), np.sort(abs(values)), atol=1e-12)
        for name, radius in (("largest", largest), ("smallest", smallest * largest)):
            got = np.hypot(*plane[f"{name} singular value"])
            np.testing.assert_allclose(got, radius, atol=1e-12)
        assert (radii <= largest + 1e-9).all()
        assert (radii >= smallest * largest - 1e-9).all()


def test_the_matrix_has_the_singular_values_asked_for():
    for largest in LARGEST[::10]:
        for smallest in SMALLEST:
            for normality in NORMALITY:
                found = gradients.singular_values(recurrent(largest, smallest, normality))
                wanted = np.linspace(largest, smallest * largest, HIDDEN)
                np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_normality_decides_between_singular_values_and_their_mean():
    values = np.linspace(1.5, 0.45, HIDDEN)
    symmetric, shifted = recurrent(1.5, 0.3, 1.0), recurrent(1.5, 0.3, 0.0)
    assert np.isclose(gradients.spectral_radius(symmetric), 1.5)
    assert np.isclose(gradients.spectral_radius(shifted), np.exp(np.log(values).mean()))
    assert np.isclose(gradients.henrici_departure(symmetric), 0, atol=1e-9)
