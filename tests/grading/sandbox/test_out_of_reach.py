"""What a student's code in the sandbox tries to read, write and reach, and does not get."""

import os
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[3]

READ = {
    "the course's solutions": f"open({str(COURSE / 'solutions/README.md')!r}).read()",
    "the tests": f"__import__('os').listdir({str(COURSE / 'tests')!r})",
    "the gradebook": f"open({str(COURSE / 'gradebook.db')!r}, 'rb').read()",
    "the home folder": f"__import__('os').listdir({str(Path.home() / '.ssh')!r})",
    "the machine's users": "open('/etc/passwd').read()",
    "the references": "__import__('rnnlib.grading.exercises.ps2.rnn_backward')",
    "the references' source": (
        "__import__('pathlib').Path(__import__('rnnlib').__file__)"
        ".parent.joinpath('grading/exercises/ps2/rnn_backward.py').read_text()"
    ),
    "autograd": "__import__('torch').tensor(1.0)",
    "the module of autograd": "__import__('torch.autograd')",
    "what others handed in": "[*__import__('os').scandir('/usr/local/share')][0]",
    "settings of nbgrader": "[*__import__('os').scandir(__import__('sys').prefix + '/etc')][0]",
    "other kernels' folders": "[*__import__('os').scandir('/sandbox/spool')][0]",
    "the memory of the first process": "open('/proc/1/mem', 'rb').read(1)",
    "the environment of the first process": "open('/proc/1/environ').read()",
    "the open files of the first process": "__import__('os').readlink('/proc/1/fd/0')",
}


@pytest.mark.parametrize("what", READ)
def test_it_cannot_read(what, sandboxed):
    said = sandboxed().run(f"print('GOT', {READ[what]})")
    assert "GOT" not in said
    assert "Error" in said


WRITE = {
    "the library": "__import__('numpy').__file__ + '.txt'",
    "the interpreter's folder": "__import__('sys').executable + '.txt'",
    "the folder of its sockets": "'/sandbox/kernel/file'",
    "the root": "'/file'",
    "system settings": "'/proc/sys/kernel/core_pattern'",
    "the host's name": "'/proc/sys/kernel/hostname'",
    "rnnlib": "__import__('rnnlib').__file__",
    "the folder of devices": "'/dev/file'",
    "a folder of the sandbox": "'/sandbox/file'",
}


@pytest.mark.parametrize("what", WRITE)
def test_it_cannot_write_to(what, sandboxed):
    said = sandboxed().run(f"open({WRITE[what]}, 'w').write('x'); print('WROTE')")
    assert "WROTE" not in said
    assert "Error" in said


@pytest.mark.parametrize("place", ["/dev", "/dev/null", "/dev/urandom", "/dev/pts", "/dev/shm"])
def test_what_it_does_to_devices_is_not_seen_by_the_next(place, sandboxed):
    before = os.stat(place if os.path.exists(place) else "/dev").st_mode
    sandboxed().run(f"import os; os.chmod({place!r}, 0)")
    sandboxed().run("import os; os.remove('/dev/ptmx')")
    said = sandboxed().run(
        "open('/dev/null', 'w').write('x'); import os; os.openpty(); print('fine')"
    )
    assert said == "fine"
    assert os.stat(place if os.path.exists(place) else "/dev").st_mode == before


def test_its_terminals_are_its_own(sandboxed):
    one, two = sandboxed(), sandboxed()
    assert one.run("import os; pair = os.openpty(); print(os.ttyname(pair[1]))") == "/dev/pts/0"
    assert "0" not in two.run("import os; print(os.listdir('/dev/pts'))").split("'")


def test_no_mount_but_its_own_folders_can_be_written(sandboxed):
    """Whatever is mounted: everything that outlives a kernel is read-only."""
    said = sandboxed().run(
        "import os\n"
        "for line in open('/proc/self/mountinfo'):\n"
        "    place = line.split()[4]\n"
        "    try:\n"
        "        writable = not os.statvfs(place).f_flag & os.ST_RDONLY\n"
        "    except OSError:\n"
        "        continue\n"
        "    if writable: print(place)"
    )
    assert set(said.split()) == {"/sandbox/work", "/sandbox/tmp", "/tmp", "/dev/shm", "/dev/pts"}


def test_it_writes_in_its_own_folder_and_nobody_else_sees_that(sandboxed, tmp_path):
    one, two = sandboxed(folder=tmp_path), sandboxed(folder=tmp_path)
    assert one.run("open('mine', 'w').write('x'); print(open('mine').read())").endswith("x")
    assert two.run("import os; print(os.listdir('.'))") == "[]"
    assert not list(tmp_path.iterdir())


def test_it_has_copies_of_plain_files_and_no_links(sandboxed, tmp_path):
    (tmp_path / "data.txt").write_text("numbers")
    (tmp_path / "gradebook.db").symlink_to("/etc/passwd")
    (tmp_path / "numpy.py").write_text("raise SystemExit('shadowed')")
    kernel = sandboxed(folder=tmp_path)
    assert kernel.run("import os; print(sorted(os.listdir('.')))") == "['data.txt', 'numpy.py']"
    assert kernel.run("import numpy; print(numpy.ones(2).sum())") == "2.0"
    kernel.run("open('data.txt', 'w').write('changed')")
    assert (tmp_path / "data.txt").read_text() == "numbers"


def test_it_has_no_network(sandboxed):
    said = sandboxed().run(
        "import socket\n"
        "for place in ('127.0.0.1', 22), ('8.8.8.8', 53), ('example.org', 80):\n"
        "    try: socket.create_connection(place, timeout=2); print('CONNECTED')\n"
        "    except OSError as error: print('no')"
    )
    assert said.split() == ["no"] * 3


def test_it_does_not_reach_a_kernel_beside_it(sandboxed):
    one, two = sandboxed(), sandboxed()
    one.run("import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0here'); s.listen()")
    said = two.run("import socket; socket.socket(socket.AF_UNIX).connect('\\0here')")
    assert said.startswith("ConnectionRefusedError")


def test_an_import_of_torch_that_nothing_needs_costs_nothing(sandboxed):
    kernel = sandboxed()
    said = kernel.run(
        "import torch, numpy as np, rnnlib as rl\n"
        "p = rl.elman.init(np.random.default_rng(0), inputs=2, hidden=3)\n"
        "print(rl.forward(rl.elman, p, np.ones((4, 1, 2)))[0].shape)\n"
        "from rnnlib.grading.calling.randomness import seeded\n"
        "with seeded(0) as touched: np.random.rand()\n"
        "print(touched)"
    )
    assert said.splitlines() == ["(4, 1, 3)", "['np.random']"]
    assert kernel.run("torch.tensor(1)").startswith(
        "AttributeError: torch.tensor is not there while you are graded"
    )


def test_it_sees_its_own_processes_only(sandboxed):
    sandboxed()  # another one
    kernel = sandboxed()
    said = kernel.run(
        "import os; print([p for p in os.listdir('/proc') if p.isdigit()], os.getpid())"
    )
    assert said in ("['1', '2'] 2", "[] 2")


def test_it_cannot_harm_the_process_that_holds_it(sandboxed):
    kernel = sandboxed()
    kernel.run("import os, signal; os.kill(1, signal.SIGKILL); os.kill(1, signal.SIGTERM)")
    assert kernel.run("print('still here')") == "still here"


def test_the_environment_of_the_grader_is_not_there(sandboxed, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "42")
    assert "SECRET" not in sandboxed().run("import os; print(dict(os.environ))")


def test_it_gains_no_rights(sandboxed):
    said = sandboxed().run(
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None)\n"
        "print(libc.unshare(0x10000000), libc.unshare(0x20000),\n"
        "      libc.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/proc', 2),\n"
        "      libc.setuid(0), libc.ptrace(16, 1, 0, 0), os.getuid())\n"
        "print([l for l in open('/proc/self/status') if l.startswith(('CapEff', 'NoNewPrivs'))])"
    )
    first, second = said.splitlines()
    assert first == "-1 -1 -1 -1 -1 -1 1000"
    assert "CapEff:\\t0000000000000000" in second
    assert "NoNewPrivs:\\t1" in second


def test_what_an_exercise_asks_for_is_not_there_and_says_why(sandboxed):
    kernel = sandboxed(withheld=("rnnlib.*backward*",))
    said = kernel.run("import rnnlib as rl; rl.backward(rl.elman, None, None, None)")
    assert "rnnlib.network.backward is what this problem set asks for" in said
    assert kernel.run("print(rl.elman.init.__name__, rl.forward.__name__)") == "init forward"
    said = kernel.run("import inspect; print(inspect.getsource(rl.elman.step_backward))")
    assert "params.W" not in said


def test_check_in_a_students_own_cell_says_that_it_is_done_outside(sandboxed):
    kernel = sandboxed()
    said = kernel.run("from rnnlib.grading import check; check('ps2/rnn_backward', print)")
    assert "Error" not in said
    assert "outside" in said


@pytest.mark.skipif(os.getuid() == 0, reason="root may read every file on this machine anyway")
def test_nobody_else_on_the_machine_reads_its_sockets(sandboxed):
    folder = Path(sandboxed().manager.ip).parent
    assert folder.stat().st_mode & 0o077 == 0
