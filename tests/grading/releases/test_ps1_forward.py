"""Problem set 1: what its text, its model answers and its instructor's page say is so."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

import rnnlib as rl
from rnnlib.grading.exercise import find, names
from rnnlib.grading.networks import CAUSAL, NETWORKS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "solutions" / "ps1_forward.md").read_text(encoding="utf-8")
CELLS = nbformat.read(ROOT / "solutions" / "ps1_forward" / "ps1_forward.ipynb", as_version=4).cells
TEXT = {cell.id: cell.source for cell in CELLS}


@pytest.fixture
def solved(capsys):
    """The names of the solved notebook; its checks and its pictures are left out."""
    made = {}
    for cell in CELLS:
        if cell.cell_type == "code" and not cell.id.startswith(("check_", "draw_", "stretch")):
            exec(cell.source, made)
    capsys.readouterr()
    return made


def test_the_numbers_of_the_warm_up_are_those_of_the_network(solved):
    x, y, u, w, bias = (solved[name] for name in ("x", "y", "u", "w", "bias"))
    h = solved["rnn_forward"](x, np.zeros((1, 1)), u, w, bias)
    y_hat = solved["softmax"](solved["readout"](h, solved["v"], solved["b_v"]))
    first, second = -np.log(y_hat[[0, 1], 0, y[:, 0]])
    row = next(line for line in TEXT["warm_up_text"].splitlines() if line.startswith("| 1 |"))
    probabilities = ", ".join(f"{p:.3f}" for p in y_hat[0, 0])
    assert f"| {h[0, 0, 0]:.3f} | ({probabilities}) |" in row
    rounded = round(y_hat[0, 0, 0], 3)
    assert f"−ln {rounded} = {-np.log(rounded):.3f}" in row
    assert round(h[1, 0, 0], 3) == solved["h_2"]
    assert round(first + second, 2) == round(solved["L"], 2) == round(solved["whole_loss"](), 2)


def test_a_row_of_the_batch_is_one_step(solved):
    rng = np.random.default_rng(0)
    x, h, *p = (rng.normal(size=size) for size in ((3, 4), (3, 2), (2, 4), (2, 2), 2))
    for row, after in enumerate(solved["rnn_step"](x, h, *p)):
        assert np.allclose(solved["step"](x[row], h[row], *p), after)


def test_the_bell_swings_once_in_twelve_steps_and_the_other_way_with_w_transposed(solved):
    yours, bell = solved["ringing"](), solved["bell"]
    assert np.allclose(yours, rl.forward(rl.elman, bell, solved["pulse"])[0][:, 0, 1])
    crossings = np.flatnonzero((yours[:-1] < 0) & (yours[1:] >= 0))
    assert {*np.diff(crossings)} == {12}
    solved["bell"] = bell._replace(W=bell.W.T)
    assert np.allclose(solved["ringing"](), -yours)


def test_the_wave_grows_to_a_steady_one_and_without_feedback_it_fades(solved):
    yours, fed, alone = solved["generated"](), *map(solved["by_the_library"], (1, 0))
    assert np.allclose(yours, fed)
    heights = [abs(yours[start : start + 16]).max() for start in (0, 16, 28, 44)]
    assert heights == sorted(heights)
    assert heights[3] < 1.05 * heights[2]
    assert abs(alone[-16:]).max() < abs(alone[0]) / 4


def test_your_test_tells_the_three_networks_of_the_picture_apart(solved):
    found = {name: solved["tried"](network) for name, network in solved["networks"].items()}
    assert [answer for answer, _ in found.values()] == [True, False, False]
    change = {name: change for name, (_, change) in found.items()}
    assert (change["rnn_forward"][:7] == 0).all()
    assert (change["read backwards"][8:] == 0).all()
    assert change["mean subtracted"].min() > 0.01


def test_there_are_as_many_networks_as_the_texts_say():
    assert (len(NETWORKS), len(CAUSAL)) == (15, 6)
    assert "hands you fifteen networks" in TEXT["is_causal_text"]
    assert "with fifteen networks, six of them causal" in PAGE


def switched(solved, capsys, **weights):
    """How often the switch is where it should be, in per cent."""
    first, *rest = TEXT["stretch"].splitlines()
    assert first.startswith("u_switch, w_switch, b_switch = ")
    exec("\n".join(rest), solved | {"b_switch": 0.0} | weights)
    return float(re.search(r"([\d.]+)%", capsys.readouterr().out)[1])


def test_the_switch_of_the_page_is_right_at_every_step(solved, capsys):
    answer = {}
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], answer)
    del answer["__builtins__"]
    assert switched(solved, capsys, **answer) == 100


def test_which_weights_make_a_switch_is_as_the_page_says(solved, capsys):
    assert switched(solved, capsys, u_switch=1.0, w_switch=0.5) < 20  # as released
    assert switched(solved, capsys, u_switch=2.56, w_switch=2.0) == 100
    assert switched(solved, capsys, u_switch=2.5, w_switch=2.0) < 100
    assert switched(solved, capsys, u_switch=4.0, w_switch=1.05) < 100
    h = 1.0
    for _ in range(100):
        h = np.tanh(2 * h)
    assert round(h, 3) == 0.958
    assert round(np.arctanh(0.5), 2) == 0.55


def test_the_points_on_the_page_are_those_of_the_notebook():
    told = {name: int(number) for name, number in re.findall(r"\| `(\w+)` \| (\d+)", PAGE)}
    points = {c.id: c.metadata.nbgrader.get("points", 0) for c in CELLS if c.metadata}
    assert told == {name: number for name, number in points.items() if number}
    assert sum(told.values()) == 25
    assert "25 points." in TEXT["title"]


def test_what_the_page_says_of_common_mistakes_is_what_the_reports_say():
    known = {m.name for name in names() if name.startswith("ps1/") for m in find(name).mistakes}
    _, rows = PAGE.split("| what was written |")
    told = re.findall(r"^\| .*? \| (.*?) \| \d", rows.split("##")[0], re.MULTILINE)
    assert len(told) == 17
    (failure,) = [name for name in told if name not in known]
    assert failure.startswith("raised ValueError: matmul")
