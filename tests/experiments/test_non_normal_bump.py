import numpy as np
import pytest

from rnnlib.experiments.non_normal_bump import non_normal_bump


@pytest.fixture(scope="module")
def result():
    return non_normal_bump(seeds=2, hidden=8)


def test_the_norm_first_grows_and_then_vanishes(result):
    for norms in result.norms:
        assert norms[1] == pytest.approx(5.2, rel=1e-12)
        assert norms.argmax() == 9
        assert norms.max() == pytest.approx(19, abs=0.5)
        assert norms[100] < 0.01


def test_it_lies_between_the_powers_of_the_eigenvalue_and_of_the_singular_value(result):
    assert (result.norms >= result.eigenvalue_powers * (1 - 1e-10)).all()
    assert (result.norms <= result.singular_value_powers * (1 + 1e-10)).all()
    assert (result.examples <= result.norms * (1 + 1e-10)).all()


def test_where_norm_and_radius_are_one_there_is_no_bump():
    result = non_normal_bump(radius=0.9, norm=0.9, seeds=1, hidden=8, steps=20)
    assert np.allclose(result.norms[0], 0.9**result.lags, rtol=1e-10, atol=0)
