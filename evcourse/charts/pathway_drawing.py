"""The drawing of the pathway: a cell under its membrane, boxes that fill, arrows that raise and blunt lines that lower.

All numbers are parameters of the chart, made in `evcourse.charts.pathway`: amounts by the model's names, against a
control cell with x_ before the name, and how full a box is with share_ before it.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts import pathway_layout as layout
from evcourse.charts.theme import BLUE, GREEN, GREY, INK, ORANGE, VERMILION

_LIQUID, _BRAKE, _PALE = "#A5CFEA", "#F3A683", "#FBDCCB"

# A custom symbol of this size is drawn in pixels: Vega scales its path by half the square root.
_PIXELS = 4


def drawing() -> alt.LayerChart:
    """Return the drawing; it needs the parameters of `evcourse.charts.pathway`."""
    layers = [*_cell(), *_lipids(), *_links(), *_exosome(), *_akt_box(), *_vessels(), *_drugs(), *_words()]
    return alt.layer(*layers).properties(width=layout.WIDTH, height=layout.HEIGHT)


def _across(column: str = "x:Q") -> alt.X:
    return alt.X(column).scale(domain=[0, layout.WIDTH], nice=False, zero=False).axis(None)


def _down(column: str = "y:Q") -> alt.Y:
    return alt.Y(column).scale(domain=[layout.HEIGHT, 0], nice=False, zero=False).axis(None)


def _boxes(rows: list[tuple[float, float, float, float]], **mark: Any) -> alt.Chart:
    """Rounded boxes from left, top, right, bottom."""
    table = pd.DataFrame(rows, columns=["x", "y", "x2", "y2"])
    return (
        alt.Chart(table)
        .mark_rect(**{"cornerRadius": 9, "aria": False} | mark)
        .encode(x=_across(), y=_down(), x2="x2:Q", y2="y2:Q")
    )


def _cell() -> list[alt.Chart]:
    top, bottom = layout.MEMBRANE
    return [
        _boxes([(0, 0, layout.WIDTH, top)], color="#EDF4FA", cornerRadius=0),
        _boxes([(0, bottom, layout.WIDTH, layout.HEIGHT)], color="#FCF9F2", cornerRadius=0),
        _boxes([(0, top, layout.WIDTH, bottom)], color="#F0E6D6", cornerRadius=0),
        _boxes([layout.NUCLEUS], color="#EFEAF6", cornerRadius=0, cornerRadiusTopLeft=56),
        _boxes([(18, 361, 36, 385)], color="white", cornerRadius=4),
        _boxes([(18, 373, 36, 385)], color=_LIQUID, cornerRadius=4),
        _boxes([(18, 361, 36, 385)], filled=False, stroke=INK, strokeWidth=1.5, cornerRadius=4),
    ]


def _lipids() -> list[alt.Chart]:
    """Both leaflets; of the lipids in the middle of the inner one the model's share is PIP3, counted from the right."""
    top, bottom = layout.MEMBRANE
    first, last, step = layout.FIRST_LIPID, layout.LAST_LIPID, layout.STEP
    plain = _heads(
        [(4, layout.WIDTH, top), (4, first - step, bottom), (last + step, layout.WIDTH, bottom)], "#D8C7AC", 6.5
    )
    from_left = f"{last} + {step / 2} - {step} * round({layout.LIPIDS} * pip3)"
    three = [
        _heads([(last, 0, bottom)], colour, width).transform_calculate(x2=from_left).transform_filter("pip3 > 0.012")
        for colour, width in ((INK, 9), (ORANGE, 7))
    ]
    two = [_heads([(first, last, bottom)], colour, width) for colour, width in ((GREY, 7), ("white", 5))]
    return [plain, *two, *three]


def _heads(rows: list[tuple[float, float, float]], colour: str, width: float) -> alt.Chart:
    """Rows of round heads, from x to x2: dashes of no length with round ends."""
    dots = {"strokeDash": [0, layout.STEP], "strokeCap": "round", "strokeWidth": width, "aria": False}
    table = alt.Chart(pd.DataFrame(rows, columns=["x", "x2", "y"]))
    return table.mark_rule(color=colour, **dots).encode(x=_across(), x2="x2:Q", y=_down())


def _links() -> list[alt.Chart]:
    layers = []
    for raises, colour, dash in ((True, BLUE, [1, 0]), (False, VERMILION, [6, 4])):
        links = [link for link in (*layout.LINKS, *layout.KEY) if link.raises is raises]
        rows = pd.DataFrame([{"line": link.path, "head": link.head, "i": i} for i, link in enumerate(links)])
        strength = f"[{', '.join(link.strength for link in links)}][datum.i]"
        base = alt.Chart(rows).transform_calculate(width=f"1 + 5 * {strength}", seen=f"{strength} > 0 ? 1 : 0.22")
        drawn = base.encode(x=alt.value(0), y=alt.value(0), opacity=alt.Opacity("seen:Q", scale=None, legend=None))
        line = drawn.mark_point(filled=False, fill=None, color=colour, size=_PIXELS, strokeDash=dash, aria=False)
        broad = alt.StrokeWidth("width:Q", scale=None, legend=None)
        head = drawn.mark_point(
            filled=True, color=colour, stroke=colour, strokeWidth=0 if raises else 4, size=_PIXELS, aria=False
        )
        layers += [line.encode(shape=_shape("line"), strokeWidth=broad), head.encode(shape=_shape("head"))]
    return layers


def _shape(column: str) -> alt.Shape:
    return alt.Shape(f"{column}:N", scale=None, legend=None)


def _exosome() -> list[alt.Chart]:
    x, y = layout.EXOSOME
    place = alt.Chart(pd.DataFrame({"x": [x], "y": [y]})).encode(x=_across(), y=_down())
    seen = alt.ExprRef("exosomes_ug_per_ml > 0 ? 1 : 0.3")
    rim = place.mark_point(
        filled=True, fill="#D6EDE4", stroke=GREEN, strokeWidth=4, size=2600, opacity=seen, aria=False
    )
    inner = place.mark_point(filled=False, stroke=GREEN, strokeWidth=1, size=1650, opacity=seen, aria=False)
    cargo = pd.DataFrame({"x": [x - 9, x + 8, x + 1], "y": [y - 4, y - 7, y + 9]})
    dots = alt.Chart(cargo).mark_point(filled=True, color=GREEN, size=34, opacity=seen, aria=False)
    return [rim, inner, dots.encode(x=_across(), y=_down())]


def _akt_box() -> list[alt.Chart]:
    return [_boxes([layout.AKT], color="white", stroke=GREY, strokeWidth=1.5, cornerRadius=12)]


def _vessels() -> list[alt.Chart]:
    """Box, liquid, line of a control cell, rim; PTEN has a paler liquid for its level behind that for its activity."""
    vessels = layout.VESSELS
    frames = [(each.left, each.top, each.right, each.bottom) for each in vessels]
    level = next(each for each in vessels if each.brake)
    ends = [(x, x + 7, (v.top + v.bottom) / 2) for v in vessels for x in (v.left + 1, v.right - 8)]
    control = alt.Chart(pd.DataFrame(ends, columns=["x", "x2", "y"])).mark_rule(color=INK, strokeWidth=2, aria=False)
    return [
        _boxes(frames, color="white"),
        _liquid([level], _PALE, "share_pten"),
        _liquid([each for each in vessels if not each.brake], _LIQUID),
        _liquid([each for each in vessels if each.brake], _BRAKE),
        control.encode(x=_across(), x2="x2:Q", y=_down()),
        _boxes(frames, fill=None, filled=False, stroke=INK, strokeWidth=1.5),
    ]


def _liquid(vessels: list[layout.Vessel], colour: str, share: str = "") -> alt.Chart:
    rows = pd.DataFrame(
        [
            {"i": i, "x": v.left + 2, "x2": v.right - 2, "low": v.bottom - 2, "deep": v.height - 4}
            for i, v in enumerate(vessels)
        ]
    )
    shares = share or f"[{', '.join(f'share_{each.quantity}' for each in vessels)}][datum.i]"
    filled = alt.Chart(rows).transform_calculate(y=f"datum.low - datum.deep * {shares}")
    corners = {"cornerRadiusBottomLeft": 7, "cornerRadiusBottomRight": 7}
    return filled.mark_rect(color=colour, aria=False, **corners).encode(x=_across(), x2="x2:Q", y=_down(), y2="low:Q")


def _drugs() -> list[alt.Chart]:
    layers = []
    wide, high = layout.PILL
    for knob, (_, x, y) in layout.DRUGS.items():
        look = {"color": "#F6E3EE", "stroke": "#8F5A80", "strokeWidth": 2, "cornerRadius": 14}
        place = (x - wide, y - high, x + wide, y + high)
        layers.append(_boxes([place], opacity=alt.ExprRef(f"{knob} > 0 ? 1 : 0.35"), **look))
    return layers


def _words() -> list[alt.Chart]:
    x, y = layout.EXOSOME
    left, top, right, _ = layout.AKT
    names = [(v.names, v.left + v.width / 2, v.top + 20) for v in layout.VESSELS]
    names += [("AKT", (left + right) / 2, top + 13), *((name, x, y) for name, x, y in layout.DRUGS.values())]
    aside = [("PIP2", layout.FIRST_LIPID - 6, layout.MEMBRANE[0] - 14), ("exosomes", x + 40, y - 5)]
    bold = {"fontWeight": "bold", "fontSize": 13}
    small = _text(layout.REMARKS, color=GREY, fontSize=11.5, align="left")
    return [_text(names, **bold), _text(aside, align="left", **bold), small, *_amounts()]


def _amounts() -> list[alt.Chart]:
    """The numbers, which follow the parameters."""
    x, y = layout.EXOSOME
    numbers = [(_times(v.quantity), v.left + v.width / 2, v.top + 42) for v in layout.VESSELS if not v.brake]
    pten = next(v for v in layout.VESSELS if v.brake)
    lines = (("level ", "pten", 41), ("activity ", "pten_activity", 59))
    numbers += [(f"'{word}' + {_times(name)}", pten.left + pten.width / 2, pten.top + dy) for word, name, dy in lines]
    numbers += [(_dose(knob, "µM"), x, y + 27) for knob, (_, x, y) in layout.DRUGS.items()]
    lipid = f"'PIP3: ' + format(100 * pip3, '.1f') + ' % (' + {_times('pip3')} + ')'"
    return [
        _numbers(numbers, fontSize=12.5),
        _numbers(
            [(lipid, layout.LAST_LIPID + 6, layout.MEMBRANE[0] - 14)], align="right", fontWeight="bold", fontSize=13
        ),
        _numbers([(_dose("exosomes_ug_per_ml", "µg/mL"), x + 40, y + 12)], align="left", fontSize=12.5),
    ]


def _times(name: str) -> str:
    return f"'× ' + format(x_{name}, '.2f')"


def _dose(knob: str, unit: str) -> str:
    return f"({knob} > 0 ? format({knob}, '~r') + ' {unit}' : 'none')"


def _text(rows: list[tuple[str, float, float]], **mark: Any) -> alt.Chart:
    table = pd.DataFrame(rows, columns=["words", "x", "y"])
    return alt.Chart(table).mark_text(**mark).encode(x=_across(), y=_down(), text="words:N")


def _numbers(rows: list[tuple[str, float, float]], **mark: Any) -> alt.Chart:
    table = pd.DataFrame([{"i": i, "x": x, "y": y} for i, (_, x, y) in enumerate(rows)])
    shown = alt.Chart(table).transform_calculate(words=f"[{', '.join(words for words, _, _ in rows)}][datum.i]")
    return shown.mark_text(**mark).encode(x=_across(), y=_down(), text="words:N")
