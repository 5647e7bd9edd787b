"""ps1/is_causal: the networks it hands out, right tests of other kinds, and wrong ones."""

import numpy as np
import pytest

from rnnlib.grading.calling.packing import pack, unpack
from rnnlib.grading.exercise import find
from rnnlib.grading.formula import Formula
from rnnlib.grading.networks import CAUSAL, NETWORKS
from tests.grading.exercises.handing_in import assert_full, report_on

EXERCISE = find("ps1/is_causal")


def jacobian(network, x):
    """|∂h_t/∂x_s| summed over all entries, (T, T): the networks are smooth, most are linear."""
    T = len(x)
    moved = np.zeros((T, T))
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-3
        difference = (network(x + step) - network(x - step)) / 2e-3
        moved[:, index[0]] += abs(difference).sum(axis=(1, 2))
    return moved


@pytest.mark.parametrize("seed", [0, 1])
def test_a_network_is_called_causal_where_its_derivatives_are_zero_above_the_diagonal(seed):
    for case in EXERCISE.cases(seed):
        network, x = case.arguments
        ahead = np.triu(jacobian(network, x), 1)
        assert bool(case.expected[0]) == (ahead.max() < 1e-9), network.name


def test_every_network_has_a_general_case_which_the_report_names():
    general = [case for case in EXERCISE.cases() if not case.edge]
    assert [case.arguments[0].name for case in general] == [*NETWORKS]
    for case in general:
        assert case.label.endswith(f"a network that {case.arguments[0].name}")
        assert case.expected[0] == (case.arguments[0].name in CAUSAL)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_gives_the_same_bits_after_its_way_into_a_kernel(name):
    rng = np.random.default_rng(0)
    network = Formula(name, (rng.normal(size=(4, 3)), rng.uniform(0.5, 0.9, 4)))
    x = rng.normal(size=(6, 2, 3))
    h = network(x)
    assert h.shape == (6, 2, 4)
    assert np.array_equal(unpack(pack(network))(x), h)


@pytest.mark.parametrize("name", CAUSAL)
def test_a_causal_network_gives_the_same_bits_for_the_beginning_of_a_sequence(name):
    rng = np.random.default_rng(0)
    network = Formula(name, (rng.normal(size=(4, 3)), rng.uniform(0.5, 0.9, 4)))
    x = rng.normal(size=(9, 2, 3))
    for length in range(len(x)):
        assert np.array_equal(network(x[:length]), network(x)[:length])


def test_a_network_that_is_not_given_a_batch_of_sequences_says_what_it_takes():
    network, x = EXERCISE.cases()[0].arguments
    with pytest.raises(ValueError, match=r"\(T, B, 3\).*shape \(2, 3\)"):
        network(x[0])


def by_cutting_the_sequence_off(network, x):
    h = network(x)
    return all(np.allclose(network(x[:t]), h[:t]) for t in range(1, len(x)))


def by_other_futures(network, x):
    rng = np.random.default_rng(3)
    for t in range(1, len(x)):
        other = np.concatenate([x[:t], rng.normal(size=x[t:].shape)])
        if abs(network(other)[:t] - network(x)[:t]).max() > 0:
            return np.False_
    return np.True_


def by_nan(network, x):
    for t in range(len(x)):
        poisoned = np.where(np.arange(len(x))[:, None, None] == t, np.nan, x)
        if np.isnan(network(poisoned)[:t]).any():
            return 0
    return 1


def by_one_entry(network, x):
    found = []
    for t in range(len(x)):
        up, down = x.copy(), x.copy()
        up[t, 0, 0], down[t, 0, 0] = x[t, 0, 0] + 1, x[t, 0, 0] - 1
        found.append((network(up)[:t] == network(down)[:t]).all())
    return all(found)


@pytest.mark.parametrize(
    "test", [by_cutting_the_sequence_off, by_other_futures, by_nan, by_one_entry]
)
def test_another_right_test_of_causality_has_all_points(test):
    assert_full(report_on("ps1/is_causal", test))


@pytest.mark.parametrize("answer", [True, False])
def test_one_answer_for_all_networks_earns_nothing(answer):
    report = report_on("ps1/is_causal", lambda network, x: answer)
    assert report.points == 0.0
    (cause,) = report.causes
    assert cause.names == (f"the answer is {answer} for every network",)


def test_the_report_says_which_network_was_taken_for_what():
    report = report_on("ps1/is_causal", lambda network, x: "backwards" not in network.name)
    (line,) = report.lines
    assert line.verdict == "the answer is True, expected False"
    assert line.case == "T=11, B=2, D=3, H=4, a network that reads one step ahead"


def test_an_answer_that_is_neither_true_nor_false_is_named():
    report = report_on("ps1/is_causal", lambda network, x: 0.5)
    assert report.points == 0.0
    assert report.lines[0].verdict == "the answer is 0.5, expected True"


def test_a_state_for_an_answer_is_a_wrong_shape():
    report = report_on("ps1/is_causal", lambda network, x: network(x)[0] == network(x)[0])
    assert "expected a single number" in report.lines[0].verdict
