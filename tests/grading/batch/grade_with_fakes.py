"""Grade a class with the stand-ins, as a process of its own that tests can kill."""

import sys
from pathlib import Path

from rnnlib.grading.batch.grading import Choices, grade_class
from tests.grading.batch import batch_fakes

if __name__ == "__main__":
    choices = Choices("ps2_bptt", course=Path(sys.argv[1]), jobs=2, grade=batch_fakes.grade)
    print(grade_class(choices, sys.stderr))
