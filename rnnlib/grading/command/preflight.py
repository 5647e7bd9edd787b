"""`rnnlib preflight`: what would be stumbled over in the submissions."""

from __future__ import annotations

import argparse

from rnnlib.grading import preflight


def run(options: argparse.Namespace) -> int:
    """Print a line for everything found; 0 when nothing is left to mend, 1 otherwise."""
    repair = ["--repair"] if options.repair else []
    return preflight.main([options.problem_set, "--course", str(options.course), *repair])
