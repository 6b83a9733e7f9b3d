"""CSV files that are opened in spreadsheets: no cell of theirs is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evcourse.grading.results import replace_file

#: Characters by which spreadsheets know a formula (OWASP, "CSV Injection"), in their full-width forms as well.
FORMULA = "=+-@|%"
MOST_CHARACTERS = 30_000


def write(path: Path, columns: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a table in one step, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([shown(cell) for cell in row] for row in (columns, *rows))
    replace_file(path, [text.getvalue().encode("utf-8-sig", "replace")])


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that `write` has written and a spreadsheet may have saved anew.

    Raises
    ------
    ValueError
        If it is no such table.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows save where nobody chooses.
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as problem:
        raise ValueError(f"{path.name} is no table that can be read ({problem}): save it as CSV.") from None
    return [{name: _typed(cell) for name, cell in row.items() if isinstance(name, str)} for row in rows]


def shown(cell: Any) -> str:
    """Return a cell's text: numbers as they are, words on one line and never the beginning of a formula."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"{round(cell, 2):g}"
    words = "".join(each if each.isprintable() else " " for each in str(cell if cell is not None else ""))
    words = words[:MOST_CHARACTERS]
    return f"'{words}" if _is_formula(words) else words


def _is_formula(words: str) -> bool:
    # An apostrophe in front is looked through: some programs take the first one away.
    start = unicodedata.normalize("NFKC", words.lstrip(" \u00a0'\"")[:1])
    return start[:1] in (*FORMULA, "−") and bool(start)


def _typed(cell: str | None) -> str:
    words = cell if isinstance(cell, str) else ""
    return words[1:] if words.startswith("'") and _is_formula(words[1:]) else words
