import numpy as np
import pytest

from rnnlib.losses import cross_entropy
from rnnlib.tasks import copying


@pytest.mark.parametrize(("delay", "recall", "symbols"), [(1, 1, 1), (5, 3, 4), (100, 10, 8)])
def test_what_is_read_first_is_due_at_the_end(delay, recall, symbols):
    x, y, _ = copying.sample(
        np.random.default_rng(0), delay=delay, sequences=20, recall=recall, symbols=symbols
    )
    T = len(x)
    assert x.shape == y.shape == (delay + 2 * recall, 20)
    for b in range(20):
        read, answer = x[:, b].tolist(), y[:, b].tolist()
        assert read[:recall] == answer[T - recall :]
        assert all(1 <= s <= symbols for s in read[:recall])
        assert read[recall:] == [0] * (delay - 1) + [symbols + 1] + [0] * recall
        assert answer[: T - recall] == [0] * (T - recall)


def test_knowing_when_but_not_what_has_the_stated_loss():
    _, y, _ = copying.sample(np.random.default_rng(0), delay=5, sequences=50, recall=3, symbols=4)
    o = np.zeros((*y.shape, 5))
    o[:-3, :, 0] = 50.0  # a blank, for sure
    o[-3:, :, 0] = -50.0  # a symbol, whichever
    got = float(cross_entropy(o, y))
    assert got == pytest.approx(copying.baseline(recall=3, symbols=4), rel=1e-12)
