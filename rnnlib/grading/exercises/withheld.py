"""What of rnnlib and torch would answer an exercise, as patterns of dotted names.

A student's function can call none of it while it is checked; where it is graded, it is not there.
"""

TORCH = ("torch.nn.modules.rnn.*.forward",)
"""The recurrent networks of torch, which answer every exercise on a cell."""

FORWARD = (
    *TORCH,
    "rnnlib.*forward*",
    "rnnlib.cells.*.step*",
    "rnnlib.cells.*.transition",
    "rnnlib.fused.*",
    "rnnlib.affine.*",
)
"""What answers an exercise on the forward equations."""

BACKWARD = (
    *TORCH,
    "rnnlib.*backward*",
    "rnnlib.cells.*.collect",
    "rnnlib.affine.*gradient*",
    "rnnlib.gradients.numerical*",
    "rnnlib.truncated.*",
)
"""What answers an exercise on the way back."""

SPECTRUM = (
    "rnnlib.gradients.jacobians.*",
    "rnnlib.gradients.lags.*",
    "rnnlib.gradients.spectrum.*",
    "rnnlib.init.*",
)
"""What of rnnlib answers an exercise on singular values and Jacobians."""

CLIPPING = ("rnnlib.gradients.clipping.*",)
"""What of rnnlib answers an exercise on clipping."""

GATED_FORWARD = (*FORWARD, "rnnlib.cells.*.project")
"""What answers an exercise on the forward equations of a gated cell."""

GATED_BACKWARD = (*BACKWARD, "rnnlib.cells.*.slopes")
"""What answers an exercise on a gated cell's way back."""

MARKOV = (
    "rnnlib.hmm.scaled.*",
    "rnnlib.hmm.logs.*",
    "rnnlib.hmm.parallel.*",
    "rnnlib.hmm.network.*",
)
"""What of rnnlib answers an exercise on hidden Markov models."""
