import re

import numpy as np
import pytest

from rnnlib.losses import cross_entropy
from rnnlib.tasks import temporal_order as task


@pytest.mark.parametrize("steps", [10, 50, 100])
def test_the_class_is_the_order_of_the_two_symbols_that_count(steps):
    x, y, _ = task.sample(np.random.default_rng(0), steps=steps, sequences=200)
    for b in range(200):
        text = "".join(task.SYMBOLS[k] for k in x[:, b])
        order = re.fullmatch("E[abcd]*([XY])[abcd]+([XY])[abcd]+B", text)
        assert "".join(order.groups()) == task.CLASSES[y[b]]
        assert steps // 10 <= order.start(1) < 2 * steps // 10
        assert 4 * steps // 10 <= order.start(2) < 5 * steps // 10


def test_guessing_is_right_in_one_of_four():
    _, y, _ = task.sample(np.random.default_rng(0), steps=10, sequences=20_000)
    assert np.bincount(y) / 20_000 == pytest.approx([0.25] * 4, abs=0.01)
    assert float(cross_entropy(np.zeros((len(y), 4)), y)) == pytest.approx(np.log(4), rel=1e-12)
