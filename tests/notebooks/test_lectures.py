"""Every lecture runs from top to bottom, in a fresh kernel, without a warning."""

import re
from contextlib import suppress
from datetime import datetime
from math import inf
from pathlib import Path
from queue import Empty
from time import monotonic

import nbformat
import pytest
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

LECTURES = sorted((Path(__file__).parents[2] / "lectures").glob("*.ipynb"))

SECONDS_A_CELL = 120


class Shell(AsyncZMQSocketChannel):
    """The channel of the replies, looked at anew every second.

    Where a cell draws through an Output widget, as `interact` does, nbclient sends on the socket
    that it waits on, and may not be woken by what arrives there.
    """

    async def get_msg(self, timeout=None):
        end = inf if timeout is None else monotonic() + timeout
        while True:
            with suppress(Empty):
                return await super().get_msg(min(1.0, max(0.0, end - monotonic())))
            if monotonic() >= end:
                raise Empty


class Client(AsyncKernelClient):
    shell_channel_class = Shell


class Manager(AsyncKernelManager):
    client_factory = Client


@pytest.fixture(scope="module", params=LECTURES, ids=lambda path: path.stem)
def lecture(request, tmp_path_factory):
    """The notebook as committed, and the notebook as run."""
    committed = nbformat.read(request.param, as_version=4)
    run = nbformat.from_dict(committed)
    folder = str(tmp_path_factory.mktemp("lecture"))  # it may rely on no file of the course
    about = {"metadata": {"path": folder}}
    NotebookClient(
        run, kernel_manager_class=Manager, timeout=SECONDS_A_CELL, resources=about
    ).execute()
    return committed, run


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def seconds_at_work(notebook):
    """How long the kernel worked, by its own clock."""
    times = [cell.metadata.execution for cell in code_cells(notebook)]
    return sum(
        (_time(cell["iopub.status.idle"]) - _time(cell["iopub.status.busy"])).total_seconds()
        for cell in times
    )


def _time(text):
    return datetime.fromisoformat(text)


def test_it_runs_without_a_warning(lecture, record_property):
    _, run = lecture
    seconds = seconds_at_work(run)
    record_property("seconds", round(seconds, 1))
    print(f"{seconds:.1f} s")
    for cell in code_cells(run):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text


def test_every_picture_has_a_text_alternative(lecture):
    _, run = lecture
    pictures = 0
    for cell in code_cells(run):
        for output in cell.outputs:
            data = output.get("data", {})
            assert not [kind for kind in data if kind.startswith("image/")], (
                f"{cell.id}: show figures through rnnlib.plots, which asks for alt text"
            )
            images = re.findall(r"<img[^>]*>", data.get("text/html", ""))
            assert all(re.search(r'alt="[^"]{20,}"', image) for image in images), cell.id
            pictures += len(images)
    assert pictures >= 3


def test_what_interact_draws_is_a_picture_with_a_text_alternative_and_no_error(lecture):
    _, run = lecture  # an error in the function is shown by the widget and stops nothing
    state = run.metadata.widgets["application/vnd.jupyter.widget-state+json"].state
    models = [model.state for model in state.values() if model.model_name == "OutputModel"]
    assert len(models) == sum("@interact" in cell.source for cell in code_cells(run)) > 0
    for model in models:
        (output,) = model.outputs
        assert output.output_type == "display_data", output
        assert re.search(r'<img[^>]* alt="[^"]{20,}"', output.data["text/html"])


def test_a_cell_is_short_and_a_paragraph_too(lecture):
    committed, _ = lecture
    for cell in committed.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 15, f"{cell.id} has {len(lines)} lines"
        else:
            for paragraph in cell.source.split("\n\n"):
                is_list = paragraph.startswith("- ")
                assert is_list or len(paragraph.split()) <= 90, f"{cell.id}: {paragraph[:40]}…"


def test_it_opens_and_closes_as_every_lecture_does(lecture):
    committed, _ = lecture
    text = "\n".join(cell.source for cell in committed.cells if cell.cell_type == "markdown")
    for part in ("minutes. Needs:", "After this lecture you can", "**Notation.**"):
        assert part in committed.cells[0].source
    for heading in ("Summary", "Questions", "Exercise and next lecture", "Sources and further"):
        assert f"\n## {heading}" in text
    assert text.count("<details><summary>Answer</summary>") == 3


def test_it_is_committed_without_outputs_and_with_readable_cell_names(lecture):
    committed, _ = lecture
    for cell in code_cells(committed):
        assert not cell.outputs
        assert cell.execution_count is None
    assert all(re.fullmatch(r"[a-z0-9-]+", cell.id) for cell in committed.cells)
