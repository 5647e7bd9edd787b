"""Small notebooks to grade: as released, and as handed in."""

import copy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from rnnlib.grading.verification.released import Released, ReleasedCell

STEP = """
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)
"""

SPOILS_W = STEP.replace("    return ", "    result = ") + "    W *= 0\n    return result\n"
"""Right by itself; whoever calls it again with the same W is handed zeros."""

SEQUENCE = """
def rnn_backward(dh, x, h0, h, U, W, b):
    dx, dU, dW, db = np.empty_like(x), 0 * U, 0 * W, 0 * b
    carry = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        h_prev = h[t - 1] if t else h0
        dx[t], carry, U_t, W_t, b_t = rnn_step_backward(dh[t] + carry, x[t], h_prev, h[t], U, W)
        dU, dW, db = dU + U_t, dW + W_t, db + b_t
    return dx, carry, dU, dW, db
"""

READOUT = """
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))
"""

POINTS = {"rnn_step_backward": 5, "rnn_backward": 10, "readout_backward": 3}
CHECK = 'from rnnlib.grading import check\n\ncheck("ps2/{0}", {0})'


def from_notebook(notebook):
    """The release of a notebook, in its order."""
    cells = []
    for cell in notebook.cells:
        if known := cell.metadata.get("nbgrader"):
            known = {key: known[key] for key in ReleasedCell.__annotations__ if key in known}
            known |= {"cell_type": cell.cell_type, "source": cell.source}
            cells.append(ReleasedCell(**known))
    return Released(tuple(cells), dict(notebook.metadata.get("kernelspec", {})))


def about(cell, grade_id, points=None, **flags):
    """The cell with nbgrader's metadata."""
    known = {"grade": points is not None, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {"grade_id": grade_id, "schema_version": 3, **known, **flags}
    if points is not None:
        cell.metadata.nbgrader["points"] = points
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return cell


def release(names=("readout_backward",), tests=(), question=False):
    """A notebook as released: a locked set-up; a cell to solve and a check for each name."""
    cells = [about(new_code_cell("import numpy as np"), "setup", locked=True)]
    for name in names:
        stub = f"def {name}(*arguments):\n    raise NotImplementedError()"
        cells.append(about(new_code_cell(stub), name, solution=True))
        check = new_code_cell(CHECK.format(name))
        cells.append(about(check, f"check_{name}", POINTS[name], locked=True))
    for number, (source, points) in enumerate(tests):
        cells.append(about(new_code_cell(source), f"test_{number}", points, locked=True))
    if question:
        cells.append(about(new_markdown_cell("YOUR ANSWER HERE"), "question", 2, solution=True))
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def solved(released, **sources):
    """A submission: the release with other sources in its cells, by their names."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = sources.pop(name, cell.source)
    assert not sources, sources
    return notebook


def text(notebook):
    """A notebook as the content of a file."""
    return nbformat.writes(notebook)
