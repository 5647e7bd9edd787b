"""rnnlib.grading.judging.again: what an earlier function does wrong is not charged again."""

import contextlib
import functools

import numpy as np
import pytest

from rnnlib.grading.calling.limit import time_limit
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.again import given, run_and_judge
from tests.grading.verification.notebooks import SPOILS_W

EXERCISE = find("ps2/rnn_backward")

STEP = """
def rnn_step_backward(dh, x, h_prev, h, U, W):
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)
"""
SEQUENCE = """
def rnn_backward(dh, x, h0, h, U, W, b):
    dx, carry, dU, dW, db = np.empty_like(x), np.zeros_like(h0), 0, 0, 0
    for t in reversed(range(len(x))):
        h_prev = h[t - 1] if t else h0
        dx[t], carry, u, w, c = rnn_step_backward(dh[t] + carry, x[t], h_prev, h[t], U, W)
        dU, dW, db = dU + u, dW + w, db + c
    return dx, carry, dU, dW, db
"""
WRONG = {
    "without tanh'": STEP.replace("dh * (1 - h**2)", "dh"),
    "W transposed": STEP.replace("da @ W", "da @ W.T"),
    "db in the wrong shape": STEP.replace("da.sum(axis=0)", "da"),
    "None returned": STEP.replace("return", "values ="),
    "an error": STEP.replace("1 - h", "1 - missing"),
    "not written": "def rnn_step_backward(*arguments):\n    raise NotImplementedError",
    "not defined": "",
}


def names(*sources):
    """The global names of a notebook with these cells."""
    made = {"np": np, "__name__": "notebook"}
    for source in sources:
        exec(source, made)
    return made


def report_on(function, seconds=10.0):
    return run_and_judge(EXERCISE, EXERCISE.cases(), function, seconds)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_right_sequence_of_wrong_steps_has_all_points_and_says_why(wrong):
    made = names(WRONG[wrong], SEQUENCE)
    before = dict(made)
    report = report_on(made["rnn_backward"])
    assert report.points == 10.0
    assert report.troubles == ()
    assert "right, with a right rnn_step_backward" in {line.verdict for line in report.lines}
    assert report.remarks[0] == (
        "With a right rnn_step_backward in the place of yours, more of this is right. Those "
        "points are counted, so that nothing is charged twice."
    )
    assert made == before


def test_a_right_step_changes_nothing(right):
    for function in (right, names(STEP, SEQUENCE)["rnn_backward"]):
        report = report_on(function)
        assert (report.points, report.remarks) == (10.0, ())


def test_the_sequences_own_mistakes_are_still_charged():
    lost = SEQUENCE.replace("dW + w", "w")
    report = report_on(names(WRONG["W transposed"], lost)["rnn_backward"])
    assert [line.points for line in report.lines] == [2, 2, 2, 0, 2]
    assert report.points == 8.0
    assert report.lines[3].verdict.startswith("relative error")


def test_an_edge_case_that_is_the_sequences_own_mistake_is_still_charged():
    squeezed = SEQUENCE.replace("return dx,", "return dx.squeeze(),")
    report = report_on(names(WRONG["without tanh'"], squeezed)["rnn_backward"])
    assert report.points == pytest.approx(9.6)
    assert report.lines[0].verdict == (
        "right, but not with T = 1 or B = 1, with a right rnn_step_backward"
    )


def test_a_sequence_that_calls_no_step_is_tried_once():
    calls = []

    def rnn_backward(*arguments):
        calls.append(1)

    assert report_on(rnn_backward).points == 0.0
    assert len(calls) == len(EXERCISE.cases()) + 1  # one more call shows that the step is not used


def test_a_helper_finds_the_right_step_too():
    helped = SEQUENCE.replace("rnn_step_backward", "helper")
    helper = "def helper(*arguments):\n    return rnn_step_backward(*arguments)\n"
    assert report_on(names(WRONG["W transposed"], helper, helped)["rnn_backward"]).points == 10.0


def test_a_decorated_sequence_is_seen_through():
    made = names(WRONG["W transposed"], SEQUENCE)
    assert report_on(time_limit(seconds=5)(made["rnn_backward"])).points == 10.0


def test_a_value_that_is_right_with_the_students_own_step_stays_right():
    """Two mistakes that cancel: the sequence is right with this step only."""
    doubled = STEP.replace("return da @ U", "return 2 * da @ U")
    halved = SEQUENCE.replace("return dx,", "return dx / 2,").replace("dU + u", "0 * u")
    report = report_on(names(doubled, halved)["rnn_backward"])
    assert [line.points for line in report.lines] == [2, 2, 0, 2, 2]


def test_all_calls_together_have_one_time_limit():
    waiting = "    seen.append(1)\n    time.sleep(0.2)\n    dx, carry"
    slow = SEQUENCE.replace("    dx, carry", waiting, 1)
    made = names("import time\nseen = []", WRONG["W transposed"], slow)
    assert report_on(made["rnn_backward"], seconds=0.9).points == 0.0
    assert len(made["seen"]) <= 5


def test_whatever_is_given_as_a_function_is_no_error():
    for function in (None, "rnn_backward", len, functools.partial(len), np.sum, object()):
        assert report_on(function).points == 0.0
        with given(function, EXERCISE.builds_on) as called:
            assert called == set()


def test_the_names_are_put_back_after_an_error():
    made = names(STEP, SEQUENCE)
    own = made["rnn_step_backward"]
    with contextlib.suppress(KeyError), given(made["rnn_backward"], EXERCISE.builds_on):
        assert made["rnn_step_backward"] is not own
        raise KeyError
    assert made["rnn_step_backward"] is own


@pytest.mark.parametrize("handed_on", ["states", "states[:-1]", "0 * states[1:]"])
def test_a_right_version_uses_the_states_that_it_is_given(handed_on):
    """`states` begins with h0: whoever hands on all of them, or the first T, is one step off."""
    exercise = find("ps2/loss_and_gradients")
    wrong = """
def loss_and_gradients(x, y, h0, U, W, V, b, b_y):
    states = [h0]
    for x_t in x:
        states.append(np.tanh(x_t @ U.T + states[-1] @ W.T + b))
    states = np.stack(states)
    o = states[1:] @ V.T + b_y
    p = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
    right = np.eye(len(b_y))[y]
    do = (p - right) / y.shape[1]
    dh, dV, db_y = do @ V, np.einsum("tbk,tbh->kh", do, states[1:]), do.sum(axis=(0, 1))
    _, _, dU, dW, db = rnn_backward(dh, x, h0, HANDED_ON, U, W, b)
    return -np.log(p[right == 1]).sum() / y.shape[1], dU, dW, dV, db, db_y
"""
    for states, points in (("states[1:]", 6.0), (handed_on, 3.0)):
        made = names("", STEP, SEQUENCE, wrong.replace("HANDED_ON", states))
        cases = exercise.cases()
        assert run_and_judge(exercise, cases, made["loss_and_gradients"]).points == points


def test_what_was_right_by_itself_has_no_other_in_its_place():
    made = names(SPOILS_W, SEQUENCE)
    cases, exercise = EXERCISE.cases(), find("ps2/rnn_step_backward")
    step = run_and_judge(exercise, exercise.cases(), made["rnn_step_backward"])
    assert step.points == step.out_of
    assert step.is_right
    assert "W is changed in place" in step.remarks[0]
    function = made["rnn_backward"]
    assert run_and_judge(EXERCISE, cases, function).points == 10.0
    assert run_and_judge(EXERCISE, cases, function, right=["rnn_step_backward"]).points < 10.0


def test_what_is_right_only_with_a_right_step_is_not_right_by_itself():
    report = report_on(names(WRONG["W transposed"], SEQUENCE)["rnn_backward"])
    assert report.points == report.out_of
    assert not report.is_right
