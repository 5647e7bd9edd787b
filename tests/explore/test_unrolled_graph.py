import itertools

import numpy as np
import pytest

from rnnlib.explore.unrolled_graph import MOMENTS, READ, WEIGHTS, B, U, V, X, unrolled_graph

TITLE = "Three steps, there and back"


@pytest.fixture(scope="module")
def explorer():
    return unrolled_graph()


def by_hand(w, read):
    """The lecture's equations, one number at a time."""
    h = [0.0]
    for x in X:
        h.append(np.tanh(U * x + w * h[-1] + B))
    o = {t: V * h[t] for t in (1, 2, 3) if read == "every state" or t == 3}
    do = {t: o[t] - 1 for t in o}
    direct = {t: V * do[t] for t in o}
    dh = {3: direct[3]}
    indirect = {}
    for t in (3, 2, 1):
        indirect[t - 1] = dh[t] * (1 - h[t] ** 2) * w
        dh[t - 1] = direct.get(t - 1, 0.0) * (t > 1) + indirect[t - 1]
    shares = {t: dh[t] * (1 - h[t] ** 2) * h[t - 1] for t in (1, 2, 3)}
    return h, o, do, direct, indirect, dh, shares


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("w", [WEIGHTS[0], -0.3, 0.0, 0.8, WEIGHTS[-1]])
def test_at_the_end_of_the_walk_every_number_is_that_of_the_equations(explorer, read, w):
    h, o, do, direct, indirect, dh, shares = by_hand(w, read)
    at = explorer.at(step=len(MOMENTS) - 1, read=read, w=w)[TITLE]
    expected = {f"h{t}": h[t] for t in range(4)} | {f"dh{t}": dh[t] for t in range(4)}
    expected |= {f"o{t}": o[t] for t in o} | {f"do{t}": do[t] for t in o}
    expected |= {f"dw{t}": shares[t] for t in shares} | {"dw": sum(shares.values()), "w": w}
    expected |= {"L": sum(do[t] ** 2 for t in o) / 2}
    expected |= {f"o{t} → h{t}": direct[t] for t in o}
    expected |= {f"h{t + 1} → h{t}": indirect[t] for t in indirect}
    expected |= {f"h{t} → h{t + 1}": w * h[t] for t in range(3)}
    expected |= {f"x{t} → h{t}": U * X[t - 1] for t in (1, 2, 3)}
    for name, value in expected.items():
        np.testing.assert_allclose(at[name], value, rtol=1e-12, atol=1e-15, err_msg=name)


def test_the_first_walk_has_the_numbers_of_the_lecture(explorer):
    at = explorer.at(step=len(MOMENTS) - 1, read="the last state", w=0.8)[TITLE]
    assert [round(at[f"h{t}"], 3) for t in (1, 2, 3)] == [0.537, 0.652, 0.121]
    assert round(at["dw2"] / at["dw3"], 2) == 0.38
    assert at["dw1"] == 0


def test_each_step_adds_to_what_is_there_and_takes_nothing_away(explorer):
    for read in READ:
        known = [
            {
                name
                for name, value in explorer.at(step=step, read=read, w=0.8)[TITLE].items()
                if name != "words" and np.isfinite(value)
            }
            for step in range(len(MOMENTS))
        ]
        assert all(before < after for before, after in itertools.pairwise(known))
        assert known[0] == {"h0", "x1", "x2", "x3", "w1", "w2", "w3", "w"}
        assert known[7] - known[6] >= {"dh3", "o3 → h3"}
        assert known[8] - known[7] == {"dh2", "h3 → h2"}


def test_an_output_that_the_loss_does_not_read_never_appears(explorer):
    at = explorer.at(step=len(MOMENTS) - 1, read="the last state", w=0.8)[TITLE]
    assert np.isnan([at["o1"], at["o2"], at["o2 → h2"], at["L → o1"]]).all()


def test_the_words_are_those_of_the_step(explorer):
    for step, words in enumerate(MOMENTS):
        assert explorer.at(step=step, read="every state", w=-1.6)[TITLE]["words"] == words
