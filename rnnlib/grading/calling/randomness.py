"""The random numbers that all code of a process shares: begun anew, watched, and put back."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Source:
    """The global random numbers of one module.

    Attributes:
        name: The module.
        seed: Begins them anew.
        draw: The next one.
        get: Their state.
        put: Sets their state.
    """

    name: str
    seed: Callable[[int], object]
    draw: Callable[[], float]
    get: Callable[[], Any]
    put: Callable[[Any], object]


@contextmanager
def seeded(seed: int) -> Iterator[list[str]]:
    """While the block lasts, global random numbers come from a seed; afterwards all is as before.

    Args:
        seed: Where they begin.

    Yields:
        The modules whose numbers the block drew or seeded; filled when it ends.
    """
    sources, touched = _sources(), list[str]()
    states = [source.get() for source in sources]
    try:
        firsts = [(source.seed(seed), source.draw())[1] for source in sources]
        for source in sources:
            source.seed(seed)
        yield touched
        touched += [s.name for s, first in zip(sources, firsts, strict=True) if s.draw() != first]
    finally:
        for source, state in zip(sources, states, strict=True):
            source.put(state)


def _sources() -> list[Source]:
    # the legacy functions of NumPy are meant here: they are what is shared
    shared = np.random.seed, np.random.random, np.random.get_state, np.random.set_state
    sources = [
        Source("np.random", *shared),
        Source("random", random.seed, random.random, random.getstate, random.setstate),
    ]
    torch = sys.modules.get("torch")
    generator = getattr(torch, "default_generator", None)  # a stand-in for torch has none
    if torch is not None and generator is not None:
        sources.append(
            Source(
                "torch",
                generator.manual_seed,
                lambda: float(torch.rand(())),
                generator.get_state,
                generator.set_state,
            )
        )
    return sources
