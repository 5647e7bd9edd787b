"""The singular values of W under the hand, and what they make of a state and of a gradient.

Used in lecture 5. The curves are computed by `rnnlib.forward` and `rnnlib.gradients`.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import gradients, init
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Slider
from rnnlib.explore.panel import Line, Panel
from rnnlib.explore.plane import Curve, Plane, Points

STEPS, HIDDEN = 50, 7
LARGEST = np.linspace(0.5, 2.0, 31).round(2)
SMALLEST = np.linspace(0.0, 1.0, 11).round(1)
NORMALITY = np.linspace(0.0, 1.0, 5)
NONLINEARITIES = {"linear": "identity", "tanh": "tanh"}


def singular_values() -> Explorer:
    """The explorer of h_t = g(W h_{t-1} + U x_t), with W made from its singular values.

    They run evenly from the largest to the smallest. At normality 1 each direction is stretched and
    kept: W is symmetric, and its eigenvalues are its singular values. At 0 it is stretched and
    handed on to the next direction: every eigenvalue has the modulus of their geometric mean.

    Left: the length of the state after a pulse at t = 1. Middle, logarithmic: how much a gradient
    can have grown at each lag, with the bound σᵏ. Right: the eigenvalues in the complex plane,
    which lie in the ring between the smallest and the largest singular value; the unit circle.
    """
    grid = [(s, low, n) for s in LARGEST for low in SMALLEST for n in NORMALITY]
    matrices = np.stack([recurrent(*point) for point in grid])  # (points, H, H)
    shape = (len(LARGEST), len(SMALLEST), len(NORMALITY))

    runs = [_run(g, matrices) for g in NONLINEARITIES.values()]
    state, gradient = (np.stack(kind).reshape(2, *shape, STEPS) for kind in zip(*runs, strict=True))
    sigma = np.linalg.svd(matrices, compute_uv=False).reshape(1, *shape, HIDDEN)[:, :, :, :1]
    eigenvalues = np.linalg.eigvals(matrices).reshape(1, *shape, HIDDEN)
    lags = np.arange(1, STEPS + 1)
    bound = sigma[:, :, :1, :, :1] ** lags
    return Explorer(
        sliders=[
            Slider("g", "nonlinearity g", tuple(NONLINEARITIES)),
            Slider("largest", "largest singular value", LARGEST, start=1.2),
            Slider("smallest", "smallest, as a share of it", SMALLEST, start=0.6),
            Slider("normality", "normality", NORMALITY, start=0.5),
        ],
        panels=[
            Panel(
                "The state",
                "step t",
                "length of h",
                lags,
                [Line("state after a pulse", state)],
                y_limits=(1e-6, 1e6),
                log_y=True,
            ),
            Panel(
                "The gradient",
                "lag k",
                "largest growth",
                lags,
                [
                    Line("gradient", gradient),
                    Line("bound: largest singular valueᵏ", bound),
                ],
                y_limits=(1e-6, 1e6),
                log_y=True,
            ),
            Plane(
                "The spectrum",
                "real part",
                "imaginary part",
                [
                    Points("eigenvalues", eigenvalues.real, eigenvalues.imag),
                    Curve("largest singular value", *circle(sigma[:, :, :1, :, 0])),
                    Curve("smallest singular value", *circle(sigma[..., -1])),
                ],
                x_limits=(-2.0, 2.0),
                y_limits=(-2.0, 2.0),
                equal=True,
                outlines={"unit circle": circle(1.0)},
            ),
        ],
        caption="Seven units. Eigenvalues lie in the ring between the smallest and the largest "
        "singular value. The largest bounds the first steps of a gradient; where all eigenvalues "
        "lie inside the unit circle, it vanishes in the end.",
        alt="The length of the state against the step and that of the gradient against the lag, "
        "both on logarithmic axes, the latter with its bound; and the eigenvalues of W in the "
        "complex plane, with the unit circle and two circles whose radii are the largest and the "
        "smallest singular value.",
    )


def circle(radius: float | Array) -> tuple[Array, Array]:
    """x and y of a circle around 0, (…, points) for radii (…)."""
    angle = np.linspace(0, 2 * np.pi, 49)
    return np.multiply.outer(radius, np.cos(angle)), np.multiply.outer(radius, np.sin(angle))


def recurrent(largest: float, smallest: float, normality: float) -> Array:
    """W = P diag(σ) K Pᵀ, from the same random orthogonal P every time.

    K is the orthogonal matrix nearest to a mixture of the identity and a shift by one place.
    """
    P = init.orthogonal(np.random.default_rng(3), HIDDEN)
    one = np.eye(HIDDEN)
    left, _, right = np.linalg.svd(normality * one + (1 - normality) * np.roll(one, 1, axis=1))
    return (P * np.linspace(largest, smallest * largest, HIDDEN)) @ (left @ right) @ P.T


def _run(g: str, matrices: Array) -> tuple[Array, Array]:
    """The state's length, and the largest growth of a gradient: two arrays (points, STEPS)."""
    cell, rng = rl.Elman(g=g), np.random.default_rng(4)  # type: ignore[arg-type]
    u = rng.normal(size=(HIDDEN, 1))
    pulse = np.zeros((STEPS, 1, 1))
    pulse[0] = 1.0
    states, J = [], []
    for W in matrices:
        p = rl.ElmanParams(u / np.linalg.norm(u), W, np.zeros(HIDDEN))
        h, _ = rl.forward(cell, p, pulse)
        states.append(h[:, 0])
        J.append(gradients.step_jacobian(h[:, 0], W, g=g))
    lengths = gradients.spectral_norms(np.stack(J, axis=1))[1:]  # (STEPS, points)
    return np.linalg.norm(np.stack(states), axis=-1), lengths.T
