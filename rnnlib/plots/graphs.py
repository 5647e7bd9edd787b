"""Computation graphs: the network folded and unrolled, and the shapes of sequence problems.

Taught in lecture 2. Sources: Nath, Lecture 13, figures 13.1 and 13.3; the slides "Recurrent Neural
Networks", "RNN Uses".
"""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnnlib.plots.picture import BLUE, GREEN, GREY, INK, ORANGE, PAPER, Picture, drawn

Axes = Any
Place = tuple[float, float]
ROW = {"input": 0.0, "state": 1.5, "output": 3.0}
KIND = {"input": GREEN, "state": BLUE, "output": ORANGE}
RADIUS = 0.3
STRIDE = 1.3  # from one step to the next


@drawn
def folded_and_unrolled(steps: int = 4) -> Picture:
    """The recurrent network with its self loop, and the same network with time laid out."""
    figure = Figure(figsize=(10.5, 4.3))
    axes = figure.subplots()

    x = _node(axes, 0, "input", "$x$")
    h = _node(axes, 0, "state", "$h$")
    o = _node(axes, 0, "output", "$o$")
    _arrow(axes, x, h, "U")
    _arrow(axes, h, o, "V")
    _loop(axes, h, "W")
    axes.text(-0.4, 3.75, "folded: a cycle", fontsize=14)

    left = 3.0
    axes.text(
        left - 0.4, 3.75, "unrolled: no cycle, and the same U, W, V at every step", fontsize=14
    )
    before = _node(axes, left, "state", "$h_0$", hollow=True)
    for t in range(1, steps + 1):
        x = _node(axes, left + STRIDE * t, "input", f"$x_{t}$")
        h = _node(axes, left + STRIDE * t, "state", f"$h_{t}$")
        o = _node(axes, left + STRIDE * t, "output", f"$o_{t}$")
        _arrow(axes, x, h, "U")
        _arrow(axes, before, h, "W", dashed=True)
        _arrow(axes, h, o, "V")
        before = h

    _frame(axes, -0.5, left + STRIDE * steps + 0.5)
    return Picture(
        figure,
        caption="Left: the cell feeds its state back to itself. Right: one copy of the cell a "
        "step. Every arrow with the same letter carries the same matrix.",
        alt="Two diagrams. Left, a network folded: input x goes up through U to state h, which "
        "has a dashed loop W to itself, and through V to output o. Right, the same network "
        f"unrolled over {steps} steps: states h_0 to h_{steps} in a row joined by dashed arrows "
        "W, each with its own input below through U and its own output above through V.",
    )


@drawn
def structures() -> Picture:
    """The five shapes that a problem can take, by where inputs come in and outputs go out."""
    figure = Figure(figsize=(10.5, 3.6))
    axes = figure.subplots()
    left = 0.0
    for title, steps, inputs, outputs in (
        ("one to one", 1, {1}, {1}),
        ("one to many", 3, {1}, {1, 2, 3}),
        ("many to one", 3, {1, 2, 3}, {3}),
        ("many to many,\nsynchronised", 3, {1, 2, 3}, {1, 2, 3}),
        ("many to many,\nwith a delay", 4, {1, 2}, {3, 4}),
    ):
        before = None
        for t in range(1, steps + 1):
            x = left + 0.95 * (t - 1)
            h = _node(axes, x, "state")
            if before:
                _arrow(axes, before, h, dashed=True)
            if t in inputs:
                _arrow(axes, _node(axes, x, "input"), h)
            if t in outputs:
                _arrow(axes, h, _node(axes, x, "output"))
            if title == "one to many" and t > 1:
                _feed_back(axes, x - 0.95, h)
            before = h
        axes.text(left + 0.95 * (steps - 1) / 2, 3.6, title, ha="center", va="bottom")
        left += 0.95 * (steps - 1) + 1.75
    for kind, text in (("output", "out"), ("state", "state"), ("input", "in")):
        axes.text(-0.55, ROW[kind], text, ha="right", va="center")
    _frame(axes, -1.4, left - 1.3)
    return Picture(
        figure,
        caption="The cell is the same in all five. What differs is at which steps an input comes "
        "in and at which an output is read. One to many: each output is the next input (dashed).",
        alt="Five small unrolled networks. One to one: one input, one state, one output. One to "
        "many: an input at the first of three steps, an output at each, that is the next "
        "input. Many to one: an input at "
        "each of three steps, an output at the last. Many to many, synchronised: an input and an "
        "output at each of three steps. Many to many with a delay: inputs at the first two of "
        "four steps, outputs at the last two.",
    )


def _node(axes: Axes, x: float, kind: str, text: str = "", *, hollow: bool = False) -> Place:
    """A state is a circle, an input a square, an output rounded: shape and colour both tell."""
    y, color = ROW[kind], KIND[kind]
    face: dict[str, Any] = {"facecolor": PAPER if hollow else color, "edgecolor": color}
    if kind == "state":
        axes.add_patch(Circle((x, y), RADIUS, linewidth=2, **face))
    else:
        box = "square,pad=0" if kind == "input" else "round,pad=0,rounding_size=0.14"
        w = 0.9 * RADIUS
        corner = (x - w, y - w)
        axes.add_patch(FancyBboxPatch(corner, 2 * w, 2 * w, boxstyle=box, linewidth=2, **face))
    ink = INK if hollow else PAPER
    axes.text(x, y, text, ha="center", va="center", color=ink, fontsize=14)
    return x, y


def _arrow(axes: Axes, start: Place, end: Place, label: str = "", *, dashed: bool = False) -> None:
    """From the border of one node to the border of another, straight up or straight right."""
    (x0, y0), (x1, y1) = start, end
    gap, across = RADIUS + 0.05, x1 != x0
    tail = (x0 + gap, y0) if across else (x0, y0 + gap)
    head = (x1 - gap, y1) if across else (x1, y1 - gap)
    _draw_arrow(axes, tail, head, dashed=dashed, color=INK if label else GREY)
    if across:
        axes.text((x0 + x1) / 2, y0 + 0.1, _math(label), ha="center", va="bottom", fontsize=15)
    else:
        axes.text(x0 + 0.12, (y0 + y1) / 2, _math(label), ha="left", va="center", fontsize=15)


def _feed_back(axes: Axes, x: float, state: Place) -> None:
    """From the output at x down to the next state, of which it is the input."""
    tail, head = (x + RADIUS, ROW["output"] - 0.1), (state[0] - 0.1, state[1] + RADIUS + 0.05)
    _draw_arrow(axes, tail, head, dashed=True, color=GREY, bend="arc3,rad=-0.25")


def _math(label: str) -> str:
    return f"${label}$" if label else ""


def _loop(axes: Axes, node: Place, label: str) -> None:
    """From a node around to itself."""
    x, y = node
    tail, head = (x + 0.24, y + 0.26), (x + 0.24, y - 0.26)
    _draw_arrow(axes, tail, head, dashed=True, bend="arc3,rad=-2.4")
    axes.text(x + 1.15, y, _math(label), ha="left", va="center", fontsize=15)


def _draw_arrow(
    axes: Axes, tail: Place, head: Place, *, dashed: bool, color: str = INK, bend: str = "arc3"
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            tail,
            head,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=bend,
            arrowstyle="-|>",
            mutation_scale=16,
            color=color,
            linewidth=1.8,
            linestyle="--" if dashed else "-",
        )
    )


def _frame(axes: Axes, left: float, right: float) -> None:
    axes.set_xlim(left, right)
    axes.set_ylim(-0.4, 4.1)
    axes.set_aspect("equal")
    axes.axis("off")
