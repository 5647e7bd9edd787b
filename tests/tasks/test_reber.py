import itertools
import re

import numpy as np
import pytest

from rnnlib.losses import cross_entropy
from rnnlib.tasks import reber

# The grammar again, as a regular expression.
TAIL = "(?:XT*VP)*(?:S|XT*VV)"
INNER = f"B(?:TS*X{TAIL}|PT*V(?:V|P{TAIL}))E"
EMBEDDED = re.compile(f"B(?:T{INNER}T|P{INNER}P)E")


@pytest.fixture(scope="module")
def batch():
    return reber.sample(np.random.default_rng(0), sequences=2000)


@pytest.fixture(scope="module")
def strings(batch):
    return [reber.text(batch, b) for b in range(2000)]


def test_every_string_is_one_of_the_grammar(strings):
    assert all(EMBEDDED.fullmatch(string) for string in strings)
    assert all(reber.is_grammatical(string) for string in strings)


def test_the_checker_says_the_same_as_the_regular_expression(strings):
    rng = np.random.default_rng(0)
    wrong = 0
    for string in strings[:500]:
        place, symbol = rng.integers(len(string)), reber.SYMBOLS[rng.integers(7)]
        for other in (string[:place] + symbol + string[place + 1 :], string[:place], string + "E"):
            assert reber.is_grammatical(other) == bool(EMBEDDED.fullmatch(other)), other
            wrong += not reber.is_grammatical(other)
    assert wrong > 1000
    for letters in itertools.product("BTPE", repeat=5):
        assert not reber.is_grammatical("".join(letters))


def test_the_target_is_the_next_symbol_and_may_come_there(batch, strings):
    for b, string in enumerate(strings[:200]):
        length = batch.lengths[b]
        assert "".join(reber.SYMBOLS[k] for k in batch.x[:length, b]) == string[:-1]
        assert "".join(reber.SYMBOLS[k] for k in batch.y[:length, b]) == string[1:]
        for t in range(length):
            assert string[t + 1] in reber.followers(string[: t + 1])


def test_nothing_may_follow_a_whole_string_or_a_mistake(strings):
    assert reber.followers(strings[0]) == ""
    assert reber.followers("BX") == ""
    assert reber.followers("") == "B"


def test_the_lengths_differ_and_begin_at_eight(batch):
    assert batch.lengths.min() == 8
    assert len(set(batch.lengths.tolist())) > 10


def test_the_last_symbol_but_one_is_the_second_and_a_guess_of_it_is_right_in_one_of_two(strings):
    assert all(string[1] == string[-2] for string in strings)
    assert np.mean([string[1] == "T" for string in strings]) == pytest.approx(0.5, abs=0.03)


def test_guessing_any_symbol_costs_ln_7_a_step(batch):
    loss = cross_entropy(np.zeros((*batch.y.shape, 7)), batch.y)
    assert float(loss) / len(batch.y) == pytest.approx(np.log(7), rel=1e-12)
