"""Random starting values of the parameters.

Everything is drawn from a NumPy Generator that is passed in, in float64, and moved afterwards with
`rnnlib.to`: one seed gives the same numbers on every backend and device.

A cell's own `init` makes all of its parameters, uniform in ±1/√H; another W takes its place with
`with_recurrent`. The bias of the LSTM's forget gate is an argument of its own,
`rnnlib.lstm.init(…, forget_bias=1.0)`.

    p = rl.lstm.init(rng, inputs=D, hidden=H, forget_bias=1.0)
    p = rl.init.with_recurrent(p, lambda H: rl.init.orthogonal(rng, H))
"""

from rnnlib.init.checks import expect_generator, expect_size
from rnnlib.init.matrices import identity, orthogonal, scaled_uniform, with_recurrent
from rnnlib.init.spectra import non_normal, with_singular_values

__all__ = [
    "expect_generator",
    "expect_size",
    "identity",
    "non_normal",
    "orthogonal",
    "scaled_uniform",
    "with_recurrent",
    "with_singular_values",
]
