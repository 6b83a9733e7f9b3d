"""An Altair chart as plain data: its views, each with mark, encodings and the values drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcourse.questions import plain
from evcourse.questions.plain import Unreadable

MOST_ROWS = 5_000
MOST_VIEWS = 20
_PARTS = ("layer", "hconcat", "vconcat", "concat")

Spec = dict[str, Any]


def chart_of(answer: Any) -> Spec:
    """Return the Vega-Lite specification of a chart.

    Raises
    ------
    Unreadable
        If it is no Altair chart, is incomplete, or carries too many rows.
    """
    if plain.is_a(answer, *plain.known("evcourse.widgets.live_chart", "LiveChart")):
        return answer.spec
    if not plain.is_a(answer, *plain.known("altair", "TopLevelMixin")):
        raise Unreadable(f"An Altair chart was expected, alt.Chart(…); you gave {plain.described(answer)}.")
    for part in _charts_in(answer):
        _check_size(part)
    return _specification(answer)


def views_of(spec: Spec) -> list[dict[str, Any]]:
    """Return each view of a specification: mark, channels (type, scale, aggregate, title) and the values drawn."""
    datasets = spec.get("datasets", {})
    units = list(_units(spec, {}, [], []))
    if not units:
        raise Unreadable("A chart with a mark was expected, such as alt.Chart(…).mark_line(); yours has none.")
    if len(units) > MOST_VIEWS:
        raise Unreadable(f"A chart of 1 to {MOST_VIEWS} views was expected; yours has {len(units)}.")
    return [_view(*unit, datasets) for unit in units]


def small_chart() -> Any:
    """Return a chart of two points; whoever reads one has loaded and warmed up all that reading a chart needs."""
    import altair as alt
    import pandas as pd

    points = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0], "series": ["a", "b"]})
    titled = {"x": alt.X("x:Q").title("x"), "y": alt.Y("y:Q").title("y"), "color": alt.Color("series:N").title("")}
    return alt.Chart(points).mark_line().encode(**titled)


def _specification(chart: Any) -> Spec:
    import altair as alt

    try:
        with alt.data_transformers.enable("default", max_rows=MOST_ROWS):
            # Not validated: that takes longer than all the rest, and what is looked at here is checked anyway.
            return chart.to_dict(validate=False)
    except Exception as problem:  # noqa: BLE001 - Altair raises errors of many kinds for a chart that is not complete
        first = str(problem).strip().split("\n")[0]
        raise Unreadable(f"Altair cannot draw this chart: {plain.short(first, 160)}") from None


def _charts_in(chart: Any, depth: int = plain.DEEPEST) -> Iterator[Any]:
    yield chart
    parts = [each for name in _PARTS for each in (_list_of(chart, name) if depth else [])]
    for part in parts[:MOST_VIEWS]:
        yield from _charts_in(part, depth - 1)


def _list_of(chart: Any, name: str) -> list[Any]:
    parts = chart._get(name) if hasattr(chart, "_get") else None
    return parts if type(parts) is list else []


def _check_size(chart: Any) -> None:
    data = chart._get("data") if hasattr(chart, "_get") else None
    if plain.is_a(data, *plain.known("pandas", "DataFrame")):
        rows = data.shape[0]
    else:
        values = data._get("values") if hasattr(data, "_get") else None
        rows = len(values) if type(values) is list else 0
    if rows > MOST_ROWS:
        raise Unreadable(f"A chart of at most {MOST_ROWS} rows was expected; yours has {rows}: draw a summary.")


def _units(spec: Spec, data: Spec, encodings: list[Spec], transforms: list[Any]) -> Iterator[tuple[Any, ...]]:
    data = spec.get("data") or data
    encodings, transforms = [*encodings, spec.get("encoding", {})], [*transforms, *spec.get("transform", [])]
    parts = [part for name in _PARTS for part in spec.get(name, [])]
    inner = [spec["spec"]] if isinstance(spec.get("spec"), dict) else []
    if "mark" in spec:
        merged = {channel: content for encoding in encodings for channel, content in encoding.items()}
        yield spec["mark"], merged, data, transforms
    for part in [*parts, *inner]:
        yield from _units(part, data, encodings, transforms)


def _view(mark: Any, encoding: Spec, data: Spec, transforms: list[Any], datasets: Spec) -> dict[str, Any]:
    rows = data.get("values", datasets.get(data.get("name"), []))
    named = {channel: content for channel, content in encoding.items() if isinstance(content, dict)}
    drawn = {channel: content for channel, content in named.items() if "field" in content or "datum" in content}
    return {
        "mark": mark["type"] if isinstance(mark, dict) else str(mark),
        "channels": {channel: _form(content) for channel, content in named.items() if "value" not in content},
        "rows": _distinct([_row(row, drawn) for row in rows if isinstance(row, dict)][:MOST_ROWS]),
        "transformed": bool(transforms),
    }


def _form(content: Spec) -> dict[str, Any]:
    scale, axis = content.get("scale") or {}, content.get("axis") or {}
    title = content.get("title", axis.get("title", content.get("field", "")))
    return {
        "type": str(content.get("type", "quantitative")),
        "scale": str(scale.get("type", "linear" if content.get("type") == "quantitative" else "plain")),
        "aggregate": str(content.get("aggregate", "")),
        "title": " ".join(title) if isinstance(title, list) else str(title or ""),
    }


def _row(row: Spec, drawn: Spec) -> dict[str, Any]:
    cells = {channel: content.get("datum", row.get(_field(content))) for channel, content in drawn.items()}
    return {channel: plain.cell(cell) for channel, cell in cells.items()}


def _field(content: Spec) -> str:
    # Altair escapes the characters that mean something in a field's name.
    field = content.get("field", "")
    return field.replace("\\", "") if isinstance(field, str) else ""


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({repr(row): row for row in rows}.values())
