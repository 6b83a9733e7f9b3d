"""Limits that count all processes of a cage together, where the system lets this user set them (cgroups 1 and 2)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class Group:
    """A cgroup for the submissions of one job, one after the other.

    Parameters
    ----------
    folders
        Its folder in every hierarchy that is used (one with cgroups 2).
    """

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set the most memory and processes of all members together."""
        for name, value in (
            ("memory.limit_in_bytes", memory_bytes),
            ("memory.max", memory_bytes),
            ("memory.swap.max", 0),
            ("pids.max", processes),
        ):
            for path in (folder / name for folder in self.folders):
                if path.exists():
                    path.write_text(str(value))

    def add(self, pid: int) -> None:
        """Move a process in; what it forks is in it, too. One that has ended meanwhile is no concern."""
        for folder in self.folders:
            with suppress(ProcessLookupError):
                (folder / "cgroup.procs").write_text(str(pid))

    def remove(self) -> None:
        """Remove the empty cgroup; one that is not empty yet is left for the next run to remove."""
        for folder in self.folders:
            with suppress(OSError):
                folder.rmdir()


def group(name: str, memory_bytes: int, processes: int, root: Path = _ROOT) -> Group | None:
    """Return a new cgroup with limits, or None where this user may not make one."""
    try:
        parents = _parents(root, Path("/proc/self/cgroup").read_text(encoding="utf-8"))
        _remove_leftovers(parents)
        made = Group([parent / f"evcourse-{os.getpid()}-{name}" for parent in parents])
        for folder in made.folders:
            folder.mkdir()
        made.limit(memory_bytes, processes)
        return made if made.folders else None
    except OSError:
        return None


def _parents(root: Path, own: str) -> list[Path]:
    """Return this process's own folder in each hierarchy that limits memory or processes."""
    found = []
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        if {"memory", "pids"} & set(controllers.split(",")):
            found.append(root / controllers / path.lstrip("/"))
        elif not controllers and (root / "cgroup.controllers").exists():
            found.append(_delegated(root / path.lstrip("/")))
    return found


def _delegated(folder: Path) -> Path:
    """Return a folder of cgroups 2 below which limits may be set: a folder with limits below may hold no process."""
    (folder / "evcourse-grader").mkdir(exist_ok=True)
    (folder / "evcourse-grader" / "cgroup.procs").write_text(str(os.getpid()))
    (folder / "cgroup.subtree_control").write_text("+memory +pids")
    return folder


def _remove_leftovers(parents: list[Path]) -> None:
    # Of runs that were killed. One that is in use is not empty, or is about to be used by a living process.
    for folder in (each for parent in parents for each in parent.glob("evcourse-*-*")):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            with suppress(OSError):
                folder.rmdir()
