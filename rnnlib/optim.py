"""Steps down the gradient: SGD, momentum, Adam, on any tree of arrays.

    state         = optimizer.init(params)
    params, state = optimizer.step(params, gradients, state)

An optimizer is configuration and holds no arrays; what it remembers is the state that it is handed
and hands back, a tree as well. Nothing is changed in place. Each takes the same steps as its
namesake in torch.optim.

Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964);
Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013;
Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from rnnlib import tree
from rnnlib.backend import Array, all_finite, backend_of, dtype_name, namespace


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
            dtype than its parameter, or one that holds NaN or infinity.

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
        _expect_positive(self, "rate")

    def init(self, params: Any) -> tuple[()]:
        """Nothing: plain gradient descent remembers nothing."""
        return ()

    def step(self, params: Any, gradients: Any, state: tuple[()]) -> tuple[Any, tuple[()]]:
        """One step down the gradient."""
        _expect_gradients(self, params, gradients)
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
        _expect_positive(self, "rate")
        _expect_fraction(self, "mu")

    def init(self, params: Any) -> Any:
        """v = 0, a tree like the parameters."""
        return tree.map(_zeros_like, params)

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """One step along the velocity."""
        _expect_gradients(self, params, gradients)
        v = tree.map(lambda v, dp: self.mu * v + dp, state, gradients)
        ahead = tree.map(lambda dp, v: dp + self.mu * v, gradients, v) if self.nesterov else v
        p = tree.map(lambda p, v: p - self.rate * v, params, ahead)
        return p, v


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
        _expect_positive(self, "rate")
        _expect_fraction(self, "beta1")
        _expect_fraction(self, "beta2")
        _expect_positive(self, "epsilon")

    def init(self, params: Any) -> AdamState:
        """t = 0, m = 0, v = 0."""
        return AdamState(0, tree.map(_zeros_like, params), tree.map(_zeros_like, params))

    def step(self, params: Any, gradients: Any, state: AdamState) -> tuple[Any, AdamState]:
        """One step, each entry scaled by the root of its mean square."""
        _expect_gradients(self, params, gradients)
        beta1, beta2, t = self.beta1, self.beta2, int(state.t) + 1
        m = tree.map(lambda m, dp: beta1 * m + (1 - beta1) * dp, state.m, gradients)
        v = tree.map(lambda v, dp: beta2 * v + (1 - beta2) * dp**2, state.v, gradients)
        m_hat = tree.map(lambda m: m / (1 - beta1**t), m)
        v_hat = tree.map(lambda v: v / (1 - beta2**t), v)
        p = tree.map(
            lambda p, m, v: p - self.rate * m / (v**0.5 + self.epsilon), params, m_hat, v_hat
        )
        return p, AdamState(t, m, v)


@dataclass(frozen=True)
class TorchOptimizer:
    """Any optimizer of torch.optim behind the same two calls, for parameters that are tensors.

    Attributes:
        make: From a list of tensors to the optimizer, such as
            `lambda tensors: torch.optim.AdamW(tensors, lr=1e-3)`. It is made anew for every step
            and given its state, so that nothing is hidden and nothing changed in place; that costs
            about a tenth of a millisecond.
    """

    make: Callable[[list[Array]], Any]

    def init(self, params: Any) -> Any:
        """The `state_dict()` of the optimizer before its first step."""
        return self.make(list(tree.leaves(params))).state_dict()

    def step(self, params: Any, gradients: Any, state: Any) -> tuple[Any, Any]:
        """One step of the optimizer, on copies of the parameters and of its state."""
        _expect_gradients(self, params, gradients)
        params, state = tree.map(_copy, params), tree.map(_copy, state)
        for p, dp in zip(tree.leaves(params), tree.leaves(gradients), strict=True):
            p.grad = dp
        optimizer = self.make(list(tree.leaves(params)))
        optimizer.load_state_dict(state)
        optimizer.step()
        return tree.map(_copy, params), optimizer.state_dict()


def _zeros_like(x: Array) -> Array:
    return namespace(x).zeros_like(x)


def _copy(x: Any) -> Any:
    return x.detach().clone() if backend_of(x) == "torch" else x


def _expect_gradients(optimizer: Any, params: Any, gradients: Any) -> None:
    """One finite gradient for every parameter, of its shape and dtype."""
    where = f"{type(optimizer).__name__}.step"
    tree.map(lambda p, dp: None, params, gradients)  # raises where the two trees differ in form
    for (name, p), dp in zip(tree.named_leaves(params), tree.leaves(gradients), strict=True):
        of = f"the gradient of {name}" if name else "the gradient"
        if backend_of(p) is None or backend_of(p) != backend_of(dp):
            found, wanted = (backend_of(x) or type(x).__name__ for x in (dp, p))
            raise TypeError(f"{where}: {of} is {found}, its parameter {wanted}; both are arrays.")
        if dp.shape != p.shape or dp.dtype != p.dtype:
            raise ValueError(
                f"{where}: {of} has shape {tuple(dp.shape)} and dtype {dtype_name(dp)}, expected "
                f"{tuple(p.shape)} and {dtype_name(p)} like its parameter."
            )
        if not all_finite(dp):
            raise ValueError(
                f"{where}: {of} holds NaN or infinity. Take a smaller rate, or clip the gradients."
            )


def _expect_positive(optimizer: Any, name: str) -> None:
    value = getattr(optimizer, name)
    if not 0 < value < float("inf"):
        kind = type(optimizer).__name__
        raise ValueError(f"{kind}: {name} is {value}, expected a positive number.")


def _expect_fraction(optimizer: Any, name: str) -> None:
    value = getattr(optimizer, name)
    if not 0 <= value < 1:
        kind = type(optimizer).__name__
        raise ValueError(f"{kind}: {name} is {value}, expected at least 0 and less than 1.")
