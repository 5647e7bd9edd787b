"""A backward pass held against finite differences, torch's autograd, and the adjoint identity.

One scalar stands for the loss: L = Σ w ⊙ y with random weights w, because zeros and ones hide wrong
code. The gradients of L are then the backward pass applied to dy = w.
"""

import numpy as np
import torch

import rnnlib as rl
from rnnlib.gradients import numerical_gradient, relative_error


def assert_backward_is_right(f, arguments, w, gradients, move):
    """Hold `gradients` of L = Σ w ⊙ f(arguments) against all three.

    Args:
        f: From a tree of arrays to one array y.
        arguments: A tree of float64 NumPy arrays.
        w: The random weights, NumPy, of the shape of y.
        gradients: From (arguments, dy) to a tree like `arguments`: the backward pass under test.
        move: To the backend under test.
    """
    got = rl.to_numpy(gradients(move(arguments), move(w)))
    by_differences = numerical_gradient(lambda a: (w * f(a)).sum(), arguments)
    by_autograd = autograd(f, arguments, w)
    for (name, g), d, a in zip(
        rl.tree.named_leaves(got, "d"),
        rl.tree.leaves(by_differences),
        rl.tree.leaves(by_autograd),
        strict=True,
    ):
        assert relative_error(g, a) < 1e-12, f"{name} differs from autograd"
        assert relative_error(g, d) < 1e-8, f"{name} differs from finite differences"
    assert_adjoint(f, arguments, w, got)


def autograd(f, arguments, w):
    """The gradients that torch finds by recording f."""
    leaves = rl.tree.map(
        lambda x: x.requires_grad_() if x.is_floating_point() else x, rl.to(arguments, "torch")
    )
    (rl.to(w, "torch") * f(leaves)).sum().backward()
    return rl.tree.map(lambda x: x.grad.numpy(), leaves)


def assert_adjoint(f, arguments, w, gradients):
    """⟨w, J v⟩ = ⟨Jᵀ w, v⟩ for a random direction v: the whole Jacobian in one number.

    J v is the derivative of f along v, that torch finds by differentiating its gradients.
    """
    rng = np.random.default_rng(7)
    v = rl.tree.map(lambda x: rng.normal(size=x.shape), arguments)
    flat, rebuild = flatten(rl.to(arguments, "torch"))
    direction, _ = flatten(rl.to(v, "torch"))
    _, Jv = torch.autograd.functional.jvp(lambda *xs: f(rebuild(xs)), flat, direction)
    left = float((w * Jv.numpy()).sum())
    pairs = zip(rl.tree.leaves(gradients), rl.tree.leaves(v), strict=True)
    right = float(sum((g * u).sum() for g, u in pairs))
    assert abs(left - right) < 1e-10 * max(1.0, abs(left)), f"adjoint identity: {left} ≠ {right}"


def flatten(tree):
    """The leaves as a tuple, and the function that puts others in their places."""

    def rebuild(leaves):
        rest = iter(leaves)
        return rl.tree.map(lambda _: next(rest), tree)

    return tuple(rl.tree.leaves(tree)), rebuild
