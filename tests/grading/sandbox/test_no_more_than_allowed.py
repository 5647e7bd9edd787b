"""What a student's code takes, and what happens when it is too much."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from rnnlib.grading.sandbox import Limits, available


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
    kernel = sandboxed()
    there = processes_of(kernel)
    kernel.run(code, seconds=5)
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


def test_limits_below_one_are_refused():
    with pytest.raises(ValueError, match="Limits: memory is 0, expected a number above 0"):
        Limits(memory=0)
