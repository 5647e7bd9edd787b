"""Grade a hostile submission: one part solved, one part only pretended."""

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator

from rnnlib.grading.sandbox import Limits
from rnnlib.grading.verification import grade_notebook
from tests.grading.verification.notebooks import (
    CHECK,
    READOUT,
    STEP,
    about,
    from_notebook,
    release,
    solved,
    text,
)

SHORT = Limits(cell=2.0)
RELEASE = release(("rnn_step_backward", "readout_backward"))
RELEASED = from_notebook(RELEASE)
SOLVED, PRETENDED = "check_rnn_step_backward", "check_readout_backward"

STUB = "def readout_backward(do, h, V):\n    return 0 * h, 0 * V, 0 * V[:, 0]"
"""A function that answers, and is wrong in everything."""


def hand_in(attack, function=STUB, last="", step=STEP):
    """A submission that attacks first, has its functions then, and one more cell at the end."""
    notebook = solved(RELEASE, rnn_step_backward=step, readout_backward=function)
    notebook.cells.insert(0, new_code_cell(attack))
    notebook.cells.append(new_code_cell(last))
    return notebook


def many(functions):
    """A notebook with a check for each of several hostile functions of one name, in one kernel."""
    cells = [about(new_code_cell("import numpy as np"), "setup", locked=True)]
    for number, function in enumerate(functions):
        cells.append(about(new_code_cell(function), f"function_{number}", solution=True))
        check = new_code_cell(CHECK.format("readout_backward"))
        cells.append(about(check, f"check_{number}", 3, locked=True))
    return new_notebook(cells=cells)


def graded(notebook, sandbox, limits=SHORT, released=RELEASED):
    """What comes of it: a complete notebook that nbgrader takes, whatever was tried."""
    result = grade_notebook(text(notebook), released, 3, sandbox=sandbox, limits=limits)
    nbformat.validate(result.notebook)
    MetadataValidator().validate_nb(result.notebook)
    assert set(result.scores) == {cell.grade_id for cell in released.cells if cell.grade}
    return result


__all__ = ["PRETENDED", "READOUT", "SOLVED", "STEP", "STUB", "graded", "hand_in", "many"]
