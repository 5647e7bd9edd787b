"""Whatever was done to hidden names and locked cells, the release is there again."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum

from rnnlib.grading.verification.reading import read
from rnnlib.grading.verification.released import from_data
from rnnlib.grading.verification.restoring import restore
from tests.grading.verification.notebooks import READOUT, STEP, from_notebook, release, solved

RELEASE = release(("rnn_step_backward", "readout_backward"), question=True)
RELEASED = from_notebook(RELEASE)
GRADED = ["check_rnn_step_backward", "check_readout_backward", "question"]


def restored(notebook):
    """The notebook after reading and restoring, held against nbgrader's rules; and the troubles."""
    notebook, _ = read(notebook)
    troubles = restore(notebook, RELEASED)
    MetadataValidator().validate_nb(notebook)
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader")
        if known and RELEASED.by_name[known.grade_id].kept:
            assert compute_checksum(cell) == known.checksum
    return notebook, troubles


def names(notebook):
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]


def submission():
    return solved(RELEASE, rnn_step_backward=STEP, readout_backward=READOUT, question="Tanh.")


def place(notebook, name):
    return names(notebook).index(name)


def test_an_ordinary_submission_is_left_as_it_is():
    notebook, troubles = restored(submission())
    assert troubles == ()
    assert names(notebook) == names(RELEASE)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in submission().cells]


def test_an_edited_test_cell_and_raised_points_are_put_back():
    handed_in = submission()
    cell = handed_in.cells[place(handed_in, "check_readout_backward")]
    cell.source, cell.metadata.nbgrader.points = "1000.0", 1000
    notebook, troubles = restored(handed_in)
    cell = notebook.cells[place(notebook, "check_readout_backward")]
    assert cell.metadata.nbgrader.points == 3
    assert cell.source == RELEASED.by_name["check_readout_backward"].source
    assert len(troubles) == 2


@pytest.mark.parametrize("flag", ["grade", "solution", "locked", "task"])
@pytest.mark.parametrize("name", names(RELEASE))
def test_a_flipped_flag_is_put_back(name, flag):
    handed_in = submission()
    metadata = handed_in.cells[place(handed_in, name)].metadata.nbgrader
    metadata[flag] = not metadata[flag]
    notebook, troubles = restored(handed_in)
    assert notebook.cells[place(notebook, name)].metadata.nbgrader[flag] != metadata[flag]
    assert any("hidden entries" in trouble for trouble in troubles)


@pytest.mark.parametrize(
    "metadata",
    [
        {"schema_version": 1},
        {"schema_version": 99, "extra": {"deep": []}},
        {"points": "many", "grade": "yes", "checksum": 5},
        {"grade_id": "check_readout_backward"},
    ],
    ids=["old", "new", "wrong types", "name only"],
)
def test_metadata_of_any_kind_are_replaced(metadata):
    handed_in = submission()
    cell = handed_in.cells[place(handed_in, "check_readout_backward")]
    cell.metadata["nbgrader"] = {"grade_id": "check_readout_backward", **metadata}
    notebook, _ = restored(handed_in)
    assert names(notebook) == names(RELEASE)


@pytest.mark.parametrize("name", ["no_such", "", "../../etc", 5, ["a"], None])
def test_an_invented_name_is_taken_away_and_the_cell_stays(name):
    handed_in = submission()
    cell = new_code_cell("x = 1")
    cell.metadata["nbgrader"] = {"grade_id": name, "grade": True, "points": 50}
    handed_in.cells.append(cell)
    notebook, _ = restored(handed_in)
    assert names(notebook) == [*names(RELEASE), None]
    assert notebook.cells[-1].source == "x = 1"


def test_a_renamed_test_cell_becomes_an_ordinary_one_and_the_real_one_is_put_back():
    handed_in = submission()
    handed_in.cells[place(handed_in, "check_rnn_step_backward")].metadata.nbgrader["grade_id"] = "q"
    notebook, troubles = restored(handed_in)
    assert sorted(filter(None, names(notebook))) == sorted(names(RELEASE))
    assert "'q'" in troubles[0]
    assert "'check_rnn_step_backward' was missing and has been put back" in troubles[1]


@pytest.mark.parametrize("name", GRADED)
def test_a_deleted_graded_cell_is_put_back_unanswered_in_its_place(name):
    handed_in = submission()
    del handed_in.cells[place(handed_in, name)]
    notebook, troubles = restored(handed_in)
    assert names(notebook) == names(RELEASE)
    assert len(troubles) == 1
    source = notebook.cells[place(notebook, name)].source
    assert source == RELEASED.by_name[name].source


def test_a_deleted_test_goes_after_the_function_wherever_that_was_written():
    handed_in = submission()
    for name in ("rnn_step_backward", "check_rnn_step_backward"):
        del handed_in.cells[place(handed_in, name)]
    handed_in.cells[1:1] = [new_code_cell(STEP), new_markdown_cell("## The readout")]
    notebook, _ = restored(handed_in)
    assert notebook.cells[1].source == STEP
    assert place(notebook, "check_rnn_step_backward") == 2
    assert "rnn_step_backward" not in names(notebook)


def test_without_any_cells_every_graded_one_is_there_in_order():
    notebook, troubles = restored({"cells": []})
    assert list(filter(None, names(notebook))) == ["setup", *GRADED]
    assert len(troubles) == len(RELEASED.cells)


def test_a_copied_cell_keeps_its_name_once_and_is_an_ordinary_one_otherwise():
    handed_in = submission()
    at = place(handed_in, "check_readout_backward")
    handed_in.cells.insert(at + 1, copy.deepcopy(handed_in.cells[at]))
    notebook, troubles = restored(handed_in)
    assert names(notebook)[at : at + 2] == ["check_readout_backward", None]
    assert "2 cells are called 'check_readout_backward'" in troubles[0]


def test_of_a_split_cell_all_parts_stay():
    handed_in = submission()
    at = place(handed_in, "readout_backward")
    handed_in.cells.insert(at + 1, copy.deepcopy(handed_in.cells[at]))
    handed_in.cells[at].source, handed_in.cells[at + 1].source = "helper = 1", READOUT
    notebook, _ = restored(handed_in)
    assert [cell.source for cell in notebook.cells[at : at + 2]] == ["helper = 1", READOUT]


def test_of_two_answers_the_one_that_was_written_counts():
    handed_in = submission()
    at = place(handed_in, "question")
    handed_in.cells.append(copy.deepcopy(handed_in.cells[at]))
    handed_in.cells[at].source = "YOUR ANSWER HERE"
    notebook, _ = restored(handed_in)
    assert names(notebook)[at:] == [None, "question"]
    assert notebook.cells[-1].source == "Tanh."


def test_a_cell_of_another_type_has_its_type_again():
    handed_in = submission()
    at = place(handed_in, "check_readout_backward")
    handed_in.cells[at] = new_markdown_cell("x", metadata=handed_in.cells[at].metadata)
    notebook, troubles = restored(handed_in)
    assert notebook.cells[at].cell_type == "code"
    assert "was of type markdown" in troubles[0]


def test_the_kernel_is_that_of_the_release():
    handed_in = submission()
    handed_in.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash"}
    notebook, _ = restored(handed_in)
    assert notebook.metadata.kernelspec.name == "python3"


def test_a_release_is_the_same_as_plain_data_and_in_order():
    cells = [vars(cell) for cell in RELEASED.cells]
    data = {"kernelspec": dict(RELEASED.kernelspec), "cells": cells}
    assert from_data(data) == RELEASED
    assert [cell.grade_id for cell in RELEASED.cells] == names(RELEASE)
