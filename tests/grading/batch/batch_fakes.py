"""Stand-ins for the grading of a notebook, found by the workers by their names."""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat


@dataclass
class Graded:
    notebook: object
    scores: dict
    reports: dict = field(default_factory=dict)
    troubles: tuple = ()
    log: str = ""
    seconds: float = 0.0
    readable: bool = True


def unsendable(task):
    """A result that cannot be sent to another process."""
    return lambda: task


def grade(content, released, seed, **options):
    """Do what the "notebook" says: {"points": 3} is a notebook that earns 3 in every part."""
    wish = json.loads(content)
    if "seconds" in wish:
        time.sleep(wish["seconds"])
    marker = Path(wish.get("dies_once", os.devnull))
    if wish.get("dies") == "always" or not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "unreadable" in wish:
        notebook = nbformat.v4.new_notebook()
        return Graded(notebook, {}, troubles=(wish["unreadable"],), readable=False)
    if "raises" in wish:
        raise ValueError(wish["raises"])
    cells, scores = [], {}
    for about in released.cells:
        make = nbformat.v4.new_code_cell if about.cell_type == "code" else None
        make = make or nbformat.v4.new_markdown_cell
        source = about.source if about.kept else wish.get("source", "answered")
        cells.append(make(source, metadata={"nbgrader": about.metadata}))
        if about.tested:
            scores[about.grade_id] = min(float(wish["points"]), about.points)
        elif about.grade:
            scores[about.grade_id] = wish.get("hand")
    cells.append(nbformat.v4.new_raw_cell("x" * wish.get("size", 0)))
    log = f"graded in process {os.getpid()} with seed {seed}"
    return Graded(
        nbformat.v4.new_notebook(cells=cells), scores, {}, tuple(wish.get("troubles", ())), log
    )
