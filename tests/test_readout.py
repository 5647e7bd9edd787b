import numpy as np
import pytest

import rnnlib as rl
from rnnlib.gradients import relative_error
from tests.three_ways import assert_backward_is_right


def gradients(a, do):
    dparams, dh = rl.readout.backward(a["params"], a["h"], do)
    return {"params": dparams, "h": dh}


@pytest.mark.parametrize("leading", [(5, 3), (3,), ()], ids=["every step", "last step", "vector"])
def test_the_backward_is_right_three_ways(leading, rng, move):
    a = {
        "params": rl.readout.init(rng, hidden=4, outputs=6),
        "h": rng.normal(size=(*leading, 4)),
    }
    w = rng.normal(size=(*leading, 6))
    assert_backward_is_right(
        lambda a: rl.readout.forward(a["params"], a["h"]), a, w, gradients, move
    )


def test_the_output_is_the_lecture_equation(rng, move):
    p = rl.readout.init(rng, hidden=4, outputs=6)
    h = rng.normal(size=4)
    o = rl.readout.forward(*move((p, h)))
    assert relative_error(rl.to_numpy(o), p.V @ h + p.b_y) < 1e-15


def test_bad_sizes_are_refused():
    with pytest.raises(ValueError, match=r"readout\.init: outputs is 0, expected at least 1"):
        rl.readout.init(np.random.default_rng(0), hidden=4, outputs=0)
