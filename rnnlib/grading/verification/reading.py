"""Read what was handed in as a notebook: whatever it is, a notebook comes of it, or a reason.

Nothing of a submission is taken as it stands. A new notebook is made from the sources of its cells
and from what little else is needed, so that nothing odd in it reaches nbgrader.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

LARGEST_FILE = 20 * 2**20
"""Bytes above which a file is not looked at: a notebook with many pictures has a tenth of it."""

MOST_CELLS = 2_000
"""Cells above which a notebook is not looked at."""


class UnreadableError(Exception):
    """What was handed in is no notebook; the message says what it is instead."""


def read(submitted: bytes | str | Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """A clean notebook from what was handed in.

    Args:
        submitted: The file's content, or a notebook.

    Returns:
        The notebook, without outputs, and a line for everything odd about it.

    Raises:
        UnreadableError: It is no notebook.
    """
    data = submitted if isinstance(submitted, Mapping) else _parsed(submitted)
    troubles: list[str] = []
    version = data.get("nbformat")
    if "cells" not in data and "worksheets" in data:
        data = _upgraded(data)
        troubles.append(f"The notebook is in the old format {version}; it was converted.")
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("it has no list of cells")
    if len(cells) > MOST_CELLS:
        raise UnreadableError(f"it has {len(cells)} cells, more than {MOST_CELLS}")
    if not cells:
        troubles.append("The notebook has no cells.")
    return _rebuilt(cells, troubles), tuple(troubles)


def _parsed(content: bytes | str) -> Mapping[str, Any]:
    if len(content) > LARGEST_FILE:
        raise UnreadableError(f"it has {len(content):,} bytes, and {LARGEST_FILE:,} are allowed")
    if not content.strip():
        raise UnreadableError("the file is empty")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no JSON: {str(error)[:200]}") from None
    if not isinstance(data, dict):
        raise UnreadableError("it is JSON, but no notebook")
    return data


def _upgraded(data: Mapping[str, Any]) -> Mapping[str, Any]:
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.from_dict(data)  # type: ignore[no-untyped-call]
            upgraded: Mapping[str, Any] = nbformat.convert(notebook, 4)  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever the converter stumbles over
        raise UnreadableError(
            f"it is in an old format and cannot be converted: {type(error).__name__}"
        ) from None
    return upgraded


def _rebuilt(cells: list[Any], troubles: list[str]) -> Any:
    """A new notebook with the sources of these cells."""
    from nbformat import v4

    notebook = v4.new_notebook()  # type: ignore[no-untyped-call]
    makers: dict[str, Callable[..., Any]] = {
        "code": v4.new_code_cell,
        "markdown": v4.new_markdown_cell,
        "raw": v4.new_raw_cell,
    }
    for number, cell in enumerate(cells, start=1):
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        source = _source(cell) if isinstance(cell, dict) else None
        if not isinstance(kind, str) or kind not in makers or source is None:
            troubles.append(f"Cell {number} is no cell of a notebook and was left out.")
            continue
        made = makers[kind](source, id=f"cell-{number}")
        made.metadata.update(_metadata(cell))
        if kind != "code" and _pictures(cell.get("attachments")):
            made["attachments"] = cell["attachments"]
        notebook.cells.append(made)
    return notebook


def _source(cell: dict[str, Any]) -> str | None:
    """The source, which may stand there as a list of lines."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return source.encode("utf-8", "replace").decode()  # half characters can be written nowhere


def _metadata(cell: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader says of the cell, and its tags; the rest is of the student's editor."""
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        return {}
    kept: dict[str, Any] = {}
    if isinstance(metadata.get("nbgrader"), dict):
        kept["nbgrader"] = metadata["nbgrader"]
    tags = metadata.get("tags")
    if isinstance(tags, list) and "skip-execution" in tags:
        kept["tags"] = ["skip-execution"]
    return kept


def _pictures(attachments: Any) -> bool:
    """Whether attachments are as they should be: by name, by type, as text."""
    return isinstance(attachments, dict) and all(
        isinstance(bundle, dict) and all(isinstance(content, str) for content in bundle.values())
        for bundle in attachments.values()
    )
