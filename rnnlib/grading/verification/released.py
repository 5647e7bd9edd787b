"""What a problem set's notebook was when it was released: the cells that nbgrader knows.

This is what a submission is held against. It is plain data, made once from the gradebook or from
the release, and sent to every worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ReleasedCell:
    """One cell that nbgrader knows, as it was released.

    Attributes:
        grade_id: Its hidden name.
        cell_type: "code" or "markdown".
        source: What stood in it.
        checksum: nbgrader's checksum of it.
        points: What it is worth, where it is graded.
        grade: Whether it earns points.
        solution: Whether students write into it.
        locked: Whether it has to be as it was.
        task: Whether it is a task, which a person grades.
        schema_version: The version of nbgrader's metadata.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None = None
    points: float | None = None
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    schema_version: int = 3

    @property
    def tested(self) -> bool:
        """Whether it is a test cell: executed, and graded by what comes of it."""
        return self.grade and not self.solution and self.cell_type == "code"

    @property
    def kept(self) -> bool:
        """Whether it has to be as it was: a test, or a cell that only is to be run."""
        return not self.solution and (self.locked or self.grade or self.task)

    @property
    def metadata(self) -> dict[str, Any]:
        """Its metadata in a notebook, under the name "nbgrader"."""
        about = asdict(self)
        del about["source"]
        if self.points is None or not (self.grade or self.task):
            del about["points"]
        if self.checksum is None:
            del about["checksum"]
        return about


@dataclass(frozen=True)
class Released:
    """A notebook's cells as released, in their order, and the kernel that it is for."""

    cells: tuple[ReleasedCell, ...]
    kernelspec: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_name(self) -> dict[str, ReleasedCell]:
        """The cells by their hidden names."""
        return {cell.grade_id: cell for cell in self.cells}


def from_data(data: Released | Mapping[str, Any]) -> Released:
    """A released notebook from plain data: {"kernelspec": {...}, "cells": [{...}, ...]}."""
    if isinstance(data, Released):
        return data
    return Released(
        tuple(ReleasedCell(**cell) for cell in data["cells"]), dict(data.get("kernelspec") or {})
    )


def from_gradebook(gradebook: Any, directory: Any, notebook: str, assignment: str) -> Released:
    """The release of a notebook as the gradebook keeps it.

    The gradebook keeps no order; it is taken from the notebook in the course folder. It matters
    for cells that are missing from a submission.

    Args:
        gradebook: nbgrader's, open.
        directory: nbgrader's CourseDirectory, which knows where the notebook is.
        notebook: The notebook's name, such as "ps2_bptt".
        assignment: The problem set's name.

    Raises:
        nbgrader.api.MissingEntry: The gradebook does not have it.
    """
    entry = gradebook.find_notebook(notebook, assignment)
    worth = {cell.name: float(cell.max_score) for cell in (*entry.grade_cells, *entry.task_cells)}
    grades, solutions, tasks = (
        {cell.name for cell in cells}
        for cells in (entry.grade_cells, entry.solution_cells, entry.task_cells)
    )
    order = _order(directory, notebook, assignment)
    cells = [
        ReleasedCell(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum,
            points=worth.get(cell.name),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            locked=bool(cell.locked),
            task=cell.name in tasks,
        )
        for cell in entry.source_cells
    ]
    cells.sort(key=lambda cell: order.get(cell.grade_id, len(order)))
    return Released(tuple(cells), json.loads(entry.kernelspec or "{}"))


def _order(directory: Any, notebook: str, assignment: str) -> dict[str | None, int]:
    """The places of the cells in the notebook, by their hidden names."""
    import nbformat

    for folder in (directory.source_directory, directory.release_directory):
        file = Path(directory.format_path(folder, ".", assignment), f"{notebook}.ipynb")
        if file.is_file():
            cells = nbformat.read(file, as_version=4).cells  # type: ignore[no-untyped-call]
            names = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells)
            return {name: place for place, name in enumerate(names)}
    return {}
