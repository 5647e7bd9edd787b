"""Read back what an explorer shows, and hold it against the numbers in Python."""

import json
import re

import numpy as np

from rnnlib.explore import Diagram, Plane
from rnnlib.explore.grid import drawn as as_drawn


def assert_drawn(explorer, expected, index):
    """Assert that the picture shows Python's series at this position of the sliders."""
    sliders = zip(expected.sliders, index, strict=True)
    series = expected.at(**{slider.name: slider.values[i] for slider, i in sliders})
    lines = drawn(explorer)
    diagrams = {panel.title for panel in expected.panels if isinstance(panel, Diagram)}
    assert {(p, name) for p in series if p not in diagrams for name in series[p]} == set(lines)
    for panel in expected.panels:
        if isinstance(panel, Diagram):
            assert_walked(explorer, panel, series[panel.title])
            continue
        for name, values in series[panel.title].items():
            x, y, (left, right), (low, high) = on_axes(panel, values)
            there = np.isfinite(x) & np.isfinite(y)
            got_x, got_y = lines[panel.title, name]
            x, y = x[there], y[there]
            np.testing.assert_allclose(got_x, x, rtol=1e-6, atol=2e-3 * (right - left))
            near = (y > low) & (y < high)  # beyond, the frame clips it
            np.testing.assert_allclose(got_y[near], y[near], atol=2e-3 * (high - low))


def on_axes(panel, values):
    """x and y of one line as they are drawn, and what the two axes show."""
    if isinstance(panel, Plane):
        x, y = values
        return x, as_drawn(y, panel.log_y), *panel.limits()
    return panel.x, panel.drawn(values), panel.x[[0, -1]], panel.limits()


def drawn(explorer):
    """Read every line back from its path, as {(panel, line): (x, y)}."""
    found = explorer.evaluate(
        """(figure) => [...figure.querySelectorAll(".rx-panel > svg")].flatMap((svg) =>
            [...svg.querySelectorAll("path[data-line]")].map((path) => ({
                panel: svg.parentElement.querySelector(".rx-title").textContent,
                name: path.dataset.line,
                axes: [svg.dataset.x, svg.dataset.y],
                d: path.getAttribute("d") ?? "",
            })))"""
    )
    lines = {}
    for line in found:
        axes = [np.array(json.loads(axis)) for axis in line["axes"]]
        points = re.findall(r"[ML](\S+?) (-?[\d.]+)", line["d"])
        pixels = np.array(points, dtype=float).reshape(-1, 2)
        lines[line["panel"], line["name"]] = tuple(
            low + (pixels[:, k] - at_low) * (high - low) / (at_high - at_low)
            for k, ((low, at_low), (high, at_high)) in enumerate(axes)
        )
    return lines


def assert_walked(explorer, diagram, expected):
    """Assert that a diagram's boxes and arrows have their numbers, and no others."""
    found = explorer.evaluate(
        """(figure) => Object.fromEntries([...figure.querySelectorAll("g[data-name]")].flatMap(
            (group) => {
                const text = (part) => group.querySelector(part)?.textContent ?? "";
                const name = group.dataset.name;
                return [
                    [name, text(".rx-value") || text(".rx-arrow-number")],
                    [`d${name}`, text(".rx-gradient").replace("d ", "")],
                ];
            }))"""
    )
    for name, value in expected.items():
        if name == "words":
            assert explorer.locator(".rx-words").inner_text() == value
        else:
            shown = found[name].replace("\N{MINUS SIGN}", "-")
            assert shown == ("" if np.isnan(value) else decimals(value)), (diagram.title, name)


def decimals(value):
    return "0" if abs(value) < 5e-4 else f"{value:.3f}"


# From an input event to the lines' new paths (`update`) and to the task after the frame that shows
# them (`painted`); `pointer` is the same from the pointer's move, and so holds the wait for the
# screen's next frame too. Listeners on the way down and up enclose the explorer's own.
WATCH = """(figure) => {
    figure.times = { update: [], painted: [], pointer: [] };
    let pointer = 0;
    let input = 0;
    const record = (name, start) => figure.times[name].push(performance.now() - start);
    figure.addEventListener("pointermove", (event) => (pointer = event.timeStamp), true);
    figure.addEventListener("input", () => (input = performance.now()), true);
    figure.addEventListener("input", () => {
        record("update", input);
        const [moved, began] = [pointer, input];
        requestAnimationFrame(() => {
            const channel = new MessageChannel(); // its message comes when the frame is painted
            channel.port1.onmessage = () => {
                record("painted", began);
                record("pointer", moved);
            };
            channel.port2.postMessage(0);
        });
    });
}"""

# Whether the page is dark; and of an explorer the contrasts of all its texts and of the six colours
# of lines with the page, and the sizes of its texts in px.
CONTRASTS = """() => {
    const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (color, behind) => {
        for (const layer of [behind, color]) {
            if (!layer) continue;
            paint.fillStyle = layer;
            paint.fillRect(0, 0, 1, 1);
        }
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => {
            const c = v / 255;
            return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let box = document.querySelector(".rnnlib-explorer");
    const figure = box;
    while (getComputedStyle(box).backgroundColor === "rgba(0, 0, 0, 0)") box = box.parentElement;
    const paper = getComputedStyle(box).backgroundColor;
    const contrast = (color) => {
        const [one, two] = [luminance(color, paper), luminance(paper)];
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    };
    const texts = [...figure.querySelectorAll("label, output, li, text, figcaption, .rx-title")];
    const style = getComputedStyle(figure);
    return {
        page: luminance(paper) < 0.5,
        text: texts.map((t) => getComputedStyle(t)[t.localName === "text" ? "fill" : "color"])
            .map(contrast),
        sizes: texts.map((t) => parseFloat(getComputedStyle(t).fontSize)),
        lines: [0, 1, 2, 3, 4, 5].map((k) => contrast(style.getPropertyValue(`--line-${k}`))),
    };
}"""
