"""The letters of names: predict the next one, and so learn to make up names.

Source: the names are those of Faker, of the United States and of India, each once. Text generation
is an application of the slides "Recurrent Neural Networks".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnlib.tasks.batch import Batch, Split, optional, pad, shuffled

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"
"""The dot stands before the first letter and behind the last one."""


def all_names() -> list[str]:
    """More than a thousand first names in lower case, in alphabetical order.

    Raises:
        ImportError: Faker is not installed.

    Example:
        >>> "isha" in all_names()
        True
    """
    providers = [
        optional(f"faker.providers.person.{country}", "Faker").Provider
        for country in ("en_US", "en_IN")
    ]
    names = {name.lower() for provider in providers for name in provider.first_names}
    return sorted(name for name in names if set(name) <= set(ALPHABET[1:]))


def encode(names: Sequence[str]) -> Batch:
    """Names as numbers, with the next letter as the target.

    Returns:
        x (T, B): a dot and the name, as places in `ALPHABET`. y (T, B): the name and a dot.
        lengths (B,).

    Raises:
        ValueError: A letter that is not in `ALPHABET`, or no names.

    Example:
        >>> x, y, _ = encode(["ada"])
        >>> x[:, 0], y[:, 0]
        (array([0, 1, 4, 1]), array([1, 4, 1, 0]))
    """
    for name in names:
        if strange := set(name) - set(ALPHABET[1:]):
            raise ValueError(
                f"names.encode: {name!r} holds {min(strange)!r}, expected letters from a to z."
            )
    if not len(names):
        raise ValueError("names.encode: there are no names.")
    x, lengths = pad([[ALPHABET.index(letter) for letter in "." + name] for name in names])
    y, _ = pad([[ALPHABET.index(letter) for letter in name + "."] for name in names])
    return Batch(x, y, lengths)


def split(rng: np.random.Generator, *, test: float = 0.2) -> Split:
    """All names, in random order, those to learn from and those to test on; no name in both.

    Whoever guesses has a loss of ln 27 = 3.30 nats a letter; whoever knows how common each letter
    is, 2.84; whoever knows how often each letter follows which, 2.38.

    Args:
        rng: The source of randomness.
        test: The share of names to test on.

    Raises:
        ImportError: Faker is not installed.
        TypeError, ValueError: Not a Generator, or a share that is not between 0 and 1.
    """
    names = all_names()
    train_, test_ = shuffled("names.split", rng, len(names), test)
    return Split(encode([names[i] for i in train_]), encode([names[i] for i in test_]))
