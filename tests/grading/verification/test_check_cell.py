"""A test cell that is a check is recognised, whatever else it imports; any other is not."""

import pytest

from rnnlib.grading.verification.check_cell import CheckCell, parse

CHECKS = {
    'from rnnlib.grading import check\n\ncheck("ps2/a", a)': CheckCell("ps2/a", "a"),
    '"ps2/a"\ncheck("ps2/a", a)': None,
    'check("ps2/a", a)  # a comment': CheckCell("ps2/a", "a"),
    'import rnnlib.grading as g\ng.check("ps2/a", a)': CheckCell("ps2/a", "a"),
    'import numpy as np\ncheck("ps2/a", lambda x: a(np.array(x)))': CheckCell(
        "ps2/a", "lambda x: a(np.array(x))", "import numpy as np"
    ),
    "### BEGIN HIDDEN TESTS\nfrom rnnlib.grading import check\n### END HIDDEN TESTS\n"
    'check("ps2/a", a)': CheckCell("ps2/a", "a"),
    'check("ps2/a", a) + check("ps2/b", b)': None,
    'x = 1\ncheck("ps2/a", a)': None,
    'check("ps2/a", a, seconds=3)': None,
    "check(name, a)": None,
    'check("ps2/a")': None,
    'check("ps2/a", a); 5': None,
    "assert a(1) == 2": None,
    "%matplotlib inline\ncheck('ps2/a', a)": None,
    "def (": None,
    "": None,
    "\0": None,
}


@pytest.mark.parametrize("source", CHECKS)
def test_a_cell_is_a_check_or_it_is_not(source):
    assert parse(source) == CHECKS[source]
