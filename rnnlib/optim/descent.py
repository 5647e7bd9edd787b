"""Gradient descent, plain and with momentum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from rnnlib import tree
from rnnlib.optim.checks import (
    expect_fraction,
    expect_gradients,
    expect_positive,
    expect_state,
    zeros_like,
)


class Optimizer(Protocol):
    """What `rnnlib.train` asks of an optimizer."""

    def init(self, params: Any) -> Any:
        """The state before the first step."""
        ...

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """The parameters and the state after one more step; see `SGD` for the errors raised."""
        ...


@dataclass(frozen=True)
class SGD:
    """Gradient descent: p ← p - η dp.

    Attributes:
        rate: The learning rate η.

    Raises:
        ValueError: A rate that is not positive. From `step`: a gradient of another form, shape or
            dtype than its parameter, or one that holds NaN or infinity; a state that belongs to
            other parameters.

    Example:
        >>> import numpy as np
        >>> sgd = SGD(rate=0.1)
        >>> params = {"w": np.array([1.0, 2.0])}
        >>> params, _ = sgd.step(params, {"w": np.array([10.0, 0.0])}, sgd.init(params))
        >>> params["w"]
        array([0., 2.])
    """

    rate: float

    def __post_init__(self) -> None:
        expect_positive(self, "rate")

    def init(self, params: Any) -> tuple[()]:
        """Nothing: plain gradient descent remembers nothing."""
        return ()

    def step(self, params: Any, gradients: Any, state: tuple[()]) -> tuple[Any, tuple[()]]:
        """One step down the gradient."""
        expect_gradients(self, params, gradients)
        p = tree.map(lambda p, dp: p - self.rate * dp, params, gradients)
        return p, state


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with a velocity, which goes on where gradients agree.

        v ← μ v + dp
        p ← p - η v             (Nesterov: p - η (dp + μ v))

    Attributes:
        rate: The learning rate η.
        mu: How much of the velocity is kept, 0 ≤ μ < 1.
        nesterov: Whether to look one step of the velocity ahead.

    Raises:
        ValueError: As `SGD`, or a μ out of range.

    Example:
        >>> import numpy as np
        >>> momentum = Momentum(rate=0.1, mu=0.5)
        >>> p, v = np.array([1.0]), np.array([2.0])
        >>> momentum.step(p, np.array([1.0]), v)
        (array([0.8]), array([2.]))
    """

    rate: float
    mu: float = 0.9
    nesterov: bool = False

    def __post_init__(self) -> None:
        expect_positive(self, "rate")
        expect_fraction(self, "mu")

    def init(self, params: Any) -> Any:
        """v = 0, a tree like the parameters."""
        return tree.map(zeros_like, params)

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """One step along the velocity."""
        expect_gradients(self, params, gradients)
        expect_state(self, params, state)
        v = tree.map(lambda v, dp: self.mu * v + dp, state, gradients)
        ahead = tree.map(lambda dp, v: dp + self.mu * v, gradients, v) if self.nesterov else v
        p = tree.map(lambda p, v: p - self.rate * v, params, ahead)
        return p, v
