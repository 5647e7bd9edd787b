"""What nbgrader would stumble over in a submission, and how to mend it.

It finds notebooks by their names and cells by hidden ones, and stops at a name that it does not
know or meets twice; at some of them with a message about something else, and for everybody who
comes later. And it copies a link as the file that the link leads to, whoever that belongs to.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """What is wrong, with the way to mend it, and a function that does so where that is safe."""

    text: str
    repair: Callable[[], object] | None = None


def read(file: Path) -> Notebook:
    """A notebook.

    Raises:
        ValueError: The file holds none.
    """
    if not file.is_file():
        raise ValueError("it is no regular file")
    try:
        notebook: Notebook = json.loads(file.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it has no cells")
    return notebook


def look(folder: Path, released: Mapping[str, Notebook]) -> Iterator[Finding]:
    """What nbgrader would stumble over in one submission.

    What a finding repairs is repaired, if at all, before the next one is asked for.
    """
    links = list(_links(folder))
    if links:
        yield Finding(
            f"{' and '.join(links)} is a link, and nbgrader would copy the file that it leads to: "
            "delete it, and ask for the file itself."
        )
        return
    there = sorted(file.name for file in folder.iterdir() if ".ipynb" in file.name.lower())
    there = [name for name in there if not name.endswith((".bak", "_checkpoints"))]
    missing = [name for name in released if name not in there]
    others = [name for name in there if name not in released]
    files = {name: folder / name for name in released if name in there}
    if len(missing) == len(others) == 1:
        right, wrong = folder / missing[0], folder / others[0]
        text = f"the notebook is called '{wrong.name}': rename it to {right.name}."
        yield Finding(text, lambda: wrong.rename(right))
        files[right.name] = right if right.exists() else wrong
    elif missing:
        found = f", but {', '.join(map(repr, others))}: rename the right one" if others else ""
        yield Finding(f"there is no {' and no '.join(missing)}{found or ': ask for it'}.")
    elif others:
        yield Finding(
            f"only {' and '.join(released)} is graded, but there is {', '.join(map(repr, others))} "
            "too: see which one is meant, and delete the other."
        )
    for name, file in files.items():
        yield from _look_into(file, name, released[name])


def _links(folder: Path) -> Iterator[str]:
    """The links in a submission, at any depth, by their paths; or the folder that is one."""
    if folder.is_symlink() or folder.parent.is_symlink():
        yield folder.name if folder.is_symlink() else folder.parent.name
        return
    for here, folders, files in os.walk(folder):
        for path in (Path(here, name) for name in sorted(folders + files)):
            if path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _look_into(file: Path, name: str, released: Notebook) -> Iterator[Finding]:
    try:
        notebook = read(file)
    except ValueError as error:
        yield Finding(f"{name} cannot be read as a notebook ({error}): ask for it again.")
        return
    known, graded = _named(released), _named(released, graded=True)
    for cell_name, cells in _named(notebook).items():
        if cell_name not in known:
            yield Finding(
                f"cell {cells[0] + 1} is called '{cell_name}', as no cell of the release is: give "
                "it its old name, or delete its nbgrader metadata."
            )
        elif len(cells) > 1:
            numbers = " and ".join(str(cell + 1) for cell in cells)
            text = f"cells {numbers} are all called '{cell_name}' (one was split, or copied): "
            text += "delete the nbgrader metadata of all but the first."
            yield Finding(text, lambda copies=cells[1:]: _unname(file, copies))  # type: ignore[misc]
    for cell_name in graded.keys() - _named(notebook).keys():
        yield Finding(f"the cell '{cell_name}' is missing: copy it back from exercises/.")


def _named(notebook: Notebook, graded: bool = False) -> dict[str, list[int]]:
    """The places of all cells that nbgrader knows, or that it grades, by their hidden names."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(notebook["cells"]):
        about = cell.get("metadata", {}).get("nbgrader", {})
        if "grade_id" in about and (about.get("grade") or not graded):
            places.setdefault(about["grade_id"], []).append(place)
    return places


def _unname(file: Path, places: Sequence[int]) -> None:
    """Make cells ordinary ones; the notebook as it was is kept with the ending .bak."""
    backup = file.with_name(f"{file.name}.bak")
    if not backup.exists():
        shutil.copy2(file, backup)
    notebook = read(file)
    for place in places:
        for key in ("nbgrader", "deletable", "editable"):
            notebook["cells"][place]["metadata"].pop(key, None)
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
