"""The results of a class: one JSON line per submission, kept at every moment, the same bytes for the same class.

While a run goes on, each row is appended to `results.partial.jsonl` as soon as it is there. At the end all rows go, in
the order of the learners' ids, to `results.jsonl` in one step. A run that was ended in between finds its rows again.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
NAME = "results.jsonl"
PARTIAL = "results.partial.jsonl"
_KEY = "results.key"


class Results:
    """The rows in one folder, held compressed: a class of 10,000 is some tens of megabytes.

    Parameters
    ----------
    folder
        Made if it is not there.
    key
        Under which rules rows are made: versions, questions, secret and cage, as any text. Rows made under another key
        are not taken up again.
    """

    def __init__(self, folder: Path, key: str = "") -> None:
        self.folder, self.key = folder, key
        folder.mkdir(parents=True, exist_ok=True)
        self._file: int | None = None
        self._lines = {row["learner"]: _packed(_line(row)) for each in (self._finished(), self._unfinished()) for row in each}

    def known(self, learner: str, sha256: str) -> Row | None:
        """Return the row of a file that an earlier run under the same key has graded, finished or not; else None."""
        # A file that was refused has no sum, so nothing says that it is still the same one.
        row = self._row(learner) if sha256 and learner in self._lines else None
        return row if row and row["sha256"] == sha256 else None

    def done(self) -> set[tuple[str, str]]:
        """Return (learner, sha256) of everything that `known` knows."""
        return {(row["learner"], row["sha256"]) for row in map(self._row, self._lines) if row["sha256"]}

    def add(self, row: Row) -> None:
        """Keep a row. If the process ends while it is being written, this row is lost and no other."""
        if self._file is None:
            self._file = _opened(self.folder / PARTIAL)
        line = _line(row)
        os.write(self._file, b'{"key":' + json.dumps(self.key).encode() + b',"row":' + line[:-1] + b"}\n")
        self._lines[row["learner"]] = _packed(line)

    def finish(self, learners: Iterable[str] | None = None) -> list[Row]:
        """Write the final file in one step, and return its rows in the order of the learners' ids.

        Parameters
        ----------
        learners
            Who is in the class; left out, everybody of whom there is a row.
        """
        chosen = sorted(self._lines.keys() if learners is None else self._lines.keys() & set(learners))
        replace_file(self.folder / NAME, (zlib.decompress(self._lines[learner]) for learner in chosen))
        replace_file(self.folder / _KEY, [self.key.encode()])
        self.close()
        (self.folder / PARTIAL).unlink(missing_ok=True)
        return [self._row(learner) for learner in chosen]

    def close(self) -> None:
        """Close the file of an unfinished run."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _row(self, learner: str) -> Row:
        return json.loads(zlib.decompress(self._lines[learner]))

    def _finished(self) -> Iterator[Row]:
        key = self.folder / _KEY
        is_mine = key.is_file() and key.read_text(encoding="utf-8") == self.key
        return filter(_is_row, _rows(self.folder / NAME)) if is_mine else iter(())

    def _unfinished(self) -> Iterator[Row]:
        mine = (each.get("row") for each in _rows(self.folder / PARTIAL) if each.get("key") == self.key)
        return filter(_is_row, mine)


def rows_in(path: Path) -> list[Row]:
    """Return the rows of a file of JSON lines; a line that was cut off by the end of a process is left out."""
    return list(_rows(path))


def _rows(path: Path) -> Iterator[Row]:
    if path.is_file():
        with path.open("rb") as file:
            yield from (row for line in file if (row := _read(line)) is not None)


def merged(*folders: Path) -> list[Row]:
    """Return the finished rows of several folders (of several machines) as one class, in the order of the ids.

    Raises
    ------
    ValueError
        If one learner has two different rows.
    """
    rows: dict[str, Row] = {}
    for row in (row for folder in folders for row in rows_in(folder / NAME)):
        if rows.setdefault(row["learner"], row) != row:
            raise ValueError(f"{row['learner']!r} has two different rows in these folders: take one of them out.")
    return [rows[learner] for learner in sorted(rows)]


def with_question(row: Row, question: dict[str, Any]) -> Row:
    """Return a row with one question's result replaced and the points added up again."""
    questions = [question if each["name"] == question["name"] else each for each in row["questions"]]
    points, of = (round(sum(each[name] for each in questions), 2) for name in ("points", "of"))
    return row | {"questions": questions, "points": points, "of": of}


def replace_file(path: Path, content: Iterable[bytes], lasting: bool = True) -> None:
    """Write a file in one step: whoever looks sees the old content or the new.

    Parameters
    ----------
    content
        Piece by piece.
    lasting
        Whether this holds after a loss of power as well, which takes some milliseconds.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("wb") as file:
        file.writelines(content)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    fresh.replace(path)
    if lasting:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and does without.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _opened(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    size = os.fstat(handle).st_size
    # The last line of a run that was killed may have no end.
    if size and path.read_bytes()[-1:] != b"\n":
        os.write(handle, b"\n")
    return handle


def _line(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _packed(line: bytes) -> bytes:
    # Quick rather than small: what is said of one learner is nearly what is said of the next.
    return zlib.compress(line, 1)


def _read(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and {"learner", "sha256", "questions"} <= row.keys()
