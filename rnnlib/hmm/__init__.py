"""Hidden Markov models: the exact inference that a recurrent network can approximate.

A hidden state Y_t moves by itself and shows an observation X_t at every step:

    P(Y_1, X_1, …, Y_T, X_T) = Π_t P(Y_t | Y_{t-1}) P(X_t | Y_t)

    p    = hmm.john_hit_the_ball().params       # W, U, prior
    h, c = hmm.filtering(p, x)                  # P(Y_t | X_1 … X_t), and P(X_t | X_1 … X_{t-1})
    h    = hmm.smoothing(p, x)                  # P(Y_t | X_1 … X_T)
    y, v = hmm.viterbi(p, x)                    # the most probable states, and ln P of them
    L    = hmm.log_likelihood(p, x)             # ln P(X_1 … X_T)

Observations `x` are integers, time-major (T, B). `filtering`, `smoothing` and `viterbi` compute
with probabilities that are rescaled at every step, so that thousands of steps do not underflow.
Their namesakes `log_filtering`, `log_smoothing` and `log_viterbi` compute with logarithms: slower,
and right also where a state becomes less likely than 10⁻³⁰⁸ and then likely again.

Probabilities may be zero. A sequence that the model cannot produce has the likelihood 0 and no
posterior: where 0/0 would stand, its beliefs are 0 (in logarithms -∞), never NaN.

The letters are this course's: W from state to state, U from input to state. The source lecture,
Hasegawa-Johnson, Lecture 25, has them the other way round.
"""

from rnnlib.hmm.example import Example, john_hit_the_ball
from rnnlib.hmm.logs import log_filtering, log_likelihood, log_smoothing, log_viterbi
from rnnlib.hmm.network import joint_belief, softmax_network
from rnnlib.hmm.parallel import log_filtering_by_scan
from rnnlib.hmm.params import HMMParams, emission, one_hot
from rnnlib.hmm.sampling import sample
from rnnlib.hmm.scaled import filtering, smoothing, viterbi

__all__ = [
    "Example",
    "HMMParams",
    "emission",
    "filtering",
    "john_hit_the_ball",
    "joint_belief",
    "log_filtering",
    "log_filtering_by_scan",
    "log_likelihood",
    "log_smoothing",
    "log_viterbi",
    "one_hot",
    "sample",
    "smoothing",
    "softmax_network",
    "viterbi",
]
