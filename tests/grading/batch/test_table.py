"""rnnlib.grading.batch.table and progress: what is told at the end, and on the way."""

import io

from rnnlib.grading.batch import progress as module
from rnnlib.grading.batch.progress import Progress, duration
from rnnlib.grading.batch.table import Row, table

POINTS = {("ps9", "check_f"): 8.0, ("ps9", "question"): 2.0}


def row(student, f, question):
    scores = {("ps9", "check_f"): f, ("ps9", "question"): question}
    return Row(student, scores, question is None)


def test_the_table_has_a_row_a_student_and_a_line_a_trouble():
    rows = [row("anna", 8.0, 1.5), row("bo", 2.4, None)]
    troubles = {"bo": ["The cell 'f' was missing."], "zoe": ["there is no ps9.ipynb: ask for it."]}
    assert table(rows, POINTS, troubles).splitlines() == [
        "student      f  question  total",
        "           / 8       / 2   / 10",
        "anna         8       1.5    9.5",
        "bo         2.4      hand   2.4+",
        "         ! The cell 'f' was missing.",
        "zoe          -         -      -",
        "         ! there is no ps9.ipynb: ask for it.",
        "",
        "hand: for a person to grade, in nbgrader's formgrader. +: the total waits.",
    ]


def test_the_parts_of_several_notebooks_have_the_notebooks_names():
    points = {("one", "check_f"): 1.0, ("two", "check_f"): 2.0}
    rows = [Row("anna", {("one", "check_f"): 1.0, ("two", "check_f"): 0.0}, False)]
    assert table(rows, points, {}).splitlines() == [
        "           one    two",
        "student      f      f  total",
        "           / 1    / 2    / 3",
        "anna         1      0      1",
    ]


def test_a_set_of_many_parts_fits_in_the_width_of_a_page():
    names = ["rnn_step_backward", "rnn_backward", "loss_and_gradients", "numerical_gradient"]
    points = {("ps2", f"check_{name}"): 5.0 for name in [*names, "truncated_backward"]}
    head, below = table([], points, {}).splitlines()[:2]
    assert head.split() == ["rnn_step", "rnn", "loss_and", "numerical", "truncated"]
    assert below.split()[1:-1] == ["backward", "backward", "gradients", "gradient", "backward"]
    assert len(below) < 70


def test_a_table_of_nobody_is_its_head():
    assert len(table([], POINTS, {}).splitlines()) == 2


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_one_line_is_rewritten_and_other_lines_stay():
    stream = Terminal()
    progress = Progress(3, stream)
    progress.update(1, at_work=2)
    progress.say("bo: there is no ps9.ipynb: ask for it.")
    progress.update(3, at_work=0)
    progress.close()
    erase = "\r\x1b[K"
    shown = stream.getvalue().split(erase)
    assert shown[1] == "0 of 3 done"
    assert shown[2] == "1 of 3 done, 2 at work, about 0 s left"
    assert shown[3] == "bo: there is no ps9.ipynb: ask for it.\n"
    assert shown[4] == "3 of 3 done in 0 s\n"


def test_elsewhere_a_line_is_written_now_and_then(monkeypatch):
    stream = io.StringIO()
    now = iter(range(0, 1000, 10))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(now))
    progress = Progress(10, stream)
    for done in range(1, 11):
        progress.update(done, at_work=1)
    progress.update(10, at_work=0)
    progress.close()
    lines = stream.getvalue().splitlines()
    assert lines[0] == "0 of 10 done"
    assert 3 <= len(lines) <= 7
    assert any("left" in line for line in lines)
    assert lines[-1].startswith("10 of 10 done in ")


def test_a_duration_is_told_in_the_units_that_matter():
    assert [duration(s) for s in (0.4, 59.4, 59.6, 3599, 3600, 86400)] == [
        *("0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "24 h 0 min"),
    ]
