"""A question whose answer is a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind, filled
from evcourse.questions.number import described_unit, power_of_ten, tolerances
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item


class Table(Kind):
    """Rows found by their key, in any order; each column earns its share, cell by cell. Further columns are ignored.

    Where no misconception explains all that is wrong, the hint of the nearest one appears, if its table is nearer to the
    answer than the right one is.

    Attributes
    ----------
    row_key
        Names of the columns that say which row it is.
    columns
        The columns to fill: name → unit, "1" for a plain number, "text" for words.
    tolerance, absolute
        Tolerances of the numbers.
    """

    row_key: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[dict[str, str]] = {}
    tolerance: ClassVar[float] = 0.01
    absolute: ClassVar[float] = 0.0

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        within = tolerances(self.tolerance, self.absolute)
        return super().asked(given) | {"key": list(self.row_key), "columns": dict(self.columns), "within": within}

    def wanted(self, asked: dict[str, Json]) -> str:
        filled = [name if unit in ("1", "text") else f"{name} ({unit})" for name, unit in asked["columns"].items()]
        columns = ", ".join([*asked["key"], *filled])
        rows = f"one row for each {' and '.join(asked['key'])}"
        numbers = "" if set(asked["columns"].values()) == {"text"} else f"; numbers {asked['within']}"
        return f"a DataFrame with the columns {columns}; {rows}{numbers}."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        table = _with_key_as_columns(answer, asked["key"])
        names = [str(name) for name in table.columns if plain.is_a(name, str)]
        missing = [name for name in asked["key"] if names.count(name) != 1]
        if missing:
            raise Unreadable(f"One column {missing[0]!r} was expected, to tell the rows apart; yours are {_listed(names)}.")
        wanted = [name for name in (*asked["key"], *asked["columns"]) if names.count(name) == 1]
        cells = [[plain.cell(each) for each in table[name].tolist()] for name in wanted]
        return {"names": wanted, "rows": [list(row) for row in zip(*cells, strict=True)]}

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        wanted, found = _by_key(key, asked["key"]), _by_key(answer, asked["key"])
        strays = len(answer["rows"]) - len(wanted.keys() & found.keys())
        columns = [self._column(name, wanted, found, strays, answer["names"]) for name in self.columns]
        return [_rows(wanted, found, strays), *columns]

    def _column(self, name: str, wanted: _Rows, found: _Rows, strays: int, names: list[str]) -> Item:
        share = 1 / len(self.columns)
        if name not in names:
            return Item(name, False, f"There is no column {name!r}.", share)
        wrong = [row for row in wanted if not self._agrees(found.get(row, {}).get(name), wanted[row].get(name))]
        hits = len(wanted) - len(wrong)
        words = f"Column {name}: {hits} of {len(wanted)} rows agree"
        where = f"; look at {_named(wanted[wrong[0]], self.row_key)}." if wrong else "."
        return Item(name, not wrong, words + where, share, hits / (len(wanted) + strays))

    def _agrees(self, cell: Json, wanted: Json) -> bool:
        return wanted is not None and plain.alike(cell, wanted, self.tolerance, self.absolute)

    def _matched(self, answer: Json, items: list[Item], given: dict[str, Any]) -> tuple[str, str]:
        name, hint = super()._matched(answer, items, given)
        if hint or all(item.holds for item in items):
            return name, hint
        methods = self.misconceptions()
        apart = {name: self._apart(answer, self.key(given, method)) for name, method in methods.items()}
        nearest = min(apart, key=lambda name: apart[name], default="")
        nearer = bool(nearest) and apart[nearest] < self._apart(answer, self.key(given))
        return (nearest, filled(methods[nearest].hint, given)) if nearer else ("", "")

    def _apart(self, answer: Json, key: Json) -> int:
        """Return in how many cells an answer differs from a key."""
        wanted, found = _by_key(key, self.row_key), _by_key(answer, self.row_key)
        cells = [(found.get(row, {}).get(name), wanted[row].get(name)) for row in wanted for name in self.columns]
        return sum(not self._agrees(*pair) for pair in cells)

    def slip(self, answer: Json, given: dict[str, Any]) -> tuple[str, str]:
        wanted, found = _by_key(self.key(given), self.row_key), _by_key(answer, self.row_key)
        for name, unit in self.columns.items():
            pairs = [(found[row].get(name), wanted[row].get(name)) for row in wanted if row in found]
            mistaken = _mistaken_type(pairs)
            if mistaken:
                return "type", f"Column {name}: {mistaken}."
            numbers = all(isinstance(each, float) for pair in pairs for each in pair)
            power = power_of_ten(pairs, self.tolerance, self.absolute) if numbers else 0
            if power:
                unit_wanted = f"give {described_unit(unit)}{', and no percentage' if (unit, power) == ('1', 2) else ''}"
                return "power of ten", f"Column {name}: the digits are right, the power of ten is not: {unit_wanted}."
        return "", ""


def _mistaken_type(pairs: list[tuple[Json, Json]]) -> str:
    """Return what a whole column should hold instead, if all its cells are of another type."""
    types = {(type(given), type(wanted)) for given, wanted in pairs}
    if types == {(str, float)}:
        return "numbers were expected, without quotation marks"
    return "words were expected, in quotation marks" if types in ({(bool, str)}, {(float, str)}) else ""


_Rows = dict[tuple[str, ...], dict[str, Json]]


def _with_key_as_columns(answer: Any, key: list[str]) -> Any:
    if not plain.is_a(answer, *plain.known("pandas", "DataFrame")):
        raise Unreadable(f"A DataFrame was expected; you gave {plain.described(answer)}.")
    if answer.shape[0] > plain.MOST_ITEMS:
        raise Unreadable(f"A short table was expected; yours has {answer.shape[0]} rows.")
    in_index = [name for name in answer.index.names if plain.is_a(name, str) and name in key]
    return answer.reset_index() if in_index else answer


def _by_key(table: Json, key: Iterable[str]) -> _Rows:
    """Return the rows by their keys, in their order; of rows with the same key the first."""
    found: _Rows = {}
    for cells in table["rows"]:
        row = dict(zip(table["names"], cells, strict=True))
        found.setdefault(tuple(f"{name} {_label(row.get(name))}" for name in key), row)
    return found


def _named(row: dict[str, Json], key: Iterable[str]) -> str:
    """Return how a reader finds a row: its key as the table writes it."""
    return ", ".join(f"{name} {row[name] if isinstance(row[name], str) else plain.short(row[name])}" for name in key)


def _label(cell: Json) -> str:
    return plain.folded(cell) if isinstance(cell, str) else plain.short(cell)


def _rows(wanted: _Rows, found: _Rows, strays: int) -> Item:
    missing = len(wanted.keys() - found.keys())
    if not missing and not strays:
        return Item("rows", True, f"All {len(wanted)} rows are there, each once.", 0)
    words = [f"{missing} missing" if missing else "", f"{strays} not asked for" if strays else ""]
    return Item("rows", False, f"{plain.counted(len(wanted), 'row')} expected: {' and '.join(filter(None, words))}.", 0)


def _listed(names: list[str]) -> str:
    return plain.short(", ".join(names) or "none", 200)
