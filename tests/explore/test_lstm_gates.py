import numpy as np
import pytest

from rnnlib.explore.lstm_gates import FORGET, LEVELS, STEPS, lstm_gates, weights

HAND, COMPUTED = "set by hand", "computed"
GATES, VALUES, GRADIENT = "The gates", "Cell and state", "The gradient of the last cell"
X = np.zeros(STEPS)
X[[2, 9, 16]] = 1, -1, 1


@pytest.fixture(scope="module")
def explorer():
    return lstm_gates()


def sigma(a):
    return 1 / (1 + np.exp(-a))


def run(kind, levels, c=0.0, h=0.0, since=0):
    """The equations, one step after the other: f, i, o, c, h of every step."""
    b = np.log(
        np.clip(levels, sigma(-20), sigma(20)) / (1 - np.clip(levels, sigma(-20), sigma(20)))
    )
    rows = []
    for x in X[since:]:
        u, w = ((-4, 4, 0), (-1, 1, 2)) if kind == COMPUTED else ((0, 0, 0), (0, 0, 0))
        f, i, o = (sigma(b[k] + u[k] * x + w[k] * h) for k in range(3))
        c = f * c + i * np.tanh(2 * x)
        h = o * np.tanh(c)
        rows.append((f, i, o, c, h))
    return np.array(rows).T


ENDS = [(k, f, i, o) for k in (HAND, COMPUTED) for f in (0, 1) for i in (0, 1) for o in (0, 1)]


@pytest.mark.parametrize(
    ("kind", "f", "i", "o"),
    [*ENDS, (HAND, 0.9, 0.5, 0.5), (COMPUTED, 0.9, 0.5, 0.5), (COMPUTED, 0.99, 0.2, 0.8)],
)
def test_gates_cell_and_state_are_those_of_the_equations(explorer, kind, f, i, o):
    shown = explorer.at(gates=kind, f=f, i=i, o=o)
    got = [*shown[GATES].values(), *shown[VALUES].values()]
    np.testing.assert_allclose(got, run(kind, [f, i, o]), atol=1e-8)


@pytest.mark.parametrize("kind", [HAND, COMPUTED])
@pytest.mark.parametrize(("f", "i", "o"), [(0.9, 0.5, 0.5), (0.6, 0.2, 0.8), (0.98, 1.0, 1.0)])
def test_the_whole_gradient_is_that_of_finite_differences(explorer, kind, f, i, o):
    levels = [f, i, o]
    _, _, opened, c, _ = run(kind, levels)
    shown = explorer.at(gates=kind, f=f, i=i, o=o)[GRADIENT]["whole"]
    for t in (1, 5, 12, STEPS - 1):  # nudge c_t, let h_t follow, and run on
        ends = []
        for nudge in (1e-5, -1e-5):
            moved = c[t - 1] + nudge
            ends.append(run(kind, levels, moved, opened[t - 1] * np.tanh(moved), t)[3, -1])
        assert shown[t - 1] == pytest.approx(abs(ends[0] - ends[1]) / 2e-5, rel=1e-5, abs=1e-9)
    assert shown[-1] == 1


def test_the_product_of_the_forget_gates_is_that_of_the_gates_shown(explorer):
    for kind, f in ((HAND, 0.0), (HAND, 1.0), (COMPUTED, 0.7)):
        shown = explorer.at(gates=kind, f=f)
        for t in (1, 12, STEPS):
            left = shown[GATES]["forget"][t:].prod()
            assert shown[GRADIENT]["forget"][t - 1] == pytest.approx(left, rel=1e-9, abs=1e-300)


def test_set_by_hand_f_is_left_of_the_gradient_at_each_step_whatever_i_and_o_are(explorer):
    k = np.arange(STEPS)[::-1]
    for f in FORGET[1:]:
        for level in LEVELS[::5]:
            shown = explorer.at(gates=HAND, f=f, i=level, o=1 - level)[GRADIENT]["whole"]
            np.testing.assert_allclose(shown, f**k, rtol=1e-6)


def test_set_by_hand_every_pulse_is_let_in_alike(explorer):
    for f, i in ((0.0, 0.5), (0.9, 0.5), (1.0, 1.0)):
        c = explorer.at(gates=HAND, f=f, i=i)[VALUES]["cell c"]
        added = c[1:] - f * c[:-1]  # i_t g_t for t = 2, …, T
        np.testing.assert_allclose(added, i * np.tanh(2 * X[1:]), atol=1e-7)


def test_the_labels_name_the_steps_of_the_pulses_and_the_last_step(explorer):
    assert np.flatnonzero(X == 1).tolist() == [2, 16]
    assert np.flatnonzero(X == -1).tolist() == [9]
    assert {panel.x_label for panel in explorer.panels} == {"step t; pulses ↑ 3, ↓ 10, ↑ 17"}
    assert STEPS == 24
    assert "∂c₂₄" in explorer.panels[-1].y_label


def test_computed_a_pulse_up_replaces_the_memory_and_one_down_is_kept_out(explorer):
    shown = explorer.at(gates=COMPUTED, f=0.9, i=0.5, o=0.5)
    f, i, _ = shown[GATES].values()
    c = shown[VALUES]["cell c"]
    assert max(f[2], f[16]) < 0.2 < 0.95 < min(i[2], i[16])
    assert i[9] < 0.03
    assert abs(c[9] - c[8]) < 0.03
    assert c[16] == pytest.approx(np.tanh(2), abs=0.03)
    whole = shown[GRADIENT]["whole"]
    assert whole[15] < 0.1 * whole[16]  # across step 17


def test_set_by_hand_no_gate_reads_the_pulse_or_the_state():
    p = weights(HAND)
    assert (p.W == 0).all()
    assert (p.U[[0, 1, 3], 0] == 0).all()
