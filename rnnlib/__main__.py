"""The command `rnnlib`, also as `python -m rnnlib`: grade a class, and check the installation."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rnnlib.grading.command.arguments import parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        The exit status: 0 where all is well; `rnnlib grade --help` says what the others are.
    """
    options = parser().parse_args(arguments)
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
