"""What a kernel sends and does: heard, counted, interrupted, killed, and never believed."""

import os
import signal
import threading
import time

import pytest

from rnnlib.grading.verification.kernel import Kernel, now
from rnnlib.grading.verification.outputs import Shown
from rnnlib.grading.verification.starting import OpenKernelManager, started

FORGE = """
import json
ip = get_ipython()
session, socket, parent = ip.kernel.session, ip.kernel.iopub_socket, ip.kernel.get_parent()
def forge(kind, content, parent=parent):
    session.send(socket, kind, content=content, parent=parent)
"""

FORGED = {
    "a display without data": "forge('display_data', {})",
    "a display whose data are a number": "forge('display_data', {'data': 5, 'metadata': 3})",
    "a stream without a name": "forge('stream', {'text': 'x'})",
    "a stream of another name": "forge('stream', {'name': 'stdlog', 'text': 'x'})",
    "a stream whose text is a list": "forge('stream', {'name': 'stdout', 'text': ['x']})",
    "an error without a traceback": "forge('error', {'ename': 3})",
    "a result that is no text": "forge('execute_result', {'data': {'text/plain': 5}})",
    "a status without a state": "forge('status', {})",
    "a clearing without a flag": "forge('clear_output', {})",
    "an update of nothing": "forge('update_display_data', {'transient': {'display_id': 'no'}})",
    "an update of a list": "forge('update_display_data', {'transient': {'display_id': []}})",
    "a comm that was never opened": "forge('comm_msg', {'comm_id': 'x', 'data': {'state': 5}})",
    "a message of no kind": "forge('', {})",
    "content that is a list": "forge('stream', json.dumps(['stdout', 'x']))",
    "a parent of another request": "forge('stream', {'name': 'stdout', 'text': 'x'}, {})",
    "raw bytes": "socket.send_multipart([b'junk'])",
    "an unsigned message": "socket.send_multipart([b'a', b'<IDS|MSG>', b'', b'{}', b'', b'', b''])",
    "nothing at all": "socket.send_multipart([b'a', b'<IDS|MSG>'])",
    "a comm to nobody": (
        "from comm import create_comm; create_comm(target_name='none', data={'state': 1})"
    ),
}


@pytest.fixture(scope="module")
def kernel():
    kernel = started(OpenKernelManager())
    yield kernel
    kernel.close()


def execute(kernel, code, seconds=20.0, largest=1_000_000, **options):
    shown = Shown(1)
    outcome = kernel.execute(code, seconds=seconds, largest=largest, listen=shown.listen, **options)
    return outcome, shown.outputs


def test_results_streams_errors_and_displays_are_outputs(kernel):
    outcome, (printed, warned, result) = execute(
        kernel, "import sys; print('a'); print('b', file=sys.stderr); 3"
    )
    assert outcome.status == "ok"
    assert (printed.name, printed.text) == ("stdout", "a\n")
    assert (warned.name, warned.text) == ("stderr", "b\n")
    assert result.data == {"text/plain": "3"}
    outcome, (error,) = execute(kernel, "1 / 0")
    assert outcome.status == "error"
    assert error.ename == "ZeroDivisionError"


def test_a_display_that_is_updated_shows_its_last_state_and_a_cleared_one_nothing(kernel):
    _, (display,) = execute(kernel, "d = display('a', display_id=True); d.update('b')")
    assert display.data == {"text/plain": "'b'"}
    _, outputs = execute(
        kernel, "from IPython.display import clear_output; print(1); clear_output(); print(2)"
    )
    assert [output.text for output in outputs] == ["2\n"]
    _, outputs = execute(kernel, "print(1); clear_output(wait=True); print(2)")
    assert [output.text for output in outputs] == ["2\n"]


@pytest.mark.parametrize("what", FORGED)
def test_a_message_that_is_not_as_it_should_be_is_left_out(kernel, what):
    execute(kernel, FORGE)
    start = time.monotonic()
    outcome, outputs = execute(kernel, f"{FORGED[what]}\n'done'")
    assert outcome.status == "ok"
    assert [output.data for output in outputs] == [{"text/plain": "'done'"}]
    assert time.monotonic() - start < 5


def test_a_forged_end_only_makes_the_next_cell_wait(kernel):
    execute(kernel, FORGE)
    early = "import time; forge('status', {'execution_state': 'idle'}); time.sleep(0.5); 'late'"
    execute(kernel, early)
    outcome, outputs = execute(kernel, "'next'")
    assert outcome.status == "ok"
    assert [output.data for output in outputs] == [{"text/plain": "'next'"}]


def test_input_is_an_error_unless_there_is_somebody_who_answers(kernel):
    outcome, (error,) = execute(kernel, "input('name?')")
    assert outcome.status == "error"
    assert error.ename == "StdinNotImplementedError"
    _, (result,) = execute(kernel, "input('name?')", answer=str.upper)
    assert result.data == {"text/plain": "'NAME?'"}


def test_what_is_not_shown_leaves_no_number_and_no_history(kernel):
    execute(kernel, "'before'")
    execute(kernel, "hidden = 5", shown=False)
    _, (result,) = execute(kernel, "In[-2], hidden")
    assert result.data == {"text/plain": "(\"'before'\", 5)"}


def test_a_cell_that_takes_too_long_is_interrupted_and_the_kernel_goes_on(kernel):
    outcome, _ = execute(kernel, "while True: pass", seconds=0.5)
    assert (outcome.status, outcome.reason) == ("time", "did not finish within 0.5 s")
    assert execute(kernel, "1")[0].status == "ok"


ENDLESS = {
    "lines": "while True: print('x' * 1000)",
    "one line": "print('x' * 60_000_000)",
    "a picture": "display({'image/png': 'x' * 60_000_000}, raw=True)",
    "displays": "while True: display(1)",
    "the error stream": "import sys\nwhile True: sys.stderr.write('x' * 1000)",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_flood_is_cut_while_it_comes_and_the_kernel_goes_on(kernel, what):
    outcome, outputs = execute(kernel, ENDLESS[what], largest=200_000)
    assert (outcome.status, outcome.reason) == ("flood", "wrote more than 0.2 MB of output")
    assert len(str(outputs)) < 300_000
    _, (result,) = execute(kernel, "'after'")
    assert result.data == {"text/plain": "'after'"}


def test_a_kernel_that_ignores_the_interrupt_is_killed():
    kernel = started(OpenKernelManager())
    ignore = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    outcome, _ = execute(kernel, ignore, seconds=0.5)
    assert (outcome.status, outcome.reason) == ("dead", "did not finish within 0.5 s")
    assert not kernel.alive
    assert execute(kernel, "1")[0].status == "dead"
    kernel.close()


def test_a_kernel_that_ends_itself_is_dead_and_leaves_no_folder():
    manager = OpenKernelManager()
    kernel = started(manager)
    outcome, _ = execute(kernel, "import os; os._exit(0)")
    assert (outcome.status, outcome.reason) == ("dead", "ended its own process")
    kernel.close()
    assert not manager._folder.exists()


def test_a_kernel_that_does_not_start_is_said_so():
    manager = OpenKernelManager()
    now(manager.start_kernel, extra_arguments=["--no-such-option=1", "--IPKernelApp.ip=x"])
    with pytest.raises(RuntimeError, match="did not start"):
        Kernel(manager, startup=20)
    assert not manager._folder.exists()


def test_an_interrupt_that_comes_too_late_does_not_hit_the_next_cell(kernel, monkeypatch):
    """On its way into a sandbox it may be slower than the end of what it is meant for."""
    _, (pid,) = execute(kernel, "import os; os.getpid()")
    late = threading.Timer(0.1, os.kill, (int(pid.data["text/plain"]), signal.SIGINT))
    monkeypatch.setattr(kernel.manager, "interrupt_kernel", late.start)
    flood = "import sys, time; print('x' * 2_000_000); sys.stdout.flush(); time.sleep(0.05)"
    assert execute(kernel, flood)[0].status == "flood"
    outcome, _ = execute(kernel, "time.sleep(0.5); reached = True")
    assert outcome.status == "ok"
