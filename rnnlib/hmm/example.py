"""The lecture's example: which part of speech is each word of "John hit the ball"?

Source: Hasegawa-Johnson, Lecture 25, "Recurrent neural network", which names its matrix of
transitions U and that of emissions W.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int

from rnnlib.backend import Array
from rnnlib.hmm.params import HMMParams


class Example(NamedTuple):
    """A model with names for its symbols and states, and a sequence to try it on."""

    params: HMMParams
    """In float64 on NumPy."""
    x: Int[Array, "T B"]
    """The observed symbols: `words[x[t - 1, 0]]` is the word at step t."""
    words: tuple[str, ...]
    """What the symbols stand for."""
    tags: tuple[str, ...]
    """What the states stand for."""


def john_hit_the_ball() -> Example:
    """Four words, three parts of speech, and reasonable probabilities.

    A determiner is followed by a noun, a noun by a verb, a verb by a determiner: each with
    probability 0.8. The source leaves the prior open; here it is uniform.

    Example:
        >>> john = john_hit_the_ball()
        >>> " ".join(john.words[k] for k in john.x[:, 0])
        'John hit the ball'
    """
    words = ("ball", "hit", "John", "the")
    tags = ("Det", "Noun", "Verb")
    transition = np.array([[1, 1, 8], [8, 1, 1], [1, 8, 1]]) / 10
    emission = np.array([[1, 1, 1, 97], [49, 1, 49, 1], [1, 97, 1, 1]]) / 100
    prior = np.full(3, 1 / 3)
    sentence = [words.index(word) for word in ("John", "hit", "the", "ball")]
    params = HMMParams(W=transition, U=emission, prior=prior)
    return Example(params, np.array(sentence)[:, None], words, tags)
