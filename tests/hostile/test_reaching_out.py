"""Submissions that want something outside of their notebook. They need the sandbox to fail.

What was tried is said by the submission itself, in the output of its last cell.
"""

import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest
from jupyter_core.utils import ensure_event_loop

from rnnlib.grading.sandbox import Limits
from tests.hostile.submissions import PRETENDED, READOUT, SOLVED, STUB, graded, hand_in

FROM_REFERENCES = {
    "the reference of the exercise": """
def readout_backward(do, h, V):
    from rnnlib.grading.exercise import find
    return find("ps2/readout_backward").reference(do, h, V)
""",
    "the solution of the exercise": """
def readout_backward(do, h, V):
    from rnnlib.grading.exercises.ps2 import readout_backward as module
    return module.exercise.solution(do, h, V)
""",
    "the library's backward": """
def readout_backward(do, h, V):
    import rnnlib as rl
    p = rl.readout.ReadoutParams(V, V[:, 0])
    return rl.readout.backward(p, h, do)
""",
    "torch's autograd": """
def readout_backward(do, h, V):
    import torch
    h, V = (torch.tensor(a, requires_grad=True) for a in (h, V))
    b = torch.zeros(V.shape[0], requires_grad=True, dtype=h.dtype)
    (torch.tensor(do) * (h @ V.T + b)).sum().backward()
    return h.grad, V.grad, b.grad
""",
    "the source of rnnlib, read from disk": """
def readout_backward(do, h, V):
    import pathlib, rnnlib
    sources = pathlib.Path(rnnlib.__file__).parent.rglob("*readout*")
    names = {}
    for file in sources:
        if "exercises" in str(file):
            exec(file.read_text(), names)
    return names["reference"](do, h, V)
""",
}

SECRETS = {
    "the gradebook": "open({course!r} + '/gradebook.db').read()",
    "the home folder": "[open(f).read() for f in __import__('glob').glob('/root/.*rc')][0]",
    "the list of users": "open('/etc/shadow').read()",
    "the solutions": "open({course!r} + '/solutions/ps2_bptt/ps2_bptt.ipynb').read()",
    "the grader's environment": "__import__('os').environ['GRADER_SECRET']",
    "the environment of other processes": (
        "[open(f).read() for f in __import__('glob').glob('/proc/[0-9]*/environ') "
        "if 'GRADER_SECRET' in open(f).read()][0]"
    ),
    "a server on this machine": (
        "__import__('socket').create_connection(('127.0.0.1', {port}), timeout=1)"
    ),
    "a name on the network": "__import__('socket').getaddrinfo('example.org', 80)",
    "nbgrader": "__import__('nbgrader.api')",
    "the course, by another way": "__import__('os').listdir({course!r})[0]",
}


@pytest.mark.parametrize("answer", FROM_REFERENCES)
def test_no_points_for_an_answer_from(answer, in_sandbox):
    result = graded(hand_in("x = 1", FROM_REFERENCES[answer]), in_sandbox)
    assert result.scores == {SOLVED: 5.0, PRETENDED: 0.0}


@pytest.mark.parametrize("secret", SECRETS)
def test_out_of_reach_is(secret, in_sandbox, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "open sesame")
    (tmp_path / "gradebook.db").write_text("open sesame")
    (tmp_path / "solutions" / "ps2_bptt").mkdir(parents=True)
    (tmp_path / "solutions" / "ps2_bptt" / "ps2_bptt.ipynb").write_text("open sesame")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        expression = SECRETS[secret].format(course=str(tmp_path), port=port)
        result = graded(hand_in("x = 1", READOUT, last=f"{expression}\n'got it'"), in_sandbox)
    (output,) = result.notebook.cells[-1].outputs
    assert output.output_type == "error"
    assert "open sesame" not in str(result.notebook)
    assert result.scores == {SOLVED: 5.0, PRETENDED: 3.0}


def test_nothing_is_written_outside(in_sandbox, tmp_path):
    target = tmp_path / "written"
    attack = f"""
import os, pathlib
for path in ({str(target)!r}, "/etc/written", "/usr/written", "/root/written"):
    try:
        pathlib.Path(path).write_text("here")
    except OSError:
        pass
for name in ("ps2_bptt.ipynb", "submission.ipynb"):
    os.path.exists(name) and os.remove(name)
    os.symlink({str(target)!r}, name)
"""
    assert graded(hand_in(attack, READOUT), in_sandbox).scores == {SOLVED: 5.0, PRETENDED: 3.0}
    written = [target, *map(Path, ("/etc/written", "/usr/written", "/root/written"))]
    assert not any(path.exists() for path in written)


def test_no_process_is_left_behind(in_sandbox):
    attack = """
import subprocess
for _ in range(3):
    subprocess.Popen(["sleep", "4711"], start_new_session=True)
"""
    graded(hand_in(attack, STUB), in_sandbox)
    time.sleep(0.2)
    left = [p for p in psutil.process_iter(["cmdline"]) if "4711" in (p.info["cmdline"] or ())]
    assert left == []


def test_a_fork_bomb_and_a_full_memory_cost_their_cell_and_say_why(in_sandbox):
    bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass"
    limits = Limits(cell=3.0, memory=400 * 2**20)
    result = graded(hand_in(bomb, READOUT), in_sandbox, limits)
    assert result.scores == {SOLVED: 5.0, PRETENDED: 3.0}
    full = "x = []\nwhile True: x.append(bytearray(10**7))"
    result = graded(hand_in(full, READOUT), in_sandbox, limits)
    assert result.scores == {SOLVED: 5.0, PRETENDED: 3.0}
    assert "MemoryError" in str(result.notebook.cells[0].outputs)


def test_two_submissions_at_once_do_not_meet(in_sandbox):
    write = (
        "import pathlib, time\nfor place in ('.', '/tmp', '/dev/shm'):\n  try: "
        "pathlib.Path(place, 'answer').write_text('mine')\n  except OSError: pass\ntime.sleep(1.5)"
    )
    read = (
        "import glob, os, time; time.sleep(0.7)\n"
        "print('found', [f for p in ('.', '/tmp', '/dev/shm') for f in glob.glob(p + '/answer')], "
        "len([p for p in os.listdir('/proc') if p.isdigit()]))"
    )
    results = {}

    def grade(name, attack):
        results[name] = graded(hand_in(attack, STUB), in_sandbox, Limits())
        ensure_event_loop().close()  # Jupyter makes one for every thread

    threads = [threading.Thread(target=grade, args=each) for each in (("a", write), ("b", read))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    printed = results["b"].notebook.cells[0].outputs[0].text
    assert printed.startswith("found []")
    assert int(printed.split()[-1]) < 10 < len([p for p in os.listdir("/proc") if p.isdigit()])
