"""What the exercises on gated cells share: the sigmoid, and the mistakes that gates invite.

As in `known`, a mistake has one name and one hint, and an exercise says what it changes there.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rnnlib.grading.exercise import Array
from rnnlib.grading.mistake import Known, Mistake


def sigmoid(a: Array) -> Array:
    """σ(a), as a student could write it."""
    return 1 / (1 + np.exp(-a))


def in_order(order: str, *stacks: str) -> Mistake:
    """The blocks of the gates in another order, wherever these lists of them stand.

    Example:
        >>> in_order("znr", "a_r, a_z, a_n").changes
        (('a_r, a_z, a_n', 'a_z, a_n, a_r'),)
    """
    return Mistake(
        f"the gates are taken in the order {', '.join(order)} instead of {_order(stacks[0])}",
        "In which order do the gates' blocks of U, W and b stand one above the other?",
        tuple((stack, _reordered(stack, order)) for stack in stacks),
    )


def stacked_in_order(order: str, *stacks: str) -> Mistake:
    """The gradients of the gates put together in another order than the gates are taken in."""
    return Mistake(
        f"the gates' gradients are stacked in the order {', '.join(order)} instead of "
        f"{_order(stacks[0])}",
        "You take the gates out of the stack in one order. In which order do their gradients have "
        "to go back?",
        tuple((stack, _reordered(stack, order)) for stack in stacks),
    )


def _order(stack: str) -> str:
    return ", ".join(name[-1] for name in stack.split(", "))


def _reordered(stack: str, order: str) -> str:
    by_letter = {name[-1]: name for name in stack.split(", ")}
    return ", ".join(by_letter[letter] for letter in order)


def renamed(mistakes: Iterable[Mistake], **names: str) -> tuple[Mistake, ...]:
    """The same mistakes in a solution that calls its variables by other names.

    Example:
        >>> lost = Mistake("the carry is lost", "…", (("dc + dh * o", "dh * o"),))
        >>> renamed([lost], dh="dh[t]")[0].changes
        (('dc + dh[t] * o', 'dh[t] * o'),)
    """
    words = re.compile(rf"\b({'|'.join(names)})\b")

    def rename(text: str) -> str:
        return words.sub(lambda word: names[word[0]], text)

    return tuple(
        replace(mistake, changes=tuple((rename(a), rename(b)) for a, b in mistake.changes))
        for mistake in mistakes
    )


# Before the gates

INTERLEAVED = Known(
    "the gates' units are taken in turn instead of block by block",
    "Which rows of U belong to the first gate: some from everywhere, or those that stand together?",
)
MEMORY_IN_GATES = Known(
    "the memory c_{t-1} goes into the gates where the state h_{t-1} belongs",
    "Of the two things that a step hands on, which does W multiply?",
)
W_BLOCKS_TRANSPOSED = Known(
    "every gate's block of W is transposed",
    "Each block of W is square, so no shape complains. Write one entry of this product as a sum, "
    "and look which index of the block is summed over.",
)
STACKED_CROSSWISE = Known(
    "[h, x] is multiplied by [U, W]: they are put together in different orders",
    "Which of the two matrices multiplies x? They and what they multiply have to stand in one "
    "order.",
)
RESHAPED = Known(
    "the gates are taken apart by a reshape",
    "A reshape goes through a row by row. Do the first B·H numbers of a belong to one gate?",
)
OUTPUT_GATE_WITHOUT_SIGMOID = Known(
    "the sigmoid is left out at the output gate",
    "A gate lets through between nothing and all. Can this one be above 1?",
)
FORGET_GATE_PLUS_ONE = Known(
    "1 is added in the forget gate",
    "A large forget bias is a value of b to start training from. Is it a part of the equation?",
)
GATES_WITH_TANH = Known(
    "the gates have tanh instead of the sigmoid",
    "A gate lets through between nothing and all. Can one of yours be negative?",
)
GATES_WITHOUT_SIGMOID = Known(
    "the sigmoid is left out at the gates",
    "A gate lets through between nothing and all. Can one of yours be above 1?",
)
CANDIDATE_TANH_LEFT_OUT = Known(
    "tanh is left out at the candidate", "In what range should a candidate lie?"
)
CANDIDATE_SIGMOID = Known(
    "the candidate has the sigmoid instead of tanh",
    "Should what is offered to the memory be able to lower it?",
)

# The memory and what is read of it

FORGET_LEFT_OUT = Known(
    "the old memory is not multiplied by f", "With f = 0, what should be left of the old memory?"
)
MEMORY_FORGOTTEN = Known(
    "the old memory is left out", "With f = 1 and i = 0, what should the memory be?"
)
INPUT_GATE_LEFT_OUT = Known(
    "the candidate is not multiplied by i", "With i = 0, what should enter the memory?"
)
CANDIDATE_LEFT_OUT = Known(
    "the candidate is left out: i alone is added", "What is it that the input gate lets through?"
)
REST_OF_FORGET = Known(
    "1 - f stands where the input gate i belongs",
    "Can this cell keep everything and take in everything at once?",
)
STATE_FOR_MEMORY = Known(
    "the state h_{t-1} stands where the memory c_{t-1} belongs",
    "Which of the two things that a step hands on does the forget gate act on?",
)
TANH_IN_MEMORY = Known(
    "tanh is taken of the memory itself, and handed on",
    "Which is handed to the next step: the sum, or what is read of it?",
)
OUTPUT_TANH_LEFT_OUT = Known(
    "tanh is left out on the way from c to h", "In what range should a state lie?"
)
OUTPUT_SIGMOID = Known(
    "the sigmoid stands where tanh belongs on the way from c to h",
    "Can one of your states be negative?",
)
OUTPUT_TANH_OUTSIDE = Known(
    "tanh is taken after the output gate", "What does the output gate let through: c, or tanh of c?"
)
OUTPUT_GATE_LEFT_OUT = Known(
    "the output gate is left out", "With o = 0, what should the rest of the network see?"
)
OUTPUT_OF_OLD_MEMORY = Known(
    "the state is read of the memory before the step", "Has your state seen the input of its step?"
)
RETURNED_SWAPPED = Known(
    "h and c are returned in each other's place",
    "Which of the two is made from the other?",
    together=True,
)
FIRST_MEMORY_FORGOTTEN = Known(
    "the initial memory c0 is forgotten: the first step starts from zeros",
    "What is the memory before the first step?",
)
FIRST_MEMORY_EVERYWHERE = Known(
    "c0 is used at every step",
    "What is the memory before the third step, and where does it come from?",
)
BOTH_FORGOTTEN = Known(
    "h0 and c0 are forgotten: the first step starts from zeros",
    "What are the state and the memory before the first step?",
)
BOTH_EVERYWHERE = Known(
    "h0 and c0 are used at every step",
    "What does the third step start from, and where does it come from?",
)
FIRST_MEMORY_IS_STATE = Known(
    "h0 stands where the initial memory c0 belongs",
    "Two things are handed to the first step. Are they the same?",
)
