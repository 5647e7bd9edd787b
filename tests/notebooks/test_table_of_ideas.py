"""lectures/README.md says where each idea of the sources stands; here its claims are held to it."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TAUGHT = "J1 J2 J3 J4 J5 J6 J7 J9 J10 K1 K2 K3 K6 K7 K8 K10 "
TAUGHT += "N1 N2 N4 N5 N6 N7 N8 N9 N10 N11 H8 H9 H10 H11 H12 H13"


def rows():
    table = (ROOT / "lectures/README.md").read_text(encoding="utf-8")
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"[JKHN]\d+", cells[0]):
            yield cells


def headings():
    for path in (ROOT / "lectures").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                yield from re.findall(r"^## (\d+\.\d+) ", cell.source, re.MULTILINE)


def find(dotted):
    """The object that `losses.softmax` or `experiments.weight_sharing.compare` names."""
    found = importlib.import_module("rnnlib")
    path = "rnnlib"
    for name in dotted.split("."):
        path += f".{name}"
        found = getattr(found, name) if hasattr(found, name) else importlib.import_module(path)
    return found


def test_every_idea_that_is_taught_has_a_row():
    assert {row[0] for row in rows()} == set(TAUGHT.split())


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row[0])
def test_section_function_and_test_exist(row):
    _, idea, sections, functions, test = row
    assert idea
    assert set(sections.split(", ")) <= set(headings())
    names = re.findall(r"`([^`]+)`", functions)
    assert names
    for name in names:
        assert find(name) is not None
    file, _, function = test.strip("`").partition("::")
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert f"def {function}(" in source if function else "def test_" in source
