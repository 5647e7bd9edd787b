import numpy as np
import pytest

import rnnlib as rl
from rnnlib import init


def test_the_draw_is_uniform_in_one_over_root_fan():
    w = init.scaled_uniform(np.random.default_rng(0), (1000, 100), fan=25)
    assert abs(w).max() <= 0.2
    assert w.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.01)
    assert w.mean() == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("H", [1, 2, 50])
def test_an_orthogonal_matrix_keeps_every_length(H, rng):
    W = init.orthogonal(rng, H, scale=1.1)
    assert np.allclose(W.T @ W, 1.21 * np.eye(H), rtol=0, atol=1e-14)


def test_orthogonal_matrices_are_uniform_among_all_of_them():
    """The 2 × 2 ones are rotations and reflections in equal parts, at angles spread evenly."""
    rng = np.random.default_rng(0)
    Q = np.stack([init.orthogonal(rng, 2) for _ in range(4000)])
    assert np.mean(np.linalg.det(Q) > 0) == pytest.approx(0.5, abs=0.03)
    angles = np.arctan2(Q[:, 1, 0], Q[:, 0, 0])
    counts, _ = np.histogram(angles, bins=8, range=(-np.pi, np.pi))
    assert counts.min() > 430
    assert np.trace(Q, axis1=1, axis2=2).mean() == pytest.approx(0, abs=0.05)


def test_the_identity_scales():
    assert (init.identity(3, scale=0.5) == 0.5 * np.eye(3)).all()


@pytest.mark.parametrize("values", [[1.0], [3.0, 2.0, 1.0], [1e3, 1.0, 1e-3, 0.0]])
def test_singular_values_are_as_given(values, rng):
    W = init.with_singular_values(rng, values)
    assert np.allclose(np.linalg.svdvals(W), values, rtol=0, atol=1e-14 * max(values))


@pytest.mark.parametrize("H", [2, 3, 20])
@pytest.mark.parametrize(
    ("radius", "norm"), [(0.9, 5.0), (0.9, 0.9), (1.1, 30.0), (0.0, 2.0), (0.9, 0.95)]
)
def test_radius_and_norm_of_a_non_normal_matrix_are_as_given(H, radius, norm, rng):
    W = init.non_normal(rng, H, radius=radius, norm=norm)
    assert np.linalg.norm(W, 2) == pytest.approx(norm, rel=1e-14)
    tolerance = 1e-10 if radius else 1e-6  # of a nilpotent block, eigenvalues are √ε-sensitive
    assert abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, abs=tolerance)
    departure = rl.gradients.henrici_departure(W)
    assert departure == pytest.approx(
        np.sqrt((norm**2 - radius**2) * (norm**2 - 0.99**2 * radius**2)) / norm, abs=1e-7
    )


def test_each_gate_gets_a_block_of_its_own(rng):
    for cell, gates in ((rl.elman, 1), (rl.gru, 3), (rl.lstm, 4)):
        p = cell.init(rng, inputs=2, hidden=5)
        new = init.with_recurrent(p, lambda H: init.orthogonal(rng, H))
        blocks = new.W.reshape(gates, 5, 5)
        assert np.allclose(blocks @ blocks.swapaxes(1, 2), np.eye(5), atol=1e-14)
        assert gates == 1 or not np.allclose(blocks[0], blocks[1])
        assert type(new) is type(p)
        assert (new.U == p.U).all()
        assert (new.b == p.b).all()


def test_one_seed_gives_the_same_matrices():
    def draw():
        rng = np.random.default_rng(3)
        yield init.orthogonal(rng, 4)
        yield init.with_singular_values(rng, [2.0, 1.0])
        yield init.non_normal(rng, 4, radius=0.9, norm=5.0)

    assert all((a == b).all() for a, b in zip(draw(), draw(), strict=True))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: init.orthogonal(rng, 0), "hidden is 0, expected at least 1"),
        (lambda rng: init.identity(-1), "hidden is -1, expected at least 1"),
        (lambda rng: init.with_singular_values(rng, [1.0, -1.0]), "none of them negative"),
        (lambda rng: init.with_singular_values(rng, []), "expected a list of finite numbers"),
        (lambda rng: init.with_singular_values(rng, [np.inf]), "expected a list of finite"),
        (
            lambda rng: init.non_normal(rng, 3, radius=0.9, norm=0.8),
            "radius is 0.9 and norm is 0.8, expected 0 ≤ radius ≤ norm",
        ),
        (lambda rng: init.non_normal(rng, 3, radius=0.0, norm=0.0), "and a positive norm"),
        (lambda rng: init.non_normal(rng, 1, radius=0.9, norm=5.0), "expected at least 2"),
        (
            lambda rng: init.with_recurrent(
                rl.gru.init(rng, inputs=2, hidden=3), lambda H: np.eye(H + 1)
            ),
            r"make returned shape \(4, 4\), expected \(3, 3\)",
        ),
    ],
)
def test_bad_arguments_are_refused(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)


@pytest.mark.parametrize(
    "call",
    [
        lambda: init.orthogonal(3, 3),
        lambda: init.with_singular_values(3, [1.0]),
        lambda: init.non_normal(3, 3, radius=0.9, norm=5.0),
    ],
)
def test_a_seed_is_no_generator(call):
    with pytest.raises(TypeError, match="rng is a int, expected a NumPy Generator"):
        call()


def test_a_new_w_is_made_before_the_parameters_are_moved(rng):
    p = rl.to(rl.elman.init(rng, inputs=2, hidden=3), "torch")
    with pytest.raises(TypeError, match=r"whose W is a Tensor, expected .* in NumPy"):
        init.with_recurrent(p, init.identity)
