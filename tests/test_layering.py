"""The rooms of rnnlib stand in an order, and each imports only what stands above it."""

import ast
import subprocess
import sys
from pathlib import Path

import rnnlib

ROOT = Path(rnnlib.__file__).parent

# From the ground up. A folder is one room; inside it files may import each other, not in circles.
ORDER = [
    "tree",
    "backend",
    "contracts",
    "activations",
    "affine",
    "init",
    "cells",
    "tape",
    "unroll",
    "fused",
    "network",
    "bidirectional",
    "stacked",
    "conversion",
    "decoding",
    "encoder_decoder",
    "truncated",
    "readout",
    "embedding",
    "losses",
    "scan",
    "hmm",
    "gradients",
    "optim",
    "train",
    "tasks",
    "",  # rnnlib/__init__.py: everything above is what `import rnnlib` loads
    "experiments",
    "plots",
    "explore",
    "grading",
    "__main__",
]

HEAVY = {"torch", "matplotlib", "nbgrader", "IPython", "ipywidgets", "anywidget", "jupyterlab"}
HEAVY |= {"sklearn", "statsmodels", "faker", "pandas", "scipy"}


def room(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imports(path, top_level_only=False):
    """The modules that a file imports: 'rnnlib.tree' for `from rnnlib import tree` too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module == "rnnlib":
                for alias in node.names:
                    is_room = alias.name in ORDER
                    yield f"rnnlib.{alias.name}" if is_room else "rnnlib"
            else:
                yield module


def python_files():
    return [path for path in sorted(ROOT.rglob("*.py")) if "__pycache__" not in path.parts]


def test_every_room_has_its_place_in_the_order():
    assert {room(path) for path in python_files()} <= set(ORDER)


def test_a_room_imports_only_what_stands_above_it():
    wrong = []
    for path in python_files():
        here = ORDER.index(room(path))
        for module in imports(path):
            if module == "rnnlib" or module.startswith("rnnlib."):
                there = ORDER.index(module.split(".")[1] if "." in module else "")
                if there > here:
                    wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert not wrong


def test_only_the_backend_knows_torch():
    knows = {
        room(path)
        for path in python_files()
        if any(module.split(".")[0] == "torch" for module in imports(path))
    }
    assert knows == {"backend"}


def test_importing_rnnlib_loads_nothing_heavy():
    code = "import sys, rnnlib; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_a_file_holds_one_idea_of_at_most_about_two_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 260
    }
    assert not long
