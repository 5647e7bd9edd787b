import numpy as np
import pytest

from rnnlib.experiments.sigma_power import sigma_power


def test_with_orthogonal_w_a_gradient_is_sigma_to_the_lag_as_long():
    result = sigma_power(sigmas=(0.9, 1.0, 1.1), seeds=2, hidden=16)
    assert result.ratios.shape == (3, 2, 101)
    assert np.allclose(result.ratios, result.powers[:, None], rtol=1e-12, atol=0)
    assert result.ratios[0, :, -1] == pytest.approx(2.66e-5, rel=2e-3)
    assert result.ratios[2, :, -1] == pytest.approx(1.38e4, rel=2e-3)


def test_with_tanh_it_is_shorter():
    result = sigma_power(sigmas=(1.0, 1.1), seeds=2, hidden=16, g="tanh")
    assert (result.ratios <= result.powers[:, None] * (1 + 1e-12)).all()
    assert (result.ratios[..., -1] < 0.5 * result.powers[:, None, -1]).all()
