"""Put the cells that nbgrader knows back to what they were when they were released.

What nbgrader's own steps stop at (a cell twice, an invented or a changed name, flipped flags, other
points, metadata of another version) is mended here, and each is a line for the instructor. Where a
hidden name occurs more than once, one cell keeps it: the first of the right type, for an answer the
first in which something was written. The others stay as ordinary cells: what they define is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnnlib.grading.verification.released import Released, ReleasedCell

ADDED = "was missing and has been put back"


def restore(notebook: Any, released: Released) -> tuple[str, ...]:
    """Mend a submitted notebook in place.

    A missing test, a missing answer for a person to grade, and a missing locked cell are put back
    in front of the next cell that is there. A missing cell to solve is not: it would define its
    function anew, unsolved.

    Returns:
        A line for everything that was mended.
    """
    troubles: list[str] = []
    places = _places(notebook, released, troubles)
    for position, cell in enumerate(notebook.cells):
        about = places.get(position)
        if about is None:
            cell.metadata.pop("nbgrader", None)
        else:
            _put_back(notebook.cells, position, about, troubles)
    there = {about.grade_id: notebook.cells[place] for place, about in places.items()}
    _add_missing(notebook, released, there, troubles)
    if released.kernelspec:
        notebook.metadata["kernelspec"] = dict(released.kernelspec)
    return tuple(troubles)


def _places(notebook: Any, released: Released, troubles: list[str]) -> dict[int, ReleasedCell]:
    """The released cells by their place in the submitted notebook."""
    found: dict[str, list[int]] = {}
    for position, cell in enumerate(notebook.cells):
        about = cell.metadata.get("nbgrader")
        name = about.get("grade_id") if isinstance(about, Mapping) else None
        if isinstance(name, str) and name in released.by_name:
            found.setdefault(name, []).append(position)
        elif name:
            troubles.append(f"No cell of the release is called {str(name)[:80]!r}.")
    places: dict[int, ReleasedCell] = {}
    for name, positions in found.items():
        about = released.by_name[name]
        if len(positions) > 1:
            troubles.append(
                f"{len(positions)} cells are called {name!r}; one of them counts, "
                "and the others are run as ordinary cells."
            )
        places[_best(notebook.cells, positions, about)] = about
    return places


def _best(cells: Sequence[Any], positions: Sequence[int], about: ReleasedCell) -> int:
    """Which of several cells with one name is the one."""

    def worse(position: int) -> tuple[bool, bool]:
        cell = cells[position]
        untouched = about.solution and cell.source.strip() == about.source.strip()
        return cell.cell_type != about.cell_type, untouched

    return min(positions, key=worse)


def _put_back(cells: list[Any], place: int, about: ReleasedCell, troubles: list[str]) -> None:
    """Give a cell its type, its metadata and, unless students write into it, its source."""
    cell = cells[place]
    source = about.source if about.kept else cell.source
    if cell.cell_type != about.cell_type:
        troubles.append(f"The cell {about.grade_id!r} was of type {cell.cell_type}.")
    elif cell.source.strip() != source.strip():
        troubles.append(f"The cell {about.grade_id!r} was changed and has been put back.")
    if _differs(cell.metadata["nbgrader"], about):
        troubles.append(f"The hidden entries of the cell {about.grade_id!r} were changed.")
    cells[place] = _cell(about, source, cell.id, cell.get("attachments"))


def _differs(found: Mapping[str, Any], about: ReleasedCell) -> bool:
    """Whether the hidden entries say anything else of what counts."""
    names = ("grade", "solution", "locked", "task", "points")
    wanted = about.metadata
    return any(found.get(name, False) != wanted.get(name, False) for name in names)


def _cell(about: ReleasedCell, source: str, cell_id: str, attachments: Any = None) -> Any:
    from nbformat import v4

    make = v4.new_code_cell if about.cell_type == "code" else v4.new_markdown_cell
    cell = make(source, id=cell_id)  # type: ignore[no-untyped-call]
    cell.metadata["deletable"] = False
    if about.kept:
        cell.metadata["editable"] = False
    cell.metadata["nbgrader"] = about.metadata
    if attachments and about.cell_type != "code" and not about.kept:
        cell["attachments"] = attachments
    return cell


def _add_missing(
    notebook: Any, released: Released, there: Mapping[str, Any], troubles: list[str]
) -> None:
    """Put back what is missing, in front of the next released cell that is there."""
    following: Any = None  # from the last to the first
    for about in reversed(released.cells):
        if about.grade_id in there:
            following = there[about.grade_id]
            continue
        troubles.append(f"The cell {about.grade_id!r} {ADDED if _wanted(about) else 'is missing'}.")
        if _wanted(about):
            cell = _cell(about, about.source, f"added-{about.grade_id}"[:64])
            notebook.cells.insert(_before(notebook.cells, following), cell)
            following = cell


def _wanted(about: ReleasedCell) -> bool:
    return about.kept or about.grade


def _before(cells: Sequence[Any], following: Any) -> int:
    """The place in front of a cell and of the text that leads to it; the end if there is none."""
    if following is None:
        return len(cells)
    place = next(i for i, cell in enumerate(cells) if cell is following)
    while place > 0 and _is_text(cells[place - 1]):
        place -= 1
    return place


def _is_text(cell: Any) -> bool:
    return cell.cell_type == "markdown" and "nbgrader" not in cell.metadata
