"""How long a gradient still is after k steps back: the norm of ∂h_T/∂h_{T-k} against the lag k.

    ∂h_T/∂h_{T-k} = J_T J_{T-1} … J_{T-k+1},   J_t = diag(1 - h_t²) W

The norm is the largest singular value: the most that any gradient can grow. Lag 0 is the identity;
h holds h_1, …, h_T, so that the lags go from 0 to T - 1.
"""

import numpy as np

import rnnlib as rl
from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.exercises import known, slopes, withheld
from rnnlib.grading.exercises.ps3 import step_jacobian
from rnnlib.grading.mistake import Mistake


def draw(rng: np.random.Generator, T: int, B: int, H: int) -> tuple[Array, ...]:
    """The states of a sequence, of all sizes, and a W that is far from normal."""
    h = np.tanh(rng.normal(size=(T, B, H)))
    return h, rng.normal(0, 0.8, (H, H)) + np.triu(np.ones((H, H)), 1)


def reference(h: Array, W: Array) -> tuple[Array, ...]:
    """The norms, as `rnnlib.gradients` computes them."""
    J = rl.gradients.step_jacobian(h, W)
    return (rl.gradients.spectral_norms(J)[:-1],)


def solution(h: Array, W: Array) -> Array:
    """As a student could write it."""
    T, B, H = h.shape
    norms = np.zeros((T, B))
    for b in range(B):
        M = np.eye(H)
        for k in range(T):
            norms[k, b] = np.linalg.norm(M, 2)
            J = (1 - h[T - 1 - k, b] ** 2)[:, None] * W
            M = M @ J
    return norms


mistakes = (
    slopes.LEFT_OUT(("(1 - h[T - 1 - k, b] ** 2)[:, None] * W", "W")),
    slopes.TWICE(("b] ** 2)[:, None] * W", "b] ** 2)[:, None] ** 2 * W")),
    slopes.OF_H(("h[T - 1 - k, b] ** 2", "np.tanh(h[T - 1 - k, b]) ** 2")),
    slopes.OF_A(("h[T - 1 - k, b] ** 2", "np.arctanh(h[T - 1 - k, b]) ** 2")),
    slopes.NOT_SQUARED(("b] ** 2", "b]")),
    known.SLOPE_ON_COLUMNS(("[:, None] * W", "[None, :] * W")),
    known.W_TRANSPOSED(("[:, None] * W", "[:, None] * W.T")),
    Mistake(
        "the Jacobians are multiplied in the wrong order",
        "Matrices do not commute. Which of them is the first that the last state's gradient meets?",
        (("M @ J", "J @ M"),),
    ),
    Mistake(
        "the Jacobians are multiplied entry by entry",
        "What is the chain rule's product of two matrices?",
        (("M @ J", "M * J"),),
    ),
    Mistake(
        "the Frobenius norm is taken instead of the largest singular value",
        "What is the norm of the identity here, and what is yours?",
        (("np.linalg.norm(M, 2)", "np.linalg.norm(M)"),),
    ),
    Mistake(
        "the largest eigenvalue is taken instead of the largest singular value",
        "Only for a normal matrix are the two the same. How long can M v become for |v| = 1?",
        (("np.linalg.norm(M, 2)", "np.abs(np.linalg.eigvals(M)).max()"),),
    ),
    Mistake(
        "the smallest singular value is taken instead of the largest",
        "How long can M v become for |v| = 1?",
        (("np.linalg.norm(M, 2)", "np.linalg.norm(M, -2)"),),
    ),
    Mistake(
        "the norm of each Jacobian is taken instead of that of their product",
        "How many steps lie between h_T and h_{T-k}?",
        (("M = M @ J", "M = J"),),
    ),
    Mistake(
        "the norms of the Jacobians are multiplied instead of the Jacobians",
        "That is a bound. Does every step stretch the same direction most?",
        (("M = M @ J", "M = M * np.linalg.norm(J, 2)"),),
    ),
    Mistake(
        "the norms stand against time instead of the lag",
        "What should the norm at lag 0 be?",
        (("return norms", "return norms[::-1]"),),
    ),
    Mistake(
        "the lags begin with 1",
        "What should the norm at lag 0 be?",
        (
            ("            norms[k, b] = np.linalg.norm(M, 2)\n", ""),
            ("M = M @ J", "M = M @ J; norms[k, b] = np.linalg.norm(M, 2)"),
        ),
    ),
    Mistake(
        "the product begins with the first step instead of the last",
        "Which state's gradient is followed back, and which step does it meet first?",
        (("h[T - 1 - k, b]", "h[k, b]"),),
    ),
    Mistake(
        "the slopes are those of one step earlier",
        "J_t is the derivative of h_t. Which state do you take its slope of?",
        (("h[T - 1 - k, b]", "h[max(T - 2 - k, 0), b]"),),
    ),
    Mistake(
        "the slopes of the last step are used at all steps",
        "Is the slope of tanh the same at every step?",
        (("h[T - 1 - k, b]", "h[T - 1, b]"),),
    ),
    Mistake(
        "the norms are squared",
        "The singular values of M are the roots of the eigenvalues of MᵀM.",
        (("np.linalg.norm(M, 2)", "np.linalg.norm(M, 2) ** 2"),),
    ),
)

exercise = Exercise(
    name="ps3/gradient_norms",
    arguments=("h", "W"),
    parts=(Part("norms", "T B", points=5, step="lag"),),
    sizes=(
        {"T": 6, "B": 3, "H": 4},
        {"T": 5, "B": 2, "H": 3},
        {"T": 20, "B": 2, "H": 5},
        {"T": 1, "B": 3, "H": 4},
        {"T": 4, "B": 1, "H": 3},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
    withholds=withheld.SPECTRUM,
    builds_on={"step_jacobian": step_jacobian.solution},
)
