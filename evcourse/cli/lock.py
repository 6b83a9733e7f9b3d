"""What the lock says and what is installed: the versions that the course was tested with, and those that are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def tested(path: Path) -> dict[str, str]:
    """Return the version of every package that a hashed requirements file has for this machine."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
    locked = [Requirement(line.removesuffix("\\").strip()) for line in lines]
    here = [each for each in locked if each.marker is None or each.marker.evaluate()]
    return {canonicalize_name(each.name): next(iter(each.specifier)).version for each in here}


def needed(name: str) -> set[str]:
    """Return what a package needs to run, and what that needs in turn; tools for building and testing are not."""
    found, waiting = set(), list(_requirements(name, ()))
    while waiting:
        each = waiting.pop()
        key = (canonicalize_name(each.name), *sorted(each.extras))
        if key not in found:
            found.add(key)
            waiting += _requirements(key[0], each.extras)
    return {needed_name for needed_name, *_extras in found}


def difference(name: str, version: str) -> str:
    """Return how the installed package differs from the tested version, in words; empty if it does not."""
    try:
        here = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    return "" if here == version else f"{name} is {here}, tested was {version}"


def _requirements(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for each in map(Requirement, lines):
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield each
