"""System calls that no notebook needs, and that a sandbox is attacked with, are refused.

The filter is made by libseccomp, which knows the numbers of the calls on every machine; see
seccomp_rule_add(3). It stands behind the namespaces and the missing privileges, which forbid most
of this already, and alone against memory that belongs to no process and is counted for none.
"""

from __future__ import annotations

import ctypes
import errno
import functools

REFUSED = {
    "mounts": "mount mount_setattr move_mount umount2 open_tree fsopen fsconfig fsmount fspick",
    "places": "pivot_root chroot unshare setns name_to_handle_at open_by_handle_at",
    "others": "ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp perf_event_open",
    "memory of no process": "memfd_create memfd_secret shmget msgget semget mq_open",
    "keys": "add_key request_key keyctl",
    "ways in": "bpf userfaultfd io_uring_setup io_uring_enter io_uring_register fanotify_init",
    "programs of the kernel": "init_module finit_module delete_module kexec_load kexec_file_load",
    "the machine": "acct clock_settime ioperm iopl quotactl quotactl_fd reboot settimeofday "
    "swapoff swapon syslog vhangup",
}
"""What is answered with "Operation not permitted"."""

UNKNOWN = ("clone3",)
"""Said not to exist: the C library then calls `clone`, whose flags can be looked at."""

ALLOW, ERROR = 0x7FFF0000, 0x00050000
NOT_THERE = -1
MASKED_EQUAL, CLONE_NEWUSER = 7, 0x10000000


class _Comparison(ctypes.Structure):
    """An argument of a call, by its position, and the bits that it is compared in."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def refuse_calls() -> None:
    """Put the filter over this process and all that it starts; where libseccomp is, if anywhere.

    Raises:
        OSError: The system does not take it.
    """
    prepared = prepare()
    if prepared is None:
        return
    library, context = prepared
    if (result := library.seccomp_load(context)) != 0:
        raise OSError(-result, "the filter of system calls is not taken")


@functools.cache
def prepare() -> tuple[ctypes.CDLL, ctypes.c_void_p] | None:
    """The library and the filter, made once; None where the library is not installed."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))

    def add(name: str, error: int, *comparisons: _Comparison) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number == NOT_THERE:  # newer than this libseccomp
            return
        library.seccomp_rule_add_array(
            context,
            ctypes.c_uint32(ERROR | error),
            ctypes.c_int(number),
            ctypes.c_uint(len(comparisons)),
            (_Comparison * len(comparisons))(*comparisons),
        )

    for name in " ".join(REFUSED.values()).split():
        add(name, errno.EPERM)
    for name in UNKNOWN:
        add(name, errno.ENOSYS)
    add("clone", errno.EPERM, _Comparison(0, MASKED_EQUAL, CLONE_NEWUSER, CLONE_NEWUSER))
    return library, context
