"""rnnlib.grading.demo: reading a class, handing in, and the table."""

import nbformat
import pytest

from rnnlib.grading.demo.course import Result
from rnnlib.grading.demo.submissions import (
    Submission,
    changed,
    hand_in,
    read_class,
    read_submission,
)
from rnnlib.grading.demo.table import table

CLASS = read_class("ps2_bptt")


def notebook():
    cells = [
        nbformat.v4.new_code_cell("f = ...", metadata={"nbgrader": {"grade_id": "f"}}, id="a"),
        nbformat.v4.new_code_cell("g = ...", metadata={"nbgrader": {"grade_id": "g"}}, id="b"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_file_is_a_docstring_and_the_cells_it_replaces(tmp_path):
    file = tmp_path / "zoe.py"
    file.write_text('"""Half done."""\n\n# %% f\nf = 1\n\n\n# %% g\ng = (\n', encoding="utf-8")
    assert read_submission(file) == Submission("zoe", "Half done.", {"f": "f = 1", "g": "g = ("})


def test_only_the_named_cells_change():
    original = notebook()
    new = changed(original, {"g": "g = 2"})
    assert [cell.source for cell in new.cells] == ["f = ...", "g = 2"]
    assert original.cells[1].source == "g = ..."


def test_a_cell_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="h"):
        changed(notebook(), {"h": ""})


def test_a_notebook_is_handed_in_where_nbgrader_looks_for_it(tmp_path):
    released = tmp_path / "exercises" / "ps9" / "ps9.ipynb"
    released.parent.mkdir(parents=True)
    nbformat.write(notebook(), released)
    target = hand_in(released, Submission("zoe", "", {"f": "f = 3"}), tmp_path / "submitted")
    assert target == tmp_path / "submitted" / "zoe" / "ps9" / "ps9.ipynb"
    assert nbformat.read(target, as_version=4).cells[0].source == "f = 3"


def test_without_a_class_the_error_says_where_it_should_be(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"ps2_bptt.*repository"):
        read_class("ps2_bptt", tmp_path)


def test_every_submission_says_in_one_line_what_it_is():
    assert len(CLASS) >= 13
    for submission in CLASS:
        assert submission.about
        assert "\n" not in submission.about


def line(name, points, hint="", verdict=""):
    return {"name": name, "points": points, "out_of": 2.0, "verdict": verdict, "hint": hint}


def test_the_table_has_a_row_a_student_with_points_sum_and_findings():
    report = {"points": 2.0, "out_of": 8.0, "remarks": [], "troubles": []} | {
        "lines": [
            line("dx", 2.0),
            line("dU", 0.0, verdict="relative error 0.9"),
            line("dW", 0.0, verdict="relative error 2"),
            line("dh0", 0.0, hint="all zeros"),
        ]
    }
    result = Result({"check_f": 2.0, "question": None}, {"check_f": report})
    text = table(
        [Submission("zoe", "Half right.", {})],
        {"zoe": result},
        {"check_f": 8.0, "question": 2.0},
    )
    assert text.splitlines() == [
        "student      f  question  total",
        "           / 8       / 2   / 10",
        "",
        "zoe          2      hand     2+",
        "         Half right.",
        "         → f: dU (relative error 0.9), dW (relative error 2) wrong; dh0 all zeros",
        "",
        "hand: for a person to grade, in nbgrader's formgrader. +: a total that waits for it.",
    ]
