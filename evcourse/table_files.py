"""The two files of a dataset: a CSV file, read strictly, and the TOML file that declares it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcourse import course

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

KINDS = {"boolean": "true or false", "integer": "a whole number", "number": "a number"}
TYPES = {"boolean": "bool", "integer": "int64", "number": "float64"}
MISSING_TYPES = {"boolean": "boolean", "integer": "Int64", "number": "float64"}


class DatasetError(LookupError):
    """A dataset is unknown, or its files are missing or damaged."""


def declaration(path: Path, words: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a TOML file declares; raise a `DatasetError` if it is missing, damaged, or lacks one of the words.

    What it returns is shared by all callers and not to be changed.
    """
    try:
        declared = _parsed(path, path.stat().st_mtime_ns)
        if missing := [word for word in words if word not in declared]:
            raise ValueError(f"it does not declare {', '.join(missing)}")
        return declared
    except (OSError, ValueError) as reason:
        raise _unreadable(path, reason) from None


def rows(path: Path, fields: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows of a CSV file with the declared types; raise a `DatasetError` if it is missing or damaged."""
    import pandas as pd

    try:
        records = _records(path, [field["name"] for field in fields])
        columns = zip(*records, strict=True) if records else [()] * len(fields)
        return pd.DataFrame({field["name"]: _typed(cells, field) for field, cells in zip(fields, columns, strict=True)})
    except (OSError, ValueError) as reason:
        raise _unreadable(path, reason) from None


def field_problems(field: dict[str, Any], table: pd.DataFrame) -> list[str]:
    """Return how the cells of a column break its declared constraints, a phrase each."""
    cells, limits = table[field["name"]], field.get("constraints", {})
    present = cells.dropna()
    checks = {
        "has empty cells": limits.get("required", False) and cells.hasnans,
        f"falls below {limits.get('minimum')}": "minimum" in limits and (present < limits.get("minimum", 0)).any(),
        f"rises above {limits.get('maximum')}": "maximum" in limits and (present > limits.get("maximum", 0)).any(),
        "is not unique": limits.get("unique", False) and present.duplicated().any(),
        "breaks its pattern": "pattern" in limits and not present.str.fullmatch(limits.get("pattern", "")).all(),
    }
    return [f"column {field['name']!r} {what}" for what, wrong in checks.items() if wrong]


@cache
def _parsed(path: Path, _changed: int) -> dict[str, Any]:
    """Return the content of a TOML file, read once, and again when it has changed."""
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def _records(path: Path, declared: list[str]) -> list[list[str | None]]:
    """Return the cells of a CSV file row by row, None where one is empty.

    Not by `pandas.read_csv`: it takes surplus cells for row names and fills up missing ones, without a word.
    """
    import csv

    try:
        with path.open(encoding="utf-8", newline="") as file:
            columns, *records = list(csv.reader(file, strict=True)) or [[]]
    except csv.Error as reason:
        raise ValueError(str(reason)) from None
    if columns != declared:
        raise ValueError(f"its columns are {columns}, declared are {declared}")
    for number, record in enumerate(records, 1):
        if len(record) != len(declared):
            raise ValueError(f"row {number} has {len(record)} cells instead of {len(declared)}")
    return [[cell or None for cell in record] for record in records]


def _typed(cells: Sequence[str | None], field: dict[str, Any]) -> Any:
    import pandas as pd

    allowed = field.get("constraints", {}).get("enum")
    if field["type"] != "string":
        values = [None if cell is None else _value(cell, field) for cell in cells]
        return pd.array(values, dtype=(MISSING_TYPES if None in values else TYPES)[field["type"]])
    if not allowed:
        return pd.array(cells, dtype="str")
    if strangers := set(cells) - {None, *allowed}:
        raise ValueError(f"column {field['name']!r} holds {sorted(strangers)}, allowed are {allowed}")
    codes = {None: -1} | {word: code for code, word in enumerate(allowed)}
    return pd.Categorical.from_codes([codes[cell] for cell in cells], categories=allowed, ordered=True)


def _value(cell: str, field: dict[str, Any]) -> bool | int | float:
    try:
        return {"boolean": {"true": True, "false": False}.__getitem__, "integer": int, "number": float}[field["type"]](cell)
    except (KeyError, ValueError):
        raise ValueError(f"column {field['name']!r} holds {cell!r}, which is not {KINDS[field['type']]}") from None


def _unreadable(path: Path, reason: Exception) -> DatasetError:
    words = " ".join(str(reason).split()).rstrip(".")
    what = "is missing" if isinstance(reason, FileNotFoundError) else f"cannot be read ({words})"
    where = path.relative_to(course.folder()).as_posix()
    return DatasetError(f"The file {where} {what}: put it back with `git restore {where}`, or reinstall evcourse.")
