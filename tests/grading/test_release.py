"""Problem set 2 as nbgrader releases it, and both of its notebooks executed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import determine_grade, is_grade, is_solution

from rnnlib.grading.exercise import find
from rnnlib.grading.judging.tolerance import TOLERANCE

ROOT = Path(__file__).parents[2]
NAME = Path("ps2_bptt", "ps2_bptt.ipynb")
SOLUTION, RELEASED = ROOT / "solutions" / NAME, ROOT / "exercises" / NAME

BARE_CONFIG = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
"""


def read(path):
    return nbformat.read(path, as_version=4)


def run(*command, cwd):
    bin_folder = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([bin_folder, os.environ["PATH"]])}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder in which nbgrader, with no plug-in of ours, has released the set."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    (folder / "nbgrader_config.py").write_text(BARE_CONFIG, encoding="utf-8")
    run("nbgrader", "generate_assignment", "ps2_bptt", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Both notebooks, executed from the first cell to the last."""
    folder = tmp_path_factory.mktemp("executed")
    for name, path in (("solution", SOLUTION), ("released", RELEASED)):
        shutil.copy(path, folder / f"{name}.ipynb")
    run(  # without --allow-errors: no cell of either raises
        *("jupyter", "nbconvert", "--execute", "--to", "notebook"),
        *("--inplace", "solution.ipynb", "released.ipynb"),
        cwd=folder,
    )
    return {name: read(folder / f"{name}.ipynb") for name in ("solution", "released")}


def scores(notebook):
    return {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
        for cell in notebook.cells
        if is_grade(cell) and not is_solution(cell)
    }


def test_the_committed_exercises_are_what_nbgrader_makes_of_the_solutions(course):
    made = course / "exercises" / NAME
    assert made.read_bytes() == RELEASED.read_bytes(), (
        "exercises/ is out of date. Run: nbgrader generate_assignment ps2_bptt --force"
    )


def test_the_release_holds_the_notebook_and_nothing_else(course):
    files = [path for path in (course / "exercises").rglob("*") if path.is_file()]
    assert files == [course / "exercises" / NAME]
    assert [path.name for path in RELEASED.parent.iterdir() if not path.name.startswith(".")] == [
        NAME.name
    ]


def test_no_line_of_a_solution_is_in_the_release():
    released = RELEASED.read_text(encoding="utf-8")
    for cell in read(SOLUTION).cells:
        if not is_solution(cell):
            continue
        marked = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        assert bool(marked) == (cell.cell_type == "code")
        lines = [line.strip() for line in "".join(marked or [cell.source]).splitlines()]
        for line in filter(None, lines):
            assert json.dumps(line, ensure_ascii=False)[1:-1] not in released
    assert "SOLUTION" not in released


def test_every_cell_to_solve_holds_the_stub_of_nbgrader():
    for cell in read(RELEASED).cells:
        if is_solution(cell):
            stub = {"code": "# YOUR CODE HERE\n", "markdown": "YOUR ANSWER HERE"}
            assert stub[cell.cell_type] in cell.source


@pytest.mark.parametrize("path", [SOLUTION, RELEASED], ids=["solution", "released"])
def test_the_notebooks_are_valid_and_hold_no_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(re.fullmatch(r"[a-z0-9_]+", cell.id) for cell in notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_the_points_of_a_test_cell_are_those_of_its_exercise():
    points = 0
    for cell in read(SOLUTION).cells:
        if is_grade(cell) and not is_solution(cell):
            last = cell.source.splitlines()[-1]
            name = re.fullmatch(r'check\("(.*)", (\w+)\)', last)
            assert cell.metadata.nbgrader.points == find(name[1]).points
            assert name[2] == find(name[1]).function
            assert cell.metadata.nbgrader.locked
            points += find(name[1]).points
    assert points == 18


def test_every_test_cell_imports_what_it_needs():
    for cell in read(SOLUTION).cells:
        if is_grade(cell) and not is_solution(cell):
            assert cell.source.startswith("from rnnlib.grading import check\n\ncheck(")


def test_the_notebook_says_how_exact_and_how_to_hand_in():
    text = {cell.id: cell.source for cell in read(RELEASED).cells}
    assert "a thousandth of the largest" in text["title"]
    assert TOLERANCE == 1e-3
    assert read(RELEASED).cells[-1].id == "hand_in_text"
    for word in ("Restart the kernel and run all cells", NAME.name, "split, copy"):
        assert word in text["hand_in_text"]


def test_the_arguments_of_a_released_function_are_those_of_its_exercise():
    source = "\n".join(cell.source for cell in read(RELEASED).cells)
    for name in ("ps2/rnn_step_backward", "ps2/rnn_backward", "ps2/readout_backward"):
        assert f"def {find(name).signature}:" in source


def test_the_executed_solution_earns_all_points_and_draws_its_picture(executed):
    assert scores(executed["solution"]) == {
        "check_rnn_step_backward": 5,
        "check_rnn_backward": 10,
        "check_readout_backward": 3,
    }
    outputs = {cell.id: cell.outputs for cell in executed["solution"].cells if "outputs" in cell}
    assert not [o for cell in outputs.values() for o in cell if o.output_type == "error"]
    assert "<img" in outputs["draw_picture"][0].data["text/html"]


def test_in_the_executed_solution_paper_and_differences_agree(executed):
    text = {
        cell.id: cell.outputs[0].text
        for cell in executed["solution"].cells
        if cell.id in ("warm_up", "differences")
    }
    assert text["warm_up"].split(":")[1].strip() == text["differences"].split(":")[1].strip()


def test_in_the_executed_release_no_cell_raises(executed):
    outputs = [output for cell in executed["released"].cells for output in cell.get("outputs", [])]
    assert len(outputs) > 5
    assert "error" not in {output.output_type for output in outputs}
    assert any("not worked out yet" in output.get("text", "") for output in outputs)


def test_the_executed_release_earns_nothing_and_says_what_is_not_written_yet(executed):
    assert set(scores(executed["released"]).values()) == {0.0}
    for cell in executed["released"].cells:
        if is_grade(cell) and cell.cell_type == "code":
            assert "is not written yet" in cell.outputs[0].data["text/plain"]


@pytest.mark.parametrize("name", ["solution", "released"])
def test_no_cell_writes_to_stderr(executed, name):
    streams = [
        output.name
        for cell in executed[name].cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert set(streams) == {"stdout"}


def test_the_picture_of_the_release_is_a_sentence_and_no_error(executed):
    cell = next(cell for cell in executed["released"].cells if cell.id == "draw_picture")
    assert [output.output_type for output in cell.outputs] == ["stream"]
    assert cell.outputs[0].text.startswith("The picture needs your rnn_backward.")
