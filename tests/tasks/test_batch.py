import numpy as np
import pytest

from rnnlib.tasks import Batch, Vocabulary, minibatches
from rnnlib.tasks.batch import shuffled, take


def numbered(B=6, T=3):
    """A batch in which every array says which sequence it belongs to."""
    b = np.arange(B)
    return Batch(x=np.tile(b, (T, 1)), y=b, lengths=b)


@pytest.mark.parametrize(
    ("y", "axis"),
    [
        (np.arange(6), 0),
        (np.tile(np.arange(6), (3, 1)), 1),
        (np.arange(6.0)[:, None], 0),
        (np.tile(np.arange(6.0)[:, None], (3, 1, 1)), 1),
    ],
    ids=["symbols, one a sequence", "symbols", "numbers, one a sequence", "numbers"],
)
def test_sequences_are_taken_with_their_targets_and_lengths(y, axis):
    taken = take(numbered()._replace(y=y), np.array([4, 1]))
    assert (taken.x == [4, 1]).all()
    assert taken.lengths.tolist() == [4, 1]
    assert taken.y.shape == (*y.shape[:axis], 2, *y.shape[axis + 1 :])
    assert (np.moveaxis(taken.y, axis, -1) == [4, 1]).all()


def test_a_minibatch_holds_no_sequence_twice_and_in_the_long_run_all():
    draw, rng = minibatches(numbered(), sequences=4), np.random.default_rng(0)
    seen = set()
    for _ in range(20):
        batch = draw(rng)
        assert len(set(batch.y.tolist())) == 4
        assert (batch.x == batch.y).all()
        seen |= set(batch.y.tolist())
    assert seen == set(range(6))


def test_more_sequences_than_there_are_cannot_be_drawn():
    with pytest.raises(ValueError, match="sequences is 7, but there are 6"):
        minibatches(numbered(), sequences=7)
    with pytest.raises(TypeError, match="minibatches: rng is a int"):
        minibatches(numbered(), sequences=2)(0)


@pytest.mark.parametrize(("test", "count"), [(0.2, 2), (0.01, 1), (0.99, 9)])
def test_a_split_gives_each_thing_to_one_side(test, count):
    train, tested = shuffled("split", np.random.default_rng(0), 10, test)
    assert len(tested) == count
    assert sorted([*train, *tested]) == list(range(10))


def test_a_vocabulary_numbers_words_and_knows_what_it_does_not_know():
    v = Vocabulary.of([["b", "a"], ["b", "c"]], at_least=2)
    assert v.words == ("<pad>", "<unk>", "b")
    assert len(v) == 3
    assert v.encode(["a", "b", "c"]) == [1, 2, 1]
    assert v.decode([2, 1, 0]) == ["b", "<unk>", "<pad>"]


@pytest.mark.parametrize("words", [("a", "b"), ("<pad>", "<unk>", "a", "a")])
def test_a_vocabulary_that_is_none_is_refused(words):
    with pytest.raises(ValueError, match=r"Make one with Vocabulary\.of"):
        Vocabulary(words)
