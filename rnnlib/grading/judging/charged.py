"""Nobody pays twice: the mistakes that a student has lost points for already."""

from __future__ import annotations

from collections.abc import Mapping


def charged_before(charged: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The mistakes that earlier exercises of a problem set cost points for.

    Args:
        charged: Mistakes by exercise, in the order in which the exercises were first checked.
        name: The exercise that is checked now, for the first time or again.

    Example:
        >>> charged = {"ps2/step": ("tanh' is left out",), "ps2/sequence": ("dW is transposed",)}
        >>> charged_before(charged, "ps2/sequence")
        ("tanh' is left out",)
    """
    earlier = list(charged)[: [*charged, name].index(name)]
    problem_set = name.rpartition("/")[0]
    return tuple(
        mistake
        for other in earlier
        if other.rpartition("/")[0] == problem_set
        for mistake in charged[other]
    )
