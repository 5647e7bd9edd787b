import numpy as np
import pytest

from rnnlib.experiments.forgetting import scalar_forgetting


def test_a_half_is_left_of_a_half_at_every_step():
    result = scalar_forgetting(weights=(0.5, 1.0, 1.1, -0.9), steps=60)
    assert result.steps.tolist() == list(range(61))
    assert (result.h[:, 0] == 0.5**result.steps).all()
    assert np.allclose(result.h, result.weights ** result.steps[:, None], rtol=1e-13, atol=0)


def test_no_steps_and_weights_that_are_none_are_refused():
    with pytest.raises(ValueError, match="axis 0 has no steps"):
        scalar_forgetting(steps=0)
    with pytest.raises(ValueError, match="holds nan"):
        scalar_forgetting(weights=(np.nan,))
