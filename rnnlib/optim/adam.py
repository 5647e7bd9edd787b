"""Adam: steps of about one length, whatever the size of the gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from rnnlib import tree
from rnnlib.optim.checks import (
    expect_fraction,
    expect_gradients,
    expect_positive,
    expect_state,
    zeros_like,
)


class AdamState(NamedTuple):
    """What Adam remembers."""

    t: int
    """How many steps it has made."""
    m: Any
    """The running mean of the gradients."""
    v: Any
    """The running mean of their squares."""


@dataclass(frozen=True)
class Adam:
    """Adam: every parameter at its own rate, by the size that its gradient usually has.

        m ← β₁ m + (1 - β₁) dp              m̂ = m / (1 - β₁ᵗ)
        v ← β₂ v + (1 - β₂) dp²             v̂ = v / (1 - β₂ᵗ)
        p ← p - η m̂ / (√v̂ + ε)

    Attributes:
        rate: The learning rate η: about how far a parameter moves in one step.
        beta1: The memory of the mean, 0 ≤ β₁ < 1.
        beta2: The memory of the squares, 0 ≤ β₂ < 1.
        epsilon: ε > 0, against a division by zero.

    Raises:
        ValueError: As `SGD`, or a β out of range.

    Example:
        >>> import numpy as np
        >>> adam, p = Adam(rate=0.1), np.array([1.0, 1.0])
        >>> p, state = adam.step(p, np.array([1e-3, -1e3]), adam.init(p))
        >>> p.round(3)  # the first step has length η, whatever the gradient's size
        array([0.9, 1.1])
    """

    rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        expect_positive(self, "rate")
        expect_fraction(self, "beta1")
        expect_fraction(self, "beta2")
        expect_positive(self, "epsilon")

    def init(self, params: Any) -> AdamState:
        """t = 0, m = 0, v = 0."""
        return AdamState(0, tree.map(zeros_like, params), tree.map(zeros_like, params))

    def step(self, params: Any, gradients: Any, state: AdamState) -> tuple[Any, AdamState]:
        """One step, each entry scaled by the root of its mean square."""
        expect_gradients(self, params, gradients)
        expect_state(self, params, getattr(state, "m", None), getattr(state, "v", None))
        beta1, beta2, t = self.beta1, self.beta2, int(state.t) + 1
        m = tree.map(lambda m, dp: beta1 * m + (1 - beta1) * dp, state.m, gradients)
        v = tree.map(lambda v, dp: beta2 * v + (1 - beta2) * dp**2, state.v, gradients)
        m_hat = tree.map(lambda m: m / (1 - beta1**t), m)
        v_hat = tree.map(lambda v: v / (1 - beta2**t), v)
        p = tree.map(
            lambda p, m, v: p - self.rate * m / (v**0.5 + self.epsilon), params, m_hat, v_hat
        )
        return p, AdamState(t, m, v)
