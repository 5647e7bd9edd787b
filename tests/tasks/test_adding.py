import numpy as np
import pytest

from rnnlib.tasks import adding


@pytest.mark.parametrize("steps", [2, 3, 50])
def test_the_target_is_the_sum_of_the_two_marked_numbers(steps):
    x, y, lengths = adding.sample(np.random.default_rng(0), steps=steps, sequences=200)
    for b in range(200):
        marked = [t for t in range(steps) if x[t, b, 1] == 1]
        assert len(marked) == 2
        assert marked[0] < steps // 2 <= marked[1]
        assert y[b, 0] == x[marked[0], b, 0] + x[marked[1], b, 0]
    assert np.isin(x[..., 1], [0, 1]).all()
    assert lengths is None


def test_guessing_one_has_the_stated_error():
    _, y, _ = adding.sample(np.random.default_rng(0), steps=10, sequences=200_000)
    assert ((y - 1) ** 2).mean() == pytest.approx(adding.BASELINE, rel=0.01)
    assert y.var() == pytest.approx(adding.BASELINE, rel=0.01)


def test_marks_fall_on_every_step():
    x, _, _ = adding.sample(np.random.default_rng(0), steps=7, sequences=500)
    assert (x[..., 1].sum(axis=1) > 0).all()
