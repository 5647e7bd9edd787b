"""Problem set 3: what its text, its model answers and its instructor's page say is so."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnnlib.experiments.cliff import cliff
from rnnlib.experiments.non_normal_bump import non_normal_bump
from rnnlib.grading.exercise import find, names
from rnnlib.init import non_normal

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "solutions" / "ps3_forgetting.md"
NOTEBOOK = ROOT / "solutions" / "ps3_forgetting" / "ps3_forgetting.ipynb"


@pytest.fixture(scope="module")
def solved():
    """The names of the solved notebook; its checks and its pictures are left out."""
    made = {}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code" and not cell.id.startswith(("check_", "draw_")):
            exec(cell.source, made)
    return made


def source_of(name):
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    return next(cell.source for cell in cells if cell.id == name)


def norms_of_powers(W, lags):
    return [np.linalg.norm(np.linalg.matrix_power(W, k), ord=2) for k in lags]


def test_the_gradient_of_the_warm_up_is_shorter_than_1_from_lag_5_on():
    back = np.array([[0.5, 3.0], [0.0, 0.5]]).T
    lengths = [
        np.linalg.norm(np.linalg.matrix_power(back, k) @ np.array([1.0, 0.0])) for k in range(20)
    ]
    assert [k for k in range(1, 20) if lengths[k] < 1] == list(range(5, 20))
    assert round(lengths[5], 2) == 0.94


def test_a_matrix_of_the_batch_is_that_of_one_sequence(solved):
    rng = np.random.default_rng(0)
    h, W = np.tanh(rng.normal(size=(3, 4))), rng.normal(size=(4, 4))
    batch = solved["step_jacobian"](h, W)
    for row in range(3):
        assert np.allclose(solved["one_jacobian"](h[row], W), batch[row])


def test_with_all_singular_values_alike_the_norms_are_their_powers(solved):
    for sigma, last in ((1.1, "1.38e+04"), (0.9, "2.66e-05")):
        norms = solved["all_alike"](solved["any_matrix"], sigma)
        assert np.allclose(norms, sigma ** np.arange(101))
        assert f"{norms[100]:.3g}" == last


def test_the_norm_rises_up_to_lag_9_and_has_vanished_at_lag_100(solved):
    """The model answer of part 4, and the page."""
    W = non_normal(np.random.default_rng(0), 16, radius=0.9, norm=5.2)
    norms = solved["over_the_lags"](W)
    assert np.allclose(norms, non_normal_bump(radius=0.9, norm=5.2, seeds=1).norms[0])
    assert (norms.argmax(), round(norms.max(), 1), round(norms[100], 4)) == (9, 18.8, 0.0094)
    assert [k for k in range(1, 101) if norms[k] < 1] == list(range(52, 101))


def test_what_the_limits_do_is_as_the_model_answer_tells_it(solved):
    ways = {limit: solved["descend"](solved["clip_by_norm"], limit) for limit in (1.0, 0.1, 0.01)}
    clipped = {limit: sum(way.gradient_norm[:-1] > limit) for limit, way in ways.items()}
    assert clipped == {1.0: 1, 0.1: 242, 0.01: 400}
    assert [round(way.w[-1], 2) for way in ways.values()] == [3.94, 4.00, 5.35]
    assert ways[1.0].loss[-1] < ways[0.1].loss[-1] < 0.002  # "nearly 0"
    arrived = {limit: int((way.w < 4.2).argmax()) for limit, way in ways.items()}
    assert 0 < arrived[1.0] < arrived[0.1]
    assert (6 - ways[0.01].w[-1]) / (6 - 4) == pytest.approx(1 / 3, abs=0.02)


def test_your_way_down_the_cliff_is_that_of_rnnlib(solved):
    ways = cliff(grid=2, clip=0.1)
    assert np.allclose(solved["descend"](solved["clip_by_norm"], 0.1), ways.clipped, atol=1e-6)
    assert round(ways.plain.w[-1], 1) == 6.3


@pytest.mark.parametrize(("size", "least", "most"), [(0.1, 0.385, 0.395), (1.0, 1e-5, 2e-5)])
def test_an_orthogonal_start_lasts_while_the_inputs_are_small(solved, size, least, most):
    """The size that the notebook has, and the tenfold one that it asks for."""
    made = dict(solved, size=size)
    exec(source_of("picture_5").replace("size = 0.1\n", ""), made)
    starts = made["usual"], made["orthogonal"](made["numbers"])
    usual, orthogonal = (
        made["from_start"](made["gradient_norms"], lambda W=W: W)[-1] for W in starts
    )
    assert np.allclose(starts[1], made["reference_start"]())
    assert usual < 5e-10
    assert least < orthogonal < most


def test_the_answer_to_the_stretch_remembers_fifteen_steps_and_has_no_eigenvalue():
    first, second = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    made = {"np": np}
    exec(first, made)
    assert np.abs(np.linalg.eigvals(made["delay"])).max() == 0
    assert np.allclose(np.linalg.svdvals(made["delay"]), [1] * 15 + [0])
    assert norms_of_powers(made["delay"], (1, 15, 16)) == [1, 1, 0]
    exec(second, made)
    assert np.allclose(np.abs(np.linalg.eigvals(made["delay"])), 0.24, atol=0.005)
    assert np.allclose(norms_of_powers(made["delay"], (15, 16, 31)), [1, 1e-10, 1e-10], atol=1e-12)


def test_the_points_on_the_page_are_those_of_the_notebook():
    rows = re.findall(r"\| `(\w+)` \| (\d+)", PAGE.read_text(encoding="utf-8"))
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    points = {cell.id: cell.metadata.nbgrader.get("points", 0) for cell in cells if cell.metadata}
    assert {name: int(number) for name, number in rows} == {
        name: number for name, number in points.items() if number
    }
    assert sum(points.values()) == 25


def test_what_the_page_says_of_common_mistakes_is_what_the_reports_say():
    known = {m.name for name in names() if name.startswith("ps3/") for m in find(name).mistakes}
    _, rows = PAGE.read_text(encoding="utf-8").split("| what was written |")
    told = re.findall(r"^\| .*? \| (.*?) \| \d", rows.split("##")[0], re.MULTILINE)
    assert len(told) == 13
    assert [name for name in told if name not in known] == [
        "J has shape (B, H), expected (B, H, H)"
    ]
