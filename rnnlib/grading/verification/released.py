"""What a problem set's notebook was when it was released: the cells that nbgrader knows.

This is what a submission is held against. It is plain data, made once from the gradebook or from
the release, and sent to every worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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


def from_notebook(notebook: Any) -> Released:
    """The release of a notebook as `nbgrader generate_assignment` made it."""
    cells = []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        if not about or not about.get("grade_id"):
            continue
        known = {key: about[key] for key in ReleasedCell.__annotations__ if key in about}
        cells.append(ReleasedCell(**{**known, "cell_type": cell.cell_type, "source": cell.source}))
    return Released(tuple(cells), dict(notebook.metadata.get("kernelspec", {})))


def from_gradebook(gradebook: Any, notebook: str, assignment: str) -> Released:
    """The release of a notebook as the gradebook keeps it.

    The gradebook keeps no order. Where that matters, which is for cells that are missing from a
    submission, `from_notebook` knows more.

    Args:
        gradebook: nbgrader's, open.
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
    cells = tuple(
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
    )
    return Released(cells, json.loads(entry.kernelspec or "{}"))
