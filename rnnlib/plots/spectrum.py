"""Eigenvalues in the complex plane, with the circles that decide what a matrix does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from rnnlib.backend import Array, to_numpy
from rnnlib.gradients import singular_values, spectral_radius
from rnnlib.plots.picture import BLUE, GREY, ORANGE, Picture, drawn


@drawn
def spectrum(matrices: Mapping[str, Array]) -> Picture:
    """The eigenvalues of matrices, a panel each, with the circle of the largest singular value.

    Args:
        matrices: Name to matrix (H, H).

    Raises:
        ValueError: A matrix is not square, or there is none.
    """
    if not matrices:
        raise ValueError("spectrum: got no matrix, expected at least one.")
    arrays = {name: to_numpy(W) for name, W in matrices.items()}
    for name, W in arrays.items():
        if W.ndim != 2 or W.shape[0] != W.shape[1]:
            raise ValueError(f"spectrum: {name} has shape {W.shape}, expected (H, H).")
    figure = Figure(figsize=(3.9 * len(arrays), 4.1))
    said = []
    for axes, (name, W) in zip(
        figure.subplots(1, len(arrays), squeeze=False)[0], arrays.items(), strict=True
    ):
        values, sigma = np.linalg.eigvals(W), float(singular_values(W).max())
        axes.add_patch(Circle((0, 0), 1, fill=False, color=GREY, linewidth=1.5))
        axes.add_patch(Circle((0, 0), sigma, fill=False, color=ORANGE, linestyle="--", linewidth=2))
        axes.plot(values.real, values.imag, "o", color=BLUE, markersize=7)
        reach = 1.15 * max(1.0, sigma)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), title=name, xlabel="real part")
        axes.set_aspect("equal")
        radius = float(spectral_radius(W))
        said.append(f"{name}: spectral radius {radius:.2f}, largest singular value {sigma:.2f}")
    figure.axes[0].set_ylabel("imaginary part")
    return Picture(
        figure,
        caption="Eigenvalues (dots), the unit circle (solid) and the circle of the largest "
        "singular value (dashed). " + "; ".join(said) + ".",
        alt="Eigenvalues in the complex plane with two circles around zero, the unit circle and "
        "that of the largest singular value. " + ". ".join(said) + ".",
    )
