"""rnnlib.grading.preflight: what nbgrader would stumble over, and its repair."""

import copy
import json
import os
import shutil
from pathlib import Path

import pytest

from rnnlib.__main__ import main

RELEASED = Path(__file__).parents[2] / "exercises" / "ps2_bptt"
NAME = "ps2_bptt.ipynb"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(RELEASED, tmp_path / "exercises" / "ps2_bptt")
    return tmp_path


def hand_in(course, student, change=lambda cells: None, name=NAME):
    """A submission: the release, its list of cells changed."""
    notebook = json.loads((RELEASED / NAME).read_text(encoding="utf-8"))
    change(notebook["cells"])
    file = course / "submitted" / student / "ps2_bptt" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return file


def place(cells, name):
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return names.index(name)


def split(cells):
    where = place(cells, "rnn_backward")
    cells.insert(where + 1, copy.deepcopy(cells[where]))
    cells[where + 1]["source"] = ["print('the second half')"]


def delete(cells):
    del cells[place(cells, "check_rnn_backward")]


def delete_the_solution(cells):
    del cells[place(cells, "rnn_backward")]


def rename(cells):
    cells[place(cells, "warm_up")]["metadata"]["nbgrader"]["grade_id"] = "mine"


def preflight(course, capsys, *options):
    """The exit status and the lines printed."""
    status = main(["preflight", "ps2_bptt", "--course", str(course), *options])
    out, err = capsys.readouterr()
    return status, (out + err).splitlines()


def test_submissions_that_nbgrader_takes_are_passed(course, capsys):
    hand_in(course, "anna")
    hand_in(course, "bo", delete_the_solution)  # it may stand in a cell of the student's own
    (course / "submitted/anna/ps2_bptt/.ipynb_checkpoints").mkdir()
    assert preflight(course, capsys) == (0, ["2 submissions, nothing to mend."])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (split, "cells 18 and 19 are all called 'rnn_backward' (one was split, or copied)"),
        (delete, "the cell 'check_rnn_backward' is missing: copy it back from exercises/."),
        (rename, "cell 4 is called 'mine', as no cell of the release is: give it its old name"),
    ],
)
def test_a_cell_with_a_wrong_name_is_found(course, capsys, change, words):
    hand_in(course, "anna")
    hand_in(course, "bo", change)
    status, (line, summary) = preflight(course, capsys)
    assert status == 1
    assert line.startswith("bo: ")
    assert words in line
    assert summary == "2 submissions, 1 to mend."


def test_a_renamed_notebook_is_found_and_looked_into(course, capsys):
    hand_in(course, "bo", split, name="ps2_bptt (1).ipynb")
    status, lines = preflight(course, capsys)
    assert status == 1
    assert lines[0].endswith("rename it to ps2_bptt.ipynb.")
    assert "all called 'rnn_backward'" in lines[1]


def test_a_second_notebook_is_found_and_neither_is_touched(course, capsys):
    hand_in(course, "bo")
    extra = hand_in(course, "bo", name="ps2_bptt-Copy1.ipynb")
    status, lines = preflight(course, capsys, "--repair")
    assert (status, len(lines)) == (1, 2)
    assert "'ps2_bptt-Copy1.ipynb'" in lines[0]
    assert extra.exists()


def test_two_notebooks_with_wrong_names_are_left_to_a_person(course, capsys):
    files = [hand_in(course, "bo", name=name) for name in ("a.ipynb", "b.ipynb")]
    status, lines = preflight(course, capsys, "--repair")
    assert status == 1
    assert "there is no ps2_bptt.ipynb, but 'a.ipynb', 'b.ipynb'" in lines[0]
    assert all(file.exists() for file in files)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', '{"cells": [3]}', b"\xff\xfe"])
def test_a_file_that_is_no_notebook_is_found(course, capsys, content):
    file = hand_in(course, "bo")
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, lines = preflight(course, capsys, "--repair")
    assert status == 1
    assert lines[0].startswith("bo: ps2_bptt.ipynb cannot be read as a notebook (")


def test_an_empty_folder_is_found(course, capsys):
    (course / "submitted/bo/ps2_bptt").mkdir(parents=True)
    assert preflight(course, capsys)[1][0] == "bo: there is no ps2_bptt.ipynb: ask for it."


def test_repair_renames_and_unnames_and_keeps_what_was_there(course, capsys):
    file = hand_in(course, "bo", split, name="ps2_bptt (1).ipynb")
    before = file.read_bytes()
    status, lines = preflight(course, capsys, "--repair")
    assert status == 0
    assert [line.endswith(" Done.") for line in lines] == [True, True, False]
    mended = file.with_name(NAME)
    assert file.with_name(f"{NAME}.bak").read_bytes() == before
    cells = json.loads(mended.read_text(encoding="utf-8"))["cells"]
    second = cells[place(cells, "rnn_backward") + 1]
    assert second["source"] == ["print('the second half')"]
    assert second["metadata"] == {}
    assert preflight(course, capsys) == (0, ["1 submissions, nothing to mend."])


def test_without_a_release_or_without_submissions_it_says_so(course, tmp_path, capsys):
    assert preflight(course, capsys) == (1, ["There is no submitted/<student>/ps2_bptt here."])
    shutil.rmtree(course / "exercises")
    assert preflight(course, capsys) == (1, ["There is no exercises/ps2_bptt here."])


@pytest.mark.parametrize("what", ["the notebook", "another file", "a folder inside", "the folder"])
def test_a_link_is_found_and_not_followed(course, capsys, what):
    file = hand_in(course, "anna")
    target = course / "of_somebody_else"
    target.mkdir()
    link = {
        "the notebook": file,
        "another file": file.with_name("notes.txt"),
        "a folder inside": file.with_name("data"),
        "the folder": file.parent,
    }[what]
    if what == "the folder":
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    status, (line, summary) = preflight(course, capsys, "--repair")
    assert status == 1
    assert line.startswith(f"anna: {link.name} is a link, and nbgrader would copy the file")
    assert summary == "1 submissions, 1 to mend."
    assert link.is_symlink()


def test_what_is_no_notebook_at_all_is_found_and_does_not_end_the_look_at_the_others(
    course, capsys
):
    hand_in(course, "anna")
    for student, make in {
        "bo": lambda path: os.mkfifo(path),
        "cy": lambda path: path.mkdir(),
        "di": lambda path: path.write_text("[" * 100_000),
        "ed": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    }.items():
        path = course / "submitted" / student / "ps2_bptt" / NAME
        path.parent.mkdir(parents=True)
        make(path)
    hand_in(course, "fay", delete)
    status, lines = preflight(course, capsys)
    assert status == 1
    assert [line.partition(":")[0] for line in lines[:-1]] == ["bo", "cy", "di", "ed", "fay"]
    assert "cannot be read as a notebook (it is no regular file)" in lines[0]
    assert "cannot be read as a notebook (it is nested too deeply)" in lines[2]
    assert lines[-1] == "6 submissions, 5 to mend."
