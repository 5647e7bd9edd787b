"""A matrix with other singular values, and the singular vectors that it had.

    W = P diag(σ) Qᵀ   →   P diag(s) Qᵀ

Both σ and s are sorted, the largest first.
"""

from typing import Any

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import withheld
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, H: int) -> tuple[Array, ...]:
    """A matrix whose singular values are well apart, and other ones, sorted."""
    P, Q = np.linalg.qr(rng.normal(size=(H, H)))[0], np.linalg.qr(rng.normal(size=(H, H)))[0]
    apart = np.arange(H, 0, -1) + rng.uniform(0, 0.4, H)
    return P * apart @ Q.T, np.sort(rng.uniform(0.3, 2.0, H))[::-1].copy()


def reference(W: Array, s: Array) -> tuple[Array, ...]:
    """W with new singular values, from the eigenvectors of WᵀW: W Q diag(s/σ) Qᵀ."""
    squares, Q = np.linalg.eigh(W.T @ W)  # the smallest first
    return (W @ Q * (s[::-1] / np.sqrt(squares)) @ Q.T,)


def solution(W: Array, s: Array) -> Any:
    """As a student could write it."""
    P, _sigma, Qt = np.linalg.svd(W)
    return P * s @ Qt


DECOMPOSED = "P, _sigma, Qt = np.linalg.svd(W)"

mistakes = (
    Mistake(
        "the second factor of the decomposition is transposed once too often",
        "Multiply the three factors that you were given: is it W again?",
        (("@ Qt", "@ Qt.T"),),
    ),
    Mistake(
        "the rows of P are scaled instead of its columns",
        "Which axis of P do the singular values belong to? diag(s) says it.",
        (("P * s", "P * s[:, None]"),),
    ),
    Mistake(
        "the singular values stand in reverse order",
        "Does the largest new one belong where the largest old one was?",
        (("P * s", "P * s[::-1]"),),
    ),
    Mistake(
        "the new singular values multiply the old ones",
        "What are the singular values of your matrix?",
        (("P * s", "P * (s * _sigma)"),),
    ),
    Mistake(
        "the whole matrix is scaled, so that only the largest singular value is right",
        "What are the singular values of your matrix, all of them?",
        (("P * s @ Qt", "W * s[0] / _sigma[0]"),),
    ),
    Mistake(
        "the square roots of the singular values are taken",
        "What are the singular values of your matrix?",
        (("P * s", "P * np.sqrt(s)"),),
    ),
    Mistake(
        "the two sets of singular vectors have changed places",
        "Multiply the three factors that you were given: is it W again?",
        (("P * s @ Qt", "Qt.T * s @ P.T"),),
    ),
    Mistake(
        "P is used on both sides",
        "Only a symmetric matrix has the same vectors on both sides. Is W symmetric?",
        (("@ Qt", "@ P.T"),),
    ),
    Mistake(
        "Q is used on both sides",
        "Only a symmetric matrix has the same vectors on both sides. Is W symmetric?",
        (("P * s @ Qt", "Qt.T * s @ Qt"),),
    ),
    Mistake(
        "the eigenvalues of W are replaced instead of its singular values",
        "Compute both for a matrix that is not symmetric: are they the same?",
        (
            (DECOMPOSED, "_sigma, Q = np.linalg.eig(W)"),
            ("P * s @ Qt", "Q * s @ np.linalg.inv(Q)"),
        ),
    ),
    Mistake(
        "the eigenvalues of W are replaced, and of the result the real part is kept",
        "Has a real matrix complex singular values? What is it that you replaced?",
        (
            (DECOMPOSED, "_sigma, Q = np.linalg.eig(W)"),
            ("P * s @ Qt", "(Q * s @ np.linalg.inv(Q)).real"),
        ),
    ),
    Mistake(
        "W is taken for a symmetric matrix, and its eigenvalues are replaced",
        "Is W equal to its transpose?",
        ((DECOMPOSED, "_sigma, Q = np.linalg.eigh(W)"), ("P * s @ Qt", "Q * s @ Q.T")),
    ),
    Mistake(
        "the factors are multiplied entry by entry",
        "Multiply the three factors that you were given: is it W again?",
        (("P * s @ Qt", "P * s * Qt"),),
    ),
    Mistake(
        "the columns of W are scaled",
        "What are the singular values of your matrix?",
        (("P * s @ Qt", "W * s"),),
    ),
    Mistake(
        "only the singular values are put in, without the vectors",
        "Which directions does W stretch, and which does yours?",
        (("P * s @ Qt", "np.diag(s)"),),
    ),
    Mistake(
        "the old singular values are kept",
        "What are the singular values of your matrix?",
        (("P * s", "P * _sigma"),),
    ),
)

exercise = Exercise(
    name="ps3/with_singular_values",
    arguments=("W", "s"),
    parts=(Part("W_new", "H H", points=4),),
    sizes=({"H": 3}, {"H": 5}, {"H": 4}, {"H": 1}),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.SPECTRUM,
)
