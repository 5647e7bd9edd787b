"""The one room through which equations see the two array libraries, NumPy and torch.

The equations of this package use only what NumPy (2.1 or later) and torch spell alike: `x @ U.T`,
`xp.tanh`, slicing, `x.sum(axis=0)`. Where they need a function by name, `namespace(x)` gives the
library that `x` belongs to. What goes in comes out: array type, dtype and device are kept, and
arrays move only through `to` and `to_numpy`.
"""

from rnnlib.backend.arrays import (
    DTYPES,
    Array,
    Backend,
    all_finite,
    as_dtype,
    backend_of,
    copy,
    detached,
    dtype_name,
    empty_like,
    flip,
    is_array,
    is_recording,
    lasting,
    namespace,
    sum_rows,
)
from rnnlib.backend.lending import in_numpy
from rnnlib.backend.moving import to, to_numpy
from rnnlib.backend.operations import Operations, operations

__all__ = [
    "DTYPES",
    "Array",
    "Backend",
    "Operations",
    "all_finite",
    "as_dtype",
    "backend_of",
    "copy",
    "detached",
    "dtype_name",
    "empty_like",
    "flip",
    "in_numpy",
    "is_array",
    "is_recording",
    "lasting",
    "namespace",
    "operations",
    "sum_rows",
    "to",
    "to_numpy",
]
