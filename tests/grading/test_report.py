"""rnnlib.grading.reporting.report and html: what a student reads."""

import json
import re

import pytest

from rnnlib.grading.reporting.html import as_html
from rnnlib.grading.reporting.report import Cause, Line, Report, Trouble, as_text

CASE = "T=5, B=3, D=4, H=2"
EDGE = "T=4, B=1, D=3, H=5"
REPORT = Report(
    function="rnn_backward",
    points=5.8,
    out_of=10.0,
    lines=(
        Line("dx", 2.0, 2.0, "right"),
        Line(
            "dh0", 0.0, 2.0, "relative error 1", "dh0[2, 1] is 0, expected 0.43", "all zeros", CASE
        ),
        Line("dU", 1.8, 2.0, "right, but not with B = 1", "dU is None", "", EDGE),
    ),
    troubles=(Trouble("raised ValueError: a < b", CASE, ("rnn_backward, line 3: raise <x>",)),),
    remarks=("dh is changed in place.",),
    printed="<b>hello</b>",
)


def test_the_text_begins_with_the_points_and_has_a_line_a_value():
    assert as_text(REPORT).splitlines() == [
        "rnn_backward: 5.8 of 10 points",
        "  ✓ dx   2 of 2     right",
        "  ✗ dh0  0 of 2     relative error 1",
        "                    dh0[2, 1] is 0, expected 0.43",
        "                    all zeros",
        "                    (case T=5, B=3, D=4, H=2)",
        "  ◐ dU   1.8 of 2   right, but not with B = 1",
        "                    dU is None",
        "                    (case T=4, B=1, D=3, H=5)",
        "  rnn_backward raised ValueError: a < b (case T=5, B=3, D=4, H=2)",
        "      rnn_backward, line 3: raise <x>",
        "  Remark: dh is changed in place.",
        "  Printed in the first call:",
        "      <b>hello</b>",
    ]


def test_a_case_that_all_lines_share_is_named_once():
    line = Line("dx", 0.0, 2.0, "relative error 1", case=CASE)
    report = Report("f", 0.0, 4.0, (line, line))
    assert as_text(report).count(CASE) == 1
    assert as_html(report).count(CASE) == 1


def test_an_unsolved_exercise_is_two_lines():
    report = Report("f", 0.0, 5.0, troubles=(Trouble("is not written yet", ""),))
    assert as_text(report) == "f: 0 of 5 points\n  f is not written yet"


def test_the_html_says_what_the_text_says():
    words = re.sub(r"<[^>]*>", " ", as_html(REPORT))
    for word in (
        "rnn_backward",
        "5.8 of 10 points",
        "relative error 1",
        "dh0[2, 1] is 0, expected 0.43",
        "all zeros",
        "right, but not with B = 1",
        "dh is changed in place.",
        CASE,
        EDGE,
    ):
        assert word in words


def test_the_html_escapes_what_comes_from_the_student():
    html = as_html(REPORT)
    assert "&lt;b&gt;hello&lt;/b&gt;" in html
    assert "raise &lt;x&gt;" in html
    assert "a &lt; b" in html


def test_the_html_keeps_the_colour_of_the_text_to_the_theme():
    html = as_html(REPORT)
    assert not re.search(r"[; \"]color:", html)
    assert "<style" not in html
    assert "class=" not in html


def test_right_partly_and_wrong_differ_by_their_marks_and_not_by_colour_alone():
    html = as_html(REPORT)
    assert all(mark in html for mark in "✓◐✗")


def test_the_html_closes_every_element():
    opened = re.findall(r"<(\w+)", as_html(REPORT))
    closed = re.findall(r"</(\w+)", as_html(REPORT))
    assert sorted(opened) == sorted(closed)


def test_the_data_is_json_and_complete():
    data = json.loads(json.dumps(REPORT.data, allow_nan=False))
    assert data["version"] == 1
    assert data["function"] == "rnn_backward"
    assert [line["name"] for line in data["lines"]] == ["dx", "dh0", "dU"]
    assert data["troubles"][0]["lines"] == ["rnn_backward, line 3: raise <x>"]


@pytest.mark.parametrize(("points", "text"), [(10.0, "10 of 10"), (0.6, "0.6 of 10")])
def test_points_are_written_without_needless_digits(points, text):
    assert f": {text} points" in as_text(Report("f", points, 10.0))


SLOPE = Cause(("tanh' is left out",), ("What lies between h and a?",))
BOTH = Cause(("tanh' is left out", "dW is <transposed>"), ("Between h and a?", "Which row?"))
WITH_CAUSES = Report(
    function="rnn_backward",
    points=4.0,
    out_of=6.0,
    lines=(
        Line("dx", 0.0, 2.0, "relative error 1", cause=SLOPE),
        Line("dh0", 2.0, 2.0, "relative error 1, no points lost", cause=SLOPE, kept=True),
        Line("dW", 2.0, 2.0, "right"),
    ),
)


def test_a_cause_is_told_once_with_all_values_that_it_explains():
    assert as_text(WITH_CAUSES).splitlines() == [
        "rnn_backward: 4 of 6 points",
        "  ✗ dx   0 of 2     relative error 1",
        "  ↳ dh0  2 of 2     relative error 1, no points lost",
        "  ✓ dW   2 of 2     right",
        "  Cause, for dx and dh0: tanh' is left out.",
        "      What lies between h and a?",
    ]
    words = re.sub(r"<[^>]*>", " ", as_html(WITH_CAUSES))
    assert words.count("Cause, for dx and dh0: tanh&#x27; is left out.") == 1
    assert words.count("What lies between h and a?") == 1
    assert "↳" in words


def test_two_causes_of_one_value_are_told_as_two_things_with_both_hints():
    report = Report("f", 0.0, 2.0, (Line("dW", 0.0, 2.0, "relative error 1", cause=BOTH),))
    assert as_text(report).splitlines()[-3:] == [
        "  Cause, for dW: two things: tanh' is left out, and dW is <transposed>.",
        "      Between h and a?",
        "      Which row?",
    ]
    assert "dW is &lt;transposed&gt;" in as_html(report)


def test_a_failure_can_have_a_cause_of_no_value():
    report = Report("f", 0.0, 2.0, troubles=(Trouble("raised ValueError", "", cause=SLOPE),))
    assert "  Cause: tanh' is left out." in as_text(report).splitlines()


def test_what_is_charged_is_what_cost_points():
    assert WITH_CAUSES.charged == ("tanh' is left out",)
    kept = Report("f", 2.0, 2.0, (Line("dx", 2.0, 2.0, "", cause=BOTH, kept=True),))
    assert kept.charged == ()


def test_the_cause_is_in_the_data_too():
    data = json.loads(json.dumps(WITH_CAUSES.data))
    assert data["lines"][0]["cause"]["names"] == ["tanh' is left out"]
    assert [line["kept"] for line in data["lines"]] == [False, True, False]
