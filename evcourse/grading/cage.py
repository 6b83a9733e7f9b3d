"""The cage: a root of its own with only what a notebook needs to read, no network, hard limits, no rights.

`confine` is called once, by the process that forks; `enter` in every child before it runs a learner's code.
"""

from __future__ import annotations

import os
import resource
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from evcourse.grading import linux
from evcourse.grading.syscall_filter import Filter

NAMESPACES = linux.NEWUSER | linux.NEWPID | linux.NEWNET | linux.NEWNS | linux.NEWIPC | linux.NEWUTS
DESK = "/desk"
#: Inside the cage the learner is this user; where a grader is root, outside it is too: "nobody" by convention.
_INSIDE, _NOBODY = 1000, 65534
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    Attributes
    ----------
    cell_seconds
        Time for one cell; only that cell is lost when it is over.
    notebook_seconds
        Time for the whole notebook, starts after a cell that had to be killed included.
    memory_mib
        Memory beyond what Python and its libraries take at the start.
    disk_mib
        Room for files, which live in memory.
    processes
        Processes and threads.
    output_bytes
        What may come out.
    """

    cell_seconds: float = 10.0
    notebook_seconds: float = 90.0
    memory_mib: int = 1536
    disk_mib: int = 64
    processes: int = 32
    output_bytes: int = 4 * _MIB


def confine(readable: list[Path], hidden: list[Path]) -> None:
    """Leave this process, and all that it will fork, a root with nothing but what is readable, read-only.

    Parameters
    ----------
    readable
        Folders to be seen at their own places, beside Python's and the system's libraries.
    hidden
        Folders that must be empty wherever they lie inside these.
    """
    is_root = os.geteuid() == 0
    user, group = os.geteuid(), os.getegid()
    linux.unshare(linux.NEWNS if is_root else linux.NEWNS | linux.NEWUSER)
    if not is_root:
        linux.map_user(user, group, user)
    linux.keep_mounts_private()
    _build_root([*readable, *_python()], hidden)
    if is_root:
        # The limit on processes does not hold for root, and root's files would be the learner's.
        linux.become(_NOBODY)


def enter(limits: Limits, filter_: Filter | None, user: int, group: int) -> None:
    """Make this freshly forked process a prisoner: of its namespaces, its limits, and without any right.

    Parameters
    ----------
    user, group
        Those of the process that forked it: in its own namespace a child has none yet.
    """
    linux.map_user(user, group, _INSIDE)
    # The one that the kernel takes first when memory runs out; and no namespaces inside this one.
    Path("/proc/self/oom_score_adj").write_text("1000")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _limit(limits)
    linux.keep_mounts_private()
    linux.mount_memory(DESK, f"size={limits.disk_mib}m,nr_inodes=4096,mode=700")
    linux.bind("/nothing", "/proc")
    os.chdir(DESK)
    os.umask(0o077)
    linux.die_with_parent()
    linux.renounce()
    if filter_:
        filter_.load()


def _build_root(readable: list[Path], hidden: list[Path]) -> None:
    # Opened first: the new root covers /tmp, and what is to be shown may lie there.
    sources = {path: os.open(path, os.O_PATH) for path in _shown(readable)}
    devices = {path: os.open(path, os.O_PATH) for path in _DEVICES if os.path.exists(path)}
    old = os.open("/proc", os.O_PATH)
    root = "/tmp"
    linux.mount_memory(root, "size=1m,mode=755")
    _add_folders(root, sources, _hidden(hidden, list(sources)))
    for folder in ("/dev", "/proc", "/nothing", DESK):
        os.makedirs(root + folder, exist_ok=True)
    # Nothing here may be written: what one learner left would be there for the next.
    linux.forbid(root)
    _add_devices(f"{root}/dev", devices)
    linux.bind(f"/proc/self/fd/{old}", f"{root}/proc")
    for descriptor in (*sources.values(), *devices.values(), old):
        os.close(descriptor)
    linux.change_root(root)


def _add_folders(root: str, sources: dict[str, int], hidden: list[str]) -> None:
    for path, source in sources.items():
        os.makedirs(root + path, exist_ok=True)
        linux.bind(f"/proc/self/fd/{source}", root + path)
    for path in hidden:
        linux.mount_memory(root + path, "size=4k,nr_inodes=1")


def _add_devices(folder: str, devices: dict[str, int]) -> None:
    linux.mount_memory(folder, "size=4k,mode=755", linux.NO_SETUID)
    for path, source in devices.items():
        place = f"{folder}/{os.path.basename(path)}"
        with open(place, "wb"):
            pass
        linux.bind(f"/proc/self/fd/{source}", place)
    linux.forbid(folder, linux.READ_ONLY | linux.NO_SETUID)


def _shown(readable: list[Path]) -> list[str]:
    """Return the folders to be shown, outer ones first and none twice."""
    # Both names of a folder that is reached over a link.
    wanted = sorted({str(each) for path in readable if path.is_dir() for each in (path.absolute(), path.resolve())})
    return [path for path in wanted if not any(path.startswith(f"{other}/") for other in wanted)]


def _hidden(hidden: list[Path], shown: list[str]) -> list[str]:
    paths = {str(each) for path in hidden if path.is_dir() for each in (path.absolute(), path.resolve())}
    return [path for path in sorted(paths) if any(path == each or path.startswith(f"{each}/") for each in shown)]


def _python() -> list[Path]:
    own = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [Path(path) for path in (*own, *_LIBRARIES)]


def _limit(limits: Limits) -> None:
    memory = _address_space() + limits.memory_mib * _MIB
    seconds = int(limits.notebook_seconds) + 5
    hard = {"AS": memory, "CPU": seconds, "NPROC": limits.processes, "FSIZE": limits.disk_mib * _MIB // 2, "NOFILE": 128}
    hard |= {"CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0, "SIGPENDING": 256, "RTPRIO": 0}
    for name, most in hard.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
