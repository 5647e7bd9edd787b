"""Cells put together: side by side, one above the other, one after the other."""

import tracemalloc

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import rnnlib as rl
from rnnlib.gradients import numerical_gradient, relative_error
from rnnlib.truncated import chunks
from tests.three_ways import assert_backward_is_right

T, B, D, H = 6, 4, 3, 5
LENGTHS = np.array([3, 6, 1, 6])
NETWORKS = {
    "bidirectional lstm": rl.Bidirectional(rl.lstm),
    "two layers of gru": rl.Stacked((rl.gru, rl.gru)),
    "bidirectional under plain": rl.Stacked((rl.Bidirectional(rl.elman), rl.lstm)),
    "additive above gru before": rl.Stacked((rl.GRU(reset="before"), rl.additive_lstm)),
}
MODULES = {
    "lstm": (torch.nn.LSTM, {}),
    "gru": (torch.nn.GRU, {}),
    "tanh": (torch.nn.RNN, {"nonlinearity": "tanh"}),
    "relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
}


def same(got, want, tolerance=1e-10):
    for one, other in zip(rl.tree.leaves(got), rl.tree.leaves(want), strict=True):
        assert relative_error(rl.to_numpy(one), rl.to_numpy(other)) < tolerance


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
def test_the_backward_is_right_three_ways(name, lengths, rng, move):
    net = NETWORKS[name]
    p, x = net.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))
    h, tape = rl.forward(net, p, x)
    a = {"params": p, "x": x, "state0": rl.tree.map(lambda s: 0.1 + 0 * s, tape.last)}

    def forward(a):
        where = rl.backend.backend_of(a["x"])
        n = None if lengths is None else rl.to(lengths, where, device=str(a["x"].device))
        return rl.forward(net, a["params"], a["x"], a["state0"], lengths=n)

    def gradients(a, w):
        return rl.backward(net, a["params"], forward(a)[1], w)._asdict()

    w = rng.normal(size=h.shape)
    assert_backward_is_right(lambda a: forward(a)[0], a, w, gradients, move)


@pytest.mark.parametrize("engine", ["equations", "fused"])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("name", MODULES)
def test_networks_from_torch_compute_what_torch_computes(name, both, layers, lengths, engine, rng):
    make, options = MODULES[name]
    torch.manual_seed(0)
    module = make(D, H, layers, bidirectional=both, dtype=torch.float64, **options)
    net, p = rl.from_torch(module)
    x = torch.tensor(rng.normal(size=(T, B, D)))
    x_leaf = x.clone().requires_grad_()
    n = None if lengths is None else torch.tensor(lengths)
    if n is None:
        want, last = module(x_leaf)
    else:
        out, last = module(pack_padded_sequence(x_leaf, n, enforce_sorted=False))
        want, _ = pad_packed_sequence(out)
    dh = torch.tensor(rng.normal(size=want.shape))
    (dh * want).sum().backward()

    h, tape = rl.forward(net, p, x, lengths=n, engine=engine)
    g = rl.backward(net, p, tape, dh)
    same(h, want.detach())
    same(g.x, x_leaf.grad)
    # The last states: torch stacks layers and directions, h apart from c.
    states = [s for s in rl.tree.leaves(tape.last)]
    stacked = torch.stack(list(last), 1).flatten(0, 1) if isinstance(last, tuple) else last
    same(tuple(states), tuple(stacked.detach()))
    # The gradients of the parameters, carried into a module that is there to hold them.
    held = rl.to_torch(net, g.params)
    for (key, parameter), gradient in zip(
        module.named_parameters(), held.parameters(), strict=True
    ):
        if "bias_hh" not in key:
            same(gradient.detach(), parameter.grad)
        elif name == "gru":
            same(gradient.detach()[2 * H :], parameter.grad[2 * H :])


@pytest.mark.parametrize("name", MODULES)
def test_weights_go_to_torch_and_come_back(name):
    make, options = MODULES[name]
    module = make(D, H, 2, bidirectional=True, dtype=torch.float64, **options)
    net, p = rl.from_torch(module)
    again, q = rl.from_torch(rl.to_torch(net, p))
    assert again == net
    same(q, p, tolerance=1e-15)
    x = torch.randn(T, B, D, dtype=torch.float64)
    same(rl.to_torch(net, p)(x)[0].detach(), module(x)[0].detach(), tolerance=1e-14)


def test_a_module_without_biases_has_zeros():
    _, p = rl.from_torch(torch.nn.GRU(D, H, bias=False))
    assert (p.b == 0).all()
    assert (p.b_n == 0).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rl.from_torch(torch.nn.Linear(2, 2)), TypeError, "got a Linear, expected a torch"),
        (lambda: rl.from_torch(torch.nn.LSTM(3, 4, proj_size=2)), ValueError, "proj_size"),
        (
            lambda: rl.to_torch(
                rl.lstm, rl.lstm.init(np.random.default_rng(0), inputs=1, hidden=1)
            ),
            TypeError,
            r"NumPy arrays\. Move them: rnnlib\.to",
        ),
        (
            lambda: rl.to_torch(
                rl.additive_lstm,
                rl.to(rl.lstm.init(np.random.default_rng(0), inputs=1, hidden=1), "torch"),
            ),
            ValueError,
            "torch.nn has no module for AdditiveLSTM",
        ),
        (lambda: rl.Stacked(()), ValueError, "expected a tuple of at least one cell"),
        (
            lambda: rl.forward(rl.Stacked((rl.gru,)), [1], np.ones((1, 1, 1))),
            TypeError,
            "Stacked: params is a list, expected a tuple with one entry for each of the 1 layers",
        ),
        (
            lambda: rl.forward(rl.Bidirectional(rl.gru), (1, 2), np.ones((1, 1, 1))),
            TypeError,
            r"params is a tuple, expected the pair Both\(forward, backward\)",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_network_is_not_causal_when_it_reads_both_ways(rng):
    net = rl.Bidirectional(rl.elman)
    p, x = net.init(rng, inputs=D, hidden=H), rng.normal(size=(T, B, D))
    h, _ = rl.forward(net, p, x)
    x[3] += 1
    changed, _ = rl.forward(net, p, x)
    assert (h[:3, :, :H] == changed[:3, :, :H]).all()  # the half that reads forwards
    assert (h[:3, :, H:] != changed[:3, :, H:]).any(axis=(1, 2)).all()


# One to many


def test_a_generated_sequence_is_the_network_run_on_its_own_answers(rng, move):
    p = rl.gru.init(rng, inputs=H, hidden=H)
    x, h0 = rng.normal(size=(2, B, H))
    p, x, h0 = move((p, x, h0))
    answers, last = rl.decoding.generate(rl.gru, p, lambda h: (h, h), x, h0, steps=4)
    inputs = rl.backend.namespace(x).concat([x[None], answers[:-1]])
    h, tape = rl.forward(rl.gru, p, inputs, h0)
    same(answers, h, 1e-13)
    same(last, tape.last, 1e-13)
    with pytest.raises(ValueError, match="steps is 0, expected at least 1"):
        rl.decoding.generate(rl.gru, p, lambda h: (h, h), x, steps=0)


# Many to many with a delay


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
@pytest.mark.parametrize("cell", [rl.lstm, rl.Stacked((rl.gru, rl.gru))], ids=["lstm", "stacked"])
def test_the_gradient_goes_through_the_decoder_into_the_encoder(cell, lengths, rng):
    net = rl.EncoderDecoder(cell, cell)
    p = net.init(rng, inputs=(D, 2), hidden=3)
    x, y = rng.normal(size=(T, B, D)), rng.normal(size=(5, B, 2))
    w = rng.normal(size=(5, B, 3))
    _, tape = net.forward(p, x, y, lengths=lengths)
    g = net.backward(p, tape, w, np.zeros((T, B, 3)))
    found = (
        p._replace(encoder=g.encoder.params, decoder=g.decoder.params),
        g.encoder.x,
        g.decoder.x,
    )
    want = numerical_gradient(
        lambda a: (w * net.forward(a[0], a[1], a[2], lengths=lengths)[0]).sum(), (p, x, y)
    )
    same(found, want, 1e-7)


# Truncated


def test_pieces_have_the_states_of_the_whole_and_gradients_cut_at_the_borders(rng):
    p, x = rl.lstm.init(rng, inputs=D, hidden=H), rng.normal(size=(10, B, D))
    w = rng.normal(size=(10, B, H))
    whole, _ = rl.forward(rl.lstm, p, x)
    pieces = list(chunks(rl.lstm, p, x, lambda h, start: w[start : start + len(h)], steps=4))
    same(np.concatenate([piece.h for piece in pieces]), whole, 1e-14)
    second = pieces[1]
    assert second.start == 4
    _, tape = rl.forward(rl.lstm, p, x[4:8], pieces[0].last)
    same(second.gradients, rl.backward(rl.lstm, p, tape, w[4:8]), 1e-14)
    with pytest.raises(ValueError, match="steps is 0"):
        next(chunks(rl.lstm, p, x, lambda h, start: h, steps=0))


def test_one_piece_is_the_whole_gradient(rng):
    p, x = rl.gru.init(rng, inputs=D, hidden=H), rng.normal(size=(7, B, D))
    h, tape = rl.forward(rl.gru, p, x)
    (only,) = chunks(rl.gru, p, x, lambda h, start: h, steps=7)
    same(only.gradients, rl.backward(rl.gru, p, tape, h), 1e-14)


def test_truncated_memory_does_not_grow_with_the_sequence(rng):
    p = rl.elman.init(rng, inputs=1, hidden=64)

    def peak(T):
        x = np.zeros((T, 1, 1))
        tracemalloc.start()
        for _ in chunks(rl.elman, p, x, lambda h, start: h, steps=50):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(4000) < 1.5 * peak(400)  # ten times the steps
