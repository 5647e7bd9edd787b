"""What a matrix does to lengths: singular values, eigenvalues, and how far apart the two are.

Taught in lecture 5. A step stretches by at most the largest singular value; in the long run it is
the largest eigenvalue that counts, ‖Wᵏ‖^(1/k) → ρ(W). For a normal matrix (WᵀW = WWᵀ) the two are
one. Source: Henrici, "Bounds for iterates, inverses, spectral variation and fields of values of
non-normal matrices", Numerische Mathematik 4 (1962).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float

from rnnlib.backend import Array, dtype_name, namespace
from rnnlib.contracts import contract


@contract
def singular_values(W: Float[Array, "... M N"]) -> Float[Array, "... R"]:
    """The singular values σ_1 ≥ σ_2 ≥ … ≥ 0 of every matrix, R = min(M, N) of them.

    Raises:
        TypeError: Half precision, which has no decompositions.
        ValueError: Fewer than two axes, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> singular_values(np.array([[0.0, 3.0], [2.0, 0.0]]))
        array([3., 2.])
    """
    _expect_precision("singular_values", W)
    return namespace(W).linalg.svdvals(W)


@contract
def spectral_radius(W: Float[Array, "... H H"]) -> Float[Array, "..."]:
    """The largest modulus of an eigenvalue, ρ(W) = max |λ|.

    Eigenvalues of a strongly non-normal matrix are sensitive: a perturbation ε of a Jordan block
    of size n moves them by ε^(1/n).

    Raises:
        TypeError: Half precision, which has no decompositions.
        ValueError: Matrices that are not square, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> spectral_radius(np.array([[0.9, 5.0], [0.0, -0.5]]))
        np.float64(0.9)
    """
    _expect_precision("spectral_radius", W)
    return namespace(W).amax(abs(namespace(W).linalg.eigvals(W)), -1)


@contract
def henrici_departure(
    W: Float[Array, "... H H"], *, normalized: bool = False
) -> Float[Array, "..."]:
    """Henrici's departure from normality, √(‖W‖_F² - Σ |λ|²): 0 for a normal matrix.

    It is the Frobenius norm of what stands above the diagonal in W's Schur form.

    Args:
        W: Square matrices.
        normalized: Divide by ‖W‖_F, for a number between 0 and 1.

    Returns:
        The departure, at least 0. It is the difference of two nearly equal numbers where W is
        nearly normal: below about 10⁻⁷ ‖W‖_F in float64 (10⁻³ in float32) it is rounding.

    Raises:
        TypeError: Half precision, which has no decompositions.
        ValueError: Matrices that are not square, NaN or infinity.

    Example:
        >>> import numpy as np
        >>> henrici_departure(np.array([[0.5, 4.0], [0.0, 0.5]]))
        np.float64(4.0)
    """
    _expect_precision("henrici_departure", W)
    xp = namespace(W)
    scale = xp.amax(abs(W), (-2, -1))  # first to size 1, so that no square over- or underflows
    unit = W / xp.where(scale > 0, scale, 1.0)[..., None, None]
    squares = (unit**2).sum((-2, -1))  # ‖W‖_F²
    departure = xp.clip(squares - (abs(xp.linalg.eigvals(unit)) ** 2).sum(-1), 0.0, None) ** 0.5
    return departure / xp.where(scale > 0, squares, 1.0) ** 0.5 if normalized else scale * departure


def _expect_precision(function: str, W: Array) -> None:
    if dtype_name(W) not in ("float32", "float64"):
        raise TypeError(
            f"{function}: W has dtype {dtype_name(W)}, expected float32 or float64. Convert it "
            'with rnnlib.to(…, dtype="float32").'
        )
