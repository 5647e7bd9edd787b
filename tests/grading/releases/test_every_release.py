"""Every problem set as nbgrader releases it: what is in it, and what must not be."""

import json
import re

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import is_grade, is_solution

from rnnlib.grading.exercise import find, names
from rnnlib.grading.judging.tolerance import TOLERANCE
from tests.grading.releases.conftest import ROOT, read


def checks(notebook):
    """The test cells that a check is in, and the exercise of each."""
    for cell in notebook.cells:
        if is_grade(cell) and not is_solution(cell):
            yield cell, find(re.search(r'check\("(.*)",', cell.source)[1])


def test_the_committed_exercises_are_what_nbgrader_makes_of_the_solutions(problem_set, release):
    made = release / problem_set.file
    assert made.read_bytes() == problem_set.released.read_bytes(), (
        f"exercises/ is out of date. Run: nbgrader generate_assignment {problem_set.name} --force"
    )


def test_the_release_holds_the_notebook_and_nothing_else(problem_set, release):
    files = [path for path in release.rglob("*") if path.is_file()]
    assert files == [release / problem_set.file]
    visible = [
        path.name for path in problem_set.released.parent.iterdir() if not path.name.startswith(".")
    ]
    assert visible == [problem_set.file.name]


def test_no_line_of_a_solution_is_in_the_release(problem_set, solution):
    released = problem_set.released.read_text(encoding="utf-8")
    for cell in solution.cells:
        if not is_solution(cell):
            continue
        marked = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        assert bool(marked) == (cell.cell_type == "code")
        lines = [line.strip() for line in "".join(marked or [cell.source]).splitlines()]
        for line in filter(None, lines):
            assert json.dumps(line, ensure_ascii=False)[1:-1] not in released
    assert "SOLUTION" not in released


def test_every_cell_to_solve_holds_the_stub_of_nbgrader(released):
    for cell in released.cells:
        if is_solution(cell):
            stub = {"code": "# YOUR CODE HERE\n", "markdown": "YOUR ANSWER HERE"}
            assert stub[cell.cell_type] in cell.source


@pytest.mark.parametrize("name", ["solution", "released"])
def test_the_notebooks_are_valid_and_hold_no_outputs(problem_set, name):
    notebook = read(getattr(problem_set, name))
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert re.fullmatch(r"[a-z0-9_]+", cell.id)
        assert cell.metadata.get("nbgrader", {}).get("grade_id", cell.id) == cell.id
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_a_test_cell_is_locked_and_worth_the_points_of_its_exercise(solution):
    for cell, exercise in checks(solution):
        assert cell.metadata.nbgrader.locked
        assert cell.metadata.nbgrader.points == exercise.points
        assert cell.id == f"check_{exercise.function}"


def test_a_test_cell_imports_what_it_needs_and_ends_in_its_check(solution):
    for cell, exercise in checks(solution):
        assert cell.source == (
            f'from rnnlib.grading import check\n\ncheck("{exercise.name}", {exercise.function})'
        )


def test_every_exercise_of_the_set_is_asked_for(problem_set, solution):
    asked = sorted(exercise.name for _, exercise in checks(solution))
    assert asked == [name for name in names() if name.startswith(problem_set.specs)]


def test_the_arguments_of_a_released_function_are_those_of_its_exercise(released):
    source = "\n".join(cell.source for cell in released.cells)
    for _, exercise in checks(released):
        assert f"def {exercise.signature}:" in source


def test_the_points_that_a_text_tells_are_those_of_the_cells_below_it(solution):
    told = earned = 0
    for cell in solution.cells:
        numbers = re.findall(r"\((\d+) points?\)", cell.source)
        if numbers and cell.cell_type == "markdown":
            told += sum(map(int, numbers))
        earned += cell.metadata.get("nbgrader", {}).get("points", 0)
        assert earned <= told, f"up to {cell.id}"
    assert told == earned > 0


def test_the_title_says_how_long_it_takes_what_it_needs_and_its_points(solution):
    title = solution.cells[0].source
    assert title.startswith("# Problem set ")
    assert re.search(r"^\*About \d hours\. Needs: lectures? \d.*\*$", title, re.MULTILINE)
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in solution.cells)
    assert f" {points} points.*\n" in title
    assert "**Notation.**" in title


def test_the_notebook_says_how_exact_and_how_to_hand_in(problem_set, released):
    assert "a thousandth of the largest" in released.cells[0].source
    assert TOLERANCE == 1e-3
    assert released.cells[-1].id == "hand_in_text"
    for word in ("Restart the kernel and run all cells", problem_set.file.name, "split, copy"):
        assert word in released.cells[-1].source


def test_some_points_are_for_words_and_some_work_is_for_no_points(solution):
    by_hand = [cell for cell in solution.cells if is_grade(cell) and is_solution(cell)]
    assert 1 <= len(by_hand) <= 2
    assert {cell.cell_type for cell in by_hand} == {"markdown"}
    (stretch,) = [cell for cell in solution.cells if cell.id == "stretch_text"]
    assert "(no points)" in stretch.source


def test_the_instructors_guide_has_a_page_and_a_row_for_the_set(problem_set, solution):
    guide = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8")
    (row,) = [line for line in guide.splitlines() if f"]({problem_set.name}.md) |" in line]
    page = (ROOT / "solutions" / f"{problem_set.name}.md").read_text(encoding="utf-8")
    title = solution.cells[0].source
    number, name = re.match(r"# Problem set (\d): (.*)", title).groups()
    assert page.startswith(f"# Problem set {number}: {name}\n")
    assert row.lower().startswith(f"| [{number} · {name.lower()}]")
    about = re.search(r"\*About (\d) hours\. Needs: lectures? (\d)(?: and (\d))?", title).groups()
    lectures = ", ".join(filter(None, about[1:]))
    points = {True: 0, False: 0}
    for cell in solution.cells:
        points[is_solution(cell)] += cell.metadata.get("nbgrader", {}).get("points", 0)
    columns = [column.strip() for column in row.strip("|").split("|")[1:]]
    assert columns == [
        f"`{problem_set.name}`",
        lectures,
        about[0],
        str(points[False]),
        str(points[True]),
    ]
