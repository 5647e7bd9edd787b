import numpy as np
import pytest

from rnnlib.tasks import names


def read(batch):
    pairs = zip(batch.x.T, batch.lengths, strict=True)
    return ["".join(names.ALPHABET[k] for k in x[1:length]) for x, length in pairs]


def test_no_name_is_in_training_and_test_and_none_is_lost():
    train, test = names.split(np.random.default_rng(0))
    assert not set(read(train)) & set(read(test))
    assert sorted(read(train) + read(test)) == names.all_names()
    assert len(read(test)) == round(0.2 * len(names.all_names()))


def test_the_target_is_the_next_letter_and_a_dot_at_the_end():
    train, _ = names.split(np.random.default_rng(0))
    for b, name in enumerate(read(train)[:100]):
        length = train.lengths[b]
        assert length == len(name) + 1
        assert train.x[0, b] == 0
        assert (train.x[1:length, b] == train.y[: length - 1, b]).all()
        assert train.y[length - 1, b] == 0


def test_the_baselines_are_those_stated():
    batch = names.encode(names.all_names())
    pairs = np.zeros((27, 27))
    np.add.at(pairs, (batch.x[batch.mask], batch.y[batch.mask]), 1)

    def nats(counts):
        """The mean loss of who knows these counts, one row a situation."""
        p = counts / counts.sum(axis=1, keepdims=True)
        return -(counts * np.log(p, where=p > 0, out=np.zeros_like(p))).sum() / counts.sum()

    assert nats(np.ones((1, 27))) == pytest.approx(np.log(27))
    assert nats(pairs.sum(axis=0)[None]) == pytest.approx(2.84, abs=0.05)
    assert nats(pairs) == pytest.approx(2.38, abs=0.05)
