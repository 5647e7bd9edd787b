"""The command that starts a process inside bubblewrap, and whether it works on this machine."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from rnnlib.grading.sandbox.masking import LIBRARIES, STAND_INS

ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "PYTHONPATH": f"/sandbox/runtime:/sandbox/runtime/{STAND_INS}",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All of the environment that the sandbox has."""

READ_ONLY = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
PRIVATE = ("/usr/local/share", "/usr/local/etc", f"{sys.prefix}/etc", f"{sys.base_prefix}/etc")
"""Where nbgrader's exchange and settings lie, within what is shown: with what others handed in."""

SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")


def command(runtime: Path, spool: Path, program: list[str]) -> list[str]:
    """The command line that runs a program with nothing but Python, its libraries and two folders.

    No network; no process, user or file of the machine but what is named here.

    Args:
        runtime: The folder with the masked rnnlib.
        spool: The folder through which kernels are reached; it can be written.
        program: What to run.
    """
    line = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    line += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    line += ["--bind", "/proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for place in map(Path, READ_ONLY):
        if place.is_symlink():
            line += ["--symlink", os.readlink(place), str(place)]
        elif place.exists():
            line += ["--ro-bind", str(place), str(place)]
    for place in map(Path, SETTINGS):
        if place.exists():
            line += ["--ro-bind", str(place.resolve()), str(place)]
    for folder in _python():
        line += ["--ro-bind", str(folder), str(folder)]
    for folder in _hidden():
        line += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    for empty in ("kernel", "tmp", "work"):
        line += ["--dir", f"/sandbox/{empty}"]
    line += ["--bind", str(spool), "/sandbox/spool"]
    line += ["--ro-bind", str(runtime), "/sandbox/runtime"]
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return [*line, "--chdir", "/tmp", *program]


def _python() -> list[Path]:
    """The folders of the interpreter and of the virtual environment."""
    folders = {Path(prefix).resolve() for prefix in (sys.base_prefix, sys.prefix)}
    usual = [Path(place) for place in READ_ONLY]
    return sorted(f for f in folders if not any(f.is_relative_to(place) for place in usual))


def _hidden() -> list[Path]:
    """Private folders, those of libraries that answer exercises, and of rnnlib as installed."""
    specs = [importlib.util.find_spec(name) for name in (*LIBRARIES, "rnnlib")]
    found = {
        Path(place).resolve() for s in specs if s for place in s.submodule_search_locations or ()
    }
    found |= {Path(place).resolve() for place in PRIVATE if Path(place).is_dir()}
    shown = [*map(Path, READ_ONLY), *_python()]
    return sorted(place for place in found if any(place.is_relative_to(folder) for folder in shown))


@functools.cache
def available() -> str | None:
    """Why no sandbox can be had on this machine, and what to do; None where one can."""
    if sys.platform != "linux":
        return "the sandbox is bubblewrap, which needs Linux. Grade on Linux, or in a container."
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed. Install it, e.g. `sudo apt install bubblewrap`."
    probe = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    probe += ["--ro-bind", "/", "/", "--bind", "/proc", "/proc", "true"]
    done = subprocess.run(probe, capture_output=True, text=True, timeout=30)
    if done.returncode == 0:
        return None
    return (
        f"bubblewrap is there and cannot start: {done.stderr.strip()}. It needs user namespaces. "
        "On Ubuntu 23.10 and later, allow them with `sudo sysctl -w "
        "kernel.apparmor_restrict_unprivileged_userns=0`; elsewhere see `sysctl "
        "kernel.unprivileged_userns_clone user.max_user_namespaces`. In a container, start it with "
        "`--security-opt seccomp=unconfined --cap-add SYS_ADMIN`."
    )
