"""Submissions that want to end, stop or fill the grading. Each costs itself at most.

What was earned before stays, what stands alone afterwards is graded, and the result is a complete
notebook that nbgrader takes.
"""

import resource

import pytest
from nbformat.v4 import new_code_cell

from rnnlib.grading.sandbox import Limits
from rnnlib.grading.verification import grade_notebook
from tests.hostile.submissions import PRETENDED, READOUT, RELEASED, SOLVED, STUB, graded, hand_in

CELLS = {
    "exit": "exit()",
    "sys.exit": "import sys; sys.exit(0)",
    "a kernel that shuts itself down": "get_ipython().kernel.do_shutdown(False)",
    "os._exit": "import os; os._exit(0)",
    "os.abort": "import os; os.abort()",
    "a signal to itself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "a fault in C": "import ctypes; ctypes.string_at(0)",
    "deep recursion": "def f(n): return f(n + 1)\nimport sys; sys.setrecursionlimit(10**9); f(0)",
    "deep recursion in C": "import sys; sys.setrecursionlimit(10**6); x = []\n"
    "for _ in range(10**6): x = [x]\nrepr(x)",
    "an endless loop": "while True: pass",
    "an endless loop that catches everything": "while True:\n  try:\n    while True: pass\n"
    "  except BaseException: pass",
    "an endless loop that ignores the interrupt": "import signal\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "a sleep": "import time; time.sleep(10**6)",
    "input that never comes": "input()",
    "a line of 60 MB": "print('x' * 60_000_000)",
    "lines without end": "while True: print('x' * 10_000)",
    "errors without end": "import sys\nwhile True: sys.stderr.write('x' * 10_000)",
    "displays without end": "while True: display('x' * 1000)",
    "a display that is updated without end": "d = display(0, display_id=True)\n"
    "while True: d.update('x' * 1000)",
    "a traceback of 50 MB": "raise ValueError('x' * 50_000_000)",
    "a thread that floods on": "import threading\ndef flood():\n  while True: print('x' * 1000)\n"
    "threading.Thread(target=flood, daemon=True).start()",
    "a thread that floods with other people's messages": """
import threading
ip = get_ipython()
def flood():
    while True:
        ip.kernel.session.send(ip.kernel.iopub_socket, "stream",
                               content={"name": "stdout", "text": "x" * 1000}, parent={})
threading.Thread(target=flood, daemon=True).start()
""",
    "a process that stays": "import subprocess; subprocess.Popen(['sleep', '5'])",
    "sockets that are closed": "k = get_ipython().kernel\nk.iopub_thread.close()",
    "a shell that executes nothing": "get_ipython().kernel.do_execute = lambda *a, **k: None",
    "an exit handler that hangs": "import atexit, time; atexit.register(time.sleep, 10**6)",
    "a working folder that is gone": "import os, shutil; shutil.rmtree(os.getcwd())",
    "nothing left of the built-ins": "import builtins\n"
    "for name in ('len', 'dict', 'print', 'isinstance'): setattr(builtins, name, None)",
    "a garbage of modules": "import sys\nfor name in list(sys.modules): sys.modules[name] = None",
}

ALONE = {
    "a line of 60 MB",
    "a process that stays",
    "a signal to itself",
    "a sleep",
    "an endless loop that ignores the interrupt",
    "exit",
    "input that never comes",
    "lines without end",
    "os._exit",
    "sys.exit",
}
"""What leaves the rest of the notebook as it is, so that nothing but the cell may be lost."""

TO_THE_LAST_SECOND = {"a shell that executes nothing"}
"""What nothing ends but the time that a notebook has."""

FUNCTIONS = {
    "sys.exit": "import sys; sys.exit(0)",
    "os._exit": "import os; os._exit(0)",
    "a keyboard interrupt": "raise KeyboardInterrupt",
    "a generator's end": "raise GeneratorExit",
    "an endless loop": "while True: pass",
    "an endless loop that catches everything": """while True:
        try:
            while True: pass
        except BaseException: pass""",
    "a flood": "while True: print('x' * 1000)",
    "a flood past the streams": "import os\n    while True: os.write(1, b'x' * 1000)",
    "deep recursion": "return readout_backward(do, h, V)",
    "a huge array": "import numpy as np; return (np.zeros(10**8),) * 3",
    "a huge list": "return ([0.0] * 10**7,) * 3",
    "a huge name": "raise type('E' * 10**7, (Exception,), {})('x' * 10**7)",
    "thousands of warnings": """import warnings
    for i in range(9999): warnings.warn('x' * 99 + str(i))""",
    "a display of 20 MB": "display('x' * 20_000_000)",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_with(cell, sandbox):
    limits = Limits(cell=2.0, notebook=8.0 if cell in TO_THE_LAST_SECOND else 60.0)
    result = graded(hand_in(CELLS[cell], READOUT), sandbox, limits)
    assert len(str(result.notebook)) < 4_000_000
    if cell in ALONE:
        assert result.scores == {SOLVED: 5.0, PRETENDED: 3.0}
    assert result.scores[SOLVED] in (0.0, 5.0)
    assert result.scores[PRETENDED] in (0.0, 3.0)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_with(function, sandbox, monkeypatch):
    monkeypatch.setattr("rnnlib.grading.verification.verifying.SECONDS", 4.0)  # not 10
    source = f"def readout_backward(do, h, V):\n    {FUNCTIONS[function]}"
    result = graded(hand_in("x = 1", source, last="'after'"), sandbox)
    assert result.scores == {SOLVED: 5.0, PRETENDED: 0.0}
    assert result.notebook.cells[-1].outputs[-1].data == {"text/plain": "'after'"}
    report = result.reports[PRETENDED]
    assert report["troubles"] or report["lines"]
    assert len(str(report)) < 20_000


def test_the_grader_does_not_grow_with_what_is_sent(sandbox):
    graded(hand_in("x = 1"), sandbox)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    graded(hand_in("print('x' * 200_000_000)"), sandbox, Limits(cell=5.0))
    graded(hand_in("while True: print('x' * 1_000_000)"), sandbox, Limits(cell=5.0))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 64, f"grew by {grown:.0f} MB"


def test_a_file_of_100_mb_is_not_read(sandbox):
    result = grade_notebook(b"[" * 100_000_000, RELEASED, 3, sandbox=sandbox)
    assert result.troubles == (
        "The notebook could not be read: it has 100,000,000 bytes, and 20,971,520 are allowed.",
    )
    assert result.scores == {SOLVED: 0.0, PRETENDED: 0.0}


def test_a_huge_source_and_hundreds_of_cells_end_in_time(sandbox):
    notebook = hand_in("x = '" + "y" * 5_000_000 + "'", STUB)
    notebook.cells[1:1] = [new_code_cell("pass") for _ in range(500)]
    result = graded(notebook, sandbox, Limits(cell=5.0, notebook=60.0))
    assert result.scores == {SOLVED: 5.0, PRETENDED: 0.0}
