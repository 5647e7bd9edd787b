"""What is shown to the instructor holds nothing that runs there."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output, new_raw_cell

from rnnlib.grading.verification.harmless import LEFT_OUT, harmless_output, make_harmless

HIT = "alert(1)"
HTML = {
    "a script": f"<script>{HIT}</script>",
    "a picture that fails": f"<img src=x onerror='{HIT}'>",
    "a picture from elsewhere": "<img src='https://example.org/x.png'>",
    "a picture that is a page": f"<img src='data:text/html,<script>{HIT}</script>'>",
    "a drawing": f"<svg onload='{HIT}'></svg>",
    "a drawing in a picture": "<img src='data:image/svg+xml;base64,AAAA'>",
    "a frame": f"<iframe srcdoc='<script>{HIT}</script>'></iframe>",
    "a link that is a script": f"<a href='javascript:{HIT}'>here</a>",
    "a link that is one in entities": f"<a href='jav&#x61;script:{HIT}'>here</a>",
    "a link with a line break in it": f"<a href='java\nscript:{HIT}'>here</a>",
    "a form": "<form action='/formgrader/api'><input name='score'></form>",
    "a button": f"<button onclick='{HIT}'>here</button>",
    "details that open": f"<details open ontoggle='{HIT}'>here</details>",
    "a page over the page": "<div style='position: fixed; inset: 0'>here</div>",
    "a style from elsewhere": "<div style='background: url(https://example.org)'>here</div>",
    "a style sheet": "<style>body { display: none }</style>",
    "a base": "<base href='https://example.org'>",
    "a redirection": "<meta http-equiv='refresh' content='0; url=https://example.org'>",
    "a name of the page's": "<span id='check_f'></span>",
    "a button of the page's": "<details><summary class='full-credit'>here</summary></details>",
    "a cell of the page's": "<div class='d-flex nbgrader_cell'>here</div>",
    "a link to elsewhere": "<a href='//example.org'>here</a>",
    "a comment": f"<!--><img src=x onerror='{HIT}'>-->",
    "a template": f"<template><script>{HIT}</script></template>",
    "mathematics": f"<math><mtext><img src=x onerror='{HIT}'></mtext></math>",
    "a formula that is a link": rf"$\href{{javascript:{HIT}}}{{x}}$",
}
OPEN = {  # in an answer it is a text, and shown as one
    "a tag that is not closed": f"<img src=x onerror='{HIT}' ",
}
MARKDOWN = {
    "a link that is a script": f"[here](javascript:{HIT})",
    "a link in entities": f"[here](jav&#97;script:{HIT})",
    "an address": f"<javascript:{HIT}>",
    "a reference": f"[here][1]\n\n[1]: javascript:{HIT}",
    "a picture": f"![here](javascript:{HIT})",
    "data": "[here](data:text/html;base64,PHNjcmlwdD4=)",
}


def shown(**data):
    return harmless_output(new_output("display_data", data=data))


@pytest.mark.parametrize("what", HTML | OPEN)
def test_an_output_is_left_out(what):
    source = (HTML | OPEN)[what]
    output = shown(**{"text/html": source, "text/plain": "a picture"})
    assert output.data == {"text/plain": "a picture"}
    assert shown(**{"text/html": source}).data == {"text/plain": LEFT_OUT}


@pytest.mark.parametrize("what", [*HTML, *MARKDOWN])
def test_an_answer_is_shown_as_it_was_typed(what):
    source = (HTML | MARKDOWN)[what]
    notebook = nbformat.v4.new_notebook(cells=[new_markdown_cell(source), new_raw_cell(source)])
    make_harmless(notebook)
    for cell in notebook.cells:
        assert cell.cell_type == "markdown"
        assert cell.source == f"```\n{source}\n```"


@pytest.mark.parametrize("name", ["check_f", "check_f-comment", "notebook", "statusmessage"])
def test_a_heading_cannot_take_the_place_of_a_field_of_the_page(name):
    field = {"nbgrader": {"grade_id": "check_f"}}
    cells = [new_markdown_cell(f"## {name}"), new_markdown_cell("## Of check_f", metadata=field)]
    make_harmless(nbformat.v4.new_notebook(cells=cells))
    assert [cell.source for cell in cells] == [f"```\n## {name}\n```", "## Of check_f"]


def test_the_fence_around_an_answer_is_longer_than_any_in_it():
    source = f"````\n```\n````\n<script>{HIT}</script>"
    notebook = nbformat.v4.new_notebook(cells=[new_markdown_cell(source)])
    make_harmless(notebook)
    assert notebook.cells[0].source == f"`````\n{source}\n`````"


@pytest.mark.parametrize(
    "data",
    [
        {"application/javascript": HIT},
        {"image/svg+xml": f"<svg onload='{HIT}'/>"},
        {"image/png": f"AAAA'><script>{HIT}</script>"},
        {"image/png": ["AAAA"]},
        {"text/latex": f"$$<script>{HIT}</script>$$"},
        {"text/markdown": f"<script>{HIT}</script>"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "</script>"}},
        {"text/html": [HIT]},
        {"text/vnd.mermaid": HIT},
    ],
    ids=lambda data: next(iter(data)),
)
def test_other_ways_to_show_are_left_out(data):
    assert shown(**data).data == {"text/plain": LEFT_OUT}


def test_of_the_metadata_only_sizes_are_kept():
    about = {"image/png": {"width": 100, "height": "1' onload='x", "style": "x"}, "isolated": True}
    output = new_output("display_data", data={"image/png": "AAAA"}, metadata=about)
    assert harmless_output(output).metadata == {"image/png": {"width": 100}}


HARMLESS = """# An answer

With $a_t < b$ and $b > c$, **bold**, `x < y`, [a page](https://example.org), [below](#below):

| a | b |
|---|---|
| 1 | 2 |

```python
if a<b: print("<script>")
```

- x <details><summary>more</summary>text</details>
"""


def test_an_ordinary_answer_stays_as_it_is():
    notebook = nbformat.v4.new_notebook(cells=[new_markdown_cell(HARMLESS)])
    make_harmless(notebook)
    assert notebook.cells[0].source == HARMLESS


@pytest.mark.parametrize("unit", ["\\begin{a}", "<a ", "[a]("])
def test_a_text_that_would_take_hours_to_read_is_shown_as_it_was_typed(unit):
    source = 100_000 * unit
    assert answer_with(source) == f"```\n{source}\n```"
    if unit == "<a ":
        assert shown(**{"text/html": source}).data == {"text/plain": LEFT_OUT}


def answer_with(source, **attachments):
    cell = new_markdown_cell(source, attachments=attachments)
    make_harmless(nbformat.v4.new_notebook(cells=[cell]))
    return cell.source


def test_a_picture_that_was_pasted_stays():
    source = "See ![my drawing](attachment:a.png)."
    assert answer_with(source, **{"a.png": {"image/png": "AAAA"}}) == source


@pytest.mark.parametrize(
    "attachments",
    [
        {},
        {"b.png": {"image/png": "AAAA"}},
        {"a.png": {}},
        {"a.png": {"image/svg+xml": "AAAA"}},
        {"a.png": {"image/svg+xml": "AAAA", "image/png": "AAAA"}},
        {"a.png": {"text/html": "AAAA"}},
        {"a.png": {"image/png": f"A'><script>{HIT}</script>"}},
    ],
)
def test_an_answer_whose_picture_cannot_be_shown_is_shown_as_it_was_typed(attachments):
    source = "See ![my drawing](attachment:a.png)."
    assert answer_with(source, **attachments) == f"```\n{source}\n```"


def test_an_output_in_markdown_has_no_pasted_pictures():
    assert shown(**{"text/markdown": "![](attachment:a.png)"}).data == {"text/plain": LEFT_OUT}


def test_the_course_s_own_pictures_and_tables_stay():
    import numpy as np

    from rnnlib import plots

    picture = plots.lines({"a": np.arange(3.0)}, x_label="t", y_label="h", caption="c", alt="a < b")
    html = picture._repr_html_()
    assert shown(**{"text/html": html}).data == {"text/html": html}
    table = (
        "<table border='1'><tr><th>a</th></tr><tr><td style='text-align: right'>1</td></tr></table>"
    )
    assert shown(**{"text/html": table}).data == {"text/html": table}


def test_the_texts_of_the_course_stay_as_they_are():
    import pathlib

    for path in pathlib.Path(__file__).parents[2].glob("exercises/*/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        before = [cell.source for cell in notebook.cells]
        make_harmless(notebook)
        assert [cell.source for cell in notebook.cells] == before
