"""The check in a notebook's own kernel, where streams and displays are the kernel's."""

from itertools import chain

import nbformat
import pytest
from nbclient import NotebookClient

from rnnlib.grading.reporting.report import MIME

SETUP = """
import logging, sys
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

log = logging.getLogger("ps2")
log.addHandler(logging.StreamHandler())

def debug(*values, out=sys.stderr):
    print(*values, file=out)

write = sys.stderr.write
"""

FUNCTION = """
def readout_backward(do, h, V):
    print("hello")
    %s
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))
"""

CHECK = """
from rnnlib.grading import check

check("ps2/readout_backward", readout_backward)
"""

MANY = """
from rnnlib.grading import quiet

@quiet()
def many():
    for _ in range(20):
        readout_backward(np.ones((2, 2, 2)), np.ones((2, 2, 2)), np.ones((2, 2)))

many()
"""
AFTERWARDS = "print('a'); log.warning('b')"

LOUD = {
    "nothing": "pass",
    "a named logger": "log.warning(do.shape)",
    "a stream as a default argument": "debug(do.shape)",
    "a method as a global": "write('here')",
    "the kernel's stderr": "print('oh', file=sys.stderr)",
    "the terminal's stderr": "print('oh', file=sys.__stderr__)",
    "a command": "import os; os.system('echo oh; echo oh >&2')",
    "a warning": "import warnings; warnings.warn('careful')",
    "a figure that is shown": "plt.figure(); plt.plot([1, 2]); plt.show()",
    "a figure that is left open": "plt.figure(); plt.plot([1, 2])",
    "a display": "display(np.ones(3))",
}
SHOWN = "What your code plots or displays is not shown here."


def outputs(*sources):
    """The outputs of every cell, executed in one kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, coalesce_streams=True).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def shown():
    """What the four cells show, by what the function does; all in one kernel."""
    cells = [(FUNCTION % loud, CHECK, MANY, AFTERWARDS) for loud in LOUD.values()]
    _, *all_outputs = outputs(SETUP, *chain(*cells))
    return {loud: all_outputs[4 * i : 4 * i + 4] for i, loud in enumerate(LOUD)}


@pytest.mark.parametrize("loud", LOUD)
def test_a_test_cell_shows_its_report_and_its_points_and_nothing_else(shown, loud):
    _, (report, points), _, _ = shown[loud]
    assert report.data[MIME]["points"] == 3.0
    assert report.data[MIME]["printed"].startswith("hello")
    assert (SHOWN in report.data[MIME]["remarks"]) == ("figure" in loud or "display" in loud)
    assert points.data == {"text/plain": "3.0"}


@pytest.mark.parametrize("loud", LOUD)
def test_many_calls_are_quiet_and_afterwards_everything_is_shown_again(shown, loud):
    _, _, many, afterwards = shown[loud]
    assert many == []
    assert {output.name: output.text for output in afterwards} == {"stdout": "a\n", "stderr": "b\n"}


@pytest.mark.parametrize(
    "before", ["check = np.allclose(1, 1)", "def check(a, b): return True", "%reset -f"]
)
def test_a_test_cell_needs_no_name_from_above_but_that_of_the_function(before):
    *_, (report, points) = outputs(SETUP, before, "import numpy as np", FUNCTION % "pass", CHECK)
    assert report.data[MIME]["points"] == 3.0
    assert points.data == {"text/plain": "3.0"}
