"""Check a student's function against reference gradients: `check("ps2/rnn_backward", f)`."""

from rnnlib.grading.check import check
from rnnlib.grading.limit import time_limit
from rnnlib.grading.quiet import quiet

__all__ = ["check", "quiet", "time_limit"]
