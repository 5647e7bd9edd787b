import io
import sys

import pytest

from rnnlib.train.progress import Progress, clock
from tests.train.small_network import run


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_in_a_terminal_one_line_is_overwritten(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr("rnnlib.train.progress.SECONDS", 0.0)
    run(4, progress=True)
    written = sys.stdout.getvalue()
    assert written.count("\r") >= 4
    assert written.count("\n") == 1
    assert "[####################] 4/4  loss 0." in written
    assert "[#####...............] 1/4" in written
    assert " left" in written
    assert capfd.readouterr() == ("", "")


def test_in_a_pipe_it_is_silent(capfd):
    run(3, progress=True)
    assert capfd.readouterr() == ("", "")


def test_the_time_left_is_that_of_the_iterations_left(monkeypatch):
    now = iter([100.0, 110.0])
    monkeypatch.setattr("rnnlib.train.progress.monotonic", lambda: next(now))
    bar = Progress(10, 40, show=False)
    bar.done, bar.loss = 20, 0.5
    assert bar.line() == "[##########..........] 20/40  loss 0.5  0:20 left"
    assert clock(3661) == "1:01:01"


NOTEBOOK = """
import numpy as np, time
from rnnlib.train import train
from rnnlib.optim import SGD
def loss_and_gradients(w, batch):
    time.sleep(0.15)
    return (w**2).sum(), 2 * w
t = train(np.ones(1), loss_and_gradients, lambda rng: 0, SGD(0.1), rng=np.random.default_rng(0),
          iterations=3)
"""


def test_in_a_notebook_it_is_one_output_and_nothing_goes_to_stderr():
    nbformat = pytest.importorskip("nbformat", reason="needs the extra notebooks")
    nbclient = pytest.importorskip("nbclient", reason="needs the extra notebooks")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("[####################] 3/3  loss 0.4096  in 0:0")
