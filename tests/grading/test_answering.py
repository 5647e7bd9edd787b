"""rnnlib.grading.calling.answering: a real kernel, without any reference, answers questions."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

import rnnlib
from rnnlib.grading.calling import travel
from rnnlib.grading.calling.packing import pack, unpack
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.judge import judge
from rnnlib.grading.verification.serving import serve

STEP = find("ps2/rnn_step_backward")
SEQUENCE = find("ps2/rnn_backward")

NOTEBOOK = """
import os, sys
import numpy as np

def rnn_step_backward(dh, x, h_prev, h, U, W):
    print("hello"); print("oh", file=sys.stderr)
    da = dh * (1 - h**2)
    return da @ U, da @ W, da.T @ x, da.T @ h_prev, da.sum(axis=0)

def wrong_step(dh, x, h_prev, h, U, W):
    return rnn_step_backward(dh, x, h_prev, 0 * h, U, W)

def rnn_backward(dh, x, h0, h, U, W, b):
    dx, carry, dU, dW, db = np.empty_like(x), 0, 0, 0, 0
    for t in reversed(range(len(x))):
        h_prev = h[t - 1] if t else h0
        dx[t], carry, u, w, c = step(dh[t] + carry, x[t], h_prev=h_prev, h=h[t], U=U, W=W)
        dU, dW, db = dU + u, dW + w, db + c
    return dx, carry, dU, dW, db

step = rnn_step_backward
scale = 1.0

def odd(dh, x, h_prev, h, U, W):
    noise = np.random.rand()
    dx, dh_prev, dU, dW, db = rnn_step_backward(dh, x, h_prev, h, U, W)
    return dx.astype(np.float32), dh_prev + noise, scale * dU, dW, dh

def large(*arguments):
    return (np.zeros(1_000_000),) * 5

def stops(*arguments):
    while True:
        pass
"""

CALL = "__import__('rnnlib.grading.calling.answering', fromlist=['answer']).answer({}, {!r})"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel where rnnlib has no references and nothing that judges; NOTEBOOK is executed."""
    folder = tmp_path_factory.mktemp("kernel")
    shutil.copytree(
        Path(rnnlib.__file__).parent,
        folder / "rnnlib",
        ignore=shutil.ignore_patterns("__pycache__", "exercises", "judging", "verification"),
    )
    environment = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    manager, client = start_new_kernel(cwd=str(folder), env=environment)
    assert client.execute(NOTEBOOK, reply=True, timeout=60)["content"]["status"] == "ok"
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ask(kernel, exercise, function, seconds=10.0, stand_ins=None):
    """What a kernel answers: the last call of each case, what else came, what it asked for."""
    stand_ins = stand_ins or {}
    question = travel.ask(exercise, exercise.cases(), "token", seconds, tuple(stand_ins))
    calls, others, asked = {}, [], []

    def listen(message):
        data = message["content"].get("data", {}).get(travel.MIME)
        if data is None:
            others.append(message["msg_type"])
        else:
            assert data["token"] == "token"
            calls[data["number"]] = travel.heard(data["call"], exercise)

    def reply(message):
        name, text = serve(message["content"]["prompt"], "token", stand_ins)
        asked.append(name)
        kernel.input(text)

    kernel.execute_interactive(
        CALL.format(function, question),
        allow_stdin=True,
        timeout=60,
        output_hook=listen,
        stdin_hook=reply,
    )
    return tuple(calls[number] for number in sorted(calls)), set(others), asked


def report_on(exercise, calls):
    return judge(exercise, exercise.cases(), calls)


def test_a_right_function_earns_all_points_and_shows_nothing_else(kernel):
    calls, others, asked = ask(kernel, STEP, "rnn_step_backward")
    assert report_on(STEP, calls).points == STEP.points
    assert report_on(STEP, calls).remarks == ()
    assert calls[0].printed == "hello\noh\n"
    assert others == {"status", "execute_input"}
    assert asked == []


def test_a_question_holds_nothing_that_answers_it():
    question = json.loads(travel.ask(STEP, STEP.cases(), "token", 10.0))
    assert "expected" not in str(question)
    arguments = [pack(argument) for case in STEP.cases() for argument in case.arguments]
    assert [a for case in question["cases"] for a in case["arguments"]] == arguments


def test_a_wrong_function_is_judged_outside(kernel):
    calls, _, _ = ask(kernel, STEP, "wrong_step")
    report = report_on(STEP, calls)
    assert report.points == 0
    assert [cause.names for cause in report.causes] == [("tanh' is left out",)]


def test_what_is_odd_travels_with_the_answers(kernel):
    calls, _, _ = ask(kernel, STEP, "odd")
    kinds = {oddity.kind: oddity.names for call in calls for oddity in call.oddities}
    assert kinds == {
        "rounded": ("float32", "dx"),
        "shared": ("db", "dh"),
        "random": ("dh_prev",),
        "leftover": ("scale",),
    }


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("stops", "did not finish within 0.3 s"),
        ("lambda *arguments: missing", "raised NameError: name 'missing' is not defined"),
        ("lambda *arguments: None", "returned None, expected 5 values"),
        (
            "lambda *arguments: rl.backward(*arguments[:4])",
            "calls rnnlib.backward, which is what this problem set",
        ),
    ],
)
def test_a_call_that_fails_says_why(kernel, function, reason):
    kernel.execute("import rnnlib as rl", reply=True)
    calls, others, _ = ask(kernel, STEP, f"({function})", seconds=0.3)
    assert len(calls) == len(STEP.cases())
    assert calls[0].failure.reason.startswith(reason)
    assert "stream" not in others


def test_what_is_too_large_does_not_travel(kernel):
    calls, _, _ = ask(kernel, STEP, "large")
    assert calls[0].answers[0].reason == "has 1,000,000 entries, shape (1000000,)"


def test_right_versions_stand_in_and_are_worked_out_outside(kernel):
    kernel.execute("step = wrong_step", reply=True)
    calls, _, _ = ask(kernel, SEQUENCE, "rnn_backward")
    assert report_on(SEQUENCE, calls).points < SEQUENCE.points

    right = {"step": SEQUENCE.builds_on["rnn_step_backward"]}
    calls, _, asked = ask(kernel, SEQUENCE, "rnn_backward", stand_ins=right)
    assert report_on(SEQUENCE, calls).points == SEQUENCE.points
    assert asked == ["step"] * sum(case.sizes["T"] for case in SEQUENCE.cases())

    calls, _, _ = ask(kernel, SEQUENCE, "rnn_backward")  # its own name is back
    assert report_on(SEQUENCE, calls).points < SEQUENCE.points


def test_a_call_of_a_stand_in_that_is_wrong_is_the_students_error(kernel):
    kernel.execute("bad = lambda *arguments: rnn_step_backward(1, 2)", reply=True)
    calls, _, _ = ask(kernel, STEP, "bad", stand_ins={"rnn_step_backward": STEP.solution})
    assert calls[0].failure.reason.startswith("raised ValueError: TypeError: solution() missing 4")


def test_what_is_not_there_is_an_error_of_the_cell(kernel):
    calls, others, _ = ask(kernel, STEP, "nothing_of_that_name")
    assert calls == ()
    assert "error" in others


def test_a_check_in_a_cell_of_the_students_own_is_no_error(kernel):
    shown = []
    reply = kernel.execute_interactive(
        "from rnnlib.grading import check; check('ps2/rnn_step_backward', rnn_step_backward)",
        timeout=60,
        output_hook=lambda message: shown.append((message["msg_type"], message["content"])),
    )
    assert reply["content"]["status"] == "ok"
    printed = "".join(content["text"] for kind, content in shown if kind == "stream")
    assert printed == (
        "ps2/rnn_step_backward is checked outside this notebook when it is graded.\n"
    )
    values = [content["data"] for kind, content in shown if kind == "execute_result"]
    assert values == [{"text/plain": "0.0"}]


# The outside half


def prompt(**changed):
    case = STEP.cases()[0]
    packed = pack(case.arguments)
    return json.dumps(
        {"token": "t", "call": "step", "args": packed, "kwargs": {}, **changed}
    ), case.expected


def served(text):
    name, reply = serve(text, "t", {"step": STEP.reference})
    return name, json.loads(reply)


def test_a_right_version_is_called_with_what_the_kernel_sends():
    text, expected = prompt()
    name, reply = served(text)
    assert name == "step"
    for got, wanted in zip(unpack(reply["values"]), expected, strict=True):
        assert np.array_equal(got, wanted)


def test_a_single_array_comes_back_as_an_array():
    exercise = find("ps1/rnn_step")
    case = exercise.cases()[0]
    text = json.dumps({"token": "t", "call": "f", "args": pack(case.arguments), "kwargs": {}})
    _, reply = serve(text, "t", {"f": exercise.solution})
    assert np.allclose(unpack(json.loads(reply)["values"]), case.expected[0])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"token": "another"}, "it does not belong to this question"),
        ({"call": "os.system"}, "there is nothing of that name"),
        ({"call": ["step"]}, "there is nothing of that name"),
        ({"kwargs": [["dh", 1]]}, "the arguments have no names"),
        ({"kwargs": {"dh": "text"}}, "a value is neither a number nor"),
        ({"args": 3}, "'int' object is not iterable"),
        ({"args": None}, "a value is neither a number nor"),
        ({"args": pack((np.zeros((1000, 1)),))}, "an argument of shape (1000, 1) is larger than"),
        ({"args": pack((np.zeros((1, 1, 1, 1)),))}, "an argument of shape (1, 1, 1, 1) is larger"),
    ],
)
def test_whatever_else_is_asked_for_is_refused(changed, reason):
    name, reply = served(prompt(**changed)[0])
    assert name == ""
    assert reply["refused"].startswith(reason)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1" * 10_000, "[" * 100_000])
def test_what_is_no_question_is_refused(text):
    name, reply = served(text)
    assert name == ""
    assert list(reply) == ["refused"]


def test_an_error_of_a_right_version_is_told_and_not_raised():
    text, _ = prompt(args=pack((np.ones((2, 2)),) * 2))
    name, reply = served(text)
    assert name == "step"
    assert reply["refused"].startswith("TypeError: reference() missing 4")
