"""`evcourse start DIR`: copy the course into a folder and keep everything that the learner has written there."""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from evcourse import course
from evcourse.cli import Stop

COURSE_FOLDERS = ("notebooks", "exercises")
UNFINISHED = ".evcourse-unfinished"


def start(folder: Path) -> str:
    """Copy the notebooks and exercises into a folder and return what was done, in words.

    Parameters
    ----------
    folder
        Where to. It is made if it is not there; what is in it stays as it is.

    Raises
    ------
    Stop
        If the folder cannot be used or written to. Nothing of the learner's has been changed then, and a second
        run completes the first.
    """
    # Some shells hand the tilde on as it is.
    folder = Path(os.path.expanduser(folder))
    files = _files(course.folder())
    _refuse_unsuitable(folder, files)
    new = [file for file in files if not os.path.lexists(folder / file)]
    kept = [file for file in files if file not in new and not _same(course.folder() / file, folder / file)]
    for file in new:
        _copy(course.folder() / file, folder / file)
    return _account(folder, files, new, kept)


def command(*words: str | Path) -> str:
    """Return what to type to run evcourse, in this environment, with these words."""
    program = Path(sys.executable).with_name("evcourse.exe" if os.name == "nt" else "evcourse")
    parts = [python(), "-m", "evcourse.cli"]
    if program.exists():
        parts = ["evcourse" if shutil.which("evcourse") == str(program) else str(program)]
    return " ".join(f'"{part}"' if " " in str(part) else str(part) for part in [*parts, *words])


def python() -> str:
    """Return what to type to run this environment's Python."""
    return "python" if shutil.which("python") == sys.executable else sys.executable


def _files(source: Path) -> list[Path]:
    """Return the course's files, relative to the folder they are in; what programs left beside them is not meant."""
    found = [path for folder in COURSE_FOLDERS for path in _visible(source / folder) if path.is_file()]
    return [path.relative_to(source) for path in found]


def _visible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not any(part.startswith((".", "__")) for part in parts):
            yield path


def _refuse_unsuitable(folder: Path, files: list[Path]) -> None:
    if not files:
        raise Stop("the course's own notebooks are missing: install evcourse again, then repeat this command.")
    _refuse_inside(folder)
    for place in {folder, *(folder / parent for file in files for parent in file.parents)}:
        # os.path's answer is no, not an error, where one may not even look.
        if os.path.lexists(place) and not os.path.isdir(place):
            raise Stop(f"{place} is a file, and the course needs a folder there: choose another folder, or rename it.")
    for file in files:
        if os.path.isdir(folder / file):
            raise Stop(f"{folder / file} is a folder, and the course has a file of that name: rename it, then repeat this.")


def _refuse_inside(folder: Path) -> None:
    taken = [Path(course.__file__).resolve().parent, *(course.folder() / name for name in (*COURSE_FOLDERS, "data"))]
    for place in taken:
        if folder.resolve().is_relative_to(place):
            raise Stop(
                f"{folder} is inside the course's own folder {place}, where an update would overwrite your work: "
                f"choose a folder of your own, for example {command('start', Path.home() / 'evcourse')}"
            )


def _same(original: Path, copy: Path) -> bool:
    try:
        return filecmp.cmp(original, copy, shallow=False)
    except OSError:
        return False


def _copy(original: Path, copy: Path) -> None:
    # Contents only: the originals may be read-only, and the learner's copies must not be. Under another name first,
    # so that an interrupted copy is never taken for the learner's own file.
    unfinished = copy.with_name(copy.name + UNFINISHED)
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, unfinished)
        unfinished.replace(copy)
    except OSError as reason:
        _remove(unfinished)
        raise Stop(
            f"{copy} could not be written ({reason.strerror or reason}): make room or choose a folder that you may "
            "write to, then repeat this command; it goes on where it stopped."
        ) from None


def _remove(unfinished: Path) -> None:
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:
        return


def _account(folder: Path, files: list[Path], new: list[Path], kept: list[Path]) -> str:
    lines = [f"Copied {_counted(len(new))} to {folder.resolve()}."]
    if kept:
        lines.append(f"Kept {_counted(len(kept))} of yours that differ from the course's:")
        lines += [f"  {file.as_posix()}" for file in kept]
        lines.append("To get the course's version of one of them, rename yours and repeat this command.")
    unchanged = len(files) - len(new) - len(kept)
    if unchanged:
        lines.append(f"Found {_counted(unchanged)} of the course there already.")
    return "\n".join([*lines, f"Now type: {command('lab', folder)}"])


def _counted(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"
