"""Words and their numbers.

Number 0 stands behind the end of a shorter sequence, and number 1 for every word that is not known:
in the world a network meets words that it was not trained on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

PAD, UNKNOWN = "<pad>", "<unk>"


@dataclass(frozen=True)
class Vocabulary:
    """The words that have a number; the number of a word is its place.

    Attributes:
        words: "<pad>", "<unk>", and the words.

    Raises:
        ValueError: The first two are others, or a word occurs twice.

    Example:
        >>> v = Vocabulary.of([["the", "cat"], ["the", "dog"]])
        >>> v.encode(["the", "bird"])
        [4, 1]
        >>> v.decode([4, 1])
        ['the', '<unk>']
    """

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.words[:2] != (PAD, UNKNOWN) or len(set(self.words)) < len(self.words):
            raise ValueError(
                f"Vocabulary: words are {PAD}, {UNKNOWN}, and then every word once. "
                "Make one with Vocabulary.of(sentences)."
            )

    @classmethod
    def of(cls, sentences: Iterable[Iterable[str]], *, at_least: int = 1) -> Vocabulary:
        """The words of some sentences, in alphabetical order.

        Args:
            sentences: Those to learn from, never those to test on.
            at_least: How often a word must occur to get a number. With 2 or more the unknown word
                occurs in training as well, and can be learnt.
        """
        counts = Counter(word for sentence in sentences for word in sentence)
        return cls((PAD, UNKNOWN, *sorted(w for w, n in counts.items() if n >= at_least)))

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, words: Iterable[str]) -> list[int]:
        """The number of each word, 1 for those that have none."""
        unknown = self._numbers[UNKNOWN]
        return [self._numbers.get(word, unknown) for word in words]

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """The word of each number."""
        return [self.words[number] for number in numbers]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}
