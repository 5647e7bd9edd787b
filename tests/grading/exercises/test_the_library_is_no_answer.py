"""What rnnlib computes itself earns nothing in ps4, gru, bidirectional and hmm, by whatever way."""

import numpy as np
import pytest

import rnnlib as rl
from rnnlib.cells.gru import GRUParams
from rnnlib.cells.lstm import LSTMParams, LSTMState
from tests.grading.exercises.handing_in import report_on

P = rl.hmm.HMMParams


def lstm(*arrays):
    return LSTMParams(*arrays)


def run_lstm(x, h0, c0, *p, cell=rl.lstm, **options):
    return rl.forward(cell, lstm(*p), x, state0=LSTMState(h0, c0), **options)


def lstm_by_torch(x, h0, c0, *p):
    tensors = (rl.to(value, "torch") for value in (x, h0, c0, *p))
    h, tape = run_lstm(*tensors, engine="fused")
    return h, tape.last.c + 0 * h


def lstm_steps(x, h, c, *p):
    states = []
    for x_t in x:
        h, c = rl.lstm.step(lstm(*p), x_t, LSTMState(h, c))
        states.append((h, c))
    return tuple(map(np.array, zip(*states, strict=True)))


def lstm_gradients(dh, x, h0, c0, *p):
    g = rl.backward(rl.lstm, lstm(*p), run_lstm(x, h0, c0, *p)[1], dh)
    return g.x, *g.state0, *g.params


def lstm_differences(dh, *arguments):
    """The way there is written without rnnlib, and the way back is left to differences."""

    def loss(arguments):
        x, h, c, U, W, b = arguments
        total = 0.0
        for dh_t, x_t in zip(dh, x, strict=True):
            a = np.split(x_t @ U.T + h @ W.T + b, 4, axis=1)
            i, f, o = (1 / (1 + np.exp(-a[k])) for k in (0, 1, 3))
            c = f * c + i * np.tanh(a[2])
            h = o * np.tanh(c)
            total += (dh_t * h).sum()
        return total

    return rl.gradients.numerical_gradient(loss, arguments)


def lstm_transition(x, h, c, *p):
    p = lstm(*p)
    return rl.lstm.transition(rl.lstm.weights(p, len(x)), rl.lstm.project(p, x), LSTMState(h, c))


def both_directions(x, h0_f, h0_b, *p):
    p = [rl.ElmanParams(*p[:3]), rl.ElmanParams(*p[3:])]
    there, _ = rl.forward(rl.elman, p[0], x, state0=h0_f)
    back, _ = rl.forward(rl.elman, p[1], x, state0=h0_b, reverse=True)
    return np.concatenate([there, back], axis=-1)


def gru_gradients(dh, x, h0, *p):
    _, tape = rl.forward(rl.gru, GRUParams(*p), x, state0=h0)
    g = rl.backward(rl.gru, GRUParams(*p), tape, dh)
    return g.x, g.state0, *g.params


def unscaled(x, *p):
    h = np.array([rl.hmm.joint_belief(P(*p), x)])[0]
    return h / h.sum(axis=-1, keepdims=True)


BORROWED = {
    "ps4/lstm_step: step": lambda x, h, c, *p: rl.lstm.step(lstm(*p), x, LSTMState(h, c)),
    "ps4/lstm_step: transition": lstm_transition,
    "ps4/additive_lstm_step: step": lambda x, h, c, *p: rl.additive_lstm.step(
        lstm(*p), x, LSTMState(h, c)
    ),
    "ps4/lstm_forward: fused": lstm_by_torch,
    "ps4/lstm_forward: step": lstm_steps,
    "ps4/lstm_backward: backward": lstm_gradients,
    "ps4/lstm_backward: differences": lstm_differences,
    "gru/gru_step: step": lambda x, h, *p: rl.gru.step(GRUParams(*p), x, h),
    "gru/gru_forward: forward": lambda x, h, *p: rl.forward(rl.gru, GRUParams(*p), x, state0=h)[0],
    "gru/gru_backward: backward": gru_gradients,
    "bidirectional/bidirectional_forward: forward": both_directions,
    "hmm/filtering: scaled": lambda x, *p: rl.hmm.filtering(P(*p), x)[0],
    "hmm/filtering: logarithms": lambda x, *p: np.exp(rl.hmm.log_filtering(P(*p), x)[0]),
    "hmm/filtering: scan": lambda x, *p: np.exp(rl.hmm.log_filtering_by_scan(P(*p), x)[0]),
    "hmm/filtering: unscaled": unscaled,
    "hmm/smoothing: scaled": lambda x, *p: rl.hmm.smoothing(P(*p), x),
    "hmm/smoothing: logarithms": lambda x, *p: np.exp(rl.hmm.log_smoothing(P(*p), x)),
    "hmm/log_likelihood: itself": lambda x, *p: rl.hmm.log_likelihood(P(*p), x),
    "hmm/log_likelihood: filter": lambda x, *p: np.log(rl.hmm.filtering(P(*p), x)[1]).sum(axis=0),
    "hmm/viterbi: scaled": lambda x, *p: rl.hmm.viterbi(P(*p), x)[0],
    "hmm/viterbi: logarithms": lambda x, *p: rl.hmm.log_viterbi(P(*p), x)[0],
}


@pytest.mark.parametrize("borrowed", BORROWED)
def test_a_function_that_leaves_the_work_to_the_library_earns_nothing_and_learns_why(borrowed):
    report = report_on(borrowed.partition(":")[0], BORROWED[borrowed])
    assert report.points == 0.0
    assert report.troubles[0].reason.startswith("calls rnnlib.")
    assert "asks for; write it yourself" in report.troubles[0].reason


def test_what_answers_nothing_may_be_called():
    """One-hot vectors and the emissions of a model: what a lecture hands out."""

    def filtering(x, W, U, prior):
        Ux = rl.hmm.emission(P(W, U, prior), x)
        assert np.array_equal(Ux, rl.hmm.one_hot(P(W, U, prior), x) @ U.T)
        h, states = prior, []
        for Ux_t in Ux:
            h = h * Ux_t / (h * Ux_t).sum(axis=-1, keepdims=True)
            states.append(h)
            h = h @ W.T
        return states

    report = report_on("hmm/filtering", filtering)
    assert report.points == report.out_of
