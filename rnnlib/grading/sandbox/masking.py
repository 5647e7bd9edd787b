"""The runtime that a sandbox shows: rnnlib without what the exercises ask for.

A copy is made of the package. The exercises with their references are not in it, nor is the rest of
the grader that only the outside needs. A function that answers an exercise keeps its name, its
arguments and its docstring, so that everything that imports it works; its body is gone, and calling
it says why. Compiled files are left behind, for the real functions are in them. Libraries that
would do the work have stand-ins, so that an `import torch` which nothing needs costs nothing.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import rnnlib

PACKAGE = Path(rnnlib.__file__).parent

OUTSIDE = ("exercises", "judging", "batch", "command", "verification", "sandbox", "demo")
"""The rooms of the grader that a student's process does not see."""

LIBRARIES = ("torch", "jax", "jaxlib", "tensorflow", "keras", "autograd", "nbgrader", "statsmodels")
"""What computes gradients or recurrent networks by itself, or knows about grading: hidden."""

STAND_INS = "stand_ins"
"""The folder of what takes the places of these libraries, beside the copy."""

STAND_IN = '''"""Stands in for {0}: a notebook may import it, and use nothing of it."""


class Tensor:
    """What nothing is an instance of."""


Array = Tensor


def is_grad_enabled():
    """Nothing is recorded."""
    return False


def __getattr__(name):
    raise AttributeError(f"{0}.{{name}} is not there while you are graded: NumPy is enough here.")
'''


def masked_copy(patterns: Sequence[str], place: Path) -> Path:
    """Copy rnnlib into a folder, with the functions that the patterns name emptied.

    Args:
        patterns: Dotted names of functions, such as "rnnlib.unroll.backward", with wildcards.
        place: The folder that gets the copy.

    Returns:
        The copy, `place / "rnnlib"`.
    """
    _stand_ins(place / STAND_INS)
    copy = place / PACKAGE.name
    shutil.copytree(PACKAGE, copy, ignore=_left_out)
    _show_inside(copy)
    for file in sorted(copy.rglob("*.py")):
        module = ".".join(file.relative_to(place).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(file.read_text(encoding="utf-8"))
        emptied = [name for name, node in _functions(tree, module) if _empty(name, node, patterns)]
        if emptied:
            file.write_text(ast.unparse(tree) + "\n", encoding="utf-8")
    return copy


def _stand_ins(place: Path) -> None:
    """Packages by the names of the libraries, with nothing to use in them."""
    for library in LIBRARIES:
        folder = place / library
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(STAND_IN.format(library), encoding="utf-8")


def _show_inside(copy: Path) -> None:
    """Of the sandbox itself, the part that runs inside it."""
    room = Path("grading", "sandbox")
    shutil.copytree(PACKAGE / room / "inside", copy / room / "inside", ignore=_left_out)
    (copy / room / "__init__.py").write_text('"""What runs in the sandbox."""\n')


def _left_out(folder: str, names: list[str]) -> set[str]:
    outside = OUTSIDE if Path(folder) == PACKAGE / "grading" else ()
    return {name for name in names if name == "__pycache__" or name in outside}


def _functions(tree: ast.AST, name: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module or a class, with their dotted names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield f"{name}.{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{name}.{node.name}")


def _empty(name: str, node: ast.FunctionDef, patterns: Sequence[str]) -> bool:
    """Replace a function's body, if it is one of those named."""
    if name.startswith("rnnlib.grading.") or not any(fnmatchcase(name, p) for p in patterns):
        return False
    message = f"{name} is what this problem set asks for. It is not there while you are graded."
    refusal = ast.parse(f"raise RuntimeError({message!r})").body
    docstring = node.body[:1] if ast.get_docstring(node) is not None else []
    node.body = [*docstring, *refusal]
    return True
