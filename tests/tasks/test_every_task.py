"""What holds for all tasks."""

import socket
import subprocess
import sys

import numpy as np
import pytest

import rnnlib as rl
from rnnlib import hmm, tasks

KNOWN = tasks.Vocabulary.of([["worked", "at", "in"]])
P = hmm.john_hit_the_ball().params
GENERATED = {
    "adding": lambda rng, B=5: tasks.adding.sample(rng, steps=9, sequences=B),
    "copying": lambda rng, B=5: tasks.copying.sample(rng, delay=4, sequences=B),
    "temporal_order": lambda rng, B=5: tasks.temporal_order.sample(rng, steps=20, sequences=B),
    "reber": lambda rng, B=5: tasks.reber.sample(rng, sequences=B),
    "agreement": lambda rng, B=5: tasks.agreement.sample(rng, sequences=B),
    "tags": lambda rng, B=5: tasks.tags.sample(rng, P, steps=7, sequences=B),
    "entities": lambda rng, B=5: tasks.entities.sample(rng, sequences=B, vocabulary=KNOWN),
}
SHIPPED = {
    "names": lambda rng: tasks.names.split(rng),
    "digits": lambda rng: tasks.digits.split(rng),
    "series": lambda rng: tasks.series.split(),
}
EVERY = GENERATED | SHIPPED


def batches(name, seed=0):
    """The batches that a task gives, one or train and test."""
    given = EVERY[name](np.random.default_rng(seed))
    return [given] if name in GENERATED else [given.train, given.test]


@pytest.mark.parametrize("name", EVERY)
def test_one_seed_gives_the_same_batch(name):
    for one, other in zip(batches(name), batches(name), strict=True):
        for a, b in zip(rl.tree.leaves(one), rl.tree.leaves(other), strict=True):
            assert a.dtype == b.dtype
            assert np.array_equal(a, b)


@pytest.mark.parametrize("name", [*GENERATED, "names", "digits"])
def test_another_seed_gives_another_batch(name):
    one, other = batches(name, 0)[0], batches(name, 1)[0]
    assert one.x.shape != other.x.shape or (one.x != other.x).any()


@pytest.mark.parametrize("name", EVERY)
def test_time_comes_first_and_the_shapes_are_those_of_the_table(name):
    table = {}
    for line in tasks.__doc__.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            table[cells[0].strip("`")] = cells[2], cells[3]
    for batch in batches(name):
        T, B = batch.x.shape[:2]
        sizes = {"T": T, "B": B, "8": 8, "2": 2, "1": 1}
        for array, shape in zip(batch[:2], table[name], strict=True):
            letters = [s for s in shape.strip("()").split(",") if s]
            assert array.shape == tuple(sizes[letter] for letter in letters)
            floats = letters[-1].isdigit()  # numbers have an axis for themselves, symbols have not
            assert array.dtype == (np.float64 if floats else np.int64)


@pytest.mark.parametrize("name", EVERY)
def test_what_lies_behind_the_end_of_a_sequence_is_zero_and_marked(name):
    for batch in batches(name):
        T, B = batch.x.shape[:2]
        assert batch.mask.shape == (T, B)
        if batch.lengths is None:
            assert batch.mask.all()
            continue
        assert batch.lengths.shape == (B,)
        assert batch.lengths.max() == T
        assert (batch.mask.sum(axis=0) == batch.lengths).all()
        assert not batch.x[~batch.mask].any()
        if batch.y.ndim == 2:
            assert not batch.y[~batch.mask].any()


@pytest.mark.parametrize("name", EVERY)
def test_a_batch_moves_to_the_other_backend(name, move):
    batch = batches(name)[0]
    moved = move(batch)
    assert (rl.to_numpy(moved.mask) == batch.mask).all()
    assert (rl.to_numpy(moved.x) == batch.x).all()


@pytest.mark.parametrize("name", GENERATED)
def test_sizes_and_generators_that_are_none_are_refused(name):
    with pytest.raises(TypeError, match="rng is a int, expected a NumPy Generator"):
        GENERATED[name](3)
    with pytest.raises(ValueError, match=r"(sequences|count) is 0, expected at least 1"):
        GENERATED[name](np.random.default_rng(0), 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: tasks.adding.sample(r, steps=1, sequences=2), "steps is 1, expected at least 2"),
        (lambda r: tasks.temporal_order.sample(r, steps=9, sequences=2), "expected at least 10"),
        (
            lambda r: tasks.copying.sample(r, delay=0, sequences=2),
            "delay is 0, expected at least 1",
        ),
        (lambda r: tasks.copying.sample(r, delay=1, sequences=2, symbols=0), "symbols is 0"),
        (
            lambda r: tasks.agreement.sample(r, sequences=2, clauses=(3, 1)),
            r"clauses is \(3, 1\), expected \(least, largest\)",
        ),
        (lambda r: tasks.digits.split(r, test=1.0), "test is 1.0, expected a share between"),
        (lambda r: tasks.names.split(r, test=0.0), "test is 0.0, expected a share between"),
        (lambda r: tasks.names.encode([]), "there are no names"),
        (lambda r: tasks.names.encode(["Zoë"]), "'Zoë' holds 'Z', expected letters from a to z"),
        (
            lambda r: tasks.series.split("stocks"),
            'name is \'stocks\', expected "sunspots" or "co2"',
        ),
        (lambda r: tasks.series.split(test=2), "test is 2, expected a share"),
        (lambda r: tasks.series.split(window=77), "window is 77, but the parts have 232 and 77"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))


def test_here_the_network_is_closed():
    with (
        socket.socket() as connection,
        pytest.raises(AssertionError, match="opens a connection"),
    ):
        connection.connect(("127.0.0.1", 1))


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("faker", tasks.names.all_names),
        ("sklearn", lambda: tasks.digits.split(np.random.default_rng(0))),
        ("statsmodels", lambda: tasks.series.load("co2")),
    ],
)
def test_a_package_that_is_missing_is_named_with_what_to_do(package, call, monkeypatch):
    for module in [package, *(m for m in sys.modules if m.startswith(package + "."))]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        ImportError, match=r"is not installed. Install it with: pip install 'rnnlib"
    ):
        call()


def test_asking_for_tasks_loads_none_of_those_packages():
    code = "import sys, rnnlib.tasks; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"faker", "sklearn", "statsmodels", "pandas", "scipy"} & set(done.stdout.split())
