"""Where scores are made: outside of the student's process, which only answers.

A notebook is read and mended, its cells are run in a kernel of their own, and where a test cell is
a check, the kernel is asked for answers to fresh inputs. References, tolerance, score and report
are here. A kernel that forges, floods, hangs or dies has given no answer.
"""

from rnnlib.grading.verification.grading import Graded, grade_notebook
from rnnlib.grading.verification.released import Released, ReleasedCell

__all__ = ["Graded", "Released", "ReleasedCell", "grade_notebook"]
