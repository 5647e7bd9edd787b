"""Tagging: name the hidden state of a Markov model at every step, from what it shows.

Source: Hasegawa-Johnson, Lecture 25, whose states are parts of speech and whose symbols are words.
"""

from __future__ import annotations

import numpy as np

from rnnlib import hmm
from rnnlib.tasks.batch import Batch


def sample(rng: np.random.Generator, params: hmm.HMMParams, *, steps: int, sequences: int) -> Batch:
    """Random words and their tags.

    Whoever guesses says the commonest tag. Whoever sees the word of this step alone says
    argmax_j P(X_t = k | Y_t = j) P(Y_t = j). The most that the words so far can tell is
    `rnnlib.hmm.filtering`. For "John hit the ball" these are right in 33 %, 97 % and 97 % of the
    steps: its words give their tags away. Memory is worth more where words tell less and the order
    of the tags tells more.

    Args:
        rng: The source of randomness.
        params: Transition W, emission U and prior, such as `rnnlib.hmm.john_hit_the_ball().params`.
        steps: The length T.
        sequences: How many, B.

    Returns:
        x (T, B): the words. y (T, B): the tags.

    Raises:
        TypeError, ValueError: Not a Generator, bad sizes, or invalid probabilities.

    Example:
        >>> john = hmm.john_hit_the_ball()
        >>> x, y, _ = sample(np.random.default_rng(3), john.params, steps=4, sequences=1)
        >>> [john.words[k] for k in x[:, 0]], [john.tags[k] for k in y[:, 0]]
        (['the', 'ball', 'hit', 'the'], ['Det', 'Noun', 'Verb', 'Det'])
    """
    y, x = hmm.sample(rng, params, steps=steps, sequences=sequences)
    return Batch(x, y)
