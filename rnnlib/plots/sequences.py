"""Pictures of sequences: states over time, losses step by step, lines against time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from rnnlib.backend import Array, to_numpy
from rnnlib.plots.picture import BLUE, GREY, INK, LOOKS, ORANGE, PAPER, Picture, drawn


@drawn
def states(h: Array, *, inputs: list[str] | None = None) -> Picture:
    """The hidden state of one sequence, a row a unit and a column a step.

    The area of a square is the size of the number; filled is positive, hollow negative (a Hinton
    diagram: it needs no colour scale, and no colour).

    Args:
        h: The states of one sequence, (T, H).
        inputs: What is read at each step, written below it.

    Raises:
        ValueError: `h` has not two axes, or there are not T inputs.
    """
    h = to_numpy(h)
    if h.ndim != 2:
        raise ValueError(
            f"states: h has shape {h.shape}, expected (T, H): one sequence, such as h[:, 0]."
        )
    T, H = h.shape
    labels = [str(t) for t in range(1, T + 1)] if inputs is None else inputs
    if len(labels) != T:
        raise ValueError(f"states: got {len(labels)} inputs, expected one for each of {T} steps.")

    figure = Figure(figsize=(min(10.5, 1.6 + 0.55 * T), 1.5 + 0.42 * H))
    axes = figure.subplots()
    largest = max(float(abs(h).max()), 1e-12)
    for t in range(T):
        for unit in range(H):
            side = 0.9 * (abs(h[t, unit]) / largest) ** 0.5
            positive = h[t, unit] >= 0
            axes.add_patch(
                Rectangle(
                    (t + 1 - side / 2, unit + 1 - side / 2),
                    side,
                    side,
                    facecolor=BLUE if positive else PAPER,
                    edgecolor=BLUE if positive else ORANGE,
                    linewidth=1.8,
                )
            )
    axes.set(xlim=(0.4, T + 0.6), ylim=(H + 0.6, 0.4), xlabel="step $t$", ylabel="unit")
    axes.set_xticks(range(1, T + 1), labels)
    axes.set_yticks(range(1, H + 1))
    axes.set_aspect("equal")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return Picture(
        figure,
        caption="The hidden state, a column a step. The area of a square is the size of the "
        f"number; filled is positive, hollow negative. The largest is {largest:.2f}.",
        alt=f"A grid of {H} units by {T} steps of squares. Their area shows the size of each entry "
        f"of the hidden state, which lies between {h.min():.2f} and {h.max():.2f}; filled squares "
        "are positive, hollow ones negative.",
    )


@drawn
def losses(per_step: Array, *, steps: list[str] | None = None) -> Picture:
    """The loss of each step as a bar, and the running sum that is the loss of the sequence.

    Args:
        per_step: The loss at each step, (T,), in nats.
        steps: A label for each step.

    Raises:
        ValueError: `per_step` has not one axis.
    """
    per_step = to_numpy(per_step)
    if per_step.ndim != 1:
        raise ValueError(f"losses: per_step has shape {per_step.shape}, expected (T,).")
    T, total = len(per_step), float(per_step.sum())
    t = np.arange(1, T + 1)
    figure = Figure(figsize=(8.2, 3.4))
    axes = figure.subplots()
    axes.bar(t, per_step, width=0.55, color=BLUE, label="loss of the step, $L_t$")
    axes.plot(t, per_step.cumsum(), label="sum so far", **LOOKS[1])
    axes.annotate(
        f"L = {total:.2f}",
        (T, total),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        color=INK,
    )
    axes.set(xlabel="step $t$", ylabel="nats", xlim=(0.4, T + 1.2), ylim=(0, 1.12 * total))
    axes.set_xticks(t, steps or [str(step) for step in t])
    axes.legend(loc="upper left")
    return Picture(
        figure,
        caption="Each step has its own loss; the loss of the sequence is their sum.",
        alt=f"Bars show the loss of each of {T} steps, between {per_step.min():.2f} and "
        f"{per_step.max():.2f} nats. A dashed line adds them up and ends at {total:.2f}.",
    )


@drawn
def lines(
    series: Mapping[str, Array],
    *,
    x_label: str,
    y_label: str,
    caption: str,
    alt: str,
    log_y: bool = False,
    steps: list[str] | None = None,
) -> Picture:
    """Some series against the step, told apart by colour, dash and marker.

    Args:
        series: Name to values (T,), at most as many as there are looks.
        x_label: What the abscissa is.
        y_label: What the ordinate is, with its unit.
        caption: What to see.
        alt: What is drawn, for somebody who cannot see it.
        log_y: Draw the ordinate logarithmically; zeros then leave gaps.
        steps: A label for each step; None for 1, 2, …

    Raises:
        ValueError: More series than looks.
    """
    if len(series) > len(LOOKS):
        raise ValueError(f"lines: got {len(series)} series, expected at most {len(LOOKS)}.")
    figure = Figure(figsize=(8.2, 3.6))
    axes = figure.subplots()
    for look, (name, values) in zip(LOOKS, series.items(), strict=False):
        values = to_numpy(values).astype(float)
        if log_y:
            values = np.where(values > 0, values, np.nan)
        axes.plot(np.arange(1, len(values) + 1), values, label=name, **look)
    if log_y:
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        if high < 100 * low:  # less than two powers of ten: plain numbers in between
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.set(xlabel=x_label, ylabel=y_label)
    if steps is None:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        axes.set_xticks(range(1, len(steps) + 1), steps)
    axes.legend()
    return Picture(figure, caption=caption, alt=alt)
