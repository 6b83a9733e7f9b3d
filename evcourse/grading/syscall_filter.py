"""A second wall inside the cage: system calls that no exercise needs are refused, by way of libseccomp.

libseccomp (https://github.com/seccomp/libseccomp) is the library that systemd, Docker and Flatpak use; it is found
where they are. Without it the cage stands on namespaces and limits alone.
"""

from __future__ import annotations

import ctypes
import errno
import socket

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NOT_EQUAL, _MASKED_EQUAL = 1, 7
_CLONE_THREAD = 0x00010000

#: Other programs and processes, other namespaces and mounts, other processes' memory, keys that outlive the process,
#: memory that no limit counts, and parts of the kernel with a history of holes.
REFUSED = (
    "execve execveat fork vfork ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise "
    "unshare setns mount umount umount2 pivot_root chroot open_tree move_mount fsopen fsmount fsconfig fspick mount_setattr "
    "keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register "
    "memfd_create memfd_secret shmget shmat msgget semget mq_open open_by_handle_at name_to_handle_at fanotify_init "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl syslog "
    "settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname iopl ioperm personality vhangup "
    "mlock mlock2 mlockall mbind set_mempolicy migrate_pages move_pages sched_setattr sched_setscheduler lookup_dcookie"
).split()


class _Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("how", ctypes.c_int), ("first", ctypes.c_uint64), ("second", ctypes.c_uint64)]


class Filter:
    """The refused calls, ready to be loaded in a child."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.seccomp_init.restype = ctypes.c_void_p
        self._rules = ctypes.c_void_p(library.seccomp_init(_ALLOW))
        for name in REFUSED:
            self._refuse(name, errno.EPERM)
        # The C library then takes `clone`, whose flags can be looked at.
        self._refuse("clone3", errno.ENOSYS)
        self._refuse("clone", errno.EPERM, _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD, 0))
        self._refuse("socket", errno.EPERM, _Comparison(0, _NOT_EQUAL, socket.AF_UNIX, 0))

    def load(self) -> None:
        """Refuse these calls from now on, in this process and all that it starts."""
        if self._library.seccomp_load(self._rules) != 0:
            raise OSError("the kernel does not take a filter of system calls")

    def _refuse(self, name: str, problem: int, *comparisons: _Comparison) -> None:
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            # Not a call of this kernel.
            return
        listed = (_Comparison * len(comparisons))(*comparisons)
        self._library.seccomp_rule_add_array(self._rules, ctypes.c_uint32(_REFUSE | problem), number, len(comparisons), listed)


def find() -> Filter | None:
    """Return the filter, or None where libseccomp is not installed."""
    try:
        return Filter(ctypes.CDLL("libseccomp.so.2"))
    except (OSError, AttributeError):
        return None
