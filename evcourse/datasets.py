"""The papers' facts as tables: `load` a table, or look up what a `dataset` is and where it comes from.

A dataset is two files, `data/<source>/<name>.csv` and `<name>.toml`; a source is a folder with a `source.toml`.
The words in the TOML (`fields`, `type`, `constraints`, `primaryKey`, `foreignKeys`) are those of Table Schema
(https://specs.frictionlessdata.io/table-schema/), with `unit`, `locator` and `origin` added.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcourse import course

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

LANGUAGES = ("en", "it")
KINDS = {"boolean": "true or false", "integer": "a whole number", "number": "a number"}
TYPES = {"boolean": "bool", "integer": "int64", "number": "float64"}
MISSING_TYPES = {"boolean": "boolean", "integer": "Int64", "number": "float64"}
QUIET_STATES = ("plain", "no notice known")
DECLARED_OF_A_TABLE = ("title", "description", "locator", "origin", "how", "primaryKey", "fields")
DECLARED_OF_A_SOURCE = ("short", "title", "citation", "licence", "retrieved", "status")


class DatasetError(LookupError):
    """A dataset is unknown, or its files are missing or damaged."""


def load(name: str, *, lang: str = "en") -> pd.DataFrame:
    """Return a dataset as a table.

    Parameters
    ----------
    name
        The dataset's name, as `datasets()` lists it.
    lang
        "en" for English labels; "it" for the words printed in the Italian review, where the table has them.

    Returns
    -------
    pandas.DataFrame
        One row per record and the same columns in both languages. Columns with a declared list of values are
        ordered categories; whole numbers that may be missing are `Int64`.

    Raises
    ------
    DatasetError
        If the name is unknown, or a file is missing or damaged.
    ValueError
        If the language is neither "en" nor "it".

    Examples
    --------
    >>> load("ev_classes").columns[0]
    'ev_class'
    """
    return dataset(name).table(lang=lang)


def dataset(name: str) -> Dataset:
    """Return what is known about one dataset: title, source, columns, origin, doubts.

    Raises
    ------
    DatasetError
        If no dataset has this name (the message gives the nearest one), or its declaration is damaged.
    """
    declarations = _declarations()
    if name not in declarations:
        raise DatasetError(f"No dataset named {name!r}.{_nearest(name, declarations)} ev.datasets() lists them all.")
    path = declarations[name]
    declaration, source = _toml(path, DECLARED_OF_A_TABLE), _toml(path.parent / "source.toml", DECLARED_OF_A_SOURCE)
    return Dataset(name, path.with_suffix(".csv"), declaration, source)


def datasets() -> pd.DataFrame:
    """Return the catalogue: one row per dataset with its name, title, source, origin and number of rows."""
    import pandas as pd

    entries = [dataset(name) for name in sorted(_declarations())]
    rows = [(each.name, each.title, each.paper, each.origin, len(each.table())) for each in entries]
    return pd.DataFrame(rows, columns=["name", "title", "source", "origin", "rows"])


@dataclass(frozen=True)
class Dataset:
    """One dataset: a table, what its columns mean, and where it comes from.

    Attributes
    ----------
    name
        The name that `load` takes.
    path
        The CSV file.
    declaration
        The table's TOML file.
    origin_of_data
        The source's TOML file: citation, licence, status.
    """

    name: str
    path: Path
    declaration: dict[str, Any]
    origin_of_data: dict[str, Any]

    @property
    def title(self) -> str:
        return self.declaration["title"]

    @property
    def description(self) -> str:
        return self.declaration["description"]

    @property
    def origin(self) -> str:
        """How the table came to be: transcribed, derived, constructed or simulated."""
        return self.declaration["origin"]

    @property
    def paper(self) -> str:
        """The source's short name, as in "Bianciardi et al. (2021)"."""
        return self.origin_of_data["short"]

    @property
    def source(self) -> str:
        """Where the table comes from, in one line: short citation, place, DOI, licence, and the paper's status."""
        return f"{self._reference} {self.status}".strip()

    @property
    def status(self) -> str:
        """A sentence on a paper that has been retracted or corrected; empty where there is nothing to say."""
        status = self.origin_of_data["status"]
        if status["state"] in QUIET_STATES:
            return ""
        reading = ": what the paper reported, not evidence" if status["state"] == "retracted" else ""
        return (
            f"{status['state'].upper()} on {status['date']:%d %B %Y} ({status['notice']}, "
            f"https://doi.org/{status['notice_doi']}; reason {status['reason']}){reading}."
        )

    @property
    def columns(self) -> pd.DataFrame:
        """The data dictionary: one row per column with its type, unit and description."""
        import pandas as pd

        rows = [
            (field["name"], field["type"], field.get("unit", ""), field["description"])
            for field in self.declaration["fields"]
            if "of" not in field
        ]
        return pd.DataFrame(rows, columns=["column", "type", "unit", "description"]).set_index("column")

    @property
    def doubts(self) -> pd.DataFrame:
        """What a careful reader asks about this table, or the places its rows come from: rows of the critical reading."""
        readings, places = _with_role("critical reading"), _with_role("critical reading places")
        own = self._places()
        about = [place in own for place in zip(places["source"], places["locator"], strict=True)]
        return readings[readings["id"].isin(places.loc[about, "id"])].reset_index(drop=True)

    def table(self, *, lang: str = "en") -> pd.DataFrame:
        """Return the rows; see `load`."""
        if lang not in LANGUAGES:
            raise ValueError(f"No language {lang!r}: use lang='en' (English) or lang='it' (Italian, as printed).")
        fields = self.declaration["fields"]
        rows = _rows(self.path, fields)
        printed = {field["of"]: field["name"] for field in fields if "of" in field}
        if lang == "it":
            rows = rows.assign(**{english: rows[italian] for english, italian in printed.items()})
        return rows.drop(columns=list(printed.values()))

    def problems(self) -> list[str]:
        """Return what is wrong with the table, a sentence each; an empty list if all is well.

        Checks that columns are the declared ones, keys are unique, required cells filled, values within their
        constraints, and foreign keys resolved.
        """
        try:
            rows = _rows(self.path, self.declaration["fields"])
        except DatasetError as reason:
            return [str(reason)]
        found = [problem for field in self.declaration["fields"] for problem in _field_problems(field, rows)]
        if rows.duplicated(self.declaration["primaryKey"]).any():
            found.append(f"the key {self.declaration['primaryKey']} is not unique")
        found += [problem for key in self.declaration.get("foreignKeys", []) for problem in _key_problems(key, rows)]
        return [f"{self.name}: {problem}" for problem in found]

    @property
    def _reference(self) -> str:
        link = f" https://doi.org/{self.origin_of_data['doi']}" if "doi" in self.origin_of_data else ""
        return f"{self.paper}, {self.declaration['locator']}.{link} ({_spelled(self.origin_of_data['licence'])})"

    def _places(self) -> set[tuple[str, str]]:
        """Source and locator of the table as a whole and of every row; rows of course tables may name their source."""
        rows, folder = self.table(), self.path.parent.name
        sources = rows["source"] if "source" in rows else [folder] * len(rows)
        return {(folder, self.declaration["locator"]), *zip(sources, rows["locator"], strict=True)}

    def _repr_html_(self) -> str:
        status = f"<p><strong>{self.status}</strong></p>" if self.status else ""
        return (
            f"<p><strong>{self.title}</strong> (<code>{self.name}</code>, {self.origin})<br>{self.description}</p>"
            f"{status}<p>{self._reference}<br>{self.declaration['how']}</p>{self.columns.to_html()}"
        )


def sources(*names: str) -> str:
    """Return the distinct sources of some datasets, one line each, as a lesson prints them at its end."""
    return "\n".join(dict.fromkeys(dataset(name).source for name in names))


def data_folder() -> Path:
    """Return the folder that holds one folder per source."""
    return course.folder() / "data"


def _declarations() -> dict[str, Path]:
    return {path.stem: path for path in sorted(data_folder().glob("*/*.toml")) if path.stem != "source"}


def _nearest(name: str, known: dict[str, Path]) -> str:
    import difflib

    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.4)
    return f" Did you mean {close[0]!r}?" if close else ""


def _toml(path: Path, words: tuple[str, ...] = ()) -> dict[str, Any]:
    import tomllib

    try:
        declaration = tomllib.loads(path.read_text(encoding="utf-8"))
        if missing := [word for word in words if word not in declaration]:
            raise ValueError(f"it does not declare {', '.join(missing)}")
        return declaration
    except (OSError, ValueError) as reason:
        raise _unreadable(path, reason) from None


def _rows(path: Path, fields: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    try:
        records = _records(path, [field["name"] for field in fields])
        columns = zip(*records, strict=True) if records else [()] * len(fields)
        return pd.DataFrame({field["name"]: _typed(cells, field) for field, cells in zip(fields, columns, strict=True)})
    except (OSError, ValueError) as reason:
        raise _unreadable(path, reason) from None


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


def _unreadable(path: Path, reason: Exception) -> DatasetError:
    words = " ".join(str(reason).split()).rstrip(".")
    what = "is missing" if isinstance(reason, FileNotFoundError) else f"cannot be read ({words})"
    where = path.relative_to(course.folder()).as_posix()
    return DatasetError(f"The file {where} {what}: put it back with `git restore {where}`, or reinstall evcourse.")


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


def _field_problems(field: dict[str, Any], rows: pd.DataFrame) -> list[str]:
    cells, limits = rows[field["name"]], field.get("constraints", {})
    present = cells.dropna()
    checks = {
        "has empty cells": limits.get("required", False) and cells.hasnans,
        f"falls below {limits.get('minimum')}": "minimum" in limits and (present < limits.get("minimum", 0)).any(),
        f"rises above {limits.get('maximum')}": "maximum" in limits and (present > limits.get("maximum", 0)).any(),
        "is not unique": limits.get("unique", False) and present.duplicated().any(),
        "breaks its pattern": "pattern" in limits and not present.str.fullmatch(limits.get("pattern", "")).all(),
    }
    return [f"column {field['name']!r} {what}" for what, wrong in checks.items() if wrong]


def _key_problems(key: dict[str, Any], rows: pd.DataFrame) -> list[str]:
    target = dataset(key["reference"]["resource"]).table()
    known = set(target[key["reference"]["fields"]].itertuples(index=False, name=None))
    pointing = rows[key["fields"]].dropna().itertuples(index=False, name=None)
    lost = sorted(set(pointing) - known)
    return [f"{key['fields']} = {each} leads to no row of {key['reference']['resource']!r}" for each in lost]


def _with_role(role: str) -> pd.DataFrame:
    found = [path.stem for path in _declarations().values() if _toml(path).get("role") == role]
    if not found:
        raise DatasetError(f"No dataset is declared with role = {role!r}: reinstall evcourse.")
    return load(found[0])


def _spelled(licence: str) -> str:
    return licence.replace("CC-BY-", "CC BY ")
