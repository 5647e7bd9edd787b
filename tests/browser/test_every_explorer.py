"""Every explorer of the course in JupyterLab: dragged over its range, by mouse and by keyboard.

A new explorer is found by itself: a module of rnnlib.explore with a function of its name.
"""

import importlib
import pkgutil

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import rnnlib.explore
from tests.browser.reading import CONTRASTS, WATCH, assert_drawn

NAMES = [
    module.name
    for module in pkgutil.iter_modules(rnnlib.explore.__path__)
    if hasattr(importlib.import_module(f"rnnlib.explore.{module.name}"), module.name)
]
STOPS = 7  # places at which a slider stands still while it is dragged, and is compared


def test_there_are_explorers():
    assert {"hidden_state", "singular_values", "unrolled_graph"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_shows_pythons_numbers_wherever_its_sliders_stand_and_everybody_can_use_it(lab, name):
    expected = getattr(importlib.import_module(f"rnnlib.explore.{name}"), name)()
    figure = open_explorer(lab, name)
    figure.evaluate(WATCH)
    move_everything(lab.page, figure, expected)
    times = figure.evaluate("figure => figure.times")
    median = {kind: float(np.median(times[kind])) for kind in ("update", "painted")}
    print(f"{name}: medians in ms from input to", {k: round(v, 1) for k, v in median.items()})
    assert median["update"] < 16
    assert_axe_finds_nothing(lab.page, figure)
    lab.assert_quiet()


def open_explorer(lab, name):
    """Show an explorer in a notebook of its own, and return its figure."""
    cell = f"from rnnlib.explore.{name} import {name}\n\nexplorer = {name}()\nexplorer"
    lab.write(f"{name}.ipynb", [cell])
    lab.open_notebook(f"{name}.ipynb")
    lab.run_all()
    figure = lab.page.locator(".rnnlib-explorer")
    figure.wait_for()
    figure.scroll_into_view_if_needed()
    return figure


def move_everything(page, figure, expected):
    """Move every slider over its range, by mouse and by keyboard, and compare on the way."""
    index = list(expected.index)
    assert_drawn(figure, expected, index)
    for k, slider in enumerate(expected.sliders):
        if slider.is_choice:
            for at, value in enumerate(slider.values):
                figure.get_by_role("radio", name=value, exact=True).check()
                index[k] = at
                assert_drawn(figure, expected, index)
            continue
        control = figure.get_by_label(slider.label, exact=True)
        for at in drag(page, control, len(slider.values)):
            index[k] = at
            assert_drawn(figure, expected, index)
        for key, at in (("Home", 0), ("ArrowRight", 1), ("End", len(slider.values) - 1)):
            control.press(key)
            assert int(control.input_value()) == at
            index[k] = at
            assert_drawn(figure, expected, index)


def drag(page, control, values):
    """Drag from one end to the other; yield the position at a few places on the way."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    y, reach = box["y"] + box["height"] / 2, box["width"] - 20  # the thumb's centre stays inside
    page.mouse.move(box["x"] + 10 + reach / 2, y)
    page.mouse.down()
    seen = set()
    for place in np.linspace(0, 1, STOPS):
        page.mouse.move(box["x"] + 10 + reach * place, y, steps=4)
        seen.add(int(control.input_value()))
        yield int(control.input_value())
    page.mouse.up()
    assert {0, values - 1} <= seen


def assert_axe_finds_nothing(page, figure):
    """Assert that axe has looked at labels and contrast in both themes, and found no fault."""
    figure.evaluate(LIFT)
    for theme, light in (("JupyterLab Light", "true"), ("JupyterLab Dark", "false")):
        page.evaluate(SWITCH, theme)
        page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
        found = Axe().run(page, context=".rnnlib-explorer", options={"runOnly": RULES})
        checked = {rule["id"] for rule in found.response["passes"]}
        assert {"label", "color-contrast"} <= checked
        assert found.violations_count == 0, (theme, found.generate_report())
        texts = page.evaluate(CONTRASTS)["text"]  # those in the picture too, which axe leaves out
        assert min(texts) >= 4.5, (theme, texts)


SWITCH = "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

# JupyterLab's body has no height and hides what overflows: axe takes all in it for invisible.
LIFT = """(figure) => {
    document.body.style.overflow = "visible";
    const page = document.createElement("div");
    page.style = "position: fixed; inset: 0; z-index: 99999; overflow: auto; "
        + "background: var(--jp-layout-color0)";
    document.body.append(page);
    page.append(figure);
}"""
