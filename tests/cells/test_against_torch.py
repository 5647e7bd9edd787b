"""The gated cells against torch.nn in float64: outputs, states, all gradients, with padding."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import rnnlib as rl
from rnnlib.gradients import relative_error

T, B, D, H = 7, 5, 3, 4
LENGTHS = [7, 2, 4, 7, 1]


def reference(cell, p):
    """torch's module with our parameters."""
    module = {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU, "Elman": torch.nn.RNN}[
        type(cell).__name__
    ]
    module = module(D, H, dtype=torch.float64)
    b_hh = torch.zeros_like(p.b)
    if hasattr(p, "b_n"):
        b_hh[2 * H :] = p.b_n
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), (p.U, p.W, p.b, b_hh), strict=True):
            parameter.copy_(value)
    return module


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "lengths"])
@pytest.mark.parametrize("cell", [rl.elman, rl.lstm, rl.gru], ids=lambda c: type(c).__name__)
def test_everything_equals_torch_to_1e_10(cell, lengths, rng):
    p = rl.to(cell.init(rng, inputs=D, hidden=H), "torch")
    x = torch.tensor(rng.normal(size=(T, B, D)))
    zeros = cell.initial_state(p, B)
    state0 = rl.tree.map(lambda s: torch.tensor(rng.normal(size=s.shape)), zeros)
    dh = torch.tensor(rng.normal(size=(T, B, H)))
    dlast = rl.tree.map(lambda s: torch.tensor(rng.normal(size=s.shape)), zeros)

    module = reference(cell, p)
    x_leaf = x.clone().requires_grad_()
    leaves = [s.clone()[None].requires_grad_() for s in rl.tree.leaves(state0)]
    given = tuple(leaves) if len(leaves) > 1 else leaves[0]
    if lengths is None:
        h_ref, last_ref = module(x_leaf, given)
    else:
        packed = pack_padded_sequence(x_leaf, lengths, enforce_sorted=False)
        out, last_ref = module(packed, given)
        h_ref, _ = pad_packed_sequence(out)
    last_ref = [last_ref] if isinstance(last_ref, torch.Tensor) else list(last_ref)
    loss = (dh * h_ref).sum()
    loss = loss + sum(
        (d * s[0]).sum() for d, s in zip(rl.tree.leaves(dlast), last_ref, strict=True)
    )
    loss.backward()

    n = None if lengths is None else torch.tensor(lengths)
    h, tape = rl.forward(cell, p, x, state0, lengths=n)
    g = rl.backward(cell, p, tape, dh, dlast)
    dU, dW, db, db_hh = (parameter.grad for parameter in module.parameters())
    wanted = [h_ref, *(s[0] for s in last_ref), dU, dW, db, x_leaf.grad]
    wanted += [leaf.grad[0] for leaf in leaves]
    got = [h, *rl.tree.leaves(tape.last), g.params.U, g.params.W, g.params.b, g.x]
    got += list(rl.tree.leaves(g.state0))
    if cell == rl.gru:
        wanted.append(db_hh[2 * H :])
        got.append(g.params.b_n)
    for one, other in zip(got, wanted, strict=True):
        assert relative_error(one, other.detach()) < 1e-10


def test_the_two_places_of_the_reset_gate_are_two_functions(rng):
    after = rl.gru.init(rng, inputs=D, hidden=H)
    x = rng.normal(size=(T, B, D))
    h_after, _ = rl.forward(rl.gru, after._replace(b_n=np.zeros(H)), x)
    h_before, _ = rl.forward(rl.GRU(reset="before"), after._replace(b_n=None), x)
    assert (h_after[0] == h_before[0]).all()  # from a zero state they agree
    assert relative_error(h_before[1:], h_after[1:]) > 1e-3


def test_the_reset_gate_before_the_product_is_the_equation_of_cho_et_al(rng):
    cell = rl.GRU(reset="before")
    U, W, b, _ = p = cell.init(rng, inputs=D, hidden=H)
    x, h = rng.normal(size=(B, D)), rng.normal(size=(B, H))
    sigma = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    r = sigma(x @ U[:H].T + h @ W[:H].T + b[:H])
    z = sigma(x @ U[H : 2 * H].T + h @ W[H : 2 * H].T + b[H : 2 * H])
    n = np.tanh(x @ U[2 * H :].T + (r * h) @ W[2 * H :].T + b[2 * H :])
    assert relative_error(cell.step(p, x, h), (1 - z) * n + z * h) < 1e-14


def test_the_additive_lstm_is_the_five_equations_of_the_source(rng):
    """With U_g = I, W_g = 0, b_g = 0 the candidate is the input."""
    U, W, b = rl.additive_lstm.init(rng, inputs=H, hidden=H)
    g = slice(2 * H, 3 * H)
    U[g], W[g], b[g] = np.eye(H), 0, 0
    x, h, c = rng.normal(size=(3, B, H))
    sigma = lambda a: 1 / (1 + np.exp(-a))  # noqa: E731
    i, f, _, o = np.split(sigma(x @ U.T + h @ W.T + b), 4, axis=1)
    state = rl.additive_lstm.step(rl.LSTMParams(U, W, b), x, rl.LSTMState(h, c))
    assert relative_error(state.c, f * c + i * x) < 1e-14
    assert relative_error(state.h, o * (f * c + i * x)) < 1e-14


def test_the_forget_bias_is_added_to_the_forget_gate_alone():
    p, q = (
        rl.lstm.init(np.random.default_rng(0), inputs=D, hidden=H, forget_bias=bias)
        for bias in (0.0, 3.0)
    )
    assert (p.U == q.U).all()
    assert np.allclose(q.b - p.b, np.repeat([0, 3, 0, 0], H))
    assert abs(p.b).max() <= H**-0.5


def test_the_additive_lstm_keeps_no_tanh_that_it_does_not_take(rng):
    p = rl.additive_lstm.init(rng, inputs=D, hidden=H)
    _, tape = rl.forward(rl.additive_lstm, p, rng.normal(size=(T, B, D)))
    assert tape.cache.tanh_c is None
