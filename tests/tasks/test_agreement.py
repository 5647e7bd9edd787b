import numpy as np
import pytest

from rnnlib.tasks import agreement


def read(batch, b):
    return agreement.VOCABULARY.decode(batch.x[: batch.lengths[b], b])


def test_the_label_says_whether_the_pronoun_fits_the_name():
    batch = agreement.sample(np.random.default_rng(0), sequences=500)
    for b in range(500):
        name, *rest = read(batch, b)
        (pronoun,) = (word for word in rest if word in ("he", "she"))
        assert batch.y[b] == (name in agreement.NAMES[pronoun])
        assert "<unk>" not in rest


def test_no_name_belongs_to_both_and_none_comes_later():
    she, he = (set(names) for names in agreement.NAMES.values())
    assert not she & he
    batch = agreement.sample(np.random.default_rng(0), sequences=300)
    assert not any((she | he) & set(read(batch, b)[1:]) for b in range(300))


@pytest.mark.parametrize("clauses", [(0, 0), (2, 2), (1, 6)])
def test_the_gap_is_as_many_clauses_as_asked_for(clauses):
    batch = agreement.sample(np.random.default_rng(0), sequences=200, clauses=clauses)
    commas = {read(batch, b).count(",") - 1 for b in range(200)}
    assert (min(commas), max(commas)) == clauses


def test_neither_name_nor_pronoun_nor_length_tells_the_label():
    batch = agreement.sample(np.random.default_rng(0), sequences=20_000)
    assert batch.y.mean() == pytest.approx(0.5, abs=0.01)
    she = (batch.x == agreement.VOCABULARY.encode(["she"])[0]).any(axis=0)
    assert batch.y[she].mean() == pytest.approx(0.5, abs=0.02)
    isha = batch.x[0] == agreement.VOCABULARY.encode(["Isha"])[0]
    assert batch.y[isha].mean() == pytest.approx(0.5, abs=0.05)
    assert abs(np.corrcoef(batch.y, batch.lengths)[0, 1]) < 0.03
