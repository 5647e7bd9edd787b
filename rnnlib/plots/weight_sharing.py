"""The picture of the weight-sharing experiment: right in training, and right on what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from rnnlib.experiments.weight_sharing import Result
from rnnlib.plots.picture import BLUE, GREY, ORANGE, PAPER, Picture, drawn

HOLLOW: dict[str, Any] = {"marker": "o", "facecolor": PAPER, "edgecolor": BLUE, "linewidth": 2}
FILLED: dict[str, Any] = {"marker": "s", "facecolor": ORANGE, "edgecolor": ORANGE}


@drawn
def weight_sharing(results: Mapping[str, Result]) -> Picture:
    """Accuracy in training and on new sequences, a dot a seed, for shared and for own weights.

    Args:
        results: What `rnnlib.experiments.weight_sharing.compare` returns.
    """
    figure = Figure(figsize=(8.2, 3.0))
    axes = figure.subplots()
    rows = {"own": 0, "shared": 1}
    for kind, row in rows.items():
        result = results[kind]
        spread = np.linspace(-0.12, 0.12, len(result.test_accuracy))
        for name, values, offset, look in (
            ("the sequences learnt from", result.train_accuracy, 0.12, HOLLOW),
            ("new sequences", result.test_accuracy, -0.12, FILLED),
        ):
            label = name if kind == "own" else None
            axes.scatter(100 * values, row + offset + spread, s=70, label=label, **look)
    axes.axvline(50, color=GREY, linestyle=":", linewidth=1.5)
    axes.text(50.5, 1.52, "guessing", color=GREY, va="top")
    axes.set(xlabel="steps classified right, %", xlim=(48, 102), ylim=(-0.5, 1.6))
    axes.set_yticks(
        list(rows.values()),
        [
            f"{name}\n{results[kind].parameters:,} parameters"
            for kind, name in (("own", "own weights a step"), ("shared", "shared weights"))
        ],
    )
    axes.legend(loc="center left", bbox_to_anchor=(0.02, 0.5))
    new = {kind: 100 * results[kind].test_accuracy.mean() for kind in rows}
    return Picture(
        figure,
        caption="Both networks fit what they have seen. On new sequences the one with its own "
        f"weights at every step gets {new['own']:.0f} % right, the one with shared weights "
        f"{new['shared']:.0f} % (one dot a seed).",
        alt="Dots of accuracy. With shared weights, training and new sequences both lie near 100 "
        f"percent. With own weights at every step, training lies near 100 percent and new "
        f"sequences near {new['own']:.0f} percent.",
    )
