"""Further calls show what one call does not: kept state, random numbers, names of the notebook."""

import random
from functools import partial, wraps

import numpy as np
import pytest

from rnnlib.grading.calling.leftovers import read
from rnnlib.grading.calling.probing import probed
from rnnlib.grading.calling.randomness import seeded
from rnnlib.grading.calling.run import run
from rnnlib.grading.exercise import find
from rnnlib.grading.judging.again import run_and_judge

EXERCISE = find("ps2/readout_backward")
CASES = EXERCISE.cases()

RIGHT = """
def readout_backward(do, h, V):
    return do @ V, np.einsum("tbk,tbh->kh", do, h), do.sum(axis=(0, 1))
"""


def notebook(*cells, **names):
    """The global names of a notebook with these cells, `names` among them."""
    made = {"__name__": "__main__", **names}
    for cell in ("import math, random\nimport numpy as np", *cells):
        exec(cell, made)
    return made


def body(*lines, returned="right"):
    """A function with these lines before the right values, `dh`, `dV` and `db`, are returned."""
    values = "(dh, dV, db)" if returned == "right" else returned
    inside = "\n".join(f"    {line}" for line in ("dh, dV, db = right(do, h, V)", *lines))
    right = RIGHT.replace("readout_backward", "right")
    return f"{right}\ndef readout_backward(do, h, V):\n{inside}\n    return {values}\n"


def oddities(*cells, seconds=10.0, **names):
    function = notebook(*cells, **names)["readout_backward"]
    calls = run(EXERCISE, CASES, function, seconds)
    (first, *_) = probed(EXERCISE, CASES, calls, function, seconds)
    return {oddity.kind: oddity.names for oddity in first.oddities}


def remarks(*cells):
    report = run_and_judge(EXERCISE, CASES, notebook(*cells)["readout_backward"])
    return report.points, report.remarks


def test_a_right_function_is_called_once_more_and_nothing_is_odd():
    assert oddities(RIGHT) == {}
    assert remarks(RIGHT) == (3.0, ())


# What is kept between calls


def test_values_that_differ_when_it_is_called_again_are_named():
    counting = body("seen.append(1)", returned="dh, dV, db + len(seen)")
    assert oddities("seen = []", counting)["unsteady"] == ("db_y",)
    points, (remark, _) = remarks("rng = np.random.default_rng()", body("dV = rng.normal()"))
    assert points == 2.0
    assert remark == (
        "dV is not the same when the function is called again with the same arguments. "
        "What does it keep from one call to the next?"
    )


def test_a_cache_that_works_once_keeps_its_points_and_is_told():
    once = "cache = {n: n for n in range(4)}", body("cache.pop(len(cache) - 1)")
    points, (remark, _) = remarks(*once)
    assert points == 3.0
    assert remark.startswith(
        "Called again with the same arguments, the function fails: it raised KeyError: -1."
    )


# Global random numbers


@pytest.mark.parametrize("draw", ["np.random.normal()", "random.random()"])
def test_values_made_with_global_random_numbers_are_named(draw):
    assert oddities(body(f"dh = dh + {draw}")) == {"random": ("dh",)}
    points, (remark,) = remarks(body(f"dh = dh + {draw}"))
    assert points == 2.0
    assert remark.startswith("dh depends on the global random numbers")


def test_random_numbers_of_torch_are_random_numbers():
    pytest.importorskip("torch")
    assert oddities("import torch", body("dh = dh + torch.rand(()).item()")) == {"random": ("dh",)}


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("np.random.seed(0)", "np.random"),
        ("np.random.normal(size=1)", "np.random"),
        ("random.seed(0)", "random"),
        ("random.shuffle([1, 2, 3])", "random"),
    ],
)
def test_drawing_or_seeding_global_random_numbers_costs_nothing_and_is_told(line, module):
    points, (remark,) = remarks(body(line))
    assert points == 3.0
    assert remark == (
        f"The function draws or seeds the global random numbers of {module}, which other code "
        "uses too. Take a generator of your own: np.random.default_rng(seed)."
    )


def test_a_generator_of_its_own_is_not_odd():
    assert oddities(body("np.random.default_rng(0).normal()")) == {}


def test_global_random_numbers_go_on_as_before():
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    expected = random.random(), np.random.random()  # noqa: NPY002
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    with seeded(3) as touched, pytest.raises(ZeroDivisionError), seeded(4):
        1 / 0  # noqa: B018
    assert touched == []
    assert (random.random(), np.random.random()) == expected  # noqa: NPY002


# Names of the notebook


@pytest.mark.parametrize(
    ("cell", "line", "names"),
    [
        ("V0 = np.ones(3)", "V0.sum()", ("V0",)),
        ("Wf, Wy = np.ones(3), [np.ones(2)]", "Wy[0] + Wf[0]", ("Wy", "Wf")),
        ("H = 4", "range(H)", ("H",)),
        ("eps = 1e-8", "dV = dV + eps", ("eps",)),
        ("seen = {}", "seen[len(seen)] = 1", ("seen",)),
        ("T = 3", "total = [T for _ in range(2)]", ("T",)),
        ("T = 3\ndef helper(n):\n    return n * T", "helper(2)", ("T",)),
        ("T = 3\nclass Cell:\n    def go(self):\n        return T", "Cell().go()", ("T",)),
        (
            "T = 3\nclass Cell:\n    @property\n    def size(self):\n        return T",
            "Cell().size",
            ("T",),
        ),
        (
            "T = 3\nclass Cell:\n    @staticmethod\n    def go():\n        return T",
            "Cell.go()",
            ("T",),
        ),
        ("T = 3", "globals()['T'] if 'T' in globals() else T", ("T",)),
        ("sum = 0.5", "dV = dV * (sum if sum == 0.5 else 1)", ("sum",)),
    ],
)
def test_what_is_read_from_the_notebook_is_named(cell, line, names):
    assert oddities(cell, body(line))["leftover"] == names


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("EPS = 1e-8", "dV + EPS"),
        ("GATES = ('i', 'f', 'g', 'o')", "len(GATES)"),
        ("def helper(n):\n    return n", "helper(1)"),
        ("class Cell:\n    pass", "Cell()"),
        ("from functools import partial\nhalf = partial(np.multiply, 0.5)", "half(3)"),
        ("sigmoid = np.tanh", "sigmoid(0)"),
        ("T = 3\ndef unused():\n    return T", "pass"),
        ("T = 3", "T = 4; T + 1"),
        ("T = 3", "dV if len(dV) else T"),
        ("import os.path as path", "path.sep"),
    ],
)
def test_what_belongs_to_a_notebook_is_not_odd(cell, line):
    assert "leftover" not in oddities(cell, body(line))


def test_a_leftover_costs_nothing_by_itself_and_is_told():
    points, (remark,) = remarks("Wf = np.ones(3)\nb0 = 1", body("Wf.sum() + b0"))
    assert points == 3.0
    assert remark == (
        "The function, or one that it calls, reads Wf and b0 from the notebook. "
        "In a fresh kernel they are not there, or may hold something else."
    )


def test_a_leftover_that_makes_the_call_fail_is_named_too():
    made = "Wf = np.ones((99, 99))", body("dV @ Wf")
    assert oddities(*made) == {"leftover": ("Wf",)}
    points, (remark,) = remarks(*made)
    assert points == 0
    assert remark.startswith("The function, or one that it calls, reads Wf from the notebook")


def test_the_names_are_where_they_were_afterwards():
    made = notebook("T = 3\nU = np.ones(2)", body("range(T)", "U.sum()"))
    before = dict(made)
    calls = run(EXERCISE, CASES, made["readout_backward"])
    probed(EXERCISE, CASES, calls, made["readout_backward"])
    assert made == before


def test_a_function_is_seen_through_its_decorators():
    made = notebook("T = 3", body("range(T)"))
    inner = made["readout_backward"]

    @wraps(inner)
    def wrapped(*arguments):
        return inner(*arguments)

    assert read(wrapped) == ("T",)


def test_a_module_has_constants_of_its_own():
    def function():
        return CASES

    assert read(function) == ()


@pytest.mark.parametrize("function", [None, "f", len, np.sum, partial(len), object(), int])
def test_whatever_is_given_as_a_function_is_no_error(function):
    assert read(function) == ()
    probed(EXERCISE, CASES, run(EXERCISE, CASES, function), function)


def test_a_function_that_decorates_itself_and_objects_that_raise_are_no_error():
    made = notebook(
        "class Explosive:\n    def __getattribute__(self, name):\n        raise RuntimeError",
        "bomb = Explosive()",
        body("bomb"),
    )
    function = made["readout_backward"]
    function.__wrapped__ = function
    calls = run(EXERCISE, CASES, function)
    assert probed(EXERCISE, CASES, calls, function)[0].answers is not None


# Bounds


@pytest.mark.parametrize(
    "lines",
    [
        ("raise NotImplementedError",),
        ("return None",),
    ],
)
def test_a_function_that_gives_no_values_is_not_called_again(lines):
    made = notebook("times = []", body("times.append(1)", *lines))
    calls = run(EXERCISE, CASES, made["readout_backward"])
    probed(EXERCISE, CASES, calls, made["readout_backward"])
    assert len(made["times"]) == len(CASES)


def test_the_time_limit_holds_for_the_further_calls_too():
    seen = []
    endless = body("seen.append(1)", f"while len(seen) > {len(CASES)}: pass")
    assert oddities(endless, seconds=1.0, seen=seen) == {}
    assert len(seen) == len(CASES) + 1


def test_further_calls_take_a_part_of_the_time_only():
    """The rest is for calling it with right versions of what it builds on."""
    cells = "import time\nW, V0 = 1, 2", body("time.sleep(0.25)", "W + V0")
    assert oddities(*cells, seconds=2.0) == {}
    assert oddities(*cells, seconds=20.0) == {"leftover": ("W",)}
