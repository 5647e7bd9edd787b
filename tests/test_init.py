import numpy as np
import pytest

from rnnlib.init import scaled_uniform


def test_the_draw_is_uniform_in_one_over_root_fan():
    w = scaled_uniform(np.random.default_rng(0), (1000, 100), fan=25)
    assert abs(w).max() <= 0.2
    assert w.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.01)
    assert w.mean() == pytest.approx(0, abs=0.001)
