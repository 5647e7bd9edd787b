"""Check a student's function against reference gradients: `check("ps2/rnn_backward", f)`."""

from rnnlib.grading.check import check
from rnnlib.grading.limit import time_limit

__all__ = ["check", "time_limit"]
