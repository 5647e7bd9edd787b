"""The slider explorer as a student meets it: in JupyterLab, with a mouse and with a keyboard."""

import ast

import numpy as np
import pytest

from tests.browser.reading import CONTRASTS, WATCH, assert_drawn

CELL = """
import numpy as np
from rnnlib.explore import Explorer, Line, Panel, Slider

steps = np.arange(31)
gains, angles = np.linspace(0.5, 1.5, 41), np.linspace(0, 90, 31)
g, a = np.meshgrid(gains, np.deg2rad(angles), indexing="ij")
size = g[..., None] ** steps
state = size * np.cos(a[..., None] * steps)
state[:, :, 20] = np.nan
explorer = Explorer(
    sliders=[
        Slider("gain", "Spectral radius of W", gains, start=0.9),
        Slider("angle", "Angle of the eigenvalues", angles, start=12, unit="°"),
    ],
    panels=[
        Panel(
            "Hidden state", "time step t", "h(t)", steps,
            [Line("linear", state), Line("tanh", np.tanh(state))], y_limits=(-2, 2),
        ),
        Panel(
            "Gradient", "lag k", "size", steps, [Line("linear", size)],
            log_y=True, marks={"neither vanishes nor explodes": 1.0},
        ),
    ],
    caption="Below a radius of one the state fades, above one it grows.",
    alt="The hidden state over time, and the size of the gradient against the lag.",
)
explorer
"""
WHERE = "print(explorer.index, explorer.values)"


@pytest.fixture(scope="module")
def expected():
    """The same explorer in Python, to compare the picture with."""
    names = {}
    exec(CELL, names)
    return names["explorer"]


@pytest.fixture
def explorer(lab):
    """The explorer's figure in an open notebook that has run."""
    lab.write("explorer.ipynb", [CELL, WHERE])
    lab.open_notebook("explorer.ipynb")
    lab.run_all()
    figure = lab.page.locator(".rnnlib-explorer")
    figure.wait_for()
    figure.scroll_into_view_if_needed()
    return figure


def slider(explorer, label):
    return explorer.get_by_label(label)


def shown(explorer):
    return explorer.locator("output").all_inner_texts()


def test_dragging_a_slider_over_its_range_draws_pythons_series_at_every_value(
    lab, explorer, expected
):
    assert_drawn(explorer, expected, (16, 4))
    gain = slider(explorer, "Spectral radius of W")
    box = gain.bounding_box()
    middle = box["y"] + box["height"] / 2
    reach = box["width"] - 20  # the thumb is 20 px wide, its centre stays inside
    lab.page.mouse.move(box["x"] + 10 + reach * 16 / 40, middle)
    lab.page.mouse.down()
    seen = set()
    for place in np.linspace(0, 1, 21):
        lab.page.mouse.move(box["x"] + 10 + reach * place, middle)
        at = int(gain.input_value())
        seen.add(at)
        assert_drawn(explorer, expected, (at, 4))
        assert shown(explorer) == [expected.sliders[0].texts[at], "12°"]
    lab.page.mouse.up()
    assert seen == set(range(0, 41, 2))
    lab.assert_quiet()


def test_the_keyboard_moves_the_slider_and_not_the_notebook(lab, explorer, expected):
    angle = slider(explorer, "Angle of the eigenvalues")
    angle.focus()
    before = lab.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
    for key, at in [
        ("Home", 0), ("ArrowRight", 1), ("ArrowUp", 2), ("ArrowDown", 1), ("ArrowLeft", 0),
        ("End", 30), ("PageDown", 27), ("PageUp", 30),
    ]:  # fmt: skip
        lab.page.keyboard.press(key)
        assert int(angle.input_value()) == at, key
        assert shown(explorer) == ["0.900", f"{3 * at}°"]
        assert angle.get_attribute("aria-valuetext") == f"{3 * at}°"
        assert_drawn(explorer, expected, (16, at))
    assert lab.page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex") == before


def test_the_kernel_follows_the_slider_and_the_slider_the_kernel(lab, explorer, expected):
    slider(explorer, "Spectral radius of W").press("End")
    lab.page.wait_for_function(
        "() => document.querySelector('.rx-readout').textContent"  # later than the kernel is told
    )
    assert lab.rerun_cell(1) == "[40, 4] {'gain': 1.5, 'angle': 12.0}"
    lab.execute("explorer.move(gain=0.5, angle=90)")
    lab.page.wait_for_function("() => document.querySelector('output').textContent === '0.500'")
    assert shown(explorer) == ["0.500", "90°"]
    assert_drawn(explorer, expected, (0, 30))
    assert ast.literal_eval(lab.rerun_cell(1).split("] ")[0] + "]") == [0, 30]


def test_the_picture_moves_without_a_kernel(lab, explorer, expected):
    lab.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    slider(explorer, "Spectral radius of W").press("Home")
    assert_drawn(explorer, expected, (0, 4))


def test_a_screen_reader_finds_labels_a_description_and_the_final_values(lab, explorer):
    assert explorer.get_by_role("slider").count() == 2
    picture = explorer.get_by_role("img", name="The hidden state over time, and the size of the")
    assert picture.count() == 1
    unlabelled = "inputs => inputs.filter(input => !input.labels.length).length"
    assert explorer.locator("input").evaluate_all(unlabelled) == 0
    ids = lab.page.locator("[id]").evaluate_all("elements => elements.map(e => e.id)")
    own = [name for name in ids if name.startswith("explorer-")]
    assert len(own) == len(set(own)) == 4
    readout = explorer.locator("[aria-live=polite]")
    assert readout.inner_text() == ""
    slider(explorer, "Spectral radius of W").press("End")
    lab.page.wait_for_function("() => document.querySelector('.rx-readout').textContent")
    said = readout.inner_text()
    assert said.startswith("Spectral radius of W 1.500, Angle of the eigenvalues 12°. Hidden state")
    assert "Gradient, at lag k 30: linear 1.9×10⁵." in said


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_text_and_lines_stand_out_from_the_page_in_both_themes(lab, theme):
    lab.use_theme(theme)
    lab.write("explorer.ipynb", [CELL])
    lab.open_notebook("explorer.ipynb")
    lab.run_all()
    lab.page.locator(".rnnlib-explorer").wait_for()
    found = lab.page.evaluate(CONTRASTS)
    assert found["page"] == (theme == "JupyterLab Dark")
    assert min(found["text"]) >= 4.5, found
    assert len(found["lines"]) == 6
    assert min(found["lines"]) >= 3, found
    assert min(found["sizes"]) >= 14


def test_panels_stand_side_by_side_on_a_wide_screen_and_stack_on_a_narrow_one(lab, explorer):
    panels = explorer.locator(".rx-panel > svg")
    one, two = (panels.nth(k).bounding_box() for k in (0, 1))
    assert one["y"] == two["y"]
    lab.page.evaluate("jupyterapp.shell.collapseLeft()")
    lab.page.set_viewport_size({"width": 500, "height": 1000})
    lab.page.wait_for_function(
        "() => document.querySelector('.rx-panel > svg').getBoundingClientRect().width < 430"
    )
    one, two = (panels.nth(k).bounding_box() for k in (0, 1))
    assert two["y"] > one["y"] + one["height"]
    assert one["width"] == explorer.locator(".rx-panel").first.bounding_box()["width"]


def test_a_slider_move_is_drawn_within_one_frame_of_the_screen(lab, explorer):
    box = slider(explorer, "Spectral radius of W").bounding_box()
    middle = box["y"] + box["height"] / 2
    explorer.evaluate(WATCH)
    lab.page.mouse.move(box["x"] + 10, middle)
    lab.page.mouse.down()
    rng = np.random.default_rng(0)
    for place in np.linspace(0, 1, 41):
        lab.page.mouse.move(box["x"] + 10 + (box["width"] - 20) * place, middle)
        lab.page.wait_for_timeout(rng.uniform(10, 40))  # a hand is not in step with the screen
    lab.page.mouse.up()
    times = explorer.evaluate("figure => figure.times")
    assert len(times["painted"]) >= 30
    median = {name: float(np.median(values)) for name, values in times.items()}
    print("medians in ms:", {name: round(value, 1) for name, value in median.items()})
    assert median["update"] < 2
    assert median["painted"] < 16
