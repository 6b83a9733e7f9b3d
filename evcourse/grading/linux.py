"""The few system calls of Linux that Python does not offer: namespaces, mounts, capabilities.

Numbers and flags are those of the kernel's own headers, include/uapi/linux/sched.h, mount.h, prctl.h and capability.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
_BIND, _RECURSIVE, _PRIVATE, _DETACH = 4096, 16384, 1 << 18, 2
_CLONE_PIDFD = 0x00001000
_WHOLE_TREE, _HERE = 0x8000, -100
_NEWEST_CAPABILITIES, _LAST_CAPABILITY = 0x20080522, 63
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_FROM_BOUNDS, _NO_NEW_PRIVILEGES, _AMBIENT, _CLEAR_ALL = 1, 4, 24, 38, 47, 4
_MOUNT_SETATTR = 442
_NUMBERS = {"x86_64": {"clone": 56, "pivot_root": 155}, "aarch64": {"clone": 220, "pivot_root": 41}}

_libc = ctypes.CDLL(None, use_errno=True)
# Without letting go of Python's lock, so that nothing runs between the fork and what Python does after one.
_holding = ctypes.PyDLL(None, use_errno=True)


class Unsupported(OSError):
    """This kernel or machine does not offer what a cage needs."""


def unshare(namespaces: int) -> None:
    """Give this process namespaces of its own."""
    _require(_libc.unshare(namespaces), "unshare")


def fork_into(namespaces: int) -> tuple[int, int]:
    """Fork a child into new namespaces; return its process id and a descriptor of it (0 and -1 in the child).

    One fork instead of two: the child is the first process of its process namespace, so that all it started ends
    with it.
    """
    descriptor = ctypes.c_int(-1)
    flags = ctypes.c_ulong(namespaces | _CLONE_PIDFD | signal.SIGCHLD)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = _holding.syscall(ctypes.c_long(_number("clone")), flags, None, ctypes.byref(descriptor), None, None)
    problem = ctypes.get_errno()
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0, -1
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise Unsupported(problem, f"clone: {os.strerror(problem)}")
    return pid, descriptor.value


def map_user(outside_user: int, outside_group: int, inside: int) -> None:
    """Name the one user and group that exist in this process's new user namespace."""
    for name, words in (
        ("setgroups", "deny"),
        ("uid_map", f"{inside} {outside_user} 1"),
        ("gid_map", f"{inside} {outside_group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(words)


def keep_mounts_private() -> None:
    """Let no mount made here be seen outside, and the other way round."""
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)


def mount_memory(target: str, options: str, flags: int = NO_SETUID | NO_DEVICES) -> None:
    """Mount an empty file system that lives in memory."""
    _mount("tmpfs", target, "tmpfs", flags, options)


def bind(source: str, target: str) -> None:
    """Show what is at one place at another place, too."""
    _mount(source, target, None, _BIND | _RECURSIVE)


def forbid(target: str, flags: int = READ_ONLY | NO_SETUID | NO_DEVICES) -> None:
    """Make a mount, and all below it, read-only (or what the flags say)."""
    attributes = struct.pack("QQQQ", flags, 0, 0, 0)
    outcome = _libc.syscall(ctypes.c_long(_MOUNT_SETATTR), _HERE, target.encode(), _WHOLE_TREE, attributes, ctypes.c_size_t(32))
    _require(outcome, f"mount_setattr {target}")


def change_root(root: str) -> None:
    """Make a folder the root, and let go of everything outside it."""
    os.chdir(root)
    # The old root comes to lie on top of the new one, from where it is taken away: no folder is needed for it.
    _require(_libc.syscall(ctypes.c_long(_number("pivot_root")), b".", b"."), "pivot_root")
    _require(_libc.umount2(b".", _DETACH), "umount")
    os.chdir("/")


def become(user: int) -> None:
    """Take on another user's rights for good; what /proc shows of this process stays its own."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _require(_libc.prctl(_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends."""
    _require(_libc.prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0), "prctl")


def renounce() -> None:
    """Give up every capability, and every way to a new one."""
    _require(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    _libc.prctl(_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_DROP_FROM_BOUNDS, capability, 0, 0, 0)
    none = struct.pack("IIIIII", 0, 0, 0, 0, 0, 0)
    _require(_libc.capset(struct.pack("II", _NEWEST_CAPABILITIES, 0), none), "capset")


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    words = [each.encode() if each is not None else None for each in (source, target, kind, options)]
    outcome = _libc.mount(*words[:3], ctypes.c_ulong(flags), words[3])
    _require(outcome, f"mount {target}")


def _number(call: str) -> int:
    machine = platform.machine()
    if machine not in _NUMBERS:
        raise Unsupported(f"no cage is known for processors of the kind {machine}")
    return _NUMBERS[machine][call]


def _require(outcome: int, what: str) -> None:
    if outcome != 0:
        problem = ctypes.get_errno()
        raise Unsupported(problem, f"{what}: {os.strerror(problem)}")
