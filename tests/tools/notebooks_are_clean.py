"""Fail where a committed notebook carries outputs or execution counts.

`python tests/tools/notebooks_are_clean.py [NOTEBOOK …]`, by default all that git knows.
"""

import json
import subprocess
import sys
from pathlib import Path


def complaints(path: Path) -> list[str]:
    """What is not clean in one notebook, a line each."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        f"{path}: cell {number} ({cell.get('id', 'no id')}) carries "
        + ("outputs" if cell["outputs"] else "an execution count")
        for number, cell in enumerate(cells, start=1)
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None)
    ]


def main(arguments: list[str]) -> int:
    """Check the notebooks named, or all that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "*.ipynb"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = [line for name in (arguments or listed) for line in complaints(Path(name))]
    for line in found:
        print(line)
    if found:
        print("Clear them: jupyter nbconvert --clear-output --inplace NOTEBOOK")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
