"""Who handed in a file, from the name that a learning platform or a lecturer gave it.

Moodle's assignment ("Download all submissions") names a folder `<full name>_<number>_assignsubmission_file` (older
versions with one more underscore at its end) or, without folders, puts the same before the file's name; in a group
assignment name and number are the group's. See `mod/assign/classes/downloader.php` in Moodle's source.

Canvas ("Download Submissions") names a file `<name>_<user number>_<file number>_<file>`, with `LATE_` after the name
where it came late; the name is squeezed to small letters. Later files have larger file numbers. Canvas adds "-1", "-2"
to a file's own name when it is handed in again. (From the names that public grading tools read; not from Canvas's
own documents, which do not write the scheme down.)

nbgrader keeps `submitted/<student>/<assignment>/<file>` and the time in `timestamp.txt` beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 100
_MOODLE = re.compile(r"^(?P<name>[^_/]+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z]+)_?(?P<rest>.*)$", re.DOTALL)
_CANVAS = re.compile(r"^(?P<name>.+?)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file>\d+)_(?P<rest>.+)$", re.DOTALL)
# What a browser adds when a file of the same name is already there.
_COPY = re.compile(r" ?\(\d{1,3}\)$")


@dataclass(frozen=True)
class Name:
    """What a path says of who handed a file in.

    Attributes
    ----------
    learner
        The name, cleaned.
    number
        The platform's own number for the learner (or group), empty where there is none.
    system
        "Moodle", "Canvas", "nbgrader" or "folder".
    late
        Whether the platform marked it as late.
    order
        Grows with the time of handing in, where the name tells; else 0.
    """

    learner: str
    number: str = ""
    system: str = "folder"
    late: bool = False
    order: int = 0


def named(path: str, in_submitted: bool = False) -> Name:
    """Return whose file this is.

    Parameters
    ----------
    path
        Relative, with "/" between its parts.
    in_submitted
        Whether its first part is a student in nbgrader's `submitted/`.
    """
    parts = [part for part in path.split("/") if part]
    return _moodle(parts) or _canvas(parts) or _nbgrader(parts, in_submitted) or _folder(parts)


def is_from_a_platform(path: str) -> bool:
    """Return whether a path is one of those that Moodle or Canvas give."""
    parts = [part for part in path.split("/") if part]
    return bool(_moodle(parts) or _canvas(parts))


def is_aside(path: str) -> bool:
    """Return whether a path is no submission: copies that Jupyter keeps, what macOS and nbgrader add, typed-in text."""
    parts = path.split("/")
    return (
        any(part.startswith(".") or part == "__MACOSX" for part in parts)
        or "_assignsubmission_onlinetext" in path
        or parts[-1] in ("timestamp.txt", "Thumbs.db", "desktop.ini")
    )


def assignment(path: str, in_submitted: bool) -> str:
    """Return the assignment's name in an nbgrader path, empty in any other."""
    parts = path.split("/")
    start = 1 if in_submitted else parts.index("submitted") + 2 if "submitted" in parts else len(parts)
    return parts[start] if len(parts) > start + 1 else ""


def cleaned(name: str) -> str:
    """Return a name as an id: one form of Unicode, single spaces, no control characters, at most 100 characters."""
    whole = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    visible = "".join(each if each.isprintable() else " " for each in whole)
    return " ".join(visible.split())[:MOST_CHARACTERS].strip() or "(no name)"


def _moodle(parts: list[str]) -> Name | None:
    found = next((match for part in parts if (match := _MOODLE.match(part))), None)
    return Name(cleaned(found["name"]), found["number"] or "", "Moodle") if found else None


def _canvas(parts: list[str]) -> Name | None:
    found = _CANVAS.match(parts[-1]) if parts else None
    if found is None:
        return None
    # A number of hundreds of digits is no number of Canvas's.
    return Name(cleaned(found["name"]), found["number"], "Canvas", bool(found["late"]), int(found["file"][:18]))


def _nbgrader(parts: list[str], in_submitted: bool) -> Name | None:
    start = 0 if in_submitted else parts.index("submitted") + 1 if "submitted" in parts[:-1] else None
    if start is None or len(parts) < start + 2:
        return None
    return Name(cleaned(parts[start]), system="nbgrader")


def _folder(parts: list[str]) -> Name:
    if len(parts) > 1:
        return Name(cleaned(parts[0]))
    stem = parts[0].rpartition(".")[0] or parts[0] if parts else ""
    return Name(cleaned(_COPY.sub("", stem)))
