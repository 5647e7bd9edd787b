"""Handwritten digits read row by row: an image is no sequence, but its rows have an order.

Sources: the images are scikit-learn's, from the UCI test set of E. Alpaydin and C. Kaynak (1998);
reading them as a sequence is of the slides "Recurrent Neural Networks".
"""

from __future__ import annotations

import numpy as np

from rnnlib.tasks.batch import Batch, Split, optional, shuffled, take


def split(rng: np.random.Generator, *, test: float = 0.2) -> Split:
    """The 1797 images, in random order, those to learn from and those to test on.

    Whoever guesses is right in 1 of 10 and has a loss of ln 10 = 2.303 nats.

    Args:
        rng: The source of randomness.
        test: The share of images to test on.

    Returns:
        x (8, B, 8): at step t the eight pixels of row t, from 0 (white) to 1. y (B,): the digit.

    Raises:
        ImportError: scikit-learn is not installed.
        TypeError, ValueError: Not a Generator, or a share that is not between 0 and 1.

    Example:
        >>> train, test = split(np.random.default_rng(0))
        >>> train.x.shape, test.x.shape
        ((8, 1438, 8), (8, 359, 8))
    """
    data = optional("sklearn.datasets", "scikit-learn").load_digits()
    images = Batch(x=data.images.swapaxes(0, 1) / 16, y=data.target.astype(int))
    train, test_ = shuffled("digits.split", rng, len(data.images), test)
    return Split(take(images, train), take(images, test_))
