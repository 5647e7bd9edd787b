"""A lecture as it is projected: opened in JupyterLab, run from top to bottom, its sliders moved."""

import pathlib

import pytest

LECTURES = sorted((pathlib.Path(__file__).parents[2] / "lectures").glob("*.ipynb"))


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_the_lecture_runs_and_every_slider_moves_the_picture(lab, path):
    lab.open_notebook(lab.copy(path))
    lab.run_all()
    page = lab.page

    pictures = page.locator(".jp-OutputArea-output figure img")
    assert pictures.count() >= 3
    for picture in pictures.all():
        assert picture.get_attribute("alt")
        assert picture.evaluate("image => image.naturalWidth") > 300

    explorers = page.locator(".rnnlib-explorer")
    assert explorers.count() >= ("rnnlib.explore" in path.read_text(encoding="utf-8"))
    for explorer in explorers.all():
        explorer.scroll_into_view_if_needed()
        move_every_slider(page, explorer)
    lab.assert_quiet()


def move_every_slider(page, explorer):
    """Drag each from where it starts, and see the picture move; then put it back."""
    for slider in explorer.locator("input[type=range]").all():
        before, start = picture_of(explorer), slider.input_value()
        slider.hover()  # waits until the page has stopped moving under the mouse
        box = slider.bounding_box()
        y = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.9 * box["width"], y, steps=10)
        page.mouse.up()
        assert picture_of(explorer) != before, (slider.get_attribute("id"), slider.input_value())
        slider.fill(start)


def picture_of(explorer):
    """All that the explorer draws now."""
    return explorer.locator(".rx-panels").inner_html()
