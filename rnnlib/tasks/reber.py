"""The embedded Reber grammar: the last symbol but one is the second again, however long ago.

               ┌─ T ─ Reber ─ T ─┐                      Reber = B … E, drawn in `REBER`
        ── B ──┤                 ├── E ──
               └─ P ─ Reber ─ P ─┘

Sources: Reber, "Implicit learning of artificial grammars" (1967); Hochreiter and Schmidhuber,
"Long Short-Term Memory", Neural Computation 9 (1997), Experiment 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch, pad

SYMBOLS = "BTPSXVE"

REBER = {  # from every state, the symbols that may come and where they lead
    0: {"B": 1},
    1: {"T": 2, "P": 3},
    2: {"S": 2, "X": 4},
    3: {"T": 3, "V": 5},
    4: {"X": 3, "S": 6},
    5: {"P": 4, "V": 6},
    6: {"E": 7},
}
EMBEDDED: dict[Any, dict[str, Any]] = {
    "start": {"B": "branch"},
    "branch": {"T": ("T", 0), "P": ("P", 0)},
    **{
        (branch, state): {symbol: (branch, then) for symbol, then in edges.items()}
        for branch in "TP"
        for state, edges in REBER.items()
    },
    ("T", 7): {"T": "last"},
    ("P", 7): {"P": "last"},
    "last": {"E": "end"},
    "end": {},
    "mistake": {},
}


def sample(rng: np.random.Generator, *, sequences: int) -> Batch:
    """Random strings of the grammar, to predict the next symbol of at every step.

    Where two symbols may follow, each comes with probability 1/2. Whoever guesses is right in 1 of
    7 and has a loss of ln 7 = 1.946 nats a step. Whoever knows the grammar but has forgotten the
    second symbol guesses the last but one right in 1 of 2, and that is the place to look at.

    Args:
        rng: The source of randomness.
        sequences: How many, B.

    Returns:
        x (T, B): the string without its end, as places in `SYMBOLS`. y (T, B): the string without
        its beginning. lengths (B,): from 8 up.

    Raises:
        TypeError, ValueError: Not a Generator, or a bad size.

    Example:
        >>> batch = sample(np.random.default_rng(0), sequences=2)
        >>> [text(batch, b) for b in range(2)]
        ['BPBPVPXTTTTVVEPE', 'BPBPVVEPE']
    """
    expect_generator("reber.sample", rng)
    strings = [_string(rng) for _ in range(expect_size("reber.sample", "sequences", sequences))]
    x, lengths = pad([[SYMBOLS.index(symbol) for symbol in string[:-1]] for string in strings])
    y, _ = pad([[SYMBOLS.index(symbol) for symbol in string[1:]] for string in strings])
    return Batch(x, y, lengths)


def text(batch: Batch, b: int) -> str:
    """The string that sequence b of a batch was made of."""
    assert batch.lengths is not None
    length = batch.lengths[b]
    return "".join(SYMBOLS[k] for k in [*batch.x[:length, b], batch.y[length - 1, b]])


def followers(string: str) -> str:
    """The symbols that may come next; none after a whole string, nor after a mistake.

    Example:
        >>> followers("B"), followers("BT"), followers("BTBTXSE")
        ('TP', 'B', 'T')
    """
    return "".join(EMBEDDED[_walk(string)])


def is_grammatical(string: str) -> bool:
    """Whether it is a whole string of the grammar.

    Example:
        >>> is_grammatical("BTBTXSETE"), is_grammatical("BTBTXSEPE")
        (True, False)
    """
    return bool(_walk(string) == "end")


def _walk(string: str) -> Any:
    """The state that a string leads to from the start; there is no way out of a mistake."""
    state: Any = "start"
    for symbol in string:
        state = EMBEDDED[state].get(symbol, "mistake")
    return state


def _string(rng: np.random.Generator) -> str:
    string, state = "", EMBEDDED["start"]
    while state:
        symbol = list(state)[rng.integers(len(state))]
        string, state = string + symbol, EMBEDDED[state[symbol]]
    return string
