"""The submissions of a class: found in a folder, an nbgrader tree or a learning platform's zip file, read one by one.

Finding looks at names and dates only. Whatever cannot be read becomes a submission with its problem, never an error:
a lecturer's class has as many rows as learners who handed something in.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from evcourse.grading import archives, naming
from evcourse.grading.arrangement import Reference, arranged
from evcourse.grading.notebooks import Reading, read
from evcourse.grading.submission import Submission

_I_AM = re.compile(r"""\.i_am\(\s*(["'])([^"'\n]{1,100})\1\s*\)""")


@dataclass(frozen=True)
class Entry:
    """One file that somebody handed in.

    Attributes
    ----------
    learner, lesson
        Whose it is, for which lesson.
    source
        The folder or zip file it lies in.
    path
        Its path there.
    name
        What its path says of the learner.
    date
        When it was handed in or last changed, as far as is known: (year, month, day, hour, minute, second).
    refused
        Why it will not be read, empty if it will.
    older
        The paths of this learner's other files, which do not count.
    """

    learner: str
    lesson: str
    source: str
    path: str
    name: naming.Name
    date: tuple[int, ...] = ()
    refused: str = ""
    older: tuple[str, ...] = field(default=())

    def worth(self, lesson: str) -> tuple[object, ...]:
        """Return what tells which of a learner's files counts: the largest does."""
        stem = Path(self.path).stem.casefold()
        is_notebook = self.path.casefold().endswith(".ipynb")
        is_exercise = "exercise" in stem or lesson.casefold() in stem
        return (not self.refused, is_notebook, is_exercise, self.name.order, self.date, self.path)


def entries(source: Path, lesson: str, roster: dict[str, str] | None = None) -> list[Entry]:
    """Return one entry for each learner who handed something in, in the order of their ids.

    Parameters
    ----------
    source
        A folder or a zip file.
    lesson
        Name of the lesson's folder in `exercises/`.
    roster
        Platform's name or number → id, as `roster_from` reads it; who is not in it is called as the platform does.

    Raises
    ------
    ValueError
        If there is no such folder or zip file, or nothing in it.
    """
    found = [each for each in _files(source, lesson) if not naming.is_aside(each.path)]
    if not found:
        raise ValueError(f"Nothing was handed in in {str(source)!r}: give a folder of notebooks, or the platform's zip file.")
    grouped: dict[str, list[Entry]] = {}
    for each in _identified(found, roster or {}):
        grouped.setdefault(each.learner, []).append(each)
    return [_counting(grouped[learner], lesson) for learner in sorted(grouped)]


def submission(entry: Entry, reference: Reference) -> Submission:
    """Return what a learner handed in, read and put in order. Never raises for what is in the file."""
    start = Submission(entry.learner, entry.lesson, entry.path)
    notes = _entry_notes(entry)
    if entry.refused:
        return replace(start, notes=notes, problem=f"The file was refused. {entry.refused}")
    try:
        reading = _reading(entry)
    except (OSError, ValueError) as problem:
        return replace(start, notes=notes, problem=f"The file was refused. {problem}")
    cells, odd = arranged(reading, reference) if not reading.problem else ((), ())
    notes = (*notes, *reading.notes, *_wrong_name(entry.learner, reading), *odd)
    return replace(start, sha256=reading.sha256, cells=cells, notes=notes, problem=reading.problem)


def roster_from(path: Path) -> dict[str, str]:
    """Return a platform's name or number → learner's id, from a CSV file with a column "learner".

    Every other cell of a row (a full name, a platform's number, an e-mail address) stands for that learner.

    Raises
    ------
    ValueError
        If the file has no such column.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "learner" not in rows[0]:
        raise ValueError(f"{path.name} has no column 'learner': its first line names the columns, for example learner,name.")
    return {
        _folded(cell): row["learner"].strip()
        for row in rows
        for cell in row.values()
        if isinstance(cell, str) and cell.strip() and row["learner"]
    }


def _files(source: Path, lesson: str) -> list[Entry]:
    if source.is_dir():
        return _folder_files(source, lesson)
    if not source.is_file():
        raise ValueError(f"There is no folder and no file {str(source)!r}.")
    if source.suffix.casefold() != ".zip":
        return [_file(source.parent, source, lesson, False)]
    return _zip_files(source, lesson)


def _folder_files(folder: Path, lesson: str) -> list[Entry]:
    inside = folder.name == "submitted"
    paths = [Path(where) / name for where, folders, names in os.walk(folder) for name in (*names, *_links(where, folders))]
    found: list[Entry] = []
    for path in sorted(paths):
        relative = path.relative_to(folder).as_posix()
        if naming.assignment(relative, inside) in ("", lesson) or not _has(folder, relative, lesson, inside):
            found += _expanded(path, folder, lesson, inside)
    return found


def _links(where: str, folders: list[str]) -> list[str]:
    return [name for name in folders if (Path(where) / name).is_symlink()]


def _has(folder: Path, relative: str, lesson: str, inside: bool) -> bool:
    """Return whether this student has handed in the lesson under its own name, so that other assignments are others."""
    parts = relative.split("/")
    student = folder.joinpath(*parts[: 1 if inside else parts.index("submitted") + 2])
    return (student / lesson).is_dir()


def _expanded(path: Path, folder: Path, lesson: str, inside: bool) -> list[Entry]:
    """Return a file; of a platform's zip file, the files in it."""
    if path.suffix.casefold() == ".zip" and path.is_file() and not path.is_symlink() and path.parent == folder:
        try:
            members = _zip_files(path, lesson)
        except ValueError:
            members = []
        if members and all(naming.is_from_a_platform(each.path) for each in members):
            return members
    return [_file(folder, path, lesson, inside)]


def _file(folder: Path, path: Path, lesson: str, inside: bool) -> Entry:
    relative = path.relative_to(folder).as_posix()
    name = naming.named(relative, inside)
    try:
        facts = path.lstat()
    except OSError as problem:
        return Entry(name.learner, lesson, str(folder), relative, name, (), f"It cannot be looked at ({problem.strerror}).")
    refused = "" if stat.S_ISREG(facts.st_mode) else "It is a link or device and no file."
    return Entry(name.learner, lesson, str(folder), relative, name, _date(path, facts.st_mtime), refused)


def _date(path: Path, changed: float) -> tuple[int, ...]:
    """Return nbgrader's time stamp if there is one beside the file, else when the file was last changed."""
    stamp = path.with_name("timestamp.txt")
    try:
        when = datetime.fromisoformat(stamp.read_text(encoding="utf-8")[:19]) if stamp.is_file() else None
    except (OSError, ValueError):
        when = None
    return (when or datetime.fromtimestamp(changed)).timetuple()[:6]


def _zip_files(source: Path, lesson: str) -> list[Entry]:
    members = archives.members(source)
    top = _wrapper([each.path for each in members])
    listed = []
    for each in members:
        inner = each.path.replace("\\", "/").removeprefix(top)
        name = naming.named(inner)
        listed.append(Entry(name.learner, lesson, str(source), each.path, name, each.date, each.refused))
    return listed


def _wrapper(paths: list[str]) -> str:
    """Return the one folder that everything in a zip file lies in, where the learners' own folders lie below it."""
    tops = {path.split("/")[0] for path in paths if "/" in path}
    below = {path.split("/")[1] for path in paths if path.count("/") > 1}
    is_wrapper = len(tops) == 1 and all("/" in path for path in paths) and not any(map(naming.is_from_a_platform, tops))
    return f"{tops.pop()}/" if is_wrapper and (len(below) > 1 or any(map(naming.is_from_a_platform, paths))) else ""


def _identified(found: Iterable[Entry], roster: dict[str, str]) -> list[Entry]:
    """Return the entries with ids from the roster; two people of one name get their numbers behind it."""
    listed = list(found)
    numbers: dict[str, set[str]] = {}
    for each in listed:
        numbers.setdefault(each.learner, set()).add(each.name.number)
    return [replace(each, learner=_id(each, roster, len(numbers[each.learner]) > 1)) for each in listed]


def _id(entry: Entry, roster: dict[str, str], is_shared: bool) -> str:
    known = next((roster[key] for key in map(_folded, (entry.name.number, entry.name.learner)) if key in roster), "")
    # What a roster says is an id as well: it goes into pages and file names.
    return naming.cleaned(known) if known else f"{entry.learner} {entry.name.number}" if is_shared else entry.learner


def _counting(mine: list[Entry], lesson: str) -> Entry:
    ranked = sorted(mine, key=lambda each: each.worth(lesson), reverse=True)
    return replace(ranked[0], older=tuple(each.path for each in ranked[1:]))


def _entry_notes(entry: Entry) -> tuple[str, ...]:
    late = ("The platform marks it as late.",) if entry.name.late else ()
    notebooks = [path for path in entry.older if path.casefold().endswith(".ipynb")]
    if not notebooks:
        return late
    others = ", ".join(notebooks[:5]) + (" and more" if len(notebooks) > 5 else "")
    return (*late, f"{len(notebooks) + 1} notebooks were handed in; {entry.path} counts, the newest of its name; not {others}.")


def _reading(entry: Entry) -> Reading:
    if Path(entry.source).is_dir():
        return _looked_into(Path(entry.source) / entry.path)
    with tempfile.NamedTemporaryFile(prefix="evcourse-", suffix=Path(entry.path).suffix) as file:
        archives.content(Path(entry.source), entry.path, file)
        file.flush()
        return _looked_into(Path(file.name))


def _looked_into(path: Path) -> Reading:
    """Return a file's cells; of a learner's own zip file, those of the notebook in it."""
    with path.open("rb") as file:
        starts = file.read(4)
    if starts != b"PK\x03\x04" or path.suffix.casefold() == ".ipynb":
        return read(path) if path.suffix.casefold() == ".ipynb" else _no_notebook(path)
    inside = [each for each in archives.members(path) if each.path.casefold().endswith(".ipynb") and not naming.is_aside(each.path)]
    if not inside:
        return Reading(_sha256(path), problem="The zip file holds no notebook.")
    best = max(inside, key=lambda each: (not each.refused, "exercise" in each.path.casefold(), each.date, each.path))
    with tempfile.NamedTemporaryFile(prefix="evcourse-", suffix=".ipynb") as file:
        archives.content(path, best.path, file)
        file.flush()
        return read(Path(file.name))


def _no_notebook(path: Path) -> Reading:
    kind = path.suffix or "no ending"
    return Reading(_sha256(path), problem=f"A file of another kind was handed in ({kind}), and no notebook (.ipynb).")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wrong_name(learner: str, reading: Reading) -> tuple[str, ...]:
    """Return a note where the notebook was worked on under another name: its numbers are then another learner's."""
    said = [match.group(2).strip() for cell in reading.cells if cell.kind == "code" for match in _I_AM.finditer(cell.source)]
    if not said or said[-1] == learner:
        return ()
    numbers = f"was graded with the numbers of {learner!r}"
    return (f"The notebook says it is by {said[-1]!r} and {numbers}: give a roster if both are one.",)


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
