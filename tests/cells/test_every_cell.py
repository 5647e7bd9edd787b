"""What holds for every cell: its backward three ways, with padding, in both directions."""

import numpy as np
import pytest

import rnnlib as rl
from rnnlib.backend import namespace
from rnnlib.gradients import relative_error
from tests.three_ways import assert_backward_is_right

CELLS = {
    "elman": rl.elman,
    "elman relu": rl.Elman(g="relu"),
    "lstm": rl.lstm,
    "additive lstm": rl.additive_lstm,
    "gru after": rl.gru,
    "gru before": rl.GRU(reset="before"),
}
LENGTHS = np.array([5, 2, 4])


def everything(cell, rng, T=5, B=3, D=2, H=4):
    """All that a run of a cell depends on, none of it zero."""
    params = cell.init(rng, inputs=D, hidden=H)
    state0 = rl.tree.map(lambda s: rng.normal(size=s.shape), cell.initial_state(params, B))
    return {"params": params, "x": rng.normal(size=(T, B, D)), "state0": state0}


def run(cell, a, **options):
    return rl.forward(cell, a["params"], a["x"], a["state0"], **options)


def seen(h, last):
    """h at every step and the whole last state in one row, so that a loss reads both."""
    return namespace(h).concat([h.reshape(-1), *(s.reshape(-1) for s in rl.tree.leaves(last))])


def unseen(row, h, last):
    """The row taken apart again: dh, and the gradient of the last state."""
    pieces, at = [], 0
    for like in (h, *rl.tree.leaves(last)):
        size = int(np.prod(like.shape))
        pieces.append(row[at : at + size].reshape(like.shape))
        at += size
    rest = iter(pieces[1:])
    return pieces[0], rl.tree.map(lambda _: next(rest), last)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize(
    "case", ["plain", "reverse", "lengths", "lengths reverse", "one step", "one sequence"]
)
def test_the_backward_is_right_three_ways(name, case, rng, move):
    cell = CELLS[name]
    T, B = {"one step": (1, 3), "one sequence": (5, 1)}.get(case, (5, 3))
    a = everything(cell, rng, T, B)
    options = {"reverse": "reverse" in case}

    def forward(a):
        lengths = None
        if "lengths" in case:
            lengths = rl.to(LENGTHS, rl.backend.backend_of(a["x"]), device=str(a["x"].device))
        h, tape = run(cell, a, lengths=lengths, **options)
        return h, tape

    def f(a):
        h, tape = forward(a)
        return seen(h, tape.last)

    def gradients(a, w):
        h, tape = forward(a)
        return rl.backward(cell, a["params"], tape, *unseen(w, h, tape.last))._asdict()

    w = rng.normal(size=f(a).shape)
    assert_backward_is_right(f, a, w, gradients, move)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("reverse", [False, True])
def test_padding_changes_nothing(name, reverse, rng, move):
    """A padded sequence gives the state and the gradients that it gives alone and unpadded."""
    cell = CELLS[name]
    a = move(everything(cell, rng))
    h, tape = run(cell, a, lengths=move(LENGTHS), reverse=reverse)
    dh = rng.normal(size=(5, 3, 4))
    g = rl.backward(cell, a["params"], tape, move(dh))
    total = rl.tree.map(lambda p: 0 * p, a["params"])
    for b, length in enumerate(LENGTHS):
        one = rl.tree.map(lambda s, b=b: s[b : b + 1], a["state0"])
        x = a["x"][:length, b : b + 1]
        h_one, tape_one = rl.forward(cell, a["params"], x, one, reverse=reverse)
        g_one = rl.backward(cell, a["params"], tape_one, move(dh[:length, b : b + 1]))
        same(h[:length, b], h_one[:, 0])
        same(g.x[:length, b], g_one.x[:, 0])
        for got, want in zip(rl.tree.leaves(tape.last), rl.tree.leaves(tape_one.last), strict=True):
            same(got[b], want[0])
        for got, want in zip(rl.tree.leaves(g.state0), rl.tree.leaves(g_one.state0), strict=True):
            same(got[b], want[0])
        total = rl.tree.map(lambda t, p: t + p, total, g_one.params)
        assert (rl.to_numpy(h)[length:, b] == 0).all()
        assert (rl.to_numpy(g.x)[length:, b] == 0).all()
    for got, want in zip(rl.tree.leaves(g.params), rl.tree.leaves(total), strict=True):
        same(got, want)


def same(got, want):
    assert relative_error(rl.to_numpy(got), rl.to_numpy(want)) < 1e-13


@pytest.mark.parametrize("name", CELLS)
def test_what_padding_holds_is_never_looked_at(name, rng):
    cell = CELLS[name]
    a = everything(cell, rng)
    h, _ = run(cell, a, lengths=LENGTHS)
    a["x"][2:, 1] = 1e30
    other, _ = run(cell, a, lengths=LENGTHS)
    assert (h == other).all()


@pytest.mark.parametrize("name", CELLS)
def test_reading_backwards_is_reading_the_reversed_sequence(name, rng, move):
    cell = CELLS[name]
    a = move(everything(cell, rng))
    h, _ = run(cell, a, reverse=True)
    flipped, _ = run(cell, a | {"x": rl.backend.flip(a["x"])})
    same(h, rl.backend.flip(flipped))


@pytest.mark.parametrize("name", CELLS)
def test_one_step_is_a_sequence_of_one(name, rng, move):
    cell = CELLS[name]
    a = move(everything(cell, rng, T=1))
    h, tape = run(cell, a)
    state = cell.step(a["params"], a["x"][0], a["state0"])
    same(cell.output(state), h[0])
    for got, want in zip(rl.tree.leaves(state), rl.tree.leaves(tape.last), strict=True):
        same(got, want)


@pytest.mark.parametrize("name", CELLS)
def test_float32_is_within_1e_4_of_float64(name, rng):
    cell = CELLS[name]
    a = everything(cell, rng)
    single = rl.to(a, "numpy", dtype="float32")
    results = []
    for b in (a, single):
        h, tape = run(cell, b)
        results.append((h, rl.backward(cell, b["params"], tape, h)))
    for want, got in zip(*(rl.tree.leaves(r) for r in results), strict=True):
        assert got.dtype == np.float32
        assert relative_error(got.astype("float64"), want) < 1e-4


@pytest.mark.parametrize("name", CELLS)
def test_nothing_that_is_passed_in_is_changed(name, rng, move):
    cell = CELLS[name]
    a = move(everything(cell, rng))
    h, tape = run(cell, a)
    dh, dlast = 2 * h, rl.tree.map(lambda s: 2 * s, tape.last)
    given = (a, h, tape.x, tape.states, tape.cache, dh, dlast)
    before = rl.tree.map(lambda x: rl.to_numpy(x).copy(), given)
    rl.backward(cell, a["params"], tape, dh, dlast)
    for got, want in zip(rl.tree.leaves(given), rl.tree.leaves(before), strict=True):
        assert (rl.to_numpy(got) == want).all()


@pytest.mark.parametrize("name", CELLS)
def test_bad_sizes_and_generators_are_refused(name, rng):
    cell = CELLS[name]
    with pytest.raises(ValueError, match="hidden is 0, expected at least 1"):
        cell.init(rng, inputs=2, hidden=0)
    with pytest.raises(TypeError, match="expected a NumPy Generator"):
        cell.init(7, inputs=2, hidden=3)
    a = everything(cell, rng)
    with pytest.raises(ValueError, match=r"x has shape \(5, 3, 7\), expected \(T, B, D\) with D"):
        rl.forward(cell, a["params"], np.zeros((5, 3, 7)))
