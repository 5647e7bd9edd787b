"""An orthogonal matrix made from any square one, by the QR decomposition.

    A = Q R,   R upper triangular with a positive diagonal

The signs make Q unique: a library may return the columns of Q and the rows of R with other signs.
"""

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import withheld
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, H: int) -> tuple[Array, ...]:
    """A matrix far from singular, whose R has both signs on its diagonal."""
    Q, _ = np.linalg.qr(rng.normal(size=(H, H)))
    R = np.triu(rng.normal(size=(H, H)), 1) + np.diag(rng.uniform(1, 2, H))
    return (Q * (-1.0) ** np.arange(H) @ R,)


def reference(A: Array) -> tuple[Array, ...]:
    """Q = A R⁻¹, with R from the Cholesky decomposition of AᵀA = RᵀR."""
    return (A @ np.linalg.inv(np.linalg.cholesky(A.T @ A).T),)


def solution(A: Array) -> Array:
    """As a student could write it."""
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))


mistakes = (
    Mistake(
        "the signs are left as the library chose them",
        "Look at the diagonal of R: what sign should it have?",
        ((" * np.sign(np.diag(R))", ""),),
    ),
    Mistake(
        "the rows of Q change their signs instead of its columns",
        "Q R has to stay A. Which axis of Q belongs to the rows of R?",
        (("np.sign(np.diag(R))", "np.sign(np.diag(R))[:, None]"),),
    ),
    Mistake(
        "Q is transposed",
        "Multiply your matrix with R: is it A?",
        (("Q * np.sign(np.diag(R))", "(Q * np.sign(np.diag(R))).T"),),
    ),
    Mistake(
        "Q is multiplied by the diagonal of R instead of by its signs",
        "How long are the columns of your matrix?",
        (("np.sign(np.diag(R))", "np.diag(R)"),),
    ),
    Mistake(
        "R is returned",
        "Multiply your matrix with its transpose: what should come out?",
        (("Q * np.sign(np.diag(R))", "R * np.sign(np.diag(R))[:, None]"),),
    ),
    Mistake(
        "the columns of A are brought to length 1, but not at right angles",
        "Multiply your matrix with its transpose: what should come out?",
        (("Q * np.sign(np.diag(R))", "A / np.linalg.norm(A, axis=0)"),),
    ),
    Mistake(
        "the nearest orthogonal matrix is returned, that of the singular vectors",
        "Your matrix is orthogonal. But is its transpose times A upper triangular?",
        (("return Q * np.sign(np.diag(R))", "P, _, Qt = np.linalg.svd(A); return P @ Qt"),),
    ),
    Mistake(
        "all signs are flipped",
        "Look at the diagonal of R: what sign should it have?",
        (("Q * np.sign", "-Q * np.sign"),),
    ),
)

exercise = Exercise(
    name="ps3/orthogonal",
    arguments=("A",),
    parts=(Part("Q", "H H", points=2),),
    sizes=({"H": 3}, {"H": 5}, {"H": 4}, {"H": 1}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.SPECTRUM,
)
