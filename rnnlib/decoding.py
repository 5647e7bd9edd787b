"""One to many: an answer is fed back as the next input, until the end is reached.

Taught in lecture 2. Source: the slides "Recurrent Neural Networks", "RNN uses".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnlib import network
from rnnlib.backend import Array, namespace
from rnnlib.init import expect_size


def generate(
    cell: Any,
    params: Any,
    answer: Callable[[Array], tuple[Array, Array]],
    first: Array,
    state0: Any = None,
    *,
    steps: int,
) -> tuple[Array, Any]:
    """Run a network on its own answers.

        h_t = cell(x_t, h_{t-1}),   (y_t, x_{t+1}) = answer(h_t)

    Args:
        cell: Such as `rnnlib.lstm`.
        params: Its parameters.
        answer: From the state h_t (B, H) to the answer y_t, an array with B first, and the next
            input x_{t+1} (B, D): by the likeliest class, by a draw, or the output itself.
        first: The first input, (B, D).
        state0: The initial state, such as an encoder's last; None for zeros.
        steps: How many answers to give.

    Returns:
        The answers, (steps, B, …), and the last state, from which to go on.

    Raises:
        ValueError: `steps` is below 1, or the network is bidirectional.
        TypeError, ValueError: As `rnnlib.forward` does.

    Example:
        A counter modulo 3: the state after each letter is the next letter, one-hot.

        >>> import numpy as np
        >>> import rnnlib as rl
        >>> p = rl.ElmanParams(U=np.roll(np.eye(3), 1, axis=0), W=np.zeros((3, 3)), b=np.zeros(3))
        >>> y, _ = generate(rl.Elman(g="relu"), p, lambda h: (h.argmax(axis=-1), h),
        ...                 np.array([[1.0, 0.0, 0.0]]), steps=5)
        >>> y.ravel()
        array([1, 2, 0, 1, 2])
    """
    network.expect_causal("generate", cell)
    xp = namespace(first)
    x, state, answers = first, state0, []
    for _ in range(expect_size("generate", "steps", steps)):
        h, tape = network.forward(cell, params, x[None], state)
        y, x = answer(h[-1])
        answers.append(y)
        state = tape.last
    return xp.stack(answers), state
