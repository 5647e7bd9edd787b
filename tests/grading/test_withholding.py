"""rnnlib.grading.calling.withholding: what an exercise asks for cannot be called for it."""

import sys
import time

import numpy as np
import pytest

import rnnlib as rl
from rnnlib.grading.calling import withholding
from rnnlib.grading.calling.run import run
from rnnlib.grading.calling.withholding import Withholding, permitted
from rnnlib.grading.exercise import find, withheld
from rnnlib.grading.judging.again import run_and_judge

EXERCISE = find("ps2/rnn_backward")
CASES = EXERCISE.cases()


def calls_backward(dh, x, h0, h, U, W, b):
    p = rl.ElmanParams(U, W, b)
    _, tape = rl.forward(rl.elman, p, x, state0=h0)
    return by_another_name(rl.elman, p, tape, dh)


by_another_name = rl.backward


def catches_everything(*arguments):
    try:
        return calls_backward(*arguments)
    except:  # noqa: E722
        return calls_backward(*arguments)


def catches_and_fails(*arguments):
    try:
        return calls_backward(*arguments)
    except BaseException:
        raise ValueError("mine") from None


def calls_a_step(dh, x, h0, h, U, W, b):
    p = rl.ElmanParams(U, W, b)
    return rl.gradients.numerical_gradient(lambda a: (a @ p.W).sum(), h0)


def failure_of(function, exercise=EXERCISE):
    (call, *_) = run(exercise, exercise.cases(), function, seconds=60)
    return call.failure


@pytest.mark.parametrize("function", [calls_backward, catches_everything, catches_and_fails])
def test_a_call_of_what_is_asked_for_is_the_reason_why_there_is_no_answer(function):
    failure = failure_of(function)
    assert failure.kind == "withheld"
    assert failure.reason == (
        "calls rnnlib.backward, which is what this problem set asks for; write it yourself"
    )


def test_the_line_that_calls_it_is_shown():
    (line,) = failure_of(calls_backward).lines
    assert line.endswith("return by_another_name(rl.elman, p, tape, dh)")


def test_it_earns_nothing_and_the_report_says_why():
    report = run_and_judge(EXERCISE, CASES, calls_a_step)
    assert report.points == 0
    assert [trouble.reason for trouble in report.troubles] == [failure_of(calls_a_step).reason]


def test_the_name_is_that_of_the_place_where_the_library_does_not_offer_it_directly():
    assert failure_of(calls_a_step).reason.startswith("calls rnnlib.gradients.numerical_gradient,")


def test_what_another_exercise_of_the_set_asks_for_is_withheld_too():
    assert not any("losses" in pattern for pattern in EXERCISE.withholds)
    assert "rnnlib.losses.*" in withheld(EXERCISE)

    def function(dh, x, h0, h, U, W, b):
        return (rl.losses.softmax(dh),) * 5

    (trouble,) = run_and_judge(EXERCISE, CASES, function).troubles
    assert trouble.reason.startswith("calls rnnlib.losses.softmax")


def test_what_is_not_withheld_can_be_called(right):
    def function(dh, x, h0, h, U, W, b):
        again, _ = rl.forward(rl.elman, rl.ElmanParams(U, W, b), x, state0=h0)
        return right(dh, x, h0, again, U, W, b)

    assert all(call.failure is None for call in run(EXERCISE, CASES, function))


def test_references_and_solutions_of_the_grader_cannot_be_called(monkeypatch):
    monkeypatch.undo()  # the tests are allowed to
    for function in (
        lambda *arguments: EXERCISE.reference(*arguments),
        lambda *arguments: EXERCISE.solution(*arguments),
        lambda *arguments: find("ps2/rnn_backward").reference(*arguments),
        lambda *arguments: EXERCISE.cases()[0].expected,
    ):
        failure = failure_of(function)
        assert failure.kind == "withheld"
        assert failure.reason.startswith("calls rnnlib.grading.exercise")


def test_a_function_that_is_handed_out_can_be_called(monkeypatch):
    monkeypatch.undo()
    exercise = find("ps2/numerical_gradient")

    def function(f, a):
        slopes = np.empty_like(a)
        for i in np.ndindex(a.shape):
            step = np.zeros_like(a)
            step[i] = 1e-5
            slopes[i] = (f(a + step) - f(a - step)) / 2e-5
        return slopes

    assert run_and_judge(exercise, exercise.cases(), function).points == exercise.points


def test_a_reference_in_the_place_of_the_students_step_can_be_called(right):
    made = {"right": right}
    exec(
        "def rnn_step_backward(*a): return None\n"
        "def rnn_backward(dh, x, h0, h, U, W, b):\n"
        "    for t in range(len(x)): rnn_step_backward(dh[t], x[t], h0, h[t], U, W)[0]\n"
        "    return right(dh, x, h0, h, U, W, b)\n",
        made,
    )
    assert run_and_judge(EXERCISE, CASES, made["rnn_backward"]).points == EXERCISE.points


def test_afterwards_everything_can_be_called_again():
    failure_of(calls_backward)
    assert sys.getprofile() is None
    assert len(calls_backward(*CASES[0].arguments)) > 0


def test_a_profiler_is_put_back(right):
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append(event))
    try:
        run(EXERCISE, CASES, right)
        seen.clear()
        abs(1)
    finally:
        sys.setprofile(None)
    assert "c_call" in seen


def test_permission_ends_with_its_block():
    with Withholding(("rnnlib.*backward*",)) as watching:
        with permitted():
            assert len(calls_backward(*CASES[0].arguments)) > 0
        with pytest.raises(withholding.WithheldError):
            calls_backward(*CASES[0].arguments)
    assert watching.called == "rnnlib.backward"


def differentiated(differentiate):
    torch = pytest.importorskip("torch")

    def function(dh, x, h0, h, U, W, b):
        leaves = [torch.tensor(value, requires_grad=True) for value in (x, h0, U, W, b)]
        state, loss = leaves[1], 0
        for t in range(len(x)):
            state = torch.tanh(leaves[0][t] @ leaves[2].T + state @ leaves[3].T + leaves[4])
            loss = loss + (state * torch.tensor(dh[t])).sum()
        differentiate(torch, loss, leaves)
        return tuple(leaf.grad for leaf in leaves)

    return function


@pytest.mark.parametrize(
    ("differentiate", "name"),
    [
        (lambda torch, loss, leaves: loss.backward(), "backward"),
        (lambda torch, loss, leaves: torch.autograd.backward(loss), "backward"),
        (lambda torch, loss, leaves: torch.autograd.grad(loss, leaves), "grad"),
        (lambda torch, loss, leaves: torch.func.grad(torch.sum)(leaves[0].detach()), "grad"),
        (
            lambda torch, loss, leaves: torch.autograd.functional.jacobian(torch.sum, leaves[0]),
            "grad",
        ),
        (
            lambda torch, loss, leaves: torch.func.jvp(torch.sum, (loss,), (loss,)),
            "forward_ad.make_dual",
        ),
    ],
)
def test_automatic_differentiation_is_refused(differentiate, name):
    failure = failure_of(differentiated(differentiate))
    assert failure.kind == "withheld"
    assert failure.reason == (
        f"calls torch.autograd.{name}: derive the gradients and write them yourself, "
        "without automatic differentiation"
    )


@pytest.mark.parametrize("name", ["LSTM", "LSTMCell"])
def test_a_network_of_torch_is_refused(name):
    torch = pytest.importorskip("torch")

    def function(x, h0, c0, U, W, b):
        network = getattr(torch.nn, name)(x.shape[-1], W.shape[-1], dtype=torch.float64)
        return network(torch.tensor(x))

    failure = failure_of(function, find("ps4/lstm_forward"))
    assert failure.kind == "withheld"
    assert failure.reason == (
        f"calls torch.nn.{name}, which is what this problem set asks for; write it yourself"
    )


def test_torch_without_automatic_differentiation_is_right(right):
    torch = pytest.importorskip("torch")

    def function(*arguments):
        tensors = [torch.tensor(value, requires_grad=True) for value in arguments]
        with torch.no_grad():
            return tuple(torch.tensor(v) for v in right(*(tensor.numpy() for tensor in tensors)))

    assert run_and_judge(EXERCISE, CASES, function).points == EXERCISE.points


def test_watching_a_pure_python_loop_costs_little_of_its_time():
    def loop(*arguments):
        for _ in range(100_000):
            np.float64(1.0).item()

    start = time.process_time()
    with Withholding(("rnnlib.*backward*",)):
        loop()
    assert time.process_time() - start < 1.0  # about 0.05 s; ten times that is a mistake
