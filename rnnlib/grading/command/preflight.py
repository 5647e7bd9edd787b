"""`rnnlib preflight`: what would be stumbled over in the submissions, and its repair."""

from __future__ import annotations

import argparse
import sys

from rnnlib.grading.preflight import look, read


def run(options: argparse.Namespace) -> int:
    """Print a line for everything found.

    Returns:
        0 when nothing is left to mend, 1 otherwise.
    """
    released = {
        file.name: read(file)
        for file in sorted((options.course / "exercises" / options.problem_set).glob("*.ipynb"))
    }
    folders = sorted((options.course / "submitted").glob(f"*/{options.problem_set}"))
    if not released or not folders:
        where = "submitted/<student>/" if released else "exercises/"
        print(f"There is no {where}{options.problem_set} here.", file=sys.stderr)
        return 1
    left = 0
    for folder in folders:
        for finding in look(folder, released):
            mended = options.repair and finding.repair is not None
            if mended and finding.repair is not None:
                finding.repair()
            left += not mended
            print(f"{folder.parent.name}: {finding.text}{' Done.' * mended}")
    print(f"{len(folders)} submissions, {left or 'nothing'} to mend.")
    return min(left, 1)
