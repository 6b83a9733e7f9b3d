"""A notebook file, read whatever it is: its cells as plain text, what was odd about it, or why it cannot be read.

Outputs are never looked at. In a file of more than a few megabytes they are cut out before it is read as JSON, so that
a notebook with 200 MB of output costs a second and little memory.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evcourse.grading.archives import LARGEST
from evcourse.grading.remarks import Remarks

#: Files up to this size are read whole; of larger ones, what is left without outputs may be as large as this.
MOST_TEXT = 8 * 2**20
MOST_CELLS = 5_000
#: Brackets and strings in a large file: at more, somebody wants to keep the reader busy.
MOST_TOKENS = 10_000_000
MOST_CHARACTERS = 200_000
PYTHON = ("python", "python2", "python3", "ipython", "xpython", "xeus-python", "pyodide", "pyolite", "")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_QUOTE = ord('"')
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class RawCell:
    """One cell as it stands in the file: nothing here has been believed yet."""

    place: int
    kind: str
    source: str
    id: str = ""
    grade_id: str = ""


@dataclass(frozen=True)
class Reading:
    """What a file held.

    Attributes
    ----------
    sha256
        Of all its bytes.
    cells
        Cells of every kind, in their order.
    notes
        What was odd.
    problem
        Why there are no cells, empty if there are.
    """

    sha256: str
    cells: tuple[RawCell, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


def read(path: Path) -> Reading:
    """Return the cells of a notebook file; never raise for what is in it."""
    try:
        size = path.stat().st_size
        digest = _digest(path)
        if size > LARGEST:
            return Reading(digest, problem=f"The file has {size / 2**20:,.0f} MiB; at most {LARGEST / 2**20:,.0f} are read.")
        return read_bytes(_without_outputs(path) if size > MOST_TEXT else path.read_bytes(), digest)
    except _NoNotebook as reason:
        return Reading(digest, problem=str(reason))
    except OSError as problem:
        return Reading("", problem=f"The file cannot be opened ({problem.strerror}).")


def read_bytes(content: bytes, sha256: str = "") -> Reading:
    """Return the cells of a notebook's bytes; never raise."""
    digest = sha256 or hashlib.sha256(content).hexdigest()
    notes = Remarks()
    try:
        notebook = _notebook(_text(content, notes))
        cells = tuple(_cells(notebook, notes))
    except _NoNotebook as reason:
        return Reading(digest, notes=notes.sentences(), problem=str(reason))
    return Reading(digest, cells, notes.sentences(), _language_problem(notebook))


class _NoNotebook(Exception):
    """Its message says what the file is instead."""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(content: bytes, notes: Remarks) -> str:
    if len(content) > MOST_TEXT:
        raise _NoNotebook(f"Without its outputs the file still has more than {MOST_TEXT // 2**20} MiB.")
    if not content.strip(b"\0 \t\r\n"):
        raise _NoNotebook("The file is empty." if not content else "The file holds nothing but blanks or null bytes.")
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        notes.add("Some characters of the file were damaged (no valid UTF-8) and are shown as �")
        return content.decode("utf-8", "replace")


def _notebook(text: str) -> dict[str, Any]:
    try:
        # Not strict: a raw line break or null byte in a text is no reason to lose a learner's work.
        notebook = json.loads(text.strip("\0 \t\r\n\ufeff"), strict=False, parse_int=_integer)
    except RecursionError:
        raise _NoNotebook("The file is nested too deeply to be a notebook.") from None
    except ValueError as problem:
        raise _NoNotebook(_not_json(text, str(problem))) from None
    if not isinstance(notebook, dict):
        raise _NoNotebook("The file is JSON, but no notebook: it has no cells.")
    return notebook


def _integer(digits: str) -> int:
    # Python refuses integers of thousands of digits; none is of use here.
    return int(digits) if len(digits) < 20 else 0


def _not_json(text: str, problem: str) -> str:
    start = text.lstrip("\0 \t\r\n\ufeff")[:300]
    if start[:5].lower() in ("<!doc", "<html"):
        return "The file is a web page and no notebook: probably the page was saved instead of the file."
    if start.startswith("PK"):
        return "The file is an archive or office document that was renamed."
    if "<<<<<<<" in text:
        return "The file holds both sides of an unsolved merge (<<<<<<<) and is no notebook any more."
    return f"The file is no notebook: it is not valid JSON ({problem[:80]})."


def _cells(notebook: dict[str, Any], notes: Remarks) -> list[RawCell]:
    version = notebook.get("nbformat")
    listed = notebook.get("cells")
    if not isinstance(listed, list):
        listed = _worksheets(notebook)
    if version not in (4, 3):
        notes.add(f"The notebook is of format {_version(version)} and was read as far as its cells could be found")
    if len(listed) > MOST_CELLS:
        raise _NoNotebook(f"The notebook has {len(listed):,} cells; at most {MOST_CELLS:,} are read.")
    cells = [_cell(place, each, notes) for place, each in enumerate(listed, 1)]
    if not any(cells):
        raise _NoNotebook("The notebook has no cells.")
    return [cell for cell in cells if cell]


def _version(version: Any) -> str:
    return str(version) if isinstance(version, int) and version else "that is not known"


def _worksheets(notebook: dict[str, Any]) -> list[Any]:
    """Return the cells of format 3, which keeps them in worksheets."""
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        raise _NoNotebook("The file is JSON, but no notebook: it has no cells.")
    return [cell for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]


def _cell(place: int, cell: Any, notes: Remarks) -> RawCell | None:
    if not isinstance(cell, dict):
        notes.add("What is no cell was left out", f"cell {place}")
        return None
    source = _source(cell.get("source", cell.get("input", "")))
    if "\0" in source or _SURROGATE.search(source):
        notes.add("Characters that no program can hold were taken out", f"cell {place}")
    if len(source) > MOST_CHARACTERS:
        notes.add(f"A cell of more than {MOST_CHARACTERS:,} characters was left out", f"cell {place}")
        source = ""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
    return RawCell(place, _word(cell.get("cell_type")), _plain(source), _word(cell.get("id")), _word(grade_id))


def _source(source: Any) -> str:
    if isinstance(source, list):
        return "".join(each for each in source if isinstance(each, str))
    return source if isinstance(source, str) else ""


def _plain(text: str) -> str:
    return _SURROGATE.sub("", text.replace("\0", ""))


def _word(value: Any) -> str:
    return _plain(value)[:100] if isinstance(value, str) else ""


def _language_problem(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        language = _word(metadata[section].get(key)) if isinstance(metadata.get(section), dict) else ""
        if language.lower() not in PYTHON:
            return f"The notebook is written for the language {language[:30]!r}, not for Python."
    return ""


def _without_outputs(path: Path) -> bytes:
    """Return a large file's bytes with every cell's outputs and attachments left out.

    Only brackets and strings are looked at, through a view of the file that is not copied.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        kept, start = [], 0
        for begin, end in _outputs(view):
            kept += [view[start:begin], b"[]"]
            start = end
            if sum(map(len, kept)) > MOST_TEXT:
                break
        kept.append(view[start : start + MOST_TEXT + 1])
    return b"".join(kept)


def _outputs(view: mmap.mmap) -> list[tuple[int, int]]:
    """Return where outputs begin and end: brackets behind their key, at the depth of a cell's content or deeper."""
    spans, depth, outside, begin, key = [], 0, 0, None, b""
    for token in _tokens(view):
        first = view[token.start()]
        if first == _QUOTE:
            key = _key(view, token) if begin is None else b""
        elif first in b"[{":
            depth += 1
            if begin is None and depth >= 4 and key in (b'"outputs"', b'"attachments"'):
                begin, outside = token.start(), depth - 1
        else:
            depth -= 1
            if begin is not None and depth == outside:
                spans.append((begin, token.end()))
                begin, key = None, b""
    return spans


def _tokens(view: mmap.mmap) -> Iterator[re.Match[bytes]]:
    for count, token in enumerate(_TOKEN.finditer(view)):
        if count > MOST_TOKENS:
            raise _NoNotebook(f"The file has more than {MOST_TOKENS:,} brackets and texts.")
        yield token


def _key(view: mmap.mmap, token: re.Match[bytes]) -> bytes:
    """Return a short string that a colon follows; anything else is no key."""
    if token.end() - token.start() > 20:
        return b""
    following = view[token.end() : token.end() + 20].lstrip()
    return token.group() if following.startswith(b":") else b""
