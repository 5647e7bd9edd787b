"""Copying, or delayed recall: read some symbols, wait, and say them again.

Source: Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural networks", ICML 2016,
the copying memory problem; it goes back to Hochreiter and Schmidhuber, "Long Short-Term Memory",
Neural Computation 9 (1997).
"""

from __future__ import annotations

from math import log

import numpy as np

from rnnlib.init import expect_generator, expect_size
from rnnlib.tasks.batch import Batch

BLANK = 0


def sample(
    rng: np.random.Generator, *, delay: int, sequences: int, recall: int = 10, symbols: int = 8
) -> Batch:
    """Random symbols, blanks, and a sign to begin; in the target the symbols stand at the end.

        x = s_1 … s_R  blank … blank  go    blank … blank        T = 2 R + delay
        y = blank  …                  blank  s_1  …  s_R

    The last of the `delay` steps in the middle is the sign `go`.

    Args:
        rng: The source of randomness.
        delay: How many steps lie between the last symbol and the first answer.
        sequences: How many, B.
        recall: How many symbols there are to remember, R.
        symbols: How many kinds of symbols there are.

    Returns:
        x (T, B): 0 is the blank, 1, …, `symbols` the symbols, `symbols` + 1 the sign to begin.
        y (T, B): 0 for the blank, and the symbols.

    Raises:
        TypeError, ValueError: Not a Generator, or bad sizes.

    Example:
        >>> x, y, _ = sample(np.random.default_rng(1), delay=3, sequences=1, recall=2)
        >>> x[:, 0], y[:, 0]
        (array([4, 5, 0, 0, 9, 0, 0]), array([0, 0, 0, 0, 0, 4, 5]))
    """
    expect_generator("copying.sample", rng)
    wait = expect_size("copying.sample", "delay", delay)
    B = expect_size("copying.sample", "sequences", sequences)
    R = expect_size("copying.sample", "recall", recall)
    go = expect_size("copying.sample", "symbols", symbols) + 1
    s = rng.integers(1, go, size=(R, B))
    blanks = np.full((R + wait, B), BLANK)
    x = np.concatenate([s, blanks])
    x[R + wait - 1] = go
    y = np.concatenate([blanks, s])
    return Batch(x, y)


def baseline(*, recall: int = 10, symbols: int = 8) -> float:
    """The loss of one sequence, in nats, of a network that knows when to answer but not what.

        L = R ln(symbols)

    Summed over the steps, as in `rnnlib.losses.cross_entropy`; the blanks cost nothing.

    Example:
        >>> round(baseline(), 2)
        20.79
    """
    return recall * log(symbols)
