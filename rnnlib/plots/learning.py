"""How networks learn: the curves of several seeds, and how long each of them took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from rnnlib.activations import sigmoid
from rnnlib.plots.picture import BLUE, GREY, LOOKS, PAPER, Picture, drawn

if TYPE_CHECKING:
    from rnnlib.experiments.forget_bias import Result
    from rnnlib.experiments.training import Curve


@drawn
def curves(
    found: Mapping[str, Sequence[Curve]],
    *,
    y_label: str,
    caption: str,
    alt: str,
    guessing: float | None = None,
    top: float | None = None,
    log_y: bool = False,
) -> Picture:
    """Learning curves, a line a seed; all seeds of one kind look alike.

    Args:
        found: Kind to the curves of its seeds, at most as many kinds as there are looks.
        y_label: What the error is, with its unit.
        caption: What to see.
        alt: What is drawn, for somebody who cannot see it.
        guessing: The error of somebody who guesses, drawn as a line.
        top: Where the ordinate ends; None for the largest error.
        log_y: Draw the error logarithmically.

    Raises:
        ValueError: More kinds than looks.
    """
    if len(found) > len(LOOKS):
        raise ValueError(f"curves: got {len(found)} kinds, expected at most {len(LOOKS)}.")
    figure = Figure(figsize=(8.2, 3.8))
    axes = figure.subplots()
    if guessing is not None:
        axes.axhline(guessing, color=GREY, linestyle=":", linewidth=1.5, label="guessing")
    for look, (kind, of_kind) in zip(LOOKS, found.items(), strict=False):
        for seed, (iterations, error) in enumerate(of_kind):
            often = "1 seed" if len(of_kind) == 1 else f"{len(of_kind)} seeds"
            label = None if seed else f"{kind}, {often}"
            axes.plot(iterations, error, label=label, **{**look, "linewidth": 1.5, "markersize": 5})
    if log_y:
        axes.set_yscale("log")
    else:
        highest = top or max(float(c.error.max()) for row in found.values() for c in row)
        axes.set_ylim(-0.02 * highest, 1.02 * highest)
    axes.set(xlabel="iterations", ylabel=y_label)
    axes.legend()
    return Picture(figure, caption=caption, alt=alt)


@drawn
def forget_bias(result: Result) -> Picture:
    """How many iterations learning took from each forget bias, a dot a seed.

    Args:
        result: What `rnnlib.experiments.forget_bias.forget_bias` returns.
    """
    biases, iterations, runs = result
    most = max(int(curve.iterations[-1]) for row in runs for curve in row)
    later = 1.12 * most  # where those are drawn that did not learn
    figure = Figure(figsize=(8.2, 3.6))
    axes = figure.subplots()
    axes.axhline(1.05 * most, color=GREY, linestyle=":", linewidth=1.5)
    said = []
    for place, (bias, row) in enumerate(zip(biases, iterations, strict=True)):
        across = place + np.linspace(-0.16, 0.16, len(row)) * (len(row) > 1)
        learnt = np.isfinite(row)
        axes.scatter(across[learnt], row[learnt], s=75, color=BLUE, zorder=3)
        axes.scatter(
            across[~learnt],
            np.full((~learnt).sum(), later),
            s=75,
            facecolor=PAPER,
            edgecolor=BLUE,
            linewidth=2,
            zorder=3,
        )
        median = float(np.median(row))
        if np.isfinite(median):
            axes.plot([place - 0.28, place + 0.28], [median] * 2, color=BLUE, linewidth=2)
        times = ", ".join(f"{n:.0f}" if np.isfinite(n) else "not learnt" for n in row)
        said.append(f"Bias {bias:g}: {times}.")
    left = sigmoid(np.asarray(biases, float))
    axes.set_xticks(
        range(len(biases)),
        [f"bias ${b:g}$\n$f$ near {f:.2f}" for b, f in zip(biases, left, strict=True)],
    )
    axes.set(ylabel="iterations until learnt", ylim=(0, 1.2 * most), xlim=(-0.5, len(biases) - 0.5))
    ticks = [tick for tick in axes.get_yticks() if tick <= most]
    axes.set_yticks([*ticks, later], [*(f"{tick:g}" for tick in ticks), "not learnt"])
    return Picture(
        figure,
        caption="A dot a seed, a bar their median. Hollow, above the dotted line: not learnt in "
        f"{most} iterations.",
        alt="Dots of the iterations until the task is learnt, for several starting values of the "
        "forget gate's bias. " + " ".join(said),
    )
