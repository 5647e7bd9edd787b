"""Check a student's function against reference gradients: `check("ps2/rnn_backward", f)`."""

from rnnlib.grading.calling.limit import time_limit
from rnnlib.grading.calling.quiet import quiet
from rnnlib.grading.check import check

__all__ = ["check", "quiet", "time_limit"]
