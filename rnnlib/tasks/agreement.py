"""Agreement at a distance: does the pronoun fit the name at the beginning of the sentence?

    Isha went for a walk , it rained , a dog barked , and he was overjoyed .        0: it does not

Source: Nath, Lecture 13, §13.5, whose grammar checker forgets the name before the pronoun comes.
"""

from __future__ import annotations

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch, pad
from rnnlib.tasks.vocabulary import Vocabulary

NAMES = {
    "she": ("Isha", "Anna", "Maria", "Priya", "Lena", "Fatima"),
    "he": ("Ravi", "John", "Omar", "Paul", "Arjun", "Kofi"),
}
BEGINNING = "went for a walk ,"
CLAUSES = (  # in between: no name, no person
    "it rained ,",
    "the sun came out ,",
    "a dog barked ,",
    "the bus was late ,",
    "the shops closed ,",
    "leaves fell from the trees ,",
    "a train went by ,",
    "the river was high ,",
)
END = "was overjoyed ."

VOCABULARY = Vocabulary.of(
    text.split() for text in (BEGINNING, *CLAUSES, "and she he", END, *sum(NAMES.values(), ()))
)


def sample(rng: np.random.Generator, *, sequences: int, clauses: tuple[int, int] = (0, 4)) -> Batch:
    """Random sentences, each right or wrong with probability 1/2.

    Whoever guesses, and whoever looks at the pronoun alone, is right in 1 of 2 and has a loss of
    ln 2 = 0.693 nats.

    Args:
        rng: The source of randomness.
        sequences: How many, B.
        clauses: The least and the largest number of clauses between name and pronoun.

    Returns:
        x (T, B): the words' numbers in `VOCABULARY`. y (B,): 1 where the pronoun fits the name,
        else 0. lengths (B,): the answer is due after the last word.

    Raises:
        TypeError, ValueError: Not a Generator, a bad size, or `clauses` that are not 0 ≤ least ≤
            largest.

    Example:
        >>> x, y, lengths = sample(np.random.default_rng(1), sequences=1, clauses=(1, 1))
        >>> " ".join(VOCABULARY.decode(x[:, 0])), int(y[0])
        ('Lena went for a walk , the river was high , and she was overjoyed .', 1)
    """
    expect_generator("agreement.sample", rng)
    B = expect_size("agreement.sample", "sequences", sequences)
    least, largest = clauses
    if not 0 <= least <= largest:
        raise ValueError(
            f"agreement.sample: clauses is {clauses}, expected (least, largest) from 0 up."
        )
    sentences, fits = [], []
    for _ in range(B):
        pronoun, right = ("she", "he")[rng.integers(2)], int(rng.integers(2))
        kind = pronoun if right else {"she": "he", "he": "she"}[pronoun]
        name = NAMES[kind][rng.integers(len(NAMES[kind]))]
        between = rng.choice(CLAUSES, rng.integers(least, largest, endpoint=True))
        sentence = " ".join([name, BEGINNING, *between, "and", pronoun, END])
        sentences.append(VOCABULARY.encode(sentence.split()))
        fits.append(right)
    x, lengths = pad(sentences)
    return Batch(x, np.array(fits), lengths)
