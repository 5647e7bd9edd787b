"""One notebook, graded in memory: each part has its points, whatever happens to the others."""

import copy
import json

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.nbgraderformat import MetadataValidator

from rnnlib.grading.exercise import find
from rnnlib.grading.reporting.report import MIME
from rnnlib.grading.sandbox import Limits
from rnnlib.grading.verification import grade_notebook, verifying
from tests.grading.verification.notebooks import (
    READOUT,
    SEQUENCE,
    SPOILS_W,
    STEP,
    from_notebook,
    release,
    solved,
    text,
)

USUAL = Limits()
ALL = release(("rnn_step_backward", "rnn_backward", "readout_backward"), question=True)
TWO = release(("rnn_step_backward", "readout_backward"))
ONE = release()
RIGHT = {"rnn_step_backward": STEP, "rnn_backward": SEQUENCE, "readout_backward": READOUT}
SEED = 7


def grade(released, limits=USUAL, more=(), **sources):
    """The result for a submission: the release with these sources, and these cells in front."""
    handed_in = solved(released, **sources)
    handed_in.cells[1:1] = [new_code_cell(source) for source in more]
    graded = grade_notebook(
        text(handed_in), from_notebook(released), SEED, sandbox=False, limits=limits
    )
    nbformat.validate(graded.notebook)
    MetadataValidator().validate_nb(graded.notebook)
    return graded


def outputs(graded, grade_id):
    (cell,) = (
        cell
        for cell in graded.notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )
    return cell.outputs


def said(graded, grade_id):
    """All that a student reads below a check."""
    report, points = outputs(graded, grade_id)
    assert points.output_type == "execute_result"
    assert float(points.data["text/plain"]) == graded.scores[grade_id]
    return report.data["text/plain"]


def test_right_functions_earn_everything_and_an_empty_answer_nothing():
    graded = grade(ALL, **RIGHT)
    assert graded.scores == {
        "check_rnn_step_backward": 5.0,
        "check_rnn_backward": 10.0,
        "check_readout_backward": 3.0,
        "question": 0.0,
    }
    assert graded.troubles == ()
    assert graded.notebook.metadata.kernelspec.name == "python3"
    assert graded.notebook.metadata.language_info.name == "python"


def test_an_answer_in_words_is_left_to_a_person():
    graded = grade(ALL, question="tanh' is below 1")
    assert graded.scores["question"] is None


def test_a_wrong_gradient_is_answered_with_its_cause_in_three_forms():
    graded = grade(ONE, readout_backward=READOUT.replace("do.sum(axis=(0, 1))", "0 * V[:, 0]"))
    assert graded.scores == {"check_readout_backward": 2.0}
    report, _ = outputs(graded, "check_readout_backward")
    assert "db_y" in report.data["text/plain"]
    assert "db_y" in report.data["text/html"]
    assert report.data[MIME] == graded.reports["check_readout_backward"]
    assert report.data[MIME]["points"] == 2.0


def test_a_function_that_builds_on_a_wrong_one_has_the_points_it_earns_with_a_right_one():
    wrong = STEP.replace("dh * (1 - h**2)", "dh * (1 - h**2) * np.cos(x.sum())")
    graded = grade(ALL, **(RIGHT | {"rnn_step_backward": wrong}))
    assert graded.scores["check_rnn_step_backward"] == 0.0
    assert graded.scores["check_rnn_backward"] == 10.0
    assert "With a right rnn_step_backward" in said(graded, "check_rnn_backward")


def test_what_goes_wrong_with_a_right_one_is_charged_where_it_goes_wrong():
    graded = grade(ALL, **(RIGHT | {"rnn_step_backward": SPOILS_W}))
    assert graded.scores["check_rnn_step_backward"] == 5.0
    assert graded.scores["check_rnn_backward"] < 10.0
    assert "in the place of yours" not in said(graded, "check_rnn_backward")


def test_the_same_seed_gives_the_same_report_and_another_one_other_numbers():
    wrong = {"readout_backward": READOUT.replace("do @ V", "2.1 * do @ V + 1")}
    released = from_notebook(ONE)
    reports = [
        grade_notebook(text(solved(ONE, **wrong)), released, seed, sandbox=False).reports
        for seed in (1, 1, 2)
    ]
    first, again, other = (report["check_readout_backward"] for report in reports)
    assert first == again
    assert first["lines"][0]["entry"] != other["lines"][0]["entry"]
    assert (first["seed"], other["seed"]) == (1, 2)


def test_the_seed_is_kept_with_the_graded_notebook():
    assert grade(ONE).notebook.metadata["rnnlib"] == {"seed": SEED}


def test_a_function_that_is_missing_or_raises_is_told_so():
    graded = grade(ONE, readout_backward="def (")
    assert graded.scores == {"check_readout_backward": 0.0}
    assert "name 'readout_backward' is not defined" in said(graded, "check_readout_backward")
    graded = grade(ONE)
    assert "is not written yet" in said(graded, "check_readout_backward")


def test_what_a_function_prints_and_raises_shows_no_input():
    noisy = READOUT.replace(
        "return",
        "print(h)\n    import warnings\n    warnings.warn(f'{V}')\n"
        "    assert len(h) > 1, f'{do}'\n    return",
    )
    graded = grade(ONE, readout_backward=noisy)
    shown = said(graded, "check_readout_backward")
    assert "AssertionError" in shown
    assert "…" in shown
    assert "What your function printed is not shown when it is graded." in shown
    inputs = np.concatenate(
        [a.ravel() for a in find("ps2/readout_backward").cases(SEED)[0].arguments]
    )
    everything = json.dumps(outputs(graded, "check_readout_backward"))
    assert not [number for number in inputs if f"{abs(number):.4f}"[:6] in everything]


DEADLY = {
    "at once": "import os; os._exit(0)",
    "by a signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "by a fault": "import ctypes; ctypes.string_at(0)",
}


@pytest.mark.parametrize("how", DEADLY)
def test_a_cell_that_kills_its_kernel_costs_itself_and_the_others_are_graded(how):
    graded = grade(
        TWO,
        more=["np = np", DEADLY[how]],
        **{k: RIGHT[k] for k in ("rnn_step_backward", "readout_backward")},
    )
    assert graded.scores == {"check_rnn_step_backward": 5.0, "check_readout_backward": 3.0}
    assert graded.troubles == ("Cell 3 ended its own process.",)
    (error,) = graded.notebook.cells[2].outputs
    assert error.evalue == "The cell ended its own process."


def test_a_function_that_kills_its_kernel_costs_its_part_and_what_was_shown_before_stays():
    deadly = "def rnn_backward(*arguments):\n    import os\n    os._exit(0)"
    graded = grade(ALL, more=["print('here')"], **(RIGHT | {"rnn_backward": deadly}))
    assert graded.scores["check_rnn_step_backward"] == 5.0
    assert graded.scores["check_rnn_backward"] == 0.0
    assert graded.scores["check_readout_backward"] == 3.0
    assert "rnn_backward ended its own process" in said(graded, "check_rnn_backward")
    assert graded.notebook.cells[1].outputs[0].text == "here\n"


def test_a_notebook_that_kills_every_kernel_is_given_up_and_says_so_in_every_part():
    deadly = "import os; os._exit(0)"
    graded = grade(TWO, more=[deadly] * 6, rnn_step_backward=STEP, readout_backward=READOUT)
    assert graded.scores == {"check_rnn_step_backward": 0.0, "check_readout_backward": 0.0}
    assert "had ended its kernel 4 times" in said(graded, "check_readout_backward")


def test_an_endless_cell_and_an_endless_function_cost_themselves(monkeypatch):
    monkeypatch.setattr(verifying, "SECONDS", 1.0)
    endless = (
        "def readout_backward(*arguments):\n    while True:\n        try:\n            "
        "while True: pass\n        except BaseException: pass"
    )
    graded = grade(
        TWO,
        limits=Limits(cell=0.5),
        more=["while True: pass"],
        rnn_step_backward=STEP,
        readout_backward=endless,
    )
    assert graded.scores == {"check_rnn_step_backward": 5.0, "check_readout_backward": 0.0}
    assert "did not finish" in said(graded, "check_readout_backward")


def test_a_notebook_that_takes_too_long_keeps_what_was_earned_until_then():
    graded = grade(
        TWO,
        limits=Limits(notebook=2.0),
        rnn_step_backward=STEP,
        readout_backward="while True: pass",
    )
    assert graded.scores == {"check_rnn_step_backward": 5.0, "check_readout_backward": 0.0}
    reason = "was not run: the notebook had used up its 2 s"
    assert reason in said(graded, "check_readout_backward")


def test_a_flood_is_cut_and_costs_nothing_but_itself():
    flood = "while True: print('x' * 1000)"
    graded = grade(ONE, more=[flood], readout_backward=READOUT)
    assert graded.scores == {"check_readout_backward": 3.0}
    assert graded.notebook.cells[1].outputs[-1].ename == "OutputLimitError"
    assert len(text(graded.notebook)) < 1_500_000


VALUES = {
    "2.5": 2.5,
    "1000.0": 4,
    "-1": 0,
    "float('nan')": 0,
    "float('inf')": 4,
    "1 / 0": 0,
    "None": 4,
    "'text'": 4,
    "while True: pass": 0,
    "import os; os._exit(0)": 0,
    "get_ipython().display_formatter.format = lambda *a, **k: ({'text/html': 'x'}, {})\n3": 0,
}


@pytest.fixture(scope="module")
def valued():
    """What tests that are written out in their cells come to; all in one notebook."""
    released = release((), tests=[(source, 4) for source in VALUES])
    return dict(zip(VALUES, grade(released, limits=Limits(cell=0.5)).scores.values(), strict=True))


@pytest.mark.parametrize("source", VALUES)
def test_a_test_without_check_is_nbgraders_but_never_more_than_its_points(source, valued):
    assert valued[source] == VALUES[source]


UNREADABLE = {"broken": b'{"cells": [', "huge": b" " * 50_000_000, "empty": b"", "text": "hello"}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_notebook_earns_nothing_and_is_complete_all_the_same(what):
    graded = grade_notebook(UNREADABLE[what], from_notebook(ALL), SEED, sandbox=False)
    nbformat.validate(graded.notebook)
    assert set(graded.scores.values()) == {0.0}
    assert len(graded.scores) == 4
    assert "could not be read" in graded.troubles[0]
    assert "was not run: the notebook could not be read" in said(graded, "check_rnn_backward")


def test_a_notebook_without_cells_earns_nothing():
    graded = grade_notebook('{"cells": []}', from_notebook(ALL), SEED, sandbox=False)
    assert set(graded.scores.values()) == {0.0}


def test_an_old_notebook_with_the_wrong_kernel_is_graded():
    handed_in = solved(ONE, readout_backward=READOUT)
    handed_in.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    old = nbformat.convert(copy.deepcopy(handed_in), 3)
    graded = grade_notebook(json.dumps(old), from_notebook(ONE), SEED, sandbox=False)
    assert graded.scores == {"check_readout_backward": 3.0}


def test_a_check_of_an_exercise_that_there_is_not_is_told_the_instructor():
    released = copy.deepcopy(ONE)
    released.cells[-1].source = released.cells[-1].source.replace("ps2/", "ps9/")
    graded = grade(released, readout_backward=READOUT)
    assert graded.scores == {"check_readout_backward": 0.0}
    assert any("There is no exercise" in trouble for trouble in graded.troubles)


def test_a_cell_that_a_student_marked_is_not_run_but_a_check_is():
    handed_in = solved(ONE, readout_backward=READOUT)
    for cell in handed_in.cells:
        cell.metadata["tags"] = ["skip-execution"]
    handed_in.cells.insert(1, new_code_cell("1 / 0", metadata={"tags": ["skip-execution"]}))
    graded = grade_notebook(text(handed_in), from_notebook(ONE), SEED, sandbox=False)
    assert graded.scores == {"check_readout_backward": 3.0}
    assert graded.notebook.cells[1].outputs == []


def test_a_mistake_that_was_charged_before_is_said_to_be_so_and_not_charged_again():
    wrong = STEP.replace("da @ W", "da")
    graded = grade(ALL, **(RIGHT | {"rnn_step_backward": wrong}))
    assert graded.scores["check_rnn_step_backward"] == 4.0
    assert graded.scores["check_rnn_backward"] == 10.0
    assert "was already charged" in said(graded, "check_rnn_backward")


def test_a_right_solution_in_another_order_of_cells_is_graded_at_its_place():
    handed_in = solved(TWO, rnn_step_backward=STEP, readout_backward=READOUT)
    setup, *cells = handed_in.cells
    handed_in.cells = [setup, *cells[2:], *cells[:2]]
    graded = grade_notebook(text(handed_in), from_notebook(TWO), SEED, sandbox=False)
    assert graded.scores == {"check_rnn_step_backward": 5.0, "check_readout_backward": 3.0}


def test_where_the_grader_itself_fails_nobody_has_zero_points(monkeypatch):
    def fails(*arguments):
        raise NameError("name 'charge' is not defined")

    monkeypatch.setattr(verifying, "judge", fails)
    with pytest.raises(RuntimeError, match=r"the grader itself failed at ps2/.*, NameError: name"):
        grade(TWO, rnn_step_backward=STEP)
