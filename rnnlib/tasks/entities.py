"""Named entities: which words of a sentence are a person, a company, a place?

    Somesh worked at Cisco in Bangalore .
    PER    O      O  ORG   O  LOC       O

Source: Nath, Lecture 13, §13.2. The names are Faker's, for India; persons and companies share their
family names, so that the words around a name have to be read as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch, optional, pad
from rnnlib.tasks.vocabulary import Vocabulary

LABELS = ("O", "PER", "ORG", "LOC")

TEMPLATES = (
    "PER worked at ORG in LOC .",
    "PER and PER met in LOC .",
    "ORG opened an office in LOC .",
    "ORG hired PER last year .",
    "in LOC , PER left ORG .",
    "PER was born in LOC .",
    "yesterday ORG sued ORG .",
    "the train to LOC was late , said PER .",
    "PER founded ORG with PER .",
    "nothing happened in LOC .",
)


class Sentence(NamedTuple):
    """Words, and for each what it is part of."""

    words: tuple[str, ...]
    labels: tuple[str, ...]


def sentences(rng: np.random.Generator, count: int) -> list[Sentence]:
    """Random sentences.

    Args:
        rng: The source of randomness; the same seed gives the same sentences with one version of
            Faker.
        count: How many.

    Raises:
        ImportError: Faker is not installed.
        TypeError, ValueError: Not a Generator, or a bad size.

    Example:
        >>> sentence = sentences(np.random.default_rng(0), 1)[0]
        >>> len(sentence.words) == len(sentence.labels)
        True
    """
    expect_generator("entities.sentences", rng)
    expect_size("entities.sentences", "count", count)
    fake = _faker()
    fake.seed_instance(int(rng.integers(2**63)))
    return [_sentence(TEMPLATES[rng.integers(len(TEMPLATES))], rng, fake) for _ in range(count)]


def encode(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> Batch:
    """Sentences as numbers.

    Returns:
        x (T, B): the words' numbers, 1 for a word that the vocabulary does not have. y (T, B): the
        places of the labels in `LABELS`. lengths (B,).

    Example:
        >>> sentence = Sentence(("Somesh", "left", "Cisco"), ("PER", "O", "ORG"))
        >>> x, y, _ = encode([sentence], Vocabulary.of([["Somesh", "left"]]))
        >>> x[:, 0], y[:, 0]
        (array([2, 3, 1]), array([1, 0, 2]))
    """
    x, lengths = pad([vocabulary.encode(sentence.words) for sentence in sentences])
    y, _ = pad([[LABELS.index(label) for label in sentence.labels] for sentence in sentences])
    return Batch(x, y, lengths)


def sample(rng: np.random.Generator, *, sequences: int, vocabulary: Vocabulary) -> Batch:
    """Random sentences as numbers.

    Whoever says O for every word is right for about 52 % of the words.

    Args:
        rng: The source of randomness.
        sequences: How many, B.
        vocabulary: Such as `Vocabulary.of((s.words for s in sentences(rng, 500)), at_least=2)`.

    Returns:
        As `encode` does.

    Raises:
        ImportError, TypeError, ValueError: As `sentences` does.
    """
    return encode(sentences(rng, sequences), vocabulary)


def _sentence(template: str, rng: np.random.Generator, fake: Any) -> Sentence:
    words, labels = [], []
    for part in template.split():
        label = part if part in LABELS else "O"
        text = part if label == "O" else _entity(label, rng, fake)
        for word in text.replace(",", " ,").split():
            words.append(word)
            labels.append(label)
    return Sentence(tuple(words), tuple(labels))


def _entity(label: str, rng: np.random.Generator, fake: Any) -> str:
    if label == "PER":
        first = str(fake.first_name())
        return f"{first} {fake.last_name()}" if rng.integers(2) else first
    return str(fake.company() if label == "ORG" else fake.city())


@cache
def _faker() -> Any:
    return optional("faker", "Faker").Faker("en_IN")
