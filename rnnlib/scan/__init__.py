"""Linear recurrences in parallel: all prefixes of an associative operation in O(log T) rounds.

A recurrent network is sequential because of its nonlinearity: h_t = g(a_t) can only be computed
when h_{t-1} is there, and no rearrangement changes that. Without g a step is an affine map, affine
maps compose to affine maps, and composition is associative: brackets may be set as in a knockout
tournament, half of the steps at once, then a quarter, and so on. What needed T rounds one after
another then needs about 2 log₂ T, for at most about twice the applications of the operator.

| | work | rounds that wait for each other |
|---|---|---|
| the loop | T | T |
| `associative_scan` | at most 2 T applications | at most 2 log₂ T |

An application is dearer than a step where A_t is a full matrix: composing two maps multiplies
matrices, O(H³), where a step multiplies a matrix and a vector, O(H²). For a diagonal A_t both are
O(H), and for an A that never changes log₂ T matrix products serve all steps.

Also parallel, in every network: all that is linear in the inputs, the sums for the parameters'
gradients (`project` and `collect` of a cell), and the sequences of a batch.

Sources: Jordão, "Loss Function", where the cost of a gradient cannot be reduced by parallelisation:
true of a nonlinear g, as in that lecture. Blelloch, "Prefix sums and their applications", CMU-CS-
90-190 (1990). Martin and Cundy, "Parallelizing linear recurrent neural nets over sequence length",
ICLR 2018.
"""

from rnnlib.scan.constant import (
    ConstantGradients,
    constant_recurrence,
    constant_recurrence_backward,
)
from rnnlib.scan.prefix import associative_scan
from rnnlib.scan.recurrence import (
    RecurrenceGradients,
    linear_recurrence,
    linear_recurrence_backward,
    linear_recurrence_loop,
)

__all__ = [
    "ConstantGradients",
    "RecurrenceGradients",
    "associative_scan",
    "constant_recurrence",
    "constant_recurrence_backward",
    "linear_recurrence",
    "linear_recurrence_backward",
    "linear_recurrence_loop",
]
