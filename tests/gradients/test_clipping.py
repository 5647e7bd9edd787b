import numpy as np
import pytest

import rnnlib as rl
from rnnlib.gradients import clip_by_norm, clip_by_value, global_norm


def flat(tree):
    return np.concatenate([leaf.ravel() for leaf in rl.tree.leaves(rl.to_numpy(tree))])


def test_by_norm_a_long_gradient_is_shortened_and_keeps_its_direction(rng, move):
    p = move(rl.lstm.init(rng, inputs=2, hidden=3))
    clipped, norm = clip_by_norm(p, 0.5)
    assert type(clipped) is rl.LSTMParams
    assert norm == pytest.approx(np.linalg.norm(flat(p)), rel=1e-14)
    assert global_norm(clipped) == pytest.approx(0.5, rel=1e-14)
    assert np.allclose(flat(clipped) / 0.5, flat(p) / norm, rtol=1e-13, atol=0)


def test_by_norm_a_short_gradient_is_left_as_it_is(move):
    gradients = move({"U": np.array([[3.0, 0.0]]), "b": np.array([4.0])})
    for limit in (5.0, 7.0, np.inf):
        clipped, norm = clip_by_norm(gradients, limit)
        assert clipped is gradients
        assert norm == 5.0


def test_by_value_every_entry_is_bounded_and_the_direction_changes(move):
    gradients = move({"U": np.array([[30.0, -0.5]]), "b": np.array([-4.0])})
    clipped = clip_by_value(gradients, 1.0)
    assert flat(clipped).tolist() == [1.0, -0.5, -1.0]
    cosine = flat(clipped) @ flat(gradients) / global_norm(clipped) / global_norm(gradients)
    assert cosine < 0.8


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_stays_and_nothing_that_is_passed_in_is_changed(clip, dtype, move):
    gradients = move({"W": np.array([[3.0, -4.0]], dtype)})
    clipped = clip(gradients, 1.0)
    clipped = clipped[0] if clip is clip_by_norm else clipped
    assert rl.backend.dtype_name(clipped["W"]) == dtype
    assert flat(gradients).tolist() == [3.0, -4.0]


@pytest.mark.parametrize(("dtype", "size"), [("float32", 1e30), ("float64", 1e200)])
def test_a_gradient_whose_square_is_too_large_a_number_is_shortened_all_the_same(dtype, size, move):
    gradients = move({"W": np.array([[3.0, -4.0]], dtype) * size})
    clipped, norm = clip_by_norm(gradients, 1.0)
    assert norm == pytest.approx(5 * size, rel=1e-6)
    assert np.allclose(flat(clipped), [0.6, -0.8], rtol=1e-6)


def test_a_gradient_whose_square_is_too_small_a_number_has_a_length(move):
    assert global_norm(move({"W": np.array([3e-200, 4e-200])})) == pytest.approx(5e-200)


@pytest.mark.parametrize("nothing", [{}, {"W": np.zeros((2, 3))}, {"W": np.zeros((0, 3))}])
def test_the_length_of_nothing_is_zero(nothing):
    assert global_norm(nothing) == 0.0


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_a_gradient_without_a_length_comes_back_with_the_norm_that_says_so(bad):
    gradients = {"W": np.array([1.0, bad])}
    clipped, norm = clip_by_norm(gradients, 1.0)
    assert clipped is gradients
    assert not np.isfinite(norm)


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan])
def test_a_limit_that_is_not_positive_is_refused(clip, limit):
    with pytest.raises(ValueError, match="expected a positive number"):
        clip(np.ones(2), limit)
