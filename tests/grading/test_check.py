"""rnnlib.grading.check: the last line of a test cell."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rnnlib.grading import check
from rnnlib.grading.exercise import find
from rnnlib.grading.reporting.report import MIME
from tests.grading.verification.notebooks import SEQUENCE, SPOILS_W


def test_a_right_function_earns_all_points_and_nothing_is_on_stderr(solved, capfd):
    name, function = solved
    points = check(name, function)
    assert type(points) is float
    assert points == find(name).points
    out, err = capfd.readouterr()
    assert out.startswith(f"{find(name).function}: {points:g} of {points:g} points")
    assert err == ""


def test_an_unknown_name_is_an_error_that_lists_the_names(right):
    with pytest.raises(LookupError, match="ps2/rnn_backward"):
        check("ps2/rnn_bakward", right)


def tensors(values):
    torch = pytest.importorskip("torch")
    return tuple(torch.tensor(value, requires_grad=True) for value in values)


ODD = {
    "a list": list,
    "Fortran order": lambda values: tuple(map(np.asfortranarray, values)),
    "reversed views": lambda values: tuple(value[::-1].copy()[::-1] for value in values),
    "single precision": lambda values: tuple(value.astype(np.float32) for value in values),
    "nested lists": lambda values: tuple(value.tolist() for value in values),
    "a list of steps": lambda values: (list(values[0]), *values[1:]),
    "torch tensors": tensors,
    "matrices": lambda values: tuple(np.matrix(v) if v.ndim == 2 else v for v in values),
    "db with an axis kept": lambda values: (*values[:-1], values[-1][None]),
    "views of one buffer": lambda values: tuple(
        piece.reshape(value.shape)
        for piece, value in zip(
            np.split(
                np.concatenate([value.ravel() for value in values]),
                np.cumsum([value.size for value in values])[:-1],
            ),
            values,
            strict=True,
        )
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_right_in_an_odd_way_is_right(solved, odd, capfd):
    name, function = solved
    assert check(name, lambda *arguments: ODD[odd](function(*arguments))) == find(name).points
    assert capfd.readouterr().err == ""


class AlwaysEqual:
    """Equal to everything, and nothing else."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __le__(self, other):
        return True

    def __getattr__(self, name):
        return AlwaysEqual()

    def __len__(self):
        return 5

    def __getitem__(self, index):
        return AlwaysEqual()


class Explosive(list):
    def __len__(self):
        raise RuntimeError("boom")

    __iter__ = __getitem__ = __len__


HOSTILE = {
    "nothing": None,
    "a string": "dx, dh0, dU, dW, db",
    "a number": 1.0,
    "a generator": (n for n in range(5)),
    "the class object": AlwaysEqual,
    "always equal": AlwaysEqual(),
    "always equal, five times": (AlwaysEqual(),) * 5,
    "object arrays": (np.array([[AlwaysEqual, len], [None, "a"]], dtype=object),) * 5,
    "huge arrays": (np.broadcast_to(0.0, (10**9, 10**9)),) * 5,
    "complex numbers": (np.full((2, 4), 1j),) * 5,
    "text": ("a",) * 5,
    "ragged lists": ([[1.0], [2.0, 3.0]],) * 5,
    "five times nothing": (None,) * 5,
    "not a number": (np.full((2, 4), np.nan),) * 5,
    "infinity": (float("inf"),) * 5,
    "empty arrays": (np.empty(0),) * 5,
    "functions": (len,) * 5,
    "dates": (np.array(["2020-01-01"], dtype="datetime64[D]"),) * 5,
    "records": (np.zeros(3, dtype=[("a", float)]),) * 5,
    "too few": (1.0, 2.0),
    "a dictionary": {"dx": 0.0},
    "an explosive list": Explosive(),
    "a nested explosive list": [Explosive([1.0])] * 5,
    "a very large integer": (10**400,) * 5,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_return_value_earns_nothing_and_breaks_nothing(hostile, capfd):
    points = check("ps2/rnn_backward", lambda *arguments: HOSTILE[hostile])
    assert type(points) is float
    assert points == 0.0
    out, err = capfd.readouterr()
    assert out.startswith("rnn_backward: 0 of 10 points\n  ")
    assert err == ""


def test_warnings_of_the_students_code_cost_nothing_and_are_told(right, capfd):
    def function(*arguments):
        np.log(np.zeros(1))
        return right(*arguments)

    assert check("ps2/rnn_backward", function) == 10.0
    out, err = capfd.readouterr()
    assert "Your code warned: RuntimeWarning: divide by zero" in out
    assert err == ""


def test_the_students_random_state_is_left_alone(right):
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    check("ps2/rnn_backward", right)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_strict_floating_point_settings_of_the_student_do_not_matter(right):
    with np.errstate(all="raise"):
        assert check("ps2/rnn_backward", right) == 10.0
        assert check("ps2/rnn_backward", lambda *a: [1e308 * v for v in right(*a)]) == 0.0


def without_tanh(dh, x, h_prev, h, U, W):
    return dh @ U, dh @ W, dh.T @ x, dh.T @ h_prev, dh.sum(axis=0)


def sequence_without_tanh(dh, x, h0, h, U, W, b):
    dx, dU, dW, db = np.empty_like(x), 0 * U, 0 * W, 0 * b
    carry = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        da = dh[t] + carry
        dx[t], carry = da @ U, da @ W
        dU, db = dU + da.T @ x[t], db + da.sum(axis=0)
        dW = dW + da.T @ (h[t - 1] if t else h0)
    return dx, carry, dU, dW, db


def test_a_mistake_that_was_charged_in_an_earlier_check_costs_nothing_again(capfd):
    assert check("ps2/rnn_step_backward", without_tanh) == 0.0
    assert check("ps2/rnn_backward", sequence_without_tanh) == 10.0
    assert "no points lost: the mistake behind it was already charged" in capfd.readouterr().out


def test_the_exercise_that_was_checked_first_is_the_one_that_pays():
    assert check("ps2/rnn_backward", sequence_without_tanh) == 0.0
    assert check("ps2/rnn_step_backward", without_tanh) == 5.0
    assert check("ps2/rnn_backward", sequence_without_tanh) == 0.0


def test_a_mistake_that_is_mended_is_charged_no_longer():
    step = "ps2/rnn_step_backward"
    check(step, without_tanh)
    assert check(step, lambda *a: without_tanh(a[0] * (1 - a[3] ** 2), *a[1:])) == 5.0
    assert check("ps2/rnn_backward", sequence_without_tanh) == 0.0


def test_a_function_that_was_right_when_it_was_checked_has_no_other_in_its_place(capfd):
    made = {"np": np}
    exec(SPOILS_W + SEQUENCE, made)
    assert check("ps2/rnn_backward", made["rnn_backward"]) == 10.0  # nothing is known of the step
    assert check("ps2/rnn_step_backward", made["rnn_step_backward"]) == 5.0
    assert check("ps2/rnn_backward", made["rnn_backward"]) < 10.0
    exec(SPOILS_W, made)  # another function of that name, which has not been checked
    assert check("ps2/rnn_backward", made["rnn_backward"]) == 10.0


def test_other_problem_sets_charge_nothing_here():
    check("ps2/rnn_step_backward", without_tanh)
    before = sys.modules["rnnlib.grading.check"]._charged
    before["ps9/rnn_step_backward"] = before.pop("ps2/rnn_step_backward")
    assert check("ps2/rnn_backward", sequence_without_tanh) == 0.0


def test_in_a_notebook_the_report_is_one_display_of_three_types(right, monkeypatch, capfd):
    shown = []
    shell = SimpleNamespace(
        display_pub=SimpleNamespace(publish=lambda data, metadata: shown.append(data))
    )
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    check("ps2/rnn_backward", right)
    assert [sorted(data) for data in shown] == [[MIME, "text/html", "text/plain"]]
    assert shown[0][MIME]["points"] == 10.0
    assert capfd.readouterr() == ("", "")


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment or None,
        check=False,
    )


def test_importing_it_loads_no_heavy_library():
    run = python(
        "import sys, rnnlib.grading\n"
        "print(*{'torch', 'matplotlib', 'nbgrader', 'IPython', 'nbformat'} & set(sys.modules))"
    )
    assert (run.stdout, run.stderr) == ("\n", "")


def test_on_a_terminal_that_knows_no_unicode_the_report_is_still_printed():
    run = python(
        "from rnnlib.grading import check\n"
        "check('ps2/readout_backward', lambda do, h, V: (do @ V, 0, 0))",
        PYTHONIOENCODING="ascii",
    )
    assert run.stdout.startswith("readout_backward: 1 of 3 points\n  ? dh")
    assert run.stderr == ""
