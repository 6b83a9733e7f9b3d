"""Zip files from people one does not know: listed and read member by member, never unpacked into a folder."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

#: The largest file that is read, in bytes, packed or not: a notebook with 200 MB of output is still read.
LARGEST = 256 * 2**20
#: More members than this, or more bytes in all, and nothing of an archive is read.
MOST_MEMBERS = 100_000
MOST_BYTES = 64 * 2**30
_CHUNK = 2**20
_KNOWN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes
    ----------
    path
        Its name in the archive.
    size
        Bytes once unpacked, as the archive says.
    date
        Year to second, as the archive says.
    refused
        Why it is not read, empty if it is.
    """

    path: str
    size: int
    date: tuple[int, ...]
    refused: str = ""


def members(source: Path | IO[bytes]) -> list[Member]:
    """Return the files of an archive, each with the reason why it is refused, if it is.

    Raises
    ------
    ValueError
        If it is no zip file, is damaged, or holds more than a class can have handed in.
    """
    with _opened(source) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
        raise ValueError(f"The zip file says it holds {len(infos)} files: more than a class hands in, so it is refused.")
    shared = _overlapping(infos)
    return [Member(info.filename, info.file_size, info.date_time, _reason(info, shared)) for info in infos]


def content(source: Path | IO[bytes], path: str, into: IO[bytes]) -> None:
    """Write one member's bytes into an open file, at most `LARGEST` of them.

    Raises
    ------
    ValueError
        If the member is refused, damaged, or larger than it says.
    """
    with _opened(source) as archive:
        info = next((each for each in archive.infolist() if each.filename == path), None)
        reason = "It is no longer in the zip file." if info is None else _reason(info, set())
        if reason:
            raise ValueError(reason)
        try:
            with archive.open(info) as member:
                _copy(member, into)
        # A damaged member raises whatever the decompressor of its kind raises.
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, *_damage()) as problem:
            raise ValueError(f"It cannot be unpacked ({str(problem)[:80]}).") from None


def _opened(source: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, OverflowError) as problem:
        raise ValueError(f"It is no zip file that can be read ({str(problem)[:80]}).") from None


def _reason(info: zipfile.ZipInfo, shared: set[str]) -> str:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in info.orig_filename:
        return "Its path leads out of the zip file."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link and no file."
    if info.flag_bits & 0x1:
        return "It is encrypted: ask for it without a password."
    if info.file_size > LARGEST:
        return f"It unpacks to {_mib(info.file_size)}; at most {_mib(LARGEST)} are read."
    if info.compress_type not in _KNOWN:
        return "It is packed in a way that is not known here: ask for an ordinary zip file."
    return "It shares its bytes with another file, as zip bombs do." if info.filename in shared else ""


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[str]:
    """Return members whose packed bytes lie inside another's: a few kilobytes could unpack to petabytes."""
    placed = sorted(infos, key=lambda info: info.header_offset)
    overlapping, end = set(), -1
    for info in placed:
        # The fixed part of a local header is 30 bytes long (PKWARE's APPNOTE, 4.3.7).
        if info.header_offset < end:
            overlapping.add(info.filename)
        end = max(end, info.header_offset + 30 + info.compress_size)
    return overlapping


def _copy(member: IO[bytes], into: IO[bytes]) -> None:
    left = LARGEST
    while chunk := member.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise ValueError(f"it unpacks to more than {_mib(LARGEST)}")
        into.write(chunk)


def _damage() -> tuple[type[Exception], ...]:
    import lzma
    import zlib

    return (zlib.error, lzma.LZMAError)


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
