"""Shut a process off: namespaces, mounts, capabilities and limits of its own, by system calls.

Linux has these calls, Python 3.11 has no functions for them; they are called through ctypes. See
unshare(2), mount(2), capabilities(7), user_namespaces(7), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE, MS_RELATIME = 16384, 1 << 18, 1 << 21
ST_RELATIME, TIMES = 4096, 1024 | 2048 | 4096  # times of access: not, not of folders, or seldom
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION_3 = 0x20080522
SIGKILL = 9

RESERVED, MAPPED = 128 * 2**20, 4 * 2**30
"""Bytes beside the memory that is used: the threads' stacks; and libraries, and address space."""

HIGHEST_PID = 512

_libc = ctypes.CDLL(None, use_errno=True)


def _call(function: str, *arguments: object) -> None:
    if getattr(_libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")


def new_namespaces() -> None:
    """Give this process users, mounts and a network of its own; its children, process ids.

    The network reaches nothing, not even the kernel beside it. Only the user's own id exists in the
    new user namespace, as itself and never as root.
    """
    uid, gid = os.getuid(), os.getgid()
    theirs = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
    _call("unshare", CLONE_NEWUSER | theirs)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)


def mount_tmpfs(place: str, size: int) -> None:
    """Mount an empty folder in main memory, of at most `size` bytes and 10,000 files."""
    options = f"size={size},nr_inodes=10000,mode=700".encode()
    _call("mount", b"tmpfs", place.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options)


def bind_mount(source: str, place: str) -> None:
    """Show a folder, with all that is mounted in it, at another place."""
    _call("mount", source.encode(), place.encode(), None, MS_BIND | MS_REC, None)


def make_read_only(place: str) -> None:
    """Let nothing be written any more below a mounted folder."""
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV
    _call("mount", None, place.encode(), None, flags, None)


def mount_devpts(place: str) -> None:
    """Mount terminals that no other kernel sees; none where the system does not give them."""
    try:
        options = b"newinstance,ptmxmode=0666,mode=600"
        _call("mount", b"devpts", place.encode(), b"devpts", MS_NOSUID | MS_NOEXEC, options)
    except OSError:
        mount_tmpfs(place, 4096)


def make_all_read_only(but: tuple[str, ...]) -> None:
    """Let nothing be written, nor its permissions changed, in any mount that outlives a kernel.

    Args:
        but: The places that are the kernel's own, with what is mounted in them.
    """
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place = line.split()[4].encode().decode("unicode_escape")  # a space is \\040
        if place in but or place.startswith(tuple(f"{own}/" for own in but)):
            continue
        try:
            kept = os.statvfs(place).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC | TIMES)
        except FileNotFoundError:
            continue  # something else is mounted over it
        flags = kept & ~ST_RELATIME | (MS_RELATIME if kept & ST_RELATIME else 0)
        flags |= MS_REMOUNT | MS_BIND | MS_RDONLY
        _call("mount", None, place.encode(), None, flags, None)


def own_processes_only() -> None:
    """Mount /proc anew, with the processes of this namespace; called by the first of them.

    It is read-only, because who grades as root would own the machine's settings in it. Where the
    machine does not allow it at all, as within some containers, /proc is empty.

    User namespaces inside this one, with all that they would allow to try, are forbidden first, and
    so are, from Linux 6.14 on, more processes than a fork bomb should have until it is stopped.
    """
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    if _linux() >= (6, 14):  # before, the setting is the whole machine's
        Path("/proc/sys/kernel/pid_max").write_text(str(HIGHEST_PID))
    try:
        flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
        _call("mount", b"proc", b"/proc", b"proc", flags, None)
    except OSError:
        mount_tmpfs("/proc", 4096)


def _linux() -> tuple[int, ...]:
    """The version of the system, such as (6, 14)."""
    return tuple(int(number) for number in re.findall(r"\d+", os.uname().release)[:2])


def die_with_parent() -> None:
    """Be killed when the parent process ends, however it ends."""
    _call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def set_undumpable() -> None:
    """Let no other process look into this one through /proc."""
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def drop_privileges() -> None:
    """Give up every capability for good; programs that are run gain none either."""
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text() if _proc_is_there() else 63)
    for capability in range(last + 1):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails for numbers that do not exist
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def _proc_is_there() -> bool:
    return os.path.exists("/proc/sys/kernel/cap_last_cap")


def limit(memory: int, file_size: int, open_files: int, processes: int, cpu_seconds: int) -> None:
    """Set what one process may take; bytes, except for the last three."""
    for name, most in {
        "RLIMIT_DATA": memory + RESERVED,
        "RLIMIT_AS": memory + MAPPED,  # what processes share is no data
        "RLIMIT_FSIZE": file_size,
        "RLIMIT_NOFILE": open_files,
        "RLIMIT_NPROC": processes,  # not counted for root: the watchdog counts too
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 0,
    }.items():
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(number, (most, most))
