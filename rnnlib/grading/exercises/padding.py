"""What the exercises on sequences of unequal length share: how lengths are drawn, and two mistakes.

Sequence b has `lengths[b]` steps; what stands behind them, up to T, is padding.
"""

import numpy as np
import numpy.typing as npt

from rnnlib.grading.mistake import Known

COUNTED = Known(
    "the padded steps are counted",
    "A sequence of three steps in a batch of five: what may its last two rows change?",
)
ONE_STEP_TOO_MANY = Known(
    "one padded step of each sequence is counted",
    "Python counts from 0. Which is the last row of a sequence of three steps?",
)
LAST_STEP_MISSED = Known(
    "the last step of each sequence is taken for padding",
    "Python counts from 0. Which is the last row of a sequence of three steps?",
)
PADDING_IN_FRONT = Known(
    "the padding is taken to stand in front",
    "On which side of a short sequence does the padding stand here?",
)
FIRST_LENGTH_FOR_ALL = Known(
    "the first sequence's length is used for all",
    "How many numbers does `lengths` hold, and to which axis do they belong?",
)


def draw(rng: np.random.Generator, T: int, B: int) -> npt.NDArray[np.int64]:
    """Random lengths in no order: the longest is T, unless there is one sequence alone."""
    lengths = rng.integers(1, max(T - 1, 1), B, endpoint=True)
    if (
        B > 1
    ):  # the first is neither the longest nor, of three, the shortest: one must not do for all
        others = 1 + rng.permutation(B - 1)
        lengths[others[0]] = T
        if B > 2 and T > 2:
            lengths[0] = rng.integers(2, T - 1, endpoint=True)
            lengths[others[1]] = rng.integers(1, lengths[0] - 1, endpoint=True)
    return lengths
