"""Starting values that are in use: scaled uniform, orthogonal, identity.

Taught in lectures 2 and 5. Sources: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear
dynamics of learning in deep linear neural networks", ICLR 2014 (orthogonal); Mezzadri, "How to
generate random matrices from the classical compact groups", Notices of the AMS 54 (2007), §5 (the
signs); Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear
units" (2015) (identity).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from rnnlib.backend import Array
from rnnlib.init.checks import expect_generator, expect_size

Params = TypeVar("Params", bound=tuple[Any, ...])


def scaled_uniform(rng: np.random.Generator, shape: tuple[int, ...], *, fan: int) -> Array:
    """Uniform in ±1/√fan, torch.nn's default for recurrent layers with fan = H.

    Example:
        >>> w = scaled_uniform(np.random.default_rng(0), (100, 4), fan=4)
        >>> bool(abs(w).max() <= 0.5)
        True
    """
    expect_generator("scaled_uniform", rng)
    bound = expect_size("scaled_uniform", "fan", fan) ** -0.5
    return rng.uniform(-bound, bound, size=shape)


def orthogonal(rng: np.random.Generator, hidden: int, *, scale: float = 1.0) -> Array:
    """A random orthogonal matrix, times a scale: every singular value is the scale.

        A = Q R,  A standard normal;   W = scale · Q diag(sign(diag R))

    The signs make Q uniform among all orthogonal matrices (Haar measure): without them it would
    depend on how the library that factorizes chooses its signs.

    Args:
        rng: The source of randomness.
        hidden: The size H.
        scale: All the singular values, and the modulus of all the eigenvalues.

    Returns:
        W (H, H).

    Raises:
        TypeError, ValueError: Not a Generator, or a bad size.

    Example:
        >>> Q = orthogonal(np.random.default_rng(0), 3)
        >>> np.allclose(Q @ Q.T, np.eye(3), atol=1e-15)
        True
    """
    expect_generator("orthogonal", rng)
    H = expect_size("orthogonal", "hidden", hidden)
    Q, R = np.linalg.qr(rng.normal(size=(H, H)))
    return scale * Q * np.sign(np.diag(R))


def identity(hidden: int, *, scale: float = 1.0) -> Array:
    """scale · I, with which a network of rectified linear units begins by keeping its state (IRNN).

    Args:
        hidden: The size H.
        scale: 1 keeps everything; less forgets at this rate.

    Returns:
        W (H, H).

    Raises:
        TypeError, ValueError: A bad size.

    Example:
        >>> identity(2, scale=0.5)
        array([[0.5, 0. ],
               [0. , 0.5]])
    """
    return scale * np.eye(expect_size("identity", "hidden", hidden))


def with_recurrent(params: Params, make: Callable[[int], Array]) -> Params:
    """A cell's parameters with another W: a new square block for each of its gates.

    Args:
        params: What a cell's `init` returned: NumPy arrays, with W (G·H, H) for G gates.
        make: From H to a matrix (H, H), called once a gate, such as
            `lambda H: orthogonal(rng, H)`.

    Raises:
        TypeError: Parameters without a W of NumPy's: make it before they are moved.
        ValueError: `make` returned another shape.

    Example:
        >>> import rnnlib as rl
        >>> p = rl.lstm.init(np.random.default_rng(0), inputs=2, hidden=3)
        >>> with_recurrent(p, identity).W.shape
        (12, 3)
    """
    W = getattr(params, "W", None)
    if not isinstance(W, np.ndarray):
        raise TypeError(
            f"with_recurrent: params is a {type(params).__name__} whose W is a "
            f"{type(W).__name__}, expected the parameters of one cell, in NumPy. Move them "
            "afterwards, with rnnlib.to."
        )
    H = W.shape[1]
    blocks = [np.asarray(make(H)) for _ in range(W.shape[0] // H)]
    for block in blocks:
        if block.shape != (H, H):
            raise ValueError(
                f"with_recurrent: make returned shape {block.shape}, expected {(H, H)}."
            )
    replaced: Params = params._replace(W=np.concatenate(blocks).astype(W.dtype))  # type: ignore[attr-defined]
    return replaced
