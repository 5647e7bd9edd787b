"""Read back what an explorer shows, and hold it against the numbers in Python."""

import json
import re

import numpy as np

from rnnlib.explore import Diagram, Plane


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
        in_plane = isinstance(panel, Plane)
        for name, values in series[panel.title].items():
            x, y = values if in_plane else (panel.x, values)
            (left, right), (low, high) = panel.limits() if in_plane else (ALL, panel.limits())
            y = in_log(y) if in_plane and panel.log_y else y if in_plane else panel.drawn(y)
            there = np.isfinite(x) & np.isfinite(y)
            got_x, got_y = lines[panel.title, name]
            x, y = x[there], y[there]
            np.testing.assert_allclose(got_x, x, atol=2e-3 * max(np.ptp(x), 1))
            near = (y > low) & (y < high) & (x > left) & (x < right)  # beyond, the frame clips it
            np.testing.assert_allclose(got_y[near], y[near], atol=2e-3 * (high - low))


ALL = (-np.inf, np.inf)


def in_log(y):
    return np.log10(y, where=y > 0, out=np.full(np.shape(y), np.nan))


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
        elif not (name == "dw" and name not in found):
            shown = found[name].replace("\N{MINUS SIGN}", "-")
            assert shown == ("" if np.isnan(value) else decimals(value)), (diagram.title, name)


def decimals(value):
    return "0" if abs(value) < 5e-4 else f"{value:.3f}"


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
