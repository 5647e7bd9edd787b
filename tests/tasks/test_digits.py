import numpy as np
import pytest
from sklearn.datasets import load_digits

import rnnlib as rl
from rnnlib.tasks import digits, minibatches


def test_every_image_is_on_one_side_with_its_digit_and_its_rows_in_order():
    data = load_digits()
    left = {}
    for image, digit in zip(data.images, data.target, strict=True):
        left.setdefault((image / 16).tobytes(), []).append(digit)
    for batch in digits.split(np.random.default_rng(0)):
        for b in range(batch.x.shape[1]):
            image = np.stack([batch.x[t, b] for t in range(8)])
            left[image.tobytes()].remove(batch.y[b])
    assert not any(left.values())


def test_the_share_to_test_on_is_that_asked_for():
    train, test = digits.split(np.random.default_rng(0), test=0.5)
    assert (train.x.shape[1], test.x.shape[1]) == (899, 898)
    assert train.x.min() == 0
    assert train.x.max() == 1


def test_guessing_is_right_in_one_of_ten():
    _, test = digits.split(np.random.default_rng(0))
    assert np.bincount(test.y).max() / len(test.y) == pytest.approx(0.1, abs=0.03)


def test_a_plain_network_learns_to_read_digits_row_by_row():
    rng = np.random.default_rng(0)
    train, test = digits.split(rng)
    params = {
        "cell": rl.elman.init(rng, inputs=8, hidden=32),
        "readout": rl.readout.init(rng, hidden=32, outputs=10),
    }

    def outputs(params, x):
        h, tape = rl.forward(rl.elman, params["cell"], x)
        return rl.readout.forward(params["readout"], h[-1]), h, tape

    def loss_and_gradients(params, batch):
        o, h, tape = outputs(params, batch.x)
        do = rl.losses.cross_entropy_backward(o, batch.y)
        dreadout, dlast = rl.readout.backward(params["readout"], h[-1], do)
        dh = np.zeros_like(h)
        dh[-1] = dlast
        dcell = rl.backward(rl.elman, params["cell"], tape, dh).params
        return rl.losses.cross_entropy(o, batch.y), {"cell": dcell, "readout": dreadout}

    trained = rl.train.train(
        params,
        loss_and_gradients,
        minibatches(train, sequences=32),
        rl.optim.Adam(5e-3),
        rng=rng,
        iterations=300,
        clip=1.0,
        progress=False,
    )
    o, _, _ = outputs(trained.params, test.x)
    assert (o.argmax(axis=-1) == test.y).mean() > 0.85
