"""What a student's code takes, and what happens when it is too much."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from rnnlib.grading.sandbox import Limits, available, folders, manager
from rnnlib.grading.sandbox.manager import warm

LIBC = "__import__('ctypes').CDLL(None)"


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def processes_of(kernel):
    keeper = psutil.Process(kernel.manager.provisioner._running.keeper)
    return [keeper, *keeper.children(recursive=True)]


def test_memory_is_refused(sandboxed):
    kernel = sandboxed()
    assert kernel.run("x = bytearray(600 * 2**20)").startswith("MemoryError")
    assert kernel.run("print('goes on')") == "goes on"


def test_memory_of_all_processes_together_is_counted(sandboxed):
    kernel = sandboxed()
    code = (
        "import os, time\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        x = bytearray(os.urandom(1)) * (120 * 2**20); time.sleep(30); os._exit(0)\n"
        "time.sleep(30)"
    )
    kernel.run(code)
    assert kernel.outcome.status == "dead"
    assert kernel.manager.reason == "used more than 300 MB of memory"


def test_memory_that_processes_share_is_counted(sandboxed):
    kernel = sandboxed()
    kernel.run(
        "import mmap, time\n"
        "x = mmap.mmap(-1, 500 * 2**20)\n"
        "for page in range(0, len(x), 4096): x[page] = 1\n"
        "time.sleep(30)"
    )
    assert kernel.outcome.status == "dead"
    assert kernel.manager.reason == "used more than 300 MB of memory"


def test_memory_that_two_processes_share_is_counted_once(sandboxed):
    kernel = sandboxed()
    said = kernel.run(
        "import os, time\n"
        "x = bytearray(b'x') * (150 * 2**20)\n"
        "for _ in range(2):\n"
        "    if os.fork() == 0: time.sleep(1); os._exit(0)\n"
        "os.wait(), os.wait(); print('went on')"
    )
    assert said.endswith("went on")


UNCOUNTED = {
    "a file that is only in memory": "__import__('os').memfd_create('x') < 0",
    "System V memory": f"{LIBC}.shmget(0, 4096, 0o1600) < 0",
    "System V messages": f"{LIBC}.msgget(0, 0o1600) < 0",
}


@pytest.mark.parametrize("what", UNCOUNTED)
def test_memory_that_belongs_to_no_process_cannot_be_had(what, sandboxed):
    said = sandboxed().run(f"print('refused' if {UNCOUNTED[what]} else 'had')")
    assert said == "refused" or said.startswith("PermissionError")


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True:\n    os.fork()",
        "import subprocess\nwhile True: subprocess.Popen(['sleep', '60'])",
        "import threading, time\nwhile True:\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()",
    ],
    ids=["forks", "programs", "threads"],
)
def test_processes_and_threads_are_counted(code, sandboxed):
    highest = Path("/proc/sys/kernel/pid_max").read_text()
    kernel = sandboxed()
    there = processes_of(kernel)
    kernel.run(code, seconds=5)
    assert Path("/proc/sys/kernel/pid_max").read_text() == highest  # a bound inside alone
    assert kernel.outcome.status in ("dead", "error")
    kernel.kernel.kill()
    assert until(lambda: not any(process.is_running() for process in there))


def test_a_file_and_all_files_together_have_a_size(sandboxed):
    kernel = sandboxed()
    assert "File too large" in kernel.run("open('f', 'wb').write(bytes(3 * 2**20))")
    assert "No space left" in kernel.run(
        "for i in range(9): open(f'g{i}', 'wb').write(bytes(2**20))"
    )
    assert "No space left" in kernel.run("for i in range(10**5): open(f'/tmp/h{i}', 'wb')")


def test_a_file_is_not_open_ten_thousand_times(sandboxed):
    assert "Too many open files" in sandboxed().run(
        "x = [open('/dev/null') for _ in range(10_000)]"
    )


def test_an_endless_loop_is_interrupted_and_the_kernel_goes_on(sandboxed):
    kernel = sandboxed()
    kernel.run("while True: pass", seconds=0.5)
    assert kernel.outcome.status == "time"
    assert kernel.run("print(1)") == "1"


def test_a_program_that_is_waited_for_is_interrupted_too(sandboxed):
    kernel = sandboxed()
    kernel.run("import os; os.system('sleep 60')", seconds=0.5)
    assert kernel.outcome.status == "time"
    assert kernel.run("print(1)") == "1"


def test_who_ignores_the_interrupt_is_killed(sandboxed):
    kernel = sandboxed()
    there = processes_of(kernel)
    kernel.run(
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", seconds=0.5
    )
    assert kernel.outcome.status == "dead"
    assert until(lambda: not any(process.is_running() for process in there))


def test_a_kernel_that_ends_itself_takes_nobody_along(sandboxed):
    one, two = sandboxed(), sandboxed()
    one.run("import os; os._exit(3)")
    assert one.outcome.status == "dead"
    assert two.run("print(2)") == "2"


def test_no_process_is_left_when_a_kernel_is_shut_down(sandboxed):
    kernel = sandboxed()
    kernel.run("import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True)")
    there = processes_of(kernel)
    assert len(there) == 4  # its keeper, the first process, the kernel, and the one it has started
    kernel.kernel.kill()
    assert until(lambda: not any(process.is_running() for process in there))


def test_a_kernel_gets_an_empty_folder_whoever_was_there_before(sandboxed):
    first = sandboxed()
    first.run("open('/tmp/left', 'w').write('behind'); open('left', 'w').write('behind')")
    first.kernel.kill()
    said = sandboxed().run("import os; print(os.path.exists('/tmp/left'), os.listdir('.'))")
    assert said == "False []"


def test_two_kernels_draw_different_random_numbers(sandboxed):
    draw = "import numpy, random; print(numpy.random.rand(), random.random())"
    assert sandboxed().run(draw) != sandboxed().run(draw)


def test_nothing_is_left_when_the_grader_is_killed():
    if (reason := available()) is not None:
        pytest.skip(f"needs a sandbox: {reason}")
    code = (
        "import time\n"
        "from rnnlib.grading.sandbox import SandboxedKernelManager\n"
        "from rnnlib.grading.verification.kernel import Kernel, now\n"
        "manager = SandboxedKernelManager()\n"
        "now(manager.start_kernel)\n"
        "Kernel(manager)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with grader:
        assert grader.stdout.readline() == "ready\n"
        there = psutil.Process(grader.pid).children(recursive=True)
        assert len(there) >= 4
        os.kill(grader.pid, signal.SIGKILL)
    assert until(lambda: not any(process.is_running() for process in there))


def test_what_a_killed_grader_left_is_cleared_away_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(folders, "LONGEST", 4096)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, others = tmp_path / f"rnn-sandbox-{gone.pid}-abc", tmp_path / "rnn-notes-1"
    used = tmp_path / f"rnn-sandbox-{os.getpid()}-abc"
    for folder in (left, others, used):
        folder.mkdir()
    new = folders.make()
    assert sorted(tmp_path.iterdir()) == sorted([others, used, new])
    assert new.stat().st_mode & 0o077 == 0


def test_folders_lie_where_the_paths_of_sockets_are_short_enough(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path / ("x" * 100)))
    folder = folders.make()
    folder.rmdir()
    assert len(str(folder)) < 60


def test_the_warmed_up_process_outlives_the_thread_that_asked_for_it(sandboxed):
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(warm, ("rnnlib.nothing_of_this_name",)).result()
    time.sleep(0.3)
    assert first.alive
    assert warm(("rnnlib.nothing_of_this_name",)) is first


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_a_sandbox_of_its_own_and_leaves_the_others(sandboxed):
    kernel = sandboxed()
    process = kernel.manager.provisioner._process
    child = os.fork()
    if child == 0:
        process.close()  # as at the end of a process
        os._exit(0 if not manager._warm else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert process.alive
    assert kernel.run("print(1)") == "1"


def test_limits_below_one_are_refused():
    with pytest.raises(ValueError, match="Limits: memory is 0, expected a number above 0"):
        Limits(memory=0)
