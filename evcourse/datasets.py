"""The papers' facts as tables: `load` a table, or look up what a `dataset` is and where it comes from.

A dataset is two files, `data/<source>/<name>.csv` and `<name>.toml`; a source is a folder with a `source.toml`.
The words in the TOML (`fields`, `type`, `constraints`, `primaryKey`, `foreignKeys`) are those of Table Schema
(https://specs.frictionlessdata.io/table-schema/), with `unit`, `locator` and `origin` added.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcourse import course, table_files
from evcourse.table_files import DatasetError

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = ("en", "it")
QUIET_STATES = ("plain", "no notice known")
DECLARED_OF_A_TABLE = ("title", "description", "locator", "origin", "how", "primaryKey", "fields")
DECLARED_OF_A_SOURCE = ("short", "title", "citation", "licence", "retrieved", "status")


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
    _require_language(lang)
    path = _declared(name)
    # Frames share their memory until one is written to (pandas 3): a copy costs next to nothing and changes no other.
    return _table(path, lang, tuple(each.stat().st_mtime_ns for each in _files(path) if each.is_file())).copy(deep=False)


def dataset(name: str) -> Dataset:
    """Return what is known about one dataset: title, source, columns, origin, doubts.

    Raises
    ------
    DatasetError
        If no dataset has this name (the message gives the nearest one), or its declaration is damaged.
    """
    table, of_table, of_source = _files(_declared(name))
    declaration = table_files.declaration(of_table, DECLARED_OF_A_TABLE)
    return Dataset(name, table, declaration, table_files.declaration(of_source, DECLARED_OF_A_SOURCE))


def datasets() -> pd.DataFrame:
    """Return the catalogue: one row per dataset with its name, title, source, origin and number of rows."""
    import pandas as pd

    entries = [dataset(name) for name in sorted(_declarations())]
    rows = [(each.name, each.title, each.paper, each.origin, len(each.table())) for each in entries]
    return pd.DataFrame(rows, columns=["name", "title", "source", "origin", "rows"])


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

    # Not a dataclass: `dataclasses` would take a third of the time in which the library is imported.
    def __init__(self, name: str, path: Path, declaration: dict[str, Any], origin_of_data: dict[str, Any]) -> None:
        self.name, self.path = name, path
        self.declaration, self.origin_of_data = declaration, origin_of_data

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
        _require_language(lang)
        fields = self.declaration["fields"]
        rows = table_files.rows(self.path, fields)
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
            rows = table_files.rows(self.path, self.declaration["fields"])
        except DatasetError as reason:
            return [str(reason)]
        found = [problem for field in self.declaration["fields"] for problem in table_files.field_problems(field, rows)]
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


def problems() -> list[str]:
    """Return what is wrong with any dataset, a sentence each; an empty list if all is well."""
    return [problem for name in sorted(_declarations()) for problem in dataset(name).problems()]


def data_folder() -> Path:
    """Return the folder that holds one folder per source."""
    return course.folder() / "data"


@cache
def _table(declaration: Path, lang: str, _changed: tuple[int, ...]) -> pd.DataFrame:
    """Return a table, read once, and again when one of its files has changed."""
    return dataset(declaration.stem).table(lang=lang)


def _require_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise ValueError(f"No language {lang!r}: use lang='en' (English) or lang='it' (Italian, as printed).")


def _declared(name: str) -> Path:
    declarations = _declarations()
    if name not in declarations:
        raise DatasetError(f"No dataset named {name!r}.{_nearest(name, declarations)} ev.datasets() lists them all.")
    return declarations[name]


def _files(declaration: Path) -> tuple[Path, Path, Path]:
    return declaration.with_suffix(".csv"), declaration, declaration.parent / "source.toml"


def _declarations() -> dict[str, Path]:
    return {path.stem: path for path in sorted(data_folder().glob("*/*.toml")) if path.stem != "source"}


def _nearest(name: str, known: dict[str, Path]) -> str:
    import difflib

    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.4)
    return f" Did you mean {close[0]!r}?" if close else ""


def _key_problems(key: dict[str, Any], rows: pd.DataFrame) -> list[str]:
    target = dataset(key["reference"]["resource"]).table()
    known = set(target[key["reference"]["fields"]].itertuples(index=False, name=None))
    pointing = rows[key["fields"]].dropna().itertuples(index=False, name=None)
    lost = sorted(set(pointing) - known)
    return [f"{key['fields']} = {each} leads to no row of {key['reference']['resource']!r}" for each in lost]


def _with_role(role: str) -> pd.DataFrame:
    found = [path.stem for path in _declarations().values() if table_files.declaration(path).get("role") == role]
    if not found:
        raise DatasetError(f"No dataset is declared with role = {role!r}: reinstall evcourse.")
    return load(found[0])


def _spelled(licence: str) -> str:
    return licence.replace("CC-BY-", "CC BY ")
