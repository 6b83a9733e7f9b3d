"""A question whose answer is an Altair chart: what it draws is compared, not how it is written."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.chart_views import chart_of, small_chart, views_of
from evcourse.questions.kind import Json, Kind
from evcourse.questions.verdict import Item

SERIES = ("color", "detail", "shape", "strokeDash", "row", "column", "facet", "fill", "stroke")


class Chart(Kind):
    """A chart with its data in it. Columns may have any names, and series any labels: values are compared.

    Attributes
    ----------
    channels
        The encodings that are looked at; "color" stands for any way of telling series apart, layers included.
    looks_at
        Which of "mark", "encodings", "data" and "labels" earn points.
    weights
        Shares of the points, as in {"data": 0.6}; the others share the rest equally.
    marks
        Marks that are accepted; left empty, those of the expected chart.
    tolerance, absolute
        Tolerances of the numbers drawn.
    """

    channels: ClassVar[tuple[str, ...]] = ("x", "y")
    looks_at: ClassVar[tuple[str, ...]] = ("mark", "encodings", "data", "labels")
    weights: ClassVar[dict[str, float]] = {}
    marks: ClassVar[tuple[str, ...]] = ()
    tolerance: ClassVar[float] = 0.01
    absolute: ClassVar[float] = 0.0

    @classmethod
    def prepare(cls) -> None:
        cls.read(small_chart(), {})

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        return super().asked(given) | {"channels": list(self.channels)}

    def wanted(self, asked: dict[str, Json]) -> str:
        return f"an Altair chart that encodes {', '.join(asked['channels'])}, with its data and labels."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        return views_of(chart_of(answer))

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        looks = {"mark": self._mark, "encodings": self._encodings, "data": self._data, "labels": self._labels}
        groups = [(share, looks[name](answer, key)) for name, share in self._shares().items()]
        return [_shared(item, share / len(group)) for share, group in groups for item in group]

    def _shares(self) -> dict[str, float]:
        others = [name for name in self.looks_at if name not in self.weights]
        left = 1 - sum(self.weights.values())
        if not set(self.weights) <= set(self.looks_at) or (left <= 0 if others else abs(left) > 1e-9):
            looks = ", ".join(self.looks_at)
            raise ValueError(f"{self.name}: weights of {looks} that sum to 1, or to less for some of them, not {self.weights}.")
        return {name: self.weights.get(name, left / max(1, len(others))) for name in self.looks_at}

    def _mark(self, answer: Json, key: Json) -> list[Item]:
        mine, wanted = _marks(answer), set(self.marks) or _marks(key)
        holds = bool(mine & wanted) if self.marks else wanted <= mine
        doubt = "" if holds else ": another mark fits these data better"
        return [Item("mark", holds, f"Drawn as {', '.join(sorted(mine)) or 'nothing'}{doubt}.")]

    def _encodings(self, answer: Json, key: Json) -> list[Item]:
        return [self._encoding(channel, answer, key) for channel in self.channels]

    def _encoding(self, channel: str, answer: Json, key: Json) -> Item:
        mine, wanted = _forms(answer, channel), _forms(key, channel)
        if channel in SERIES:
            holds = len(_series(answer, self._axes())) > 1 or not wanted
            return Item(channel, holds, f"Series are {'' if holds else 'not '}told apart.")
        if not mine:
            return Item(channel, False, f"Nothing is encoded on {channel}.")
        differs = [name for name in wanted[0] if mine[0].get(name) != wanted[0][name]] if wanted else []
        words = f"{channel} is {mine[0]['type']} on a {mine[0]['scale']} scale"
        return Item(channel, not differs, f"{words}{f': look at its {differs[0]}' if differs else ''}.")

    def _data(self, answer: Json, key: Json) -> list[Item]:
        if any(view["transformed"] for view in answer):
            words = "The chart computes its data in a transform: compute the columns in pandas first."
            return [Item("data", False, words)]
        mine, wanted = _series(answer, self._axes()), _series(key, self._axes())
        hits = sum(any(self._same(series, each) for each in mine) for series in wanted)
        extra = max(0, len(mine) - len(wanted))
        holds = hits == len(wanted) and not extra
        more = f"; {extra} more than asked for" if extra else ""
        words = f"{hits} of {len(wanted)} series have the expected values{more}."
        return [Item("data", holds, words, got=max(0.0, (hits - extra) / len(wanted)))]

    def _labels(self, answer: Json, key: Json) -> list[Item]:
        return [_label(channel, answer, key) for channel in self._axes()]

    def _same(self, mine: list[Json], wanted: list[Json]) -> bool:
        return plain.alike(mine, wanted, self.tolerance, self.absolute)

    def _axes(self) -> list[str]:
        return [channel for channel in self.channels if channel not in SERIES]


def _shared(item: Item, share: float) -> Item:
    return Item(item.about, item.holds, item.words, share, item.got)


def _marks(views: Json) -> set[str]:
    return {view["mark"] for view in views}


def _forms(views: Json, channel: str) -> list[dict[str, Json]]:
    forms = [view["channels"][channel] for view in views if channel in view["channels"]]
    return [{name: form[name] for name in ("type", "scale", "aggregate")} for form in forms]


def _series(views: Json, axes: list[str]) -> list[list[Json]]:
    """Return each series drawn, once, as its sorted points; a layer is a series, and so is each colour in it."""
    drawn: dict[str, list[Json]] = {}
    for place, view in enumerate(views):
        for row in view["rows"]:
            label = repr([place, *(row[channel] for channel in SERIES if channel in row)])
            if any(axis in row for axis in axes):
                drawn.setdefault(label, []).append([row.get(axis) for axis in axes])
    ordered = [sorted(points, key=_rounded) for points in drawn.values()]
    return list({repr([_rounded(point) for point in points]): points for points in ordered}.values())


def _rounded(point: list[Json]) -> list[tuple[int, float, str]]:
    # Rounded, so that noise in one coordinate does not decide the order of points that differ in the next.
    return [(0, float(f"{each:.5e}"), "") if isinstance(each, float) else (1, 0.0, str(each)) for each in point]


def _label(channel: str, answer: Json, key: Json) -> Item:
    mine, wanted = _title(answer, channel), _title(key, channel)
    unit = re.search(r"\(([^()]+)\)\s*$", wanted)
    if not mine:
        return Item(f"label of {channel}", False, f"The {channel} axis has no title.")
    holds = not unit or plain.folded(unit.group(1)) in plain.folded(mine)
    unit_missing = "" if holds else ": add the unit in brackets"
    return Item(f"label of {channel}", holds, f"The {channel} axis says {plain.short(mine)!r}{unit_missing}.")


def _title(views: Json, channel: str) -> str:
    titles = [view["channels"][channel]["title"] for view in views if channel in view["channels"]]
    return next(filter(None, titles), "")
