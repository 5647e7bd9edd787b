"""How much a submission may take."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one kernel may take before it is stopped, and with it the cell that took it.

    Attributes:
        memory: Bytes, of all its processes together.
        processes: How many processes and threads, those of Python's libraries included.
        open_files: How many at once, in one process.
        file_size: Bytes of one file.
        scratch_size: Bytes of all files in its folder, and as many in /tmp.
        output: Bytes of output of one cell.
        cell: Seconds for a cell.
        notebook: Seconds for all cells.
    """

    memory: int = 1024 * MIB
    processes: int = 64
    open_files: int = 256
    file_size: int = 16 * MIB
    scratch_size: int = 32 * MIB
    output: int = 1_000_000
    cell: float = 60.0
    notebook: float = 600.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"Limits: {name} is {value}, expected a number above 0.")
