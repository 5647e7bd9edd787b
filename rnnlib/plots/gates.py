"""What the gates of an LSTM do over time: one unit of one sequence, a row a quantity.

Taught in lecture 6. Source: Jordão, "Long Short-Term Memory", whose I, F, O, C and h are the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from rnnlib.backend import to_numpy
from rnnlib.plots.picture import BLUE, GREY, INK, ORANGE, Picture, drawn
from rnnlib.tape import Tape

ROWS = ("i", "f", "o", "c", "h")
SHADE = "#EEEEEE"


@drawn
def gates(
    tape: Tape,
    *,
    unit: int = 0,
    sequence: int = 0,
    inputs: Sequence[str] | None = None,
    caption: str = "",
) -> Picture:
    """The three gates, the memory cell and the state of one unit, a bar a step.

    The gates lie between 0, an empty row, and 1, a full one. c and h share a scale.

    Args:
        tape: What `rnnlib.forward` returned for an LSTM, with or without its two tanh.
        unit: Which unit, from 0.
        sequence: Which sequence of the batch, from 0.
        inputs: What is read at each step, written below it.
        caption: What to see; where it is empty, what the rows are.

    Raises:
        TypeError: The tape is not that of an LSTM.
        ValueError: There are not T inputs.
    """
    if not all(hasattr(tape.cache, gate) for gate in "ifo"):
        raise TypeError(f"gates: expected the tape of an LSTM, got one of {tape.cell!r}.")
    i, f, o = (to_numpy(getattr(tape.cache, gate))[:, sequence, unit] for gate in "ifo")
    c, h = (to_numpy(s)[1:, sequence, unit] for s in (tape.states.c, tape.states.h))
    T = len(i)
    if inputs is not None and len(inputs) != T:
        raise ValueError(f"gates: got {len(inputs)} inputs, expected one for each of {T} steps.")

    figure = Figure(figsize=(min(10.5, max(7.0, 1.6 + 0.5 * T)), 5.2))
    panels = figure.subplots(5, 1, sharex=True, height_ratios=[1, 1, 1, 1.7, 1.7])
    t = np.arange(1, T + 1)
    reach = 1.1 * max(float(abs(c).max()), float(abs(h).max()), 1e-12)
    for axes, name, values in zip(panels, ROWS, (i, f, o, c, h), strict=True):
        gate = name in "ifo"
        if gate:
            axes.bar(t, 1, width=0.86, color=SHADE)
        axes.bar(t, values, width=0.86, color=BLUE if gate else ORANGE)
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.set_ylim((0, 1) if gate else (min(0.0, 1.1 * float(c.min())), reach))
        axes.set_ylabel(f"${name}_t$", rotation=0, ha="right", va="center", fontsize=15)
        axes.tick_params(length=0)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.yaxis.set_major_locator(MaxNLocator(1 if gate else 3))
    panels[-1].set_xlim(0.3, T + 0.7)
    figure.align_ylabels()
    if inputs is None:
        panels[-1].set(xlabel="step $t$")
        panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        panels[-1].set_xticks(t, inputs, color=INK)
    return Picture(
        figure,
        caption=caption
        or "A bar a step: the input, forget and output gate, a full row being 1, then the memory "
        "cell and the state.",
        alt=f"Five rows of bars over {T} steps. Input gate: {_said(i)}. Forget gate: {_said(f)}. "
        f"Output gate: {_said(o)}. Memory cell: {_said(c)}. State: {_said(h)}.",
    )


def _said(values: np.ndarray) -> str:
    """The first value, the last, and the extremes with their steps."""
    low, high = int(values.argmin()), int(values.argmax())
    return (
        f"from {values[0]:.2f} to {values[-1]:.2f}, lowest {values[low]:.2f} at step {low + 1}, "
        f"highest {values[high]:.2f} at step {high + 1}"
    )
