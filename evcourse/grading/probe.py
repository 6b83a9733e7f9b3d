"""Whether the cage holds on this machine: tried from inside, before the first submission is run."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from evcourse.grading.submission import Cell

if TYPE_CHECKING:
    from evcourse.grading.keeper import Keeper

_SOURCE = "from evcourse.grading.probe import holes\nif found := holes({!r}):\n    raise SystemError(found)"
_NOT_THERE = ("/etc", "/var", "/run", "/sys", "/boot", "/usr/bin", "/bin")


def found(keeper: Keeper, forbidden: list[str]) -> str:
    """Return what does not hold about the cage that a keeper uses, in words; empty if it holds."""
    cell = Cell("probe", _SOURCE.format([*forbidden, *_NOT_THERE]))
    findings = keeper.findings((cell,), {"lesson": "", "questions": {}})
    return findings.broken or findings.killers.get(0, "") or findings.problems.get(0, "").removeprefix("raised SystemError: ")


def holes(forbidden: list[str]) -> str:
    """Return what a learner's code could do here and must not, in words; empty if nothing was found.

    Parameters
    ----------
    forbidden
        Files and folders that must not be there.
    """
    seen = [f"{path} can be read" for path in forbidden if _has_content(path)]
    done = [words for words, attempt in _ATTEMPTS.items() if _succeeds(attempt)]
    missing = [] if _succeeds(_use_the_course) else ["the course's own data cannot be read (mind the rights of its folder)"]
    return "; ".join([*seen, *done, *missing, *_limits_missing()])


def _has_content(path: str) -> bool:
    try:
        return bool(os.listdir(path)) if os.path.isdir(path) else os.path.exists(path)
    except OSError:
        return False


def _succeeds(attempt: Callable[[], Any]) -> bool:
    try:
        attempt()
    except (OSError, LookupError, ImportError):
        return False
    return True


def _write_somewhere(folders: Iterable[str]) -> None:
    for folder in folders:
        if _succeeds(lambda folder=folder: os.close(os.open(f"{folder}/evcourse-probe", os.O_CREAT | os.O_WRONLY))):
            return
    raise PermissionError


def _write_outside() -> None:
    import evcourse

    _write_somewhere(["/", "/dev", "/proc", "/usr/lib", "/tmp", os.path.dirname(evcourse.__file__), os.path.dirname(os.__file__)])


def _reach(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as connection:
        connection.settimeout(0.2)
        connection.connect(address)


def _see_a_network() -> None:
    if not [name for _, name in socket.if_nameindex() if name != "lo"]:
        raise OSError


def _reach_the_host() -> None:
    # Sockets between a virtual machine and its host belong to no network namespace. 2 is the host.
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM):
        pass


def _see_processes() -> None:
    if os.getpid() == 1 and os.getppid() == 0 and not os.listdir("/proc"):
        raise OSError


def _have_rights() -> None:
    from evcourse.grading import linux

    linux.mount_memory("/desk", "size=4k")


def _use_the_course() -> None:
    import evcourse

    evcourse.datasets()
    with open("/desk/evcourse-probe", "w", encoding="ascii") as file:
        file.write("a learner may write here")


_ATTEMPTS: dict[str, Callable[[], Any]] = {
    "files can be written outside the notebook's own folder": _write_outside,
    "the network can be reached": lambda: _reach(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 9)),
    "this machine can be reached over the network": lambda: _reach(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 9)),
    "network interfaces can be seen": _see_a_network,
    "the virtual machine's host can be reached": _reach_the_host,
    "other processes can be seen": _see_processes,
    "file systems can be mounted": _have_rights,
    "the user can be changed": lambda: os.setuid(0),
}


def _limits_missing() -> list[str]:
    names = {"AS": "memory", "NPROC": "processes", "FSIZE": "files", "CPU": "time"}
    endless = {words for name, words in names.items() if resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] < 0}
    return [f"there is no limit on {words}" for words in sorted(endless)]
