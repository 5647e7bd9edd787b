"""Problem set 4: what its text, its model answers and its instructor's page say is so."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnnlib.grading.exercise import find, names

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "solutions" / "ps4_lstm.md"
NOTEBOOK = ROOT / "solutions" / "ps4_lstm" / "ps4_lstm.ipynb"


@pytest.fixture(scope="module")
def solved():
    """The names of the solved notebook; its checks and its pictures are left out."""
    made = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code" and not cell.id.startswith(("check_", "draw_")):
            exec(cell.source, made)
    return made


@pytest.fixture(scope="module")
def stretch(solved):
    """The answers to the stretch part, as the instructor's page has them."""
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(code, solved)
    return solved


def of_yours_and_of_rnnlib(solved):
    yield solved["lstm_forward"], solved["lstm_backward"]
    yield solved["reference_forward"], solved["reference_backward"]


def test_one_step_finds_the_numbers_of_the_warm_up(solved):
    assert np.isclose(solved["c1"], 2.6)
    assert np.allclose([solved["state"].item(), solved["memory"].item()], [1.3, 2.6])


def test_a_row_of_the_batch_is_one_step():
    rng = np.random.default_rng(0)
    made = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.id in ("setup", "one_step", "additive_lstm_step"):
            exec(cell.source, made)
    x, h, c = rng.normal(size=(3, 4)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    parameters = rng.normal(size=(8, 4)), rng.normal(size=(8, 2)), rng.normal(size=8)
    batch = made["additive_lstm_step"](x, h, c, *parameters)
    for row in range(3):
        one = made["one_step"](x[row], h[row], c[row], *parameters)
        assert np.allclose(one, [values[row] for values in batch])


def test_yours_and_the_gradients_of_rnnlib_are_one_line(solved):
    for b_f, p in solved["p"].items():
        yours, theirs = (
            solved["memory_gradients"](*functions, p)
            for functions in of_yours_and_of_rnnlib(solved)
        )
        assert np.allclose(yours, theirs, rtol=1e-9), b_f


def test_the_gradient_grows_on_its_way_back_and_does_so_no_more_without_w(solved):
    """The model answer of part 6, and its rubric."""

    def reached(p):
        return solved["memory_gradients"](solved["lstm_forward"], solved["lstm_backward"], p)

    p = solved["p"]
    whole, alone = reached(p[3]), reached(p[3]._replace(W=0 * p[3].W))
    assert whole[0] > 1.3 * whole[13]  # from right to left: up to step 1
    assert (np.diff(alone) > 0).all()
    assert np.allclose(alone[:-1] / alone[1:], 0.95, atol=0.03)
    assert 0.2 < alone[0] / alone[-1] < 0.3  # a quarter, 28 steps back
    half = reached(p[0]._replace(W=0 * p[0].W))
    assert round((half[0] / half[-1]) ** (1 / 28), 2) == 0.55


def test_what_is_left_of_the_gradient_after_twelve_steps(solved):
    left = {}
    for b_f, p in solved["p"].items():
        norms = solved["memory_gradients"](*next(of_yours_and_of_rnnlib(solved)), p)
        left[b_f] = norms[-13] / norms[-1]
    assert 0.0007 < left[0] < 0.0013
    assert 1 / 3 < left[3] < 1 / 2


def test_the_first_marked_number_lies_at_least_twelve_steps_back(solved):
    x = solved["task"].sample(np.random.default_rng(0), 500).x
    assert len(x) - 1 - x[..., 1].argmax(axis=0).max() == 12


def test_the_curves_are_as_the_model_answer_tells_them(solved):
    functions = list(of_yours_and_of_rnnlib(solved))
    starts = {b_f: solved["forget_bias"](np.zeros(64), b_f) for b_f in (0, 3)}
    error = {
        b_f: np.array([solved["learn"](*functions[1], start, seed).error for seed in range(3)])
        for b_f, start in starts.items()
    }
    learnt = {b_f: (rows < 0.06).argmax(axis=1) for b_f, rows in error.items()}  # when; 0: never
    assert (learnt[3] > 0).all()
    assert (learnt[0] > 0).sum() == 1
    assert learnt[0].max() < learnt[3].max()  # the fastest from 0, the slowest from 3
    yours = solved["learn"](*functions[0], starts[3], seed=0)
    assert np.allclose(yours.error, error[3][0], atol=0.01)


def test_the_cell_of_the_stretch_counts(stretch):
    depth = stretch["depth"]
    off = {strength: abs(stretch["counted"](strength) - depth).max() for strength in (10, 20, 40)}
    assert 1.7 < off[10] < 1.9
    assert 7e-5 < off[20] < 9e-5
    assert off[40] == 0
    assert abs(stretch["counted_by_a_plain_cell"]() - depth).max() < 0.001


def test_the_points_on_the_page_are_those_of_the_notebook():
    rows = re.findall(r"\| `(\w+)` \| (\d+)", PAGE.read_text(encoding="utf-8"))
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    points = {cell.id: cell.metadata.nbgrader.get("points", 0) for cell in cells if cell.metadata}
    assert {name: int(number) for name, number in rows} == {
        name: number for name, number in points.items() if number
    }
    assert sum(points.values()) == 30


def test_what_the_page_says_of_common_mistakes_is_what_the_reports_say():
    known = {m.name for name in names() if name.startswith("ps4/") for m in find(name).mistakes}
    _, rows = PAGE.read_text(encoding="utf-8").split("| what was written |")
    told = re.findall(r"^\| .*? \| (.*?) \| \d", rows.split("##")[0], re.MULTILINE)
    assert len(told) == 12
    assert [name for name in told if name not in known] == [
        "raised ValueError: array split does not result in an equal division"
    ]
