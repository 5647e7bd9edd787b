"""Whatever is handed in, a clean notebook comes of it, or a reason why not."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from rnnlib.grading.verification import reading
from rnnlib.grading.verification.reading import UnreadableError, read


def written(*cells, **more):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more})


UNREADABLE = {
    "an empty file": (b"", "empty"),
    "a file of blanks": (b" \n ", "empty"),
    "half a notebook": (b'{"cells": [', "no JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "no JSON"),
    "a list": (b"[]", "no notebook"),
    "a number": (b"3", "no notebook"),
    "JSON without cells": (b"{}", "no list of cells"),
    "cells that are no list": (b'{"cells": 3}', "no list of cells"),
    "JSON that is nested too deep": (b"[" * 100_000 + b"]" * 100_000, "no JSON"),
    "an old format that is none": (b'{"nbformat": 3, "worksheets": 5}', "cannot be converted"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_notebook_is_refused_with_a_reason(what):
    content, reason = UNREADABLE[what]
    with pytest.raises(UnreadableError, match=reason):
        read(content)


def test_a_file_that_is_too_large_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(reading.json, "loads", pytest.fail)
    with pytest.raises(UnreadableError, match="100,000,000 bytes, and 20,971,520 are allowed"):
        read(b"x" * 100_000_000)


def test_too_many_cells_are_refused():
    with pytest.raises(UnreadableError, match="3000 cells"):
        read(json.dumps({"cells": [{}] * 3000}))


def test_a_notebook_of_format_3_is_converted_and_that_is_told():
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("x = 1")])]
    )
    notebook, troubles = read(json.dumps(old))
    assert [cell.source for cell in notebook.cells] == ["x = 1"]
    assert "old format 3" in troubles[0]


def test_outputs_widgets_and_whatever_else_is_handed_in_are_left_behind():
    cell = new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text="x" * 1000)])
    handed_in = new_notebook(cells=[cell])
    cell.metadata["collapsed"] = 5
    handed_in.metadata.update(widgets={"a": 1}, title=3)
    notebook, troubles = read(handed_in)
    assert troubles == ()
    assert notebook.metadata == {}
    assert notebook.cells[0].outputs == []
    assert notebook.cells[0].metadata == {}


ODD_CELLS = [
    {"cell_type": "code", "source": 3},
    {"cell_type": ["code"], "source": ""},
    {"cell_type": "heading", "source": ""},
    {"source": "no type"},
    "no cell",
    None,
    {"cell_type": "code", "source": ["a", 3]},
]


def test_what_is_no_cell_is_left_out_and_told_and_the_rest_is_read():
    notebook, troubles = read(written(*ODD_CELLS, {"cell_type": "code", "source": "last"}))
    assert [cell.source for cell in notebook.cells] == ["last"]
    assert len(troubles) == len(ODD_CELLS)


@pytest.mark.parametrize("metadata", [3, None, [], {"nbgrader": 5}, {"tags": 7}, {"nbgrader": []}])
def test_metadata_of_a_wrong_type_does_no_harm(metadata):
    notebook, _ = read(written({"cell_type": "code", "source": "x", "metadata": metadata}))
    nbformat.validate(notebook)
    assert notebook.cells[0].metadata == {}


def test_cells_without_ids_or_with_the_same_id_have_different_ones_then():
    cells = [{"cell_type": "code", "source": "a", "id": "same"}] * 2
    notebook, _ = read(written(*cells, {"cell_type": "markdown", "source": "b"}))
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == 3


def test_pictures_in_text_are_kept_and_malformed_ones_are_not():
    good = new_markdown_cell("![](a.png)", attachments={"a.png": {"image/png": "aGk="}})
    bad = new_markdown_cell("b")
    handed_in = new_notebook(cells=[good, bad])
    bad["attachments"] = {"a.png": {"image/png": {"deep": 1}}}
    notebook, _ = read(handed_in)
    assert notebook.cells[0].attachments == good.attachments
    assert "attachments" not in notebook.cells[1]


def test_a_source_with_half_a_character_can_be_written_afterwards():
    notebook, _ = read(written({"cell_type": "code", "source": "x = '\ud800'"}))
    nbformat.writes(notebook).encode()


def test_a_notebook_without_cells_is_read_and_told():
    notebook, troubles = read(written())
    assert notebook.cells == []
    assert troubles == ("The notebook has no cells.",)
