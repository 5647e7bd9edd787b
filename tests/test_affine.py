import pytest

from rnnlib.affine import affine, affine_backward
from tests.three_ways import assert_backward_is_right


@pytest.mark.parametrize("leading", [(), (3,), (5, 3)])
def test_the_backward_is_right_three_ways(leading, rng, move):
    a = {
        "x": rng.normal(size=(*leading, 2)),
        "W": rng.normal(size=(4, 2)),
        "b": rng.normal(size=4),
    }

    def gradients(a, dy):
        return dict(zip(("x", "W", "b"), affine_backward(dy, a["x"], a["W"]), strict=True))

    w = rng.normal(size=(*leading, 4))
    assert_backward_is_right(lambda a: affine(a["x"], a["W"], a["b"]), a, w, gradients, move)
