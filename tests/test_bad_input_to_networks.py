"""Networks, tapes, optimizers and settings that do not fit each other are told apart, and named."""

import numpy as np
import pytest
import torch

import rnnlib as rl

T, B, D, H = 6, 2, 3, 4
rng = np.random.default_rng(0)
X = rng.normal(size=(T, B, D))
P, G = rl.lstm.init(rng, inputs=D, hidden=H), rl.gru.init(rng, inputs=D, hidden=H)
LARGER = rl.lstm.init(rng, inputs=D, hidden=H + 1)
HS, TAPE = rl.forward(rl.lstm, P, X)
BOTH = rl.Bidirectional(rl.lstm)
BOTH_P = BOTH.init(rng, inputs=D, hidden=H)
BOTH_H, BOTH_TAPE = rl.forward(BOTH, BOTH_P, X)
PT, GT, XT = rl.to((P, G, X), "torch")
FUSED_H, FUSED_TAPE = rl.forward(rl.lstm, PT, XT, engine="fused")
PAIR = rl.EncoderDecoder(rl.gru, rl.gru)
PAIR_P = PAIR.init(rng, inputs=(D, D), hidden=H)
SINGLE = np.ones(2, "float32")


def pieces(cell, params, x=X, steps=2):
    return list(rl.truncated.chunks(cell, params, x, lambda h, start: h, steps=steps))


BAD = {
    # tapes
    "the tape of another size": (
        lambda: rl.backward(rl.lstm, LARGER, TAPE, np.ones((T, B, H + 1))),
        ValueError,
        "the tape is of 4 hidden units, and params of 5",
    ),
    "a fused tape and a dh of fewer steps": (
        lambda: rl.backward(rl.lstm, PT, FUSED_TAPE, FUSED_H[:3]),
        ValueError,
        "dh has shape (3, 2, 4), expected (T, B, H) with T = 6 as in tape.x",
    ),
    "a fused tape of another cell": (
        lambda: rl.backward(rl.gru, GT, FUSED_TAPE, FUSED_H),
        ValueError,
        "the tape is of the cell LSTM(), and cell is GRU(reset='after')",
    ),
    "Jacobians from the tape of another cell": (
        lambda: rl.gradients.step_jacobians(rl.additive_lstm, P, TAPE),
        ValueError,
        "the tape is of the cell LSTM(), and cell is AdditiveLSTM()",
    ),
    "a bidirectional layer and the tape of a cell": (
        lambda: rl.backward(BOTH, BOTH_P, TAPE, BOTH_H),
        TypeError,
        "tape is a Tape, expected the pair Both(forward, backward)",
    ),
    "a bidirectional layer and a list": (
        lambda: rl.backward(BOTH, BOTH_P, BOTH_TAPE, BOTH_H.tolist()),
        TypeError,
        "dh is a list, expected an array (T, B, 2H)",
    ),
    "layers and the tape of a cell": (
        lambda: rl.backward(rl.Stacked((rl.lstm,)), (P,), TAPE, HS),
        TypeError,
        "tape is a Tape, expected what forward returned for these 1 layers",
    ),
    # networks and their parameters
    "a module of torch": (
        lambda: rl.forward(torch.nn.LSTM(D, H), P, X),
        TypeError,
        "cell, params = rnnlib.from_torch(module)",
    ),
    "a GRU without its second bias": (
        lambda: rl.forward(rl.gru, G._replace(b_n=None), X),
        ValueError,
        "params.b_n has to be (H,) for GRU(reset='after')",
    ),
    "a GRU with a second bias that it has no use for": (
        lambda: rl.forward(rl.GRU(reset="before"), G, X),
        ValueError,
        "params.b_n has to be None for GRU(reset='before')",
    ),
    "parameters of another cell for torch": (
        lambda: rl.to_torch(rl.gru, PT),
        TypeError,
        "to_torch: params hold a LSTMParams, expected GRUParams",
    ),
    "one size for two networks": (
        lambda: PAIR.init(rng, inputs=D, hidden=H),
        TypeError,
        "inputs is 3, expected two sizes",
    ),
    "nothing to write": (
        lambda: rl.forward(PAIR, PAIR_P, X),
        TypeError,
        "y, which the decoder reads, is missing",
    ),
    # settings
    "a word for a direction": (
        lambda: rl.forward(rl.lstm, P, X, reverse="no"),
        TypeError,
        "reverse is 'no', expected True or False",
    ),
    "a forget bias that is no number": (
        lambda: rl.lstm.init(rng, inputs=D, hidden=H, forget_bias=float("nan")),
        ValueError,
        "forget_bias is nan, expected a finite number",
    ),
    "a list of nonlinearities": (
        lambda: rl.Elman(g=["tanh"]),
        ValueError,
        "g is ['tanh'], expected one of tanh",
    ),
    "a word for a rate": (
        lambda: rl.optim.SGD("fast"),
        ValueError,
        "SGD: rate is 'fast', expected a positive number",
    ),
    "a word for a limit": (
        lambda: rl.gradients.clip_by_norm(SINGLE, "1"),
        ValueError,
        "limit is '1', expected a positive number",
    ),
    "half a step more to generate": (
        lambda: rl.decoding.generate(rl.gru, G, lambda h: (h, h), X[0], steps=1.5),
        TypeError,
        "steps is 1.5, expected an integer of at least 1",
    ),
    "a list to begin with": (
        lambda: rl.decoding.generate(rl.gru, G, lambda h: (h, h), [1.0], steps=2),
        TypeError,
        "expected a NumPy array or a torch tensor, got list",
    ),
    "a network that reads from the end": (
        lambda: rl.decoding.generate(BOTH, BOTH_P, lambda h: (h, h), X[0], steps=2),
        ValueError,
        "generate: a bidirectional network needs the whole sequence",
    ),
    # pieces
    "pieces of a network that reads from the end": (
        lambda: pieces(rl.Stacked((BOTH,)), (BOTH_P,)),
        ValueError,
        "a bidirectional network needs the whole sequence",
    ),
    "pieces of nothing": (
        lambda: pieces(rl.lstm, P, X[:0]),
        ValueError,
        "x has shape (0, 2, 3)",
    ),
    "pieces of a step and a half": (
        lambda: pieces(rl.lstm, P, steps=1.5),
        TypeError,
        "steps is 1.5, expected an integer of at least 1",
    ),
    # optimizers
    "a velocity of other parameters": (
        lambda: rl.optim.Momentum(0.1).step(np.ones(2), np.ones(2), np.ones((3, 2))),
        ValueError,
        "Momentum.step: the state does not belong to these parameters",
    ),
    "a state in another precision": (
        lambda: rl.optim.Adam().step(SINGLE, SINGLE, rl.optim.Adam().init(np.ones(2))),
        ValueError,
        "Adam.step: the state does not belong to these parameters",
    ),
    "the state of another optimizer": (
        lambda: rl.optim.Adam().step(np.ones(2), np.ones(2), ()),
        ValueError,
        "Adam.step: the state does not belong to these parameters",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_it_says_what_was_expected_and_what_came(name):
    call, error, message = BAD[name]
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_a_checkpoint_in_a_folder_that_is_not_there_is_refused_before_anything_is_computed(
    tmp_path,
):
    def loss_and_gradients(params, batch):
        raise AssertionError("nothing is computed")

    with pytest.raises(ValueError, match="there is no folder"):
        rl.train.train(
            SINGLE,
            loss_and_gradients,
            lambda rng: None,
            rl.optim.SGD(0.1),
            rng=rng,
            iterations=1,
            checkpoint=tmp_path / "not" / "there.npz",
        )


@pytest.mark.parametrize(
    "step",
    [
        lambda p, dp: rl.optim.SGD(np.float64(0.1)).step(p, dp, ())[0],
        lambda p, dp: rl.optim.Adam(np.float64(0.1)).step(p, dp, rl.optim.Adam().init(p))[0],
        lambda p, dp: rl.gradients.clip_by_norm(dp, np.float64(1))[0],
        lambda p, dp: rl.gradients.clip_by_value(dp, np.float64(0.5)),
    ],
    ids=["SGD", "Adam", "by norm", "by value"],
)
def test_a_number_of_numpys_leaves_single_precision_single(step):
    assert step(SINGLE, SINGLE).dtype == np.float32


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16, torch.int32])
def test_lengths_may_be_integers_of_any_kind(dtype):
    h, _ = rl.forward(rl.lstm, PT, XT, lengths=torch.tensor([6, 3], dtype=dtype))
    assert (h[3:, 1] == 0).all()


@pytest.mark.parametrize(
    "network",
    [
        rl.Stacked((rl.Stacked((rl.Bidirectional(rl.gru),)), rl.gru)),
        rl.Stacked((rl.Bidirectional(rl.Bidirectional(rl.gru)), rl.gru)),
    ],
    ids=["layers of layers", "both directions of both directions"],
)
def test_networks_of_networks_fit_into_each_other(network):
    p = network.init(rng, inputs=D, hidden=H)
    h, tape = rl.forward(network, p, X)
    g = rl.backward(network, p, tape, h)
    assert (h.shape, g.x.shape) == ((T, B, H), X.shape)


def test_pieces_are_not_linked_where_torch_records():
    recorded = rl.tree.map(lambda a: a.clone().requires_grad_(), PT)
    parts = pieces(rl.lstm, recorded, XT)
    assert not any(leaf.requires_grad for part in parts for leaf in rl.tree.leaves(part.last))


def test_a_scan_of_one_step_shares_no_memory_with_its_input():
    b = rng.normal(size=(1, B, H))
    assert not np.shares_memory(rl.scan.constant_recurrence(np.eye(H), b), b)
    assert not np.shares_memory(rl.scan.linear_recurrence(np.ones_like(b), b), b)


@pytest.mark.parametrize(("w", "power"), [(1e-8, -8), (1e8, 8)])
def test_a_gradient_is_followed_to_where_its_square_is_no_number_any_more(w, power):
    linear, steps = rl.Elman(g="identity"), 30
    p = rl.ElmanParams(np.zeros((1, 1)), np.array([[w]]), np.zeros(1))
    _, tape = rl.forward(linear, p, np.ones((steps, 1, 1)))
    norms = rl.gradients.gradient_norms(linear, p, tape, np.ones((1, 1)))[:, 0]
    np.testing.assert_allclose(np.log10(norms), power * np.arange(steps + 1), atol=1e-9)


@pytest.mark.parametrize("ones", [np.ones(100_000, "float16"), torch.ones(100_000).half()])
def test_a_long_gradient_in_half_precision_has_a_length(ones):
    assert rl.gradients.global_norm(ones) == pytest.approx(100_000**0.5)
