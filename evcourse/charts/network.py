"""The signed network of vesicle signals: cells as nodes, one arrow per cargo, its sign told by head, dash and colour."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts import network_layout as layout
from evcourse.charts.network_plan import RADIUS, Plan, Point, head_path
from evcourse.charts.theme import BLUE, GREY, INK, VERMILION

ANY = "all"
FILTERS = {
    "origin": "origin_cell",
    "target": "target_cell",
    "process": "process",
    "cargo_type": "cargo_type",
    "evidence": "evidence",
}
"""Parameters of the chart that filter, and the column that each one filters by."""

LOOKS = {
    "raises": (BLUE, {}, {}),
    "lowers": (VERMILION, {"stroke": VERMILION, "strokeWidth": 3.2}, {"strokeDash": [6, 4]}),
}
"""Colour, bar at the head (a triangle is filled instead), and dash of each sign."""

FORMS_BONE, RESORBS, TUMOUR, OTHER = ("#E1F0EA", "#2F7D63"), ("#FCE9D4", "#B5651D"), ("#F1E4EE", "#8F5A80"), ("#EFEFEF", GREY)
KINDS = {"OB": FORMS_BONE, "BMSC": FORMS_BONE, "osteocyte": FORMS_BONE, "OC": RESORBS, "BMM": RESORBS}
CAPTIONS = {"OB": "osteoblast", "OC": "osteoclast", "BMSC": "stem cell", "BMM": "macrophage"}

# A custom symbol of this size is drawn in pixels: Vega scales its path by half the square root.
_PIXELS = 4


def signal_network(signals: pd.DataFrame, *, edge: int = 0, touchable: bool = False, **filters: str) -> alt.LayerChart:
    """Return the network of signals, with filters, and one signal picked out.

    Parameters
    ----------
    signals
        One row per edge: edge, origin_cell, cargo, cargo_type, target_cell, process, sign_as_printed, sign_per_source,
        sign_note, mechanism, confidence, evidence, locator.
    edge
        Start value of the parameter `edge`: number of the signal picked out, 0 for none.
    touchable
        Whether to lay a broad unseen line over each arrow, which is easier to hit with a pointer.
    **filters
        Start values of the parameters origin, target, process, cargo_type and evidence; all is the default.

    Raises
    ------
    ValueError
        If a filter is not one of these five.
    """
    _check(filters)
    arrows = _arrows(signals)
    plan, _ = layout.places_of(signals)
    chosen = [alt.param(name=name, value=filters.get(name, ANY)) for name in FILTERS]
    layers = [*_lines(arrows, touchable), *_names(arrows), *_cells(signals), *_key(plan, _retracted(signals).any())]
    return (
        alt.layer(*layers)
        .properties(
            width=plan.width,
            height=plan.height,
            title=alt.Title(alt.ExprRef(_heading()), subtitle="One arrow is one cargo in vesicles of one cell that acts on one process in another; signs as printed"),
            description=_description(signals),
        )
        .add_params(
            *chosen,
            alt.param(name="edge", value=edge),
            alt.param(name="summary", expr=f"edge > 0 ? {_told(signals)} : {_counted(signals)}"),
        )
    )


def drawn_name(cargo: str) -> str:
    """Return the name of a cargo as the drawing has room for it: without what stands in brackets."""
    return cargo.partition(" (")[0]


def _arrows(signals: pd.DataFrame) -> pd.DataFrame:
    names = _marked_names(signals)
    curves = layout.curves_of(signals, names)
    drawn = [curves[edge] for edge in signals["edge"]]
    columns = ["edge", "origin_cell", "cargo", "cargo_type", "target_cell", "process", "evidence"]
    signs = signals["sign_as_printed"].tolist()
    return signals[columns].astype({name: str for name in columns[1:]}).assign(
        name=names.to_numpy(),
        sign=["raises" if sign > 0 else "lowers" for sign in signs],
        line=[curve.path for curve in drawn],
        head=[head_path(curve, sign) for curve, sign in zip(drawn, signs, strict=True)],
        x=[round(curve.label.x) for curve in drawn],
        y=[round(curve.label.y) for curve in drawn],
        align=[curve.align for curve in drawn],
        halo=[curve.halo for curve in drawn],
    )


def _marked_names(signals: pd.DataFrame) -> pd.Series:
    """Names as drawn, by number of the signal, with the marks that the key explains."""
    names = signals["cargo"].astype(str).map(drawn_name).mask(signals["confidence"] == "contested", lambda name: name + " ?")
    return names.mask(_retracted(signals), names + " †").set_axis(signals["edge"])


def _retracted(signals: pd.DataFrame) -> pd.Series:
    """Which signals rest on a retracted study: their note says so."""
    return signals["sign_note"].astype(str).str.contains("retracted", case=False)


def _lines(arrows: pd.DataFrame, touchable: bool) -> list[alt.Chart]:
    tooltip = [alt.Tooltip(name) for name in ("cargo", "origin_cell", "sign", "process", "target_cell", "evidence")]
    base = alt.Chart(arrows).encode(x=alt.value(0), y=alt.value(0), tooltip=tooltip)
    layers = []
    for sign, (colour, bar, dash) in LOOKS.items():
        own = base.encode(opacity=_opacity()).transform_filter(f"datum.sign === '{sign}'")
        width = alt.condition("datum.edge === edge", alt.value(4), alt.value(1.8))
        line = own.mark_point(filled=False, fill=None, color=colour, size=_PIXELS, **dash)
        head = own.mark_point(filled=True, color=colour, size=_PIXELS, **bar)
        layers += [line.encode(shape=_shape("line"), strokeWidth=width), head.encode(shape=_shape("head"))]
    if touchable:
        broad = base.mark_point(filled=False, fill=None, size=_PIXELS, strokeWidth=13, color=INK, aria=False)
        seen = alt.condition(_shown(), alt.value(0.004), alt.value(0))
        layers.append(broad.encode(shape=_shape("line"), opacity=seen))
    return layers


def _shape(column: str) -> alt.Shape:
    return alt.Shape(f"{column}:N", scale=None, legend=None)


def _names(arrows: pd.DataFrame) -> list[alt.Chart]:
    base = alt.Chart(arrows).encode(x=_across(), y=_down(), text="name:N", opacity=_opacity())
    place = {"align": alt.ExprRef("datum.align"), "fontSize": 12, "baseline": "alphabetic", "aria": False}
    # A name that stands on a line gets a white edge; names of the columns stand clear.
    on_lines = base.transform_filter("datum.halo")
    return [on_lines.mark_text(**place, stroke="white", strokeWidth=5, strokeJoin="round"), base.mark_text(**place, color=alt.ExprRef(f"datum.cargo === 'not specified' ? '{GREY}' : '{INK}'"))]


def _cells(signals: pd.DataFrame) -> list[alt.Chart]:
    plan, places = layout.places_of(signals)
    boxes = [_box(cell, place, signals, plan) for cell, place in places.items()]
    cells = pd.DataFrame(boxes)
    base = alt.Chart(cells)
    shapes = base.mark_point(filled=True, size=_PIXELS, strokeWidth=1.6).encode(
        x=alt.value(0), y=alt.value(0), shape=_shape("shape"),
        color=alt.Color("fill:N", scale=None, legend=None), stroke=alt.Stroke("rim:N", scale=None, legend=None),
    )
    layers = [shapes]
    for (size, weight, align), rows in cells.groupby(["size", "weight", "align"]):
        text = alt.Chart(rows).encode(x=_across(), y=_down(), text="words:N")
        layers.append(text.mark_text(fontSize=size, fontWeight=weight, align=align, lineBreak="|"))
    captions = cells[cells["caption"] != ""]
    small = alt.Chart(captions).encode(x=_across(), y=_down(), text="caption:N")
    return [*layers, *([small.mark_text(fontSize=12, dy=15, color="#444")] if len(captions) else [])]


def _box(cell: str, place: Point, signals: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    fill, rim = KINDS.get(cell, TUMOUR if "cancer" in cell else OTHER)
    row = {"cell": cell, "fill": fill, "rim": rim, "caption": CAPTIONS.get(cell, ""), "align": "center"}
    if cell in plan.places:
        r, short = RADIUS, cell in CAPTIONS
        shape = f"M{place.x - r},{place.y}a{r},{r} 0 1,0 {2 * r},0a{r},{r} 0 1,0 {-2 * r},0Z"
        look = {"size": 16 if short else 12, "weight": "bold", "y": place.y - (3 if short else 7 * cell.count(" "))}
        return row | look | {"shape": shape, "x": place.x, "words": cell.replace(" ", "|")}
    high = layout.box_height(len(layout.column_slots(cell, signals, plan.places)))
    wide = plan.left - 6 if place.x == plan.left else plan.width - plan.right - 6
    x = place.x - wide if place.x == plan.left else place.x
    shape = f"M{x + 9},{place.y - high / 2:.0f}h{wide - 18}a9,9 0 0,1 9,9v{high - 18}a9,9 0 0,1 -9,9h{18 - wide}a9,9 0 0,1 -9,-9v{18 - high}a9,9 0 0,1 9,-9Z"
    words = "|".join(cell.replace(" cancer", "").rstrip(")").replace(" (", "|").split(None if len(cell) > 12 and "(" not in cell else "|"))
    return row | {"size": 12, "weight": "normal", "y": round(place.y - 7 * words.count("|")), "shape": shape, "x": x + wide / 2, "words": words, "caption": ""}


def _key(plan: Plan, retracted: bool) -> list[alt.Chart]:
    """The legend, drawn where the picture is empty."""
    x, y = plan.key
    rows = pd.DataFrame(
        [
            {"line": f"M{x},{y}h34", "head": f"M{x + 45},{y}l-11,-5v10Z", "y": y, "words": "raises the process", "sign": "raises"},
            {"line": f"M{x},{y + 19}h40", "head": f"M{x + 42},{y + 12.5}v13", "y": y + 19, "words": "lowers the process", "sign": "lowers"},
            {"y": y + 38, "words": "sign contested: see its row", "sign": "?"},
            {"y": y + 57, "words": "of a retracted study: see its row", "sign": "†"},
        ]
    ).assign(x=x + 54).head(4 if retracted else 3)
    marks = [_sample(rows[rows["sign"] == sign], sign) for sign in ("raises", "lowers")]
    words = alt.Chart(rows).mark_text(align="left", fontSize=12).encode(x=_across(), y=_down(), text="words:N")
    letters = alt.Chart(rows.iloc[2:]).mark_text(fontSize=14, fontWeight="bold")
    return [*sum(marks, []), words, letters.encode(x=alt.value(x + 22), y=_down(), text="sign:N")]


def _sample(row: pd.DataFrame, sign: str) -> list[alt.Chart]:
    colour, bar, dash = LOOKS[sign]
    base = alt.Chart(row).encode(x=alt.value(0), y=alt.value(0))
    line = base.mark_point(filled=False, fill=None, color=colour, size=_PIXELS, strokeWidth=1.8, opacity=1, **dash)
    head = base.mark_point(filled=True, color=colour, size=_PIXELS, opacity=1, **bar)
    return [line.encode(shape=_shape("line")), head.encode(shape=_shape("head"))]


# --- what is shown, and the sentence below ---------------------------------------------------------------------------


def _shown() -> str:
    return " && ".join(f"({name} === '{ANY}' || {name} === datum.{column})" for name, column in FILTERS.items())


def _opacity() -> dict[str, Any]:
    shown = _shown()
    picked = {"test": f"datum.edge === edge || (edge === 0 && {shown})", "value": 1}
    return {"condition": [picked, {"test": shown, "value": 0.22}], "value": 0.06}


def _heading() -> str:
    """What the picture shows, so that it still says so on a slide."""
    words = {"origin": "from ", "target": "to ", "process": "", "cargo_type": "", "evidence": ""}
    return "'Who tells whom'" + "".join(f" + ({name} === '{ANY}' ? '' : ' · {word}' + {name})" for name, word in words.items())


def _counted(signals: pd.DataFrame) -> str:
    """A sentence with the number of signals that pass the filters, counted in the browser.

    All signals stand in one text, and a pattern made of the filters is counted in it.
    """
    columns = [*FILTERS.values()]
    keys = ["|".join(["", *(str(row[name]) for name in columns), str(row["sign_as_printed"]), ""]) for row in signals.to_dict("records")]
    text = json.dumps("\n".join(keys), ensure_ascii=False)
    escaped = "replace({0}, regexp('[.*+?^${{}}()|[\\\\]\\\\\\\\]', 'g'), '\\\\$&')"
    parts = " + '\\\\|' + ".join(f"({name} === '{ANY}' ? '[^|]*' : {escaped.format(name)})" for name in FILTERS)

    def number(sign: str) -> str:
        return f"(length(split({text}, regexp('\\\\|' + {parts} + '\\\\|{sign}\\\\|'))) - 1)"

    return (
        f"{number('-?1')} + ' of {len(signals)} signals: ' + {number('1')} + ' raising and ' + {number('-1')}"
        " + ' lowering a process. Choose a signal, or click on an arrow, to read its row.'"
    )


def _told(signals: pd.DataFrame) -> str:
    sentences = {int(row.edge): _row_in_words(row) for row in signals.itertuples()}
    return f"{json.dumps(sentences, ensure_ascii=False)}[edge]"


def _row_in_words(row: Any) -> str:
    does = "raises" if row.sign_as_printed > 0 else "lowers"
    note = row.sign_note if isinstance(row.sign_note, str) else ""
    # What a retracted study says is reported and never told as a fact.
    how = f"is reported, in a retracted study, to {does.removesuffix('s')}" if "retracted" in note else does
    cargo = "Something" if row.cargo == "not specified" else row.cargo
    told = [f"Signal {row.edge}. {cargo} in vesicles ({row.vesicle}) of {row.origin_cell} {how} {row.process} in {row.target_cell}."]
    told.append(f"How, as printed: {row.mechanism}.")
    told.append(f"Where: {row.locator} ({row.source}).")
    if row.confidence == "contested":
        told.append(f"CONTESTED: the source cited says that it {'lowers' if does == 'raises' else 'raises'} the process.")
    if note:
        told.append(f"Doubt or check: {note}")
    return " ".join(told)


def _description(signals: pd.DataFrame) -> str:
    arrows = signals.groupby([signals["origin_cell"].astype(str), signals["target_cell"].astype(str)], sort=False).size()
    widest = ", ".join(f"{origin} to {target} {count}" for (origin, target), count in arrows.nlargest(4).items())
    up, down = int((signals["sign_as_printed"] > 0).sum()), int((signals["sign_as_printed"] < 0).sum())
    return (
        f"A network of {len(signals)} arrows between cells, one per cargo. {up} arrows raise a process: blue, solid, with a "
        f"pointed head. {down} lower one: red, dashed, ending in a bar. Most arrows run from {widest}. A question mark "
        "after a name marks a contested sign" + (", a dagger one of a retracted study." if _retracted(signals).any() else ".")
    )


def _check(filters: dict[str, str]) -> None:
    for name in filters:
        if name not in FILTERS:
            raise ValueError(f"The network has no filter {name!r}: it has {', '.join(FILTERS)}.")


def _across() -> alt.X:
    return alt.X("x:Q", axis=None, scale=None)


def _down() -> alt.Y:
    return alt.Y("y:Q", axis=None, scale=None)
