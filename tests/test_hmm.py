"""Exact inference against the sum, or the maximum, over all paths."""

import itertools

import numpy as np
import pytest
import torch

import rnnlib as rl
from rnnlib import hmm
from rnnlib.gradients import relative_error
from rnnlib.hmm.sampling import _draw

T, B, N, M = 5, 4, 3, 6


def distributions(rng, shape, zeros=0.0):
    """Random distributions along the last axis; a share of the entries is exactly zero."""
    p = rng.exponential(size=shape) * (rng.random(shape) >= zeros)
    p[..., 0] += 1e-3 * (p.sum(axis=-1) == 0)
    return p / p.sum(axis=-1, keepdims=True)


def random_params(rng, zeros=0.0):
    return hmm.HMMParams(
        W=distributions(rng, (N, N), zeros).T.copy(),
        U=distributions(rng, (N, M), zeros),
        prior=distributions(rng, (N,), zeros),
    )


@pytest.fixture(params=["positive", "with zeros"])
def case(request, rng):
    """A model, and sequences that it can produce."""
    p = random_params(rng, zeros=0.0 if request.param == "positive" else 0.4)
    _, x = hmm.sample(rng, p, steps=T, sequences=B)
    return p, x


def all_paths(p, x):
    """Every path y of states and P(y_1, x_1, …, y_t, x_t), for one sequence x."""
    for y in itertools.product(range(N), repeat=len(x)):
        probability = p.prior[y[0]] * p.U[y[0], x[0]]
        for t in range(1, len(x)):
            probability *= p.W[y[t], y[t - 1]] * p.U[y[t], x[t]]
        yield y, probability


def joint_by_enumeration(p, x, t, given):
    """P(Y_t = j, X_1, …, X_given) for every j, with t and given counted from 1."""
    joint = np.zeros(N)
    for y, probability in all_paths(p, x[:given]):
        joint[y[t - 1]] += probability
    return joint


def by_enumeration(p, x, given):
    """The joint (T, B, N) of Y_t with the observations up to `given(t)`."""
    return np.array(
        [
            [joint_by_enumeration(p, x[:, b], t, given(t)) for b in range(x.shape[1])]
            for t in range(1, len(x) + 1)
        ]
    )


# Against all paths.


def test_joint_belief_equals_the_sum_over_all_paths(case, move):
    p, x = case
    got = rl.to_numpy(hmm.joint_belief(*move((p, x))))
    assert relative_error(got, by_enumeration(p, x, given=lambda t: t)) < 1e-13


def test_filtering_equals_the_sum_over_all_paths(case, move):
    p, x = case
    joint = by_enumeration(p, x, given=lambda t: t)
    P = joint.sum(axis=-1)  # P(X_1, …, X_t)
    h, c = rl.to_numpy(hmm.filtering(*move((p, x))))
    assert relative_error(h, joint / P[..., None]) < 1e-13
    assert relative_error(c, P / np.concat([np.ones((1, B)), P[:-1]])) < 1e-13


def test_smoothing_equals_the_sum_over_all_paths(case, move):
    p, x = case
    joint = by_enumeration(p, x, given=lambda t: T)
    got = rl.to_numpy(hmm.smoothing(*move((p, x))))
    assert relative_error(got, joint / joint.sum(axis=-1, keepdims=True)) < 1e-13


def test_the_likelihood_equals_the_sum_over_all_paths(case, move):
    p, x = case
    want = [np.log(sum(q for _, q in all_paths(p, x[:, b]))) for b in range(B)]
    assert relative_error(rl.to_numpy(hmm.log_likelihood(*move((p, x)))), np.array(want)) < 1e-13


@pytest.mark.parametrize("viterbi", [hmm.viterbi, hmm.log_viterbi])
def test_viterbi_finds_the_maximum_over_all_paths(case, viterbi, move):
    p, x = case
    y, log_p = rl.to_numpy(viterbi(*move((p, x))))
    for b in range(B):
        paths = dict(all_paths(p, x[:, b]))
        best = max(paths.values())
        assert log_p[b] == pytest.approx(np.log(best), rel=1e-13)
        assert paths[tuple(int(state) for state in y[:, b])] == pytest.approx(best, rel=1e-13)


def test_the_probabilities_of_all_sequences_sum_to_one(rng):
    x = np.array(list(itertools.product(range(M), repeat=4))).T  # every sequence: (4, M⁴)
    total = np.exp(hmm.log_likelihood(random_params(rng), x)).sum()
    assert total == pytest.approx(1, rel=1e-13)


# Probabilities, logarithms and the scan agree.


def log_zero(p):
    with np.errstate(divide="ignore"):
        return np.log(p)


def assert_log(got, p, tolerance=1e-12):
    """`got` is ln p, -∞ included."""
    got, want = rl.to_numpy(got), log_zero(rl.to_numpy(p))
    assert (np.isneginf(got) == np.isneginf(want)).all()
    finite = ~np.isneginf(want)
    assert abs(got[finite] - want[finite]).max() < tolerance


@pytest.mark.parametrize("filtering", [hmm.log_filtering, hmm.log_filtering_by_scan])
def test_filtering_in_logarithms_is_the_logarithm_of_filtering(case, filtering, move):
    p, x = move(case)
    for got, want in zip(filtering(p, x), hmm.filtering(p, x), strict=True):
        assert_log(got, want)


def test_smoothing_in_logarithms_is_the_logarithm_of_smoothing(case, move):
    p, x = move(case)
    assert_log(hmm.log_smoothing(p, x), hmm.smoothing(p, x))


@pytest.mark.parametrize("length", [1, 2, 3, 8, 21])
def test_belief_propagation_is_a_scan_at_every_length(length, rng, move):
    p = random_params(rng, zeros=0.3)
    _, x = hmm.sample(rng, p, steps=length, sequences=B)
    p, x = move((p, x))
    for got, want in zip(hmm.log_filtering_by_scan(p, x), hmm.log_filtering(p, x), strict=True):
        assert_log(got, np.exp(rl.to_numpy(want)))


def test_five_thousand_steps_do_not_underflow(rng, move):
    p = random_params(rng)
    _, x = hmm.sample(rng, p, steps=5000, sequences=2)
    p, x = move((p, x))

    h, c = hmm.filtering(p, x)
    log_h, log_c = hmm.log_filtering(p, x)
    assert_log(log_h, h, tolerance=1e-9)
    assert_log(log_c, c, tolerance=1e-9)
    log_likelihood = rl.to_numpy(log_c).sum(axis=0)
    assert (log_likelihood < -3000).all()  # e⁻³⁰⁰⁰ is no float64
    scaled = np.log(rl.to_numpy(c)).sum(axis=0)
    assert relative_error(scaled, log_likelihood) < 1e-12

    scan_h, scan_c = hmm.log_filtering_by_scan(p, x)
    assert_log(scan_h, h, tolerance=1e-9)
    assert_log(scan_c, c, tolerance=1e-9)

    smoothed = hmm.smoothing(p, x)
    assert_log(hmm.log_smoothing(p, x), smoothed, tolerance=1e-9)
    assert relative_error(rl.to_numpy(smoothed).sum(axis=-1), np.ones((5000, 2))) < 1e-12

    for viterbi in (hmm.viterbi, hmm.log_viterbi):  # where two paths are equally good, any
        y, log_p = rl.to_numpy(viterbi(p, x))
        assert relative_error(log_p, log_probability(rl.to_numpy(p), y, rl.to_numpy(x))) < 1e-12

    assert rl.to_numpy(hmm.joint_belief(p, x))[-1].max() == 0.0  # what the others avoid


def test_in_logarithms_a_state_comes_back_from_below_the_smallest_float(move):
    """States that never change; 400 symbols speak for the one, then 500 for the other."""
    p = hmm.HMMParams(W=np.eye(2), U=np.array([[0.9, 0.1], [0.1, 0.9]]), prior=np.array([0.5, 0.5]))
    x = np.array([0] * 400 + [1] * 500)[:, None]
    p, x = move((p, x))
    want = 100 * np.log(9)  # 500 - 400 votes for the second state

    for log_filtering in (hmm.log_filtering, hmm.log_filtering_by_scan):
        log_h = rl.to_numpy(log_filtering(p, x)[0])
        assert log_h[-1, 0, 1] - log_h[-1, 0, 0] == pytest.approx(want, rel=1e-11)
    assert rl.to_numpy(hmm.log_viterbi(p, x)[0]).tolist() == [[1]] * 900

    h, _ = hmm.filtering(p, x)
    assert rl.to_numpy(h)[-1, 0].tolist() == [1.0, 0.0]  # the limit of this form, as documented


def log_probability(p, y, x):
    """ln P(Y_1, X_1, …, Y_T, X_T) of given states and symbols."""
    steps = np.log(p.W[y[1:], y[:-1]]).sum(axis=0) + np.log(p.U[y, x]).sum(axis=0)
    return np.log(p.prior[y[0]]) + steps


def test_smoothing_is_the_gradient_of_the_log_likelihood(case):
    """∂ ln P / ∂ ln u_{j,k} = Σ P(Y_t = j | X_1, …, X_T) over the steps at which X_t = k."""
    p, x = rl.to(case, "torch")
    U = p.U.requires_grad_()
    hmm.log_likelihood(p, x).sum().backward()
    want = torch.einsum("tbn,tbm->nm", hmm.smoothing(p, x), hmm.one_hot(p, x))
    got = U.grad * U
    assert relative_error(rl.to_numpy(got), rl.to_numpy(want)) < 1e-12


# Zero probabilities.


def test_an_impossible_sequence_has_likelihood_zero_and_no_posterior_and_no_nan(move):
    p = hmm.HMMParams(W=np.eye(2), U=np.eye(2), prior=np.array([0.5, 0.5]))
    x = np.array([[0, 1], [0, 1], [1, 1], [0, 1]])  # the first one changes its state; it cannot
    p, x = move((p, x))

    h, c = rl.to_numpy(hmm.filtering(p, x))
    assert c.tolist() == [[0.5, 0.5], [1, 1], [0, 1], [0, 1]]
    assert h[:, 0].tolist() == [[1, 0], [1, 0], [0, 0], [0, 0]]
    assert h[:, 1].tolist() == [[0, 1]] * 4
    for log_filtering in (hmm.log_filtering, hmm.log_filtering_by_scan):
        log_h, log_c = log_filtering(p, x)
        assert_log(log_h, h)
        assert_log(log_c, c)

    smoothed = rl.to_numpy(hmm.smoothing(p, x))
    assert (smoothed[:, 0] == 0).all()
    assert_log(hmm.log_smoothing(p, x), smoothed)

    want = [-np.inf, np.log(0.5)]
    assert rl.to_numpy(hmm.log_likelihood(p, x)).tolist() == pytest.approx(want)
    for viterbi in (hmm.viterbi, hmm.log_viterbi):
        y, log_p = rl.to_numpy(viterbi(p, x))
        assert log_p.tolist() == pytest.approx(want)
        assert y[:, 1].tolist() == [1, 1, 1, 1]
    assert rl.to_numpy(hmm.joint_belief(p, x))[-1].tolist() == [[0, 0], [0, 0.5]]


# The lecture's example.


def test_the_network_gives_the_lecture_s_four_states(move):
    john = hmm.john_hit_the_ball()
    h = rl.to_numpy(hmm.softmax_network(*move((john.params, john.x))))[:, 0]
    want = [[0.28, 0.45, 0.28], [0.20, 0.20, 0.60], [0.63, 0.18, 0.18], [0.24, 0.53, 0.24]]
    assert h.round(2).tolist() == want
    assert h[0, 1] == pytest.approx(0.447, abs=5e-4)  # printed as 0.44


def test_the_exact_filter_chooses_the_same_tags_and_is_sure(move):
    john = hmm.john_hit_the_ball()
    h, _ = rl.to_numpy(hmm.filtering(*move((john.params, john.x))))
    tags = ["Noun", "Verb", "Det", "Noun"]
    assert [john.tags[j] for j in h[:, 0].argmax(axis=-1)] == tags
    assert h[:, 0].max(axis=-1) == pytest.approx([0.96, 0.997, 0.997, 0.995], abs=2e-3)
    network = rl.to_numpy(hmm.softmax_network(john.params, john.x))
    assert (network.argmax(axis=-1) == h.argmax(axis=-1)).all()
    assert (network.max(axis=-1) < h.max(axis=-1)).all()


def test_the_example_is_the_lecture_s():
    john = hmm.john_hit_the_ball()
    assert [john.words[k] for k in john.x[:, 0]] == ["John", "hit", "the", "ball"]
    assert john.params.W[john.tags.index("Noun"), john.tags.index("Det")] == 0.8
    assert john.params.U[john.tags.index("Det"), john.words.index("the")] == 0.97


def test_the_network_is_the_equation_by_hand(case, move):
    p, x = case
    h, want = np.zeros((B, N)), []
    for t in range(T):
        e = np.exp(h @ p.W.T + p.U.T[x[t]] - 1)
        h = e / e.sum(axis=-1, keepdims=True)
        want.append(h)
    assert relative_error(rl.to_numpy(hmm.softmax_network(*move((p, x)))), np.stack(want)) < 1e-14


def test_the_emission_is_u_times_the_one_hot_symbol(case, move):
    p, x = move(case)
    assert rl.to_numpy(hmm.emission(p, x) == hmm.one_hot(p, x) @ p.U.T).all()


# Batches, dtypes, sampling.

EVERY = [
    hmm.filtering,
    hmm.smoothing,
    hmm.viterbi,
    hmm.log_filtering,
    hmm.log_filtering_by_scan,
    hmm.log_smoothing,
    hmm.log_viterbi,
    hmm.log_likelihood,
    hmm.joint_belief,
    hmm.softmax_network,
]


@pytest.mark.parametrize("function", EVERY)
def test_a_batch_equals_its_sequences_one_by_one(case, function, move):
    p, x = case
    together = list(rl.tree.leaves(rl.to_numpy(function(*move((p, x))))))
    for b in range(B):
        alone = rl.tree.leaves(rl.to_numpy(function(*move((p, x[:, b : b + 1])))))
        for one, all_ in zip(alone, together, strict=True):
            here = all_[b : b + 1] if all_.ndim == 1 else all_[:, b : b + 1]
            np.testing.assert_allclose(one, here, rtol=1e-12)


@pytest.mark.parametrize("function", EVERY)
@pytest.mark.parametrize("dtype", ["int32", "uint8"])
def test_float32_stays_and_symbols_may_be_any_integers(case, function, dtype, move):
    p, x = move((rl.to(case[0], "numpy", dtype="float32"), case[1].astype(dtype)))
    for result, exact in zip(
        rl.tree.leaves(function(p, x)), rl.tree.leaves(function(*case)), strict=True
    ):
        if exact.dtype == np.float64:
            assert result.dtype == p.W.dtype
            np.testing.assert_allclose(rl.to_numpy(result), exact, rtol=1e-3, atol=1e-5)


def test_samples_follow_the_distributions(rng):
    p = random_params(rng, zeros=0.3)
    y, x = hmm.sample(rng, p, steps=50, sequences=4000)
    assert y.shape == x.shape == (50, 4000)

    def frequencies(given, shown, size):
        pairs = np.zeros((N, size))
        np.add.at(pairs, (given.ravel(), shown.ravel()), 1)
        return pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1), pairs.sum(axis=1) > 2000

    moves, often = frequencies(y[:-1], y[1:], N)
    assert abs(moves - p.W.T)[often].max() < 0.02
    assert (moves[p.W.T == 0] == 0).all()
    shows, often = frequencies(y, x, M)
    assert abs(shows - p.U)[often].max() < 0.02
    assert (shows[p.U == 0] == 0).all()
    assert abs(np.bincount(y[0], minlength=N) / 4000 - p.prior).max() < 0.04


def test_one_seed_draws_the_same_on_every_backend(rng, move):
    p = random_params(rng)
    want = hmm.sample(np.random.default_rng(1), p, steps=9, sequences=3)
    got = hmm.sample(np.random.default_rng(1), move(p), steps=9, sequences=3)
    for g, w in zip(got, want, strict=True):
        assert type(g) is type(move(p).W)
        assert g.device == move(p).W.device
        assert rl.to_numpy(g).tolist() == w.tolist()


@pytest.mark.parametrize(("number", "drawn"), [(0.0, 1), (np.nextafter(1, 0), 10)])
def test_a_probability_of_zero_is_never_drawn_at_the_ends_of_the_interval(number, drawn):
    p = np.array([0.0] + [0.1] * 10 + [0.0])  # in floating point, ten tenths are less than one

    class Stub:
        def random(self, shape):
            return np.full(shape, number)

    assert p.cumsum()[-1] < 1
    assert _draw(Stub(), p) == drawn


# Bad input.

P = random_params(np.random.default_rng(0))
X = np.zeros((T, B), int)

BAD = {
    "a transition written the other way round": (
        lambda: hmm.filtering(P._replace(W=P.W.T), X),
        ValueError,
        "because w_{j,i} = P(Y_t = j | Y_{t-1} = i). Its transpose would fit",
    ),
    "an emission that does not sum to one": (
        lambda: hmm.viterbi(P._replace(U=P.U * [[1], [0.5], [1]]), X),
        ValueError,
        "row 1 of params.U sums to 0.5, expected 1, because u_{j,k} = P(X_t = k | Y_t = j).",
    ),
    "a prior that does not sum to one": (
        lambda: hmm.log_likelihood(P._replace(prior=np.ones(N)), X),
        ValueError,
        "params.prior sums to 3, expected 1",
    ),
    "a negative probability": (
        lambda: hmm.smoothing(P._replace(prior=np.array([-0.5, 0.5, 1.0])), X),
        ValueError,
        "params.prior holds -0.5, expected probabilities",
    ),
    "logarithms for probabilities": (
        lambda: hmm.log_filtering(rl.tree.map(np.log, P), X),
        ValueError,
        "expected probabilities",
    ),
    "a symbol that is not there": (
        lambda: hmm.log_viterbi(P, X + M),
        ValueError,
        "x holds 6, expected symbols 0 to 5, because params.U has shape (3, 6) and so M = 6",
    ),
    "a negative symbol": (
        lambda: hmm.joint_belief(P, X - 1),
        ValueError,
        "x holds -1, expected symbols 0 to 5",
    ),
    "one-hot vectors for symbols": (
        lambda: hmm.softmax_network(P, hmm.one_hot(P, X)),
        TypeError,
        "x has dtype float64, expected integers",
    ),
    "no sequence": (
        lambda: hmm.filtering(P, X[:, :0]),
        ValueError,
        "x has shape (5, 0), expected (T, B) with at least one of each: axis 1 has no sequences",
    ),
    "two libraries": (
        lambda: hmm.filtering(P, torch.as_tensor(X)),
        TypeError,
        "x is a torch array and params.W a numpy array",
    ),
    "matrices that do not fit": (
        lambda: hmm.filtering(P._replace(U=P.U[:2]), X),
        ValueError,
        "params.U has shape (2, 6), expected (N, M) with N = 3 as in params.W",
    ),
    "parameters of a network": (
        lambda: hmm.log_smoothing(rl.elman.init(np.random.default_rng(0), inputs=2, hidden=3), X),
        TypeError,
        "log_smoothing: params is a ElmanParams, expected HMMParams",
    ),
    "a plain tuple of parameters": (
        lambda: hmm.log_filtering_by_scan(tuple(P), X),
        TypeError,
        "params is a tuple, expected HMMParams",
    ),
    "a seed for a Generator": (
        lambda: hmm.sample(0, P, steps=2, sequences=2),
        TypeError,
        "sample: rng is a int, expected a NumPy Generator",
    ),
    "no steps to sample": (
        lambda: hmm.sample(np.random.default_rng(0), P, steps=0, sequences=2),
        ValueError,
        "sample: steps is 0, expected at least 1",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_answered_with_what_was_expected_and_what_came(what):
    call, error, message = BAD[what]
    with pytest.raises(error) as raised:
        call()
    assert message in str(raised.value)
