"""Problem set 2: what its text, its model answers and its instructor's page say is so."""

import re
from fnmatch import fnmatch

import nbformat
import numpy as np
import pytest

import rnnlib as rl
from rnnlib.grading.exercise import find, names
from tests.grading.releases.conftest import ROOT

PAGE = (ROOT / "solutions" / "ps2_bptt.md").read_text(encoding="utf-8")
CELLS = nbformat.read(ROOT / "solutions" / "ps2_bptt" / "ps2_bptt.ipynb", as_version=4).cells
TEXT = {cell.id: cell.source for cell in CELLS}


@pytest.fixture
def solved(capsys):
    """The names of the solved notebook; its checks and its pictures are left out."""
    made = {}
    for cell in CELLS:
        if cell.cell_type == "code" and not cell.id.startswith(("check_", "draw_")):
            exec(cell.source, made)
    made["printed"] = capsys.readouterr().out
    return made


def test_the_states_of_the_warm_up_are_those_in_its_table(solved):
    h = 0.8
    for x, row in zip((0.5, -1.0), re.findall(r"\| [12] \| .*", TEXT["warm_up_text"]), strict=True):
        a = 1.0 * x + 0.5 * h
        h = np.tanh(a)
        numbers = [float(number.replace("−", "-")) for number in row.split("|")[3:5]]
        assert numbers == pytest.approx([a, h], abs=5e-4)


def test_a_row_of_the_batch_is_one_step_and_shared_gradients_are_summed(solved):
    rng = np.random.default_rng(0)
    dh, x, h_prev, h = (rng.normal(size=(3, size)) for size in (4, 2, 4, 4))
    U, W = rng.normal(size=(4, 2)), rng.normal(size=(4, 4))
    batch = solved["rnn_step_backward"](dh, x, h_prev, h, U, W)
    rows = [solved["one_step_back"](dh[n], x[n], h_prev[n], h[n], U, W) for n in range(3)]
    for together, single in zip(batch, zip(*rows, strict=True), strict=True):
        shared = together.shape == single[0].shape
        assert np.allclose(together, sum(single) if shared else np.stack(single))


def test_the_students_own_differences_leave_no_more_than_the_texts_say(solved):
    errors = [float(number) for number in re.findall(r"is off by (\S+)", solved["printed"])]
    assert len(errors[:-1]) == 5 + 5  # the last one is that of the stretch
    assert max(errors[:-1]) < 1e-8
    for name in ("try_one_step_text", "own_check_text"):
        assert "Nothing above $10^{-8}$" in TEXT[name]


def norms(solved, scale):
    network = solved["networks"][scale]
    yours = solved["gradient_norms"](solved["rnn_backward"], network)
    assert np.allclose(yours, solved["gradient_norms"](solved["reference_backward"], network))
    return yours


def test_the_gradient_reaches_as_far_as_the_model_answers_say(solved):
    short, long = (norms(solved, scale) for scale in (0.5, 1.5))
    assert short[-11] < 1e-3 * short[-1]  # hardly anything is left after ten steps
    assert 0.05 < long[0] / long[-1] < 0.2  # a tenth, 38 steps before the last one
    assert round(1.5**39, -6) == 7e6
    solved["inputs"] = 10 * solved["inputs"]
    assert norms(solved, 1.5)[0] < 1e-9  # it vanishes although W is large


def test_truncation_takes_more_from_the_network_whose_gradient_reaches_further(solved):
    missing = {}
    for scale, network in solved["networks"].items():
        missing[scale] = solved["left_out"](solved["truncated_backward"], network)
        theirs = solved["left_out"](solved["reference_truncated"], network)
        assert np.allclose(missing[scale], theirs)
    assert (missing[0.5] < 0.5 * missing[1.5]).all()
    assert (np.diff(missing[0.5]) < 0).all()


def test_the_answer_to_the_stretch_agrees_with_going_back(solved):
    line = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
    placeholder = "    S = np.zeros((8, 8))  # yours to change: the new S from the old one\n"
    assert TEXT["stretch"].count(placeholder) == 1
    exec(TEXT["stretch"].replace(placeholder, line), solved)
    assert np.allclose(solved["db"], solved["going_back"](), rtol=1e-12, atol=1e-12)


def test_the_states_may_come_from_the_library():
    withheld = find("ps2/loss_and_gradients").withholds
    assert "rnnlib.losses.*" in withheld
    assert not any(fnmatch("rnnlib.unroll.forward", pattern) for pattern in withheld)
    assert callable(rl.forward)


def test_the_points_on_the_page_are_those_of_the_notebook():
    told = {name: int(number) for name, number in re.findall(r"\| `(\w+)` \| (\d+)", PAGE)}
    points = {c.id: c.metadata.nbgrader.get("points", 0) for c in CELLS if c.metadata}
    assert told == {name: number for name, number in points.items() if number}
    assert sum(told.values()) == 35


def test_what_the_page_says_of_common_mistakes_is_what_the_reports_say():
    known = {m.name for name in names() if name.startswith("ps2/") for m in find(name).mistakes}
    _, rows = PAGE.split("| what was written |")
    told = re.findall(r"^\| .*? \| (.*?) \| \d", rows.split("##")[0], re.MULTILINE)
    assert len(told) == 19
    assert set(told) <= known
