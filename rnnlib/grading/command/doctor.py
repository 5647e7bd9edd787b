"""`rnnlib doctor`: whether this machine has all that grading needs."""

from __future__ import annotations

import argparse


def run(options: argparse.Namespace) -> int:
    """Print a line for everything looked at; 0 when all is well, 1 otherwise."""
    from rnnlib.grading.sandbox import doctor

    findings = doctor()
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        print(f"{'✓' if finding.ok else '✗'} {finding.name:<{width}}  {finding.text}")
        if finding.advice:
            print(f"  {'':<{width}}  → {finding.advice}")
    return 0 if all(finding.ok for finding in findings) else 1
