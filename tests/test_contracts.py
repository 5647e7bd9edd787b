from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from rnnlib.contracts import contract


class Gates(NamedTuple):
    U: Float[Array, "4*H D"]
    b: Float[Array, "4*H"]


@contract
def gated(gates: Gates, x: Float[Array, "T B D"], h: Float[Array, "B H"] | None = None):
    return x


@contract
def outer(x: Float[Array, "... N"]):
    return inner(x[..., :0])


@contract
def inner(x: Float[Array, "... N"]):
    return x


@contract
def wrong(x: Float[Array, "T B"]) -> tuple[Float[Array, "T B"], Float[Array, "B"]]:
    return x, x[:, 0]


GATES = Gates(np.ones((12, 2)), np.ones(12))


def test_fields_of_a_named_tuple_and_multiples_of_a_size_are_checked():
    gated(GATES, np.ones((5, 4, 2)), np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"gates\.b has shape \(8,\), expected \(4\*H,\) with H"):
        gated(GATES._replace(b=np.ones(8)), np.ones((5, 4, 2)))
    with pytest.raises(ValueError, match=r"gates\.U has shape \(11, 2\).*a multiple of 4"):
        gated(GATES._replace(U=np.ones((11, 2))), np.ones((5, 4, 2)))
    with pytest.raises(ValueError, match=r"h has shape \(4, 2\), expected \(B, H\) with H = 3"):
        gated(GATES, np.ones((5, 4, 2)), np.ones((4, 2)))


def test_an_argument_may_be_left_out_only_where_the_signature_says_so():
    gated(GATES, np.ones((5, 4, 2)), None)
    with pytest.raises(TypeError, match="x is a NoneType, expected an array"):
        gated(GATES, None)


def test_a_call_from_inside_a_checked_function_is_trusted():
    assert outer(np.ones((2, 3))).shape == (2, 0)
    with pytest.raises(ValueError, match="no entries"):
        inner(np.ones((2, 0)))


def test_after_an_error_inside_the_next_call_is_checked_again():
    with pytest.raises(TypeError):
        outer(None)
    with pytest.raises(ValueError, match="nan"):
        inner(np.array([np.nan]))


def test_results_are_held_to_the_signature_in_tests():
    with pytest.raises(ValueError, match=r"result\[1\] has shape \(3,\), expected \(B,\) with B"):
        wrong(np.ones((3, 2)))


def test_name_docstring_and_signature_survive():
    assert gated.__name__ == "gated"
    assert gated.__wrapped__ is not gated
