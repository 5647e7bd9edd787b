import numpy as np
import pytest

from rnnlib import hmm
from rnnlib.tasks import tags

JOHN = hmm.john_hit_the_ball().params


def test_words_and_tags_come_as_often_as_the_model_says():
    x, y, _ = tags.sample(np.random.default_rng(0), JOHN, steps=50, sequences=2000)
    for i in range(3):
        after_i = np.bincount(y[1:][y[:-1] == i], minlength=3) / (y[:-1] == i).sum()
        assert after_i == pytest.approx(JOHN.W[:, i], abs=0.01)
        words_of_i = np.bincount(x[y == i], minlength=4) / (y == i).sum()
        assert words_of_i == pytest.approx(JOHN.U[i], abs=0.01)
    assert np.bincount(y[0]) / 2000 == pytest.approx(JOHN.prior, abs=0.04)


def accuracies(params):
    """Of a guess, of the word alone, and of all words so far."""
    x, y, _ = tags.sample(np.random.default_rng(0), params, steps=100, sequences=200)
    guess = max((y == k).mean() for k in range(3))
    word = (params.U[:, x].argmax(axis=0) == y).mean()
    exact = (hmm.filtering(params, x)[0].argmax(axis=-1) == y).mean()
    return guess, word, exact


def test_the_baselines_are_those_stated():
    assert accuracies(JOHN) == pytest.approx((0.33, 0.97, 0.97), abs=0.01)


def test_with_words_that_tell_less_and_tags_that_follow_surely_memory_is_worth_more():
    vague, sure = 0.5 * JOHN.U + 0.5 / 4, 0.25 * JOHN.W + 0.75 * JOHN.W.round()
    guess, word, exact = accuracies(JOHN._replace(U=vague, W=sure))
    assert guess + 0.1 < word < exact - 0.1
