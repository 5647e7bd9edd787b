"""The nonlinearities g of a recurrent cell, each beside its derivative.

A derivative is written in terms of the *output* h = g(a), which the forward pass has kept:
tanh′(a) = 1 - h². Source: Nath, Lecture 13, §13.2, which names sigmoid, tanh and ReLU.

What takes `out` writes its result into that array; None makes a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rnnlib.backend import Array, namespace


def tanh(a: Array, out: Array | None = None) -> Array:
    """The hyperbolic tangent, with values in (-1, 1)."""
    return namespace(a).tanh(a, out=out)


def tanh_slope(h: Array, out: Array | None = None) -> Array:
    """tanh′(a) = 1 - tanh²(a), from h = tanh(a). Between 0 and 1."""
    xp = namespace(h)
    squared = xp.multiply(h, h, out=out)
    one = xp.ones((), dtype=h.dtype, device=h.device)
    return xp.subtract(one, squared, out=squared)


def sigmoid(a: Array, out: Array | None = None) -> Array:
    """σ(a) = 1 / (1 + e⁻ᵃ) = ½ + ½ tanh(a/2): the second form never overflows."""
    xp = namespace(a)
    half = xp.multiply(a, 0.5, out=out)
    h = xp.tanh(half, out=out)
    h = xp.multiply(h, 0.5, out=out)
    return xp.add(h, 0.5, out=out)


def sigmoid_slope(h: Array) -> Array:
    """σ′(a) = σ(a) (1 - σ(a)) = σ(a) - σ²(a), from h = σ(a). Between 0 and ¼."""
    squared = h * h
    return namespace(h).subtract(h, squared, out=squared)


def relu(a: Array, out: Array | None = None) -> Array:
    """The rectified linear unit max(a, 0)."""
    return namespace(a).clip(a, 0, None, out=out)


def relu_slope(h: Array) -> Array:
    """1 where the unit is active, 0 elsewhere; 0 at a = 0, as torch has it."""
    return namespace(h).heaviside(h, namespace(h).zeros_like(h[..., :1]))


def identity(a: Array, out: Array | None = None) -> Array:
    """g(a) = a: the linear recurrence."""
    return a


def identity_slope(h: Array) -> Array:
    """1 everywhere."""
    return namespace(h).ones_like(h)


class Activation(NamedTuple):
    """A nonlinearity h = g(a), and its slope g′(a) as a function of h."""

    g: Callable[..., Array]
    slope: Callable[[Array], Array]


ACTIVATIONS = {
    "tanh": Activation(tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "identity": Activation(identity, identity_slope),
}
