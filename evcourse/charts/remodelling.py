"""One remodelling site over time: cells, bone mass, and the plane of osteoclasts and osteoblasts."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts.theme import BLUE, GREEN, GREY, INK, ORANGE
from evcourse.models.remodelling import HEALTHY, steady_state

OSTEOCLASTS, OSTEOBLASTS, BONE = ORANGE, GREEN, BLUE
LINES = {
    "osteoclasts": ("Osteoclasts (cells per site)", OSTEOCLASTS),
    "osteoblasts": ("Osteoblasts (cells per site)", OSTEOBLASTS),
    "bone_mass_percent": ("Bone mass (% of the start)", BONE),
}
COLUMNS = ["day", *LINES]
MASS_FORMS = {"balanced": "Bone mass, balanced form", "published": "Bone mass, published form: fits cycles"}
STARTS = {"balance": "from balance", "cycle": "with ten osteoclasts more on day 0"}
WIDE, HIGH = 400, 98


def courses(
    course: pd.DataFrame, *, columns: tuple[str, ...] = tuple(LINES), title: str = "One remodelling site over time"
) -> alt.VConcatChart:
    """Return osteoclasts, osteoblasts and bone mass over time, one below the other.

    Parameters
    ----------
    course
        Columns day, osteoclasts, osteoblasts, bone_mass_percent, as `models.remodelling.simulate` returns them; with a
        column `run`, one line for each run.
    columns
        The panels: some of osteoclasts, osteoblasts, bone_mass_percent.
    title
        Above the panels.
    """
    thinned = thin(course[["day", *columns, *(["run"] if "run" in course else [])]], tolerance=0.004)
    key = alt.Legend(orient="top", title=None, labelLimit=400, symbolType="stroke", symbolSize=600)
    runs = [alt.Color("run:N").legend(key), alt.StrokeDash("run:N").legend(key)]
    panels = []
    for column in columns:
        words, colour = LINES[column]
        base = alt.Chart(alt.NamedData("course")).encode(
            x=alt.X("day:Q").title("Day" if column == columns[-1] else None),
            y=alt.Y(f"{column}:Q").title(words.replace(" (", "\n(").split("\n")).scale(zero=column != "bone_mass_percent"),
            **({"color": runs[0], "strokeDash": runs[1]} if "run" in course else {}),
        )
        mark = base.mark_line() if "run" in course else base.mark_line(color=colour)
        panels.append(mark.properties(width=560, height=HIGH if len(columns) > 1 else 2 * HIGH))
    return alt.vconcat(*panels, spacing=10).properties(
        title=title, datasets={"course": thinned.round(3).to_dict("records")}, description=_described(course, columns)
    )


def _described(course: pd.DataFrame, columns: tuple[str, ...]) -> str:
    runs = course.groupby("run", sort=False) if "run" in course else [("One run", course)]
    told = []
    for name, run in runs:
        parts = [f"{column.replace('_percent', ' in %').replace('_', ' ')} from {run[column].iloc[0]:.4g} to {run[column].iloc[-1]:.4g}, between {run[column].min():.4g} and {run[column].max():.4g}" for column in columns]
        told.append(f"{name}: {'; '.join(parts)}.")
    return f"Lines over {course['day'].max():.0f} days. {' '.join(told)}"


def bench(cargo_effects: pd.DataFrame, shown: dict, *, on: tuple[int, ...] = (), strength_percent: float = 10) -> alt.HConcatChart:
    """Return the remodelling bench: a course over time, the plane of both cells, and a kept run beside them.

    Parameters
    ----------
    cargo_effects
        One row per cargo that can be switched on: edge, parameter, direction, direction_per_source.
    shown
        What the bench shows at the start: the data sets `course` and `kept` (records with the columns of `COLUMNS`)
        and the parameters `summary`, `most_osteoclasts`, `most_osteoblasts`, `least_bone`, `most_bone`,
        `plane_osteoclasts`, `plane_osteoblasts` (tuples with both ends of an axis), `steady_osteoclasts` and
        `steady_osteoblasts`. What computes a course replaces them all.
    on
        Edges switched on at the start.
    strength_percent
        By how many per cent each cargo changes its constant.
    """
    starts = {"on": list(on), "strength_percent": strength_percent, "days": 1000, "form": "balanced", "start": "balance", "contested": "printed"}
    parameters = starts | {name: value for name, value in shown.items() if not isinstance(value, list)}
    over_time = alt.vconcat(*(_panel(column) for column in LINES), spacing=8)
    return (
        alt.hconcat(over_time, _plane(), spacing=26)
        .properties(
            title=alt.Title(alt.ExprRef(_constants(cargo_effects)), fontSize=13),
            datasets={name: rows for name, rows in shown.items() if isinstance(rows, list)},
            description=(
                "Left, three panels over time: osteoclasts, osteoblasts, bone mass. Right, the plane of both cells: the "
                "grey circle is the healthy balance, and the course runs to the diamond. By the balanced form bone is "
                "gained above the straight line and lost below it. A kept run is drawn as a grey dashed line."
            ),
        )
        .add_params(*(alt.param(name=name, value=value) for name, value in parameters.items()))
    )


def thin(course: pd.DataFrame, *, tolerance: float = 0.002) -> pd.DataFrame:
    """Return the rows of a course that its lines need: straight pieces between them miss no value by more.

    `tolerance` is a share of each column's range (Ramer 1972, Douglas and Peucker 1973).
    """
    if "run" in course:
        parts = [thin(part.drop(columns="run"), tolerance=tolerance).assign(run=run) for run, part in course.groupby("run", sort=False)]
        return pd.concat(parts, ignore_index=True)
    values = course.drop(columns="day").to_numpy()
    scaled = values / np.maximum(np.ptp(values, axis=0), 1e-9 + 1e-3 * np.abs(values).max(axis=0))
    needed = [0, *_corners(scaled, 0, len(scaled) - 1, tolerance), len(scaled) - 1]
    return course.iloc[sorted(set(needed))]


def _corners(scaled: np.ndarray, first: int, last: int, tolerance: float) -> list[int]:
    if last - first < 2:
        return []
    share = np.linspace(0, 1, last - first + 1)[:, None]
    gaps = np.abs(scaled[first : last + 1] - (1 - share) * scaled[first] - share * scaled[last]).max(axis=1)
    corner = first + int(gaps.argmax())
    if gaps.max() <= tolerance:
        return []
    return [*_corners(scaled, first, corner, tolerance), corner, *_corners(scaled, corner, last, tolerance)]


def _panel(column: str) -> alt.LayerChart:
    words, colour = LINES[column]
    scales = {"osteoclasts": (0, "most_osteoclasts"), "osteoblasts": (0, "most_osteoblasts"), "bone_mass_percent": ("least_bone", "most_bone")}
    low, high = scales[column]
    across = alt.X("day:Q").scale(domain=[0, alt.ExprRef("days")], nice=False)
    x = across.title("Day").axis(tickCount=5) if column == "bone_mass_percent" else across.title(None).axis(labels=False, tickCount=5)
    y = alt.Y(f"{column}:Q").scale(domain=[low if low == 0 else alt.ExprRef(low), alt.ExprRef(high)], nice=False, zero=False)
    lines = [
        alt.Chart(alt.NamedData(name)).mark_line(clip=True, **look).encode(x=x, y=y.title(None).axis(tickCount=4))
        for name, look in (("kept", {"color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.8}), ("course", {"color": colour}))
    ]
    healthy = steady_state(HEALTHY)[list(LINES).index(column)] if column != "bone_mass_percent" else 100
    level = alt.Chart(pd.DataFrame({"healthy": [healthy]})).mark_rule(color="#BBBBBB").encode(y="healthy:Q")
    titles = {
        "osteoclasts": f"'{words}, ' + (start === 'cycle' ? '{STARTS['cycle']}' : '{STARTS['balance']}')",
        "osteoblasts": f"'{words}'",
        "bone_mass_percent": f"form === 'published' ? '{MASS_FORMS['published']}' : '{words}'",
    }
    title = alt.ExprRef(titles[column])
    return alt.layer(level, *lines).properties(
        width=WIDE, height=HIGH, title=alt.Title(title, fontSize=12.5, offset=4, color=colour if colour != ORANGE else "#9A6A00")
    )


def _plane() -> alt.LayerChart:
    x = alt.X("osteoclasts:Q").scale(domain=_ends("osteoclasts"), nice=False, zero=False).title("Osteoclasts").axis(tickCount=5)
    y = alt.Y("osteoblasts:Q").scale(domain=_ends("osteoblasts"), nice=False, zero=False).title("Osteoblasts").axis(tickCount=5)
    first, second = steady_state(HEALTHY)
    ends = pd.DataFrame({"osteoclasts": [0, 40], "osteoblasts": [0, 40 * second / first]})
    balance = alt.Chart(ends).mark_line(color=INK, strokeWidth=1.2, clip=True).encode(x=x, y=y)
    sides = pd.DataFrame({"left": [10, 222], "top": [14, 236], "words": ["bone is gained", "bone is lost"], "align": ["left", "right"]})
    # By the published form the line divides nothing, so the words go; the white edge is for a line that passes below.
    shown = {"fontSize": 12, "align": alt.ExprRef("datum.align"), "opacity": alt.ExprRef("form === 'balanced' ? 1 : 0")}
    base = alt.Chart(sides).encode(x=alt.X("left:Q", scale=None), y=alt.Y("top:Q", scale=None), text="words:N")
    words = base.mark_text(**shown, stroke="white", strokeWidth=5) + base.mark_text(**shown, color=GREY)
    runs = [
        alt.Chart(alt.NamedData(name)).transform_filter("datum.day <= days").mark_line(clip=True, **look).encode(x=x, y=y, order="day:Q")
        for name, look in (("kept", {"color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.8}), ("course", {"color": INK, "strokeWidth": 2.2}))
    ]
    healthy = alt.Chart(pd.DataFrame({"osteoclasts": [first], "osteoblasts": [second]})).mark_point(
        filled=True, size=110, color="#9A9A9A", opacity=1
    )
    settled = alt.Chart(pd.DataFrame({"place": [0]})).transform_calculate(
        osteoclasts="steady_osteoclasts", osteoblasts="steady_osteoblasts"
    ).mark_point(shape="diamond", filled=True, size=150, color=BLUE, opacity=1, clip=True)
    return alt.layer(balance, words, *runs, healthy.encode(x=x, y=y), settled.encode(x=x, y=y)).properties(
        width=230, height=246, title=alt.Title("Both cells together", fontSize=12.5, offset=4)
    )


def _ends(cells: str) -> list[alt.ExprRef]:
    return [alt.ExprRef(f"plane_{cells}[{place}]") for place in (0, 1)]


def _constants(cargo_effects: pd.DataFrame) -> str:
    names = {"alpha1": "α1 (osteoclasts formed)", "alpha2": "α2 (osteoblasts formed)", "g11": "g11 (osteoclasts on osteoclasts)"}
    words = [f"'{name} × ' + format({_factor(cargo_effects, parameter)}, '.2f')" for parameter, name in names.items()]
    said = "'each cargo by ' + strength_percent + ' %, signs as ' + (contested === 'source' ? 'the cited source says' : 'printed')"
    first_line = " + '  ·  ' + ".join(words)
    return f"[{first_line}, {said}]"


def _factor(cargo_effects: pd.DataFrame, parameter: str) -> str:
    """The factor on a constant, as the browser computes it from what is switched on."""
    terms = ["1"]
    for row in cargo_effects[cargo_effects["parameter"] == parameter].itertuples():
        direction = str(row.direction)
        if pd.notna(row.direction_per_source):
            direction = f"(contested === 'source' ? {row.direction_per_source} : {row.direction})"
        terms.append(f"(indexof(on, {row.edge}) >= 0 ? 1 + {direction} * strength_percent / 100 : 1)")
    return f"({' * '.join(terms)})"

