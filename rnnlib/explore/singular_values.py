"""The singular values of W under the hand, and what they make of a state and of a gradient.

Used in lecture 5. The curves are computed by `rnnlib.forward` and `rnnlib.gradients`.
"""

from __future__ import annotations

import numpy as np

import rnnlib as rl
from rnnlib import gradients, init
from rnnlib.backend import Array
from rnnlib.explore.explorer import Explorer
from rnnlib.explore.grid import Line, Panel, Slider

STEPS, HIDDEN = 50, 7
LARGEST = np.linspace(0.5, 2.0, 31).round(2)
SMALLEST = np.array([0.0, 0.3, 0.6, 1.0])
NORMALITY = np.array([0.0, 0.5, 1.0])
NONLINEARITIES = {"linear": "identity", "tanh": "tanh"}


def singular_values() -> Explorer:
    """The explorer of h_t = g(W h_{t-1} + U x_t), with W made from its singular values.

    They run evenly from the largest to the smallest. At normality 1 each direction is stretched and
    kept: W is symmetric, and its eigenvalues are its singular values. At 0 it is stretched and
    handed on to the next direction: every eigenvalue has the modulus of their geometric mean.

    Left: the length of the state after a pulse at t = 1. Middle, logarithmic: how much a gradient
    can have grown at each lag, with the bound σᵏ. Right: singular values and moduli of eigenvalues.
    """
    grid = [(s, low, n) for s in LARGEST for low in SMALLEST for n in NORMALITY]
    matrices = np.stack([recurrent(*point) for point in grid])  # (points, H, H)
    shape = (len(LARGEST), len(SMALLEST), len(NORMALITY))

    def laid_out(values: Array) -> Array:
        """The same for both nonlinearities: (2, largest, smallest, normality, points)."""
        return np.broadcast_to(values.reshape(1, *shape, -1), (2, *shape, values.shape[-1]))

    runs = [_run(g, matrices) for g in NONLINEARITIES.values()]
    state, gradient = (np.stack(kind).reshape(2, *shape, STEPS) for kind in zip(*runs, strict=True))
    sigma = np.linalg.svd(matrices, compute_uv=False)
    radii = -np.sort(-abs(np.linalg.eigvals(matrices)), axis=-1)
    lags, units = np.arange(1, STEPS + 1), np.arange(1, HIDDEN + 1)
    bound = sigma[:, :1] ** lags
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
                    Line("bound: largest singular valueᵏ", laid_out(bound)),
                ],
                y_limits=(1e-6, 1e6),
                log_y=True,
            ),
            Panel(
                "The spectrum",
                "number, in order",
                "size",
                units,
                [Line("singular values", laid_out(sigma)), Line("|eigenvalues|", laid_out(radii))],
                y_limits=(0.0, 2.1),
                marks={"1": 1.0},
            ),
        ],
        caption="Seven units. Singular values bound the first steps of a gradient; where the "
        "eigenvalues lie below 1, it vanishes in the end.",
        alt="Three line charts. The length of the state against the step and that of the gradient "
        "against the lag, both on logarithmic axes, the latter with its bound; and the singular "
        "values of W beside the moduli of its eigenvalues, in falling order.",
    )


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
    states, lengths = [], []
    for W in matrices:
        p = rl.ElmanParams(u / np.linalg.norm(u), W, np.zeros(HIDDEN))
        h, tape = rl.forward(cell, p, pulse)
        J = gradients.step_jacobians(cell, p, tape)
        states.append(np.linalg.norm(h[:, 0], axis=-1))
        lengths.append(gradients.spectral_norms(J)[1:, 0])
    return np.stack(states), np.stack(lengths)
