"""A test that the student writes: does no state of a network depend on a later input?

Change an input, run the network again, and compare the states before it. A network is causal where
this holds for every input. The function is handed networks that are causal and others that are not,
and earns its points when it tells all of them apart: one answer for all of them earns nothing.
"""

from typing import Any

import numpy as np

from rnnlib.grading.exercise import Array, Exercise, Part
from rnnlib.grading.formula import Formula
from rnnlib.grading.mistake import Mistake
from rnnlib.grading.networks import CAUSAL, NETWORKS

SHORTEST = 5
"""Steps of the first network's sequence; every network has a sequence of a length of its own."""


def draw(rng: np.random.Generator, T: int, B: int, D: int, H: int) -> tuple[Any, ...]:
    """One of the known networks, each in its turn, and a batch of sequences."""
    names = list(NETWORKS)
    arrays = rng.normal(0, 0.6, (H, D)), rng.uniform(0.5, 0.9, H)
    return Formula(names[(T - SHORTEST) % len(names)], arrays), rng.normal(size=(T, B, D))


def reference(network: Formula, x: Array) -> tuple[Array, ...]:
    """Whether the network is known to be causal; in a single step there is nothing later."""
    return (np.array(network.name in CAUSAL or len(x) == 1, dtype=np.float64),)


def solution(network: Formula, x: Array) -> bool:
    """As a student could write it."""
    before = network(x)
    for s in range(1, len(x)):
        changed = x.copy()
        changed[s] += 1.0
        after = network(changed)
        if not np.array_equal(after[:s], before[:s]):
            return False
    return True


COMPARED = "not np.array_equal(after[:s], before[:s])"

mistakes = (
    Mistake(
        "the past is changed instead of the future",
        "Which inputs may a state not depend on? Those are the ones to change.",
        (("changed[s]", "changed[:s]"),),
    ),
    Mistake(
        "all inputs are changed at once",
        "If every input is another one, which states may change in a causal network?",
        (("changed[s]", "changed"),),
    ),
    Mistake(
        "only the last input is changed",
        "Could a state in the middle depend on the input after it, and on no other?",
        (("range(1, len(x))", "range(len(x) - 1, len(x))"),),
    ),
    Mistake(
        "only the input in the middle is changed",
        "Could a state depend on an input that you never change?",
        (("range(1, len(x))", "[len(x) // 2]"),),
    ),
    Mistake(
        "the answer is given after the first input that is changed",
        "Your loop holds a return that ends it. How many inputs have been changed by then?",
        (("return False\n", "return False\n        return True\n"),),
    ),
    Mistake(
        "the state at the changed step is compared too",
        "An input is changed at step s. May the state at step s change?",
        ((COMPARED, "not np.array_equal(after[: s + 1], before[: s + 1])"),),
    ),
    Mistake(
        "the states after the change are compared, not those before it",
        "Which states of a causal network may change, and which may not?",
        ((COMPARED, "not np.array_equal(after[s:], before[s:])"),),
    ),
    Mistake(
        "only the last state is compared",
        "Which inputs may the last state depend on?",
        ((COMPARED, "not np.array_equal(after[-1], before[-1])"),),
    ),
    Mistake(
        "only the state just before the change is compared",
        "How far ahead could a network look?",
        ((COMPARED, "not np.array_equal(after[s - 1], before[s - 1])"),),
    ),
    Mistake(
        "small changes pass",
        "How large may the change of a state be that must not change at all?",
        ((COMPARED, "not np.allclose(after[:s], before[:s], atol=0.1)"),),
    ),
    Mistake(
        "x itself is changed, and stays so",
        "After the second round of your loop, how many inputs are not what they were?",
        (("x.copy()", "x"),),
    ),
    Mistake(
        "True and False have changed places",
        "What should come out for a network that reads backwards?",
        (("return False", "return 1 > 0"), ("return True", "return False")),
    ),
    Mistake(
        "the answer is True for every network",
        "Make a network that reads the sequence backwards, and hand it to your function.",
        ((COMPARED, "False"),),
    ),
    Mistake(
        "the answer is False for every network",
        "Hand your function a network that has no memory at all.",
        (("return True", "return False"),),
    ),
)

exercise = Exercise(
    name="ps1/is_causal",
    arguments=("network", "x"),
    parts=(Part("the answer", "", points=3, truth=True),),
    sizes=(
        *({"T": SHORTEST + at, "B": 2, "D": 3, "H": 4} for at in range(len(NETWORKS))),
        {"T": 1, "B": 3, "D": 2, "H": 4},
        {"T": 7, "B": 1, "D": 3, "H": 5},
    ),
    draw=draw,
    reference=reference,
    solution=solution,
    mistakes=mistakes,
)
