"""Hidden Markov models: right answers in odd ways keep their points."""

import numpy as np
import pytest

from tests.grading.exercises.handing_in import (
    assert_full,
    each,
    exercises_of,
    handed_in,
    report_on,
)


def with_logarithms(x, W, U, prior):
    log_h = [np.log(prior) + np.log(U)[:, x[0]].T]
    for x_t in x[1:]:
        predicted = np.logaddexp.reduce(np.log(W) + log_h[-1][:, None, :], axis=2)
        log_h.append(predicted + np.log(U[:, x_t]).T)
    log_h = np.array(log_h)
    return np.exp(log_h - np.logaddexp.reduce(log_h, axis=2, keepdims=True))


def with_one_hot_vectors(x, W, U, prior):
    beliefs = np.empty((*x.shape, len(W)))
    for n in range(x.shape[1]):
        predicted = prior
        for t in range(len(x)):
            beliefs[t, n] = predicted * (U @ np.eye(U.shape[1])[x[t, n]])
            beliefs[t, n] /= beliefs[t, n].sum()
            predicted = W @ beliefs[t, n]
    return beliefs.tolist()


def scaled_by_the_greatest(x, W, U, prior):
    beliefs, alpha = [], np.ones((x.shape[1], 1)) * prior
    for x_t in x:
        alpha = alpha * U.T[x_t]
        alpha = alpha / alpha.max(axis=1)[:, None]
        beliefs.append((alpha.T / alpha.sum(axis=1)).T)
        alpha = np.einsum("ji,bi->bj", W, alpha)
    return beliefs


@pytest.mark.parametrize(
    "function", [with_logarithms, with_one_hot_vectors, scaled_by_the_greatest]
)
def test_a_right_filter_keeps_its_points(function):
    assert_full(report_on("hmm/filtering", function))


def test_a_filter_that_is_normalised_in_the_end_loses_the_unlikely_case_only_and_learns_why():
    def filtering(x, W, U, prior):
        alpha = [prior * U.T[x[0]]]
        for x_t in x[1:]:
            alpha.append((alpha[-1] @ W.T) * U.T[x_t])
        return [a / a.sum(axis=1, keepdims=True) for a in alpha]

    report = report_on("hmm/filtering", filtering)
    assert report.points == pytest.approx(4 * 0.8)
    (line,) = report.lines
    assert line.verdict == "right, but not with very unlikely observations"
    assert line.cause.names[0].startswith("the probabilities underflow")


def by_the_filters_normalisers(x, W, U, prior):
    total, predicted = 0, prior
    for x_t in x:
        joint = predicted * U.T[x_t]
        total = total + np.log(joint.sum(axis=1))
        predicted = (joint / joint.sum(axis=1, keepdims=True)) @ W.T
    return total[None]


def all_in_logarithms(x, W, U, prior):
    log_W, log_U = np.log(W), np.log(U)
    alpha = np.log(prior)[:, None] + log_U[:, x[0]]
    for x_t in x[1:]:
        greatest = alpha.max(axis=0)
        alpha = np.log(np.exp(log_W) @ np.exp(alpha - greatest)) + greatest + log_U[:, x_t]
    return [float(np.logaddexp.reduce(one)) for one in alpha.T]


@pytest.mark.parametrize("function", [by_the_filters_normalisers, all_in_logarithms])
def test_a_right_log_likelihood_keeps_its_points(function):
    assert_full(report_on("hmm/log_likelihood", function))


def alpha_times_beta(x, W, U, prior):
    """Both ways in logarithms, and the product normalised in the end."""
    log_W, log_Ux = np.log(W), np.log(U.T[x])
    alpha, beta = np.zeros(log_Ux.shape), np.zeros(log_Ux.shape)
    alpha[0] = np.log(prior) + log_Ux[0]
    for t in range(1, len(x)):
        alpha[t] = np.logaddexp.reduce(log_W + alpha[t - 1][:, None], axis=2) + log_Ux[t]
    for t in range(len(x) - 2, -1, -1):
        after = (log_Ux[t + 1] + beta[t + 1])[:, :, None]
        beta[t] = np.logaddexp.reduce(log_W + after, axis=1)
    both = alpha + beta
    return np.exp(both - np.logaddexp.reduce(both, axis=2)[..., None])


def by_the_chain_turned_round(x, W, U, prior):
    """P(Y_t | Y_{t+1}, X_1 … X_t) from the filter, then from the last step to the first."""
    h = with_logarithms(x, W, U, prior)
    smoothed = [h[-1]]
    for h_t in h[-2::-1]:
        ways = W * h_t[:, None, :]
        back = ways / ways.sum(axis=2, keepdims=True)
        smoothed.insert(0, np.einsum("bji,bj->bi", back, smoothed[0]))
    return np.array(smoothed)


@pytest.mark.parametrize("function", [alpha_times_beta, by_the_chain_turned_round])
def test_a_right_smoother_keeps_its_points(function):
    assert_full(report_on("hmm/smoothing", function))


def scaled_viterbi(x, W, U, prior):
    """Probabilities, divided by their greatest at every step."""
    v, pointers = prior * U.T[x[0]], []
    for x_t in x[1:]:
        ways = (v / v.max(axis=1, keepdims=True))[:, None, :] * W
        pointers.append(np.argmax(ways, axis=2))
        v = np.amax(ways, axis=2) * U.T[x_t]
    y = np.zeros(x.shape)
    y[-1] = v.argmax(1)
    for t in range(len(x) - 2, -1, -1):
        for n in range(x.shape[1]):
            y[t, n] = pointers[t][n, int(y[t + 1, n])]
    return y


def keeping_whole_paths(x, W, U, prior):
    paths = []
    for symbols in x.T.tolist():
        best = [(np.log(prior[j] * U[j, symbols[0]]), [j]) for j in range(len(W))]
        for symbol in symbols[1:]:
            best = [
                max((p + np.log(W[j, path[-1]]), path) for p, path in best) for j in range(len(W))
            ]
            best = [(p + np.log(U[j, symbol]), [*path, j]) for j, (p, path) in enumerate(best)]
        paths.append(max(best)[1])
    return np.array(paths).T


@pytest.mark.parametrize("function", [scaled_viterbi, keeping_whole_paths])
def test_a_right_viterbi_keeps_its_points(function):
    assert_full(report_on("hmm/viterbi", function))


@each(exercises_of("hmm"))
def test_whatever_holds_the_right_numbers_has_full_points(exercise):
    right = handed_in(exercise)
    for form in (np.asfortranarray, np.ndarray.tolist, np.float32):
        report = report_on(exercise.name, lambda *arguments, form=form: form(right(*arguments)))
        assert report.points == exercise.points
