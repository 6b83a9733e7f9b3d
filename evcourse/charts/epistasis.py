"""Charts of what inhibitors show: minutes against hours after a treatment, and two by two arms on three scales."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts.theme import BLUE, INK, ORANGE, VERMILION

NAMES = {
    "pi3k": "PI3K (× control)",
    "pten": "PTEN level (× control)",
    "pip3": "PIP3 (share of the lipid)",
    "akt_t308": "P-AKT T308 (share)",
    "akt_s473": "P-AKT S473 (share)",
    "output": "bone formation (share)",
}
"""Columns of a course, in words."""

TICKS = {0.1: "6 s", 1: "1 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 d", 14_400: "10 d"}
ARMS = ["without MK-2206", "with MK-2206"]
TICKS_OF = {"log": [0.01, 0.03, 0.1, 0.3, 1], "linear": [0, 0.2, 0.4, 0.6, 0.8, 1]}
LOOKS = [(BLUE, [1, 0]), (ORANGE, [7, 4]), (VERMILION, [2, 3])]


def time_courses(
    courses: Mapping[str, pd.DataFrame], columns: tuple[str, ...] = ("akt_t308", "output")
) -> alt.VConcatChart:
    """Return courses after treatments that begin at minute 0, over the logarithm of time, a panel for each quantity.

    Parameters
    ----------
    courses
        Course of each treatment, by the name to show: columns minute and those asked for.
    columns
        The quantities, some of `NAMES`.
    """
    rows = pd.concat(
        [each[["minute", *columns]].round(4).assign(treatment=name) for name, each in courses.items()]
    ).query("minute >= 0.1")  # a logarithmic axis has no zero
    panels = [_panel(column, list(courses), last=column == columns[-1]) for column in columns]
    return alt.vconcat(*panels, data=_thinned(rows), spacing=10).properties(
        title=alt.Title(
            "After the treatment begins",
            subtitle="SIMULATED with the teaching model; equal distances are equal factors of time",
        ),
        description=(
            f"Lines over time from six seconds to twenty days, on a logarithmic axis, for {' and '.join(courses)}; "
            f"panels: {', '.join(NAMES[each] for each in columns)}."
        ),
    )


def two_by_two(arms: pd.DataFrame, *, quantity: str = "akt_t308") -> alt.HConcatChart:
    """Return the same four arms on three scales: lines that are parallel show no interaction on that scale.

    Parameters
    ----------
    arms
        One row per arm: first and second (whether the arm has the treatment) and a column for the quantity, a share.
    quantity
        The column.
    """
    rows = arms[["first", "second", quantity]].rename(columns={quantity: "share"})
    named = {
        "treated": np.where(rows["first"], "with", "without"),
        "inhibitor": np.where(rows["second"], *reversed(ARMS)),
        "odds": rows["share"] / (1 - rows["share"]),
    }
    panels = [_arms(rows.assign(**named), *scale) for scale in _SCALES]
    title = alt.Title(
        f"The same four arms on three scales: {NAMES.get(quantity, quantity)}",
        subtitle="Computed with the teaching model. Parallel lines: no interaction on this scale",
    )
    drawn = alt.hconcat(*panels, data=rows.assign(**named).round(5), spacing=20)
    return drawn.properties(title=title, description=_TOLD)


_SCALES = (
    ("share", "linear", "Differences", "share"),
    ("share", "log", "Ratios", "share (logarithmic)"),
    ("odds", "log", "Odds ratios (logit)", "share/(1 − share), logarithmic"),
)
_TOLD = (
    "Three panels with the same four arms: without and with exosomes from left to right, one line without and one with "
    "MK-2206; first on the scale of differences, then on that of ratios, then on that of odds."
)


def _thinned(rows: pd.DataFrame, most: int = 30) -> pd.DataFrame:
    """Rows at so many of the times, the first and the last among them: a line in a picture needs no more."""
    minutes = np.unique(rows["minute"])
    places = np.linspace(0, len(minutes) - 1, min(most, len(minutes))).round().astype(int)
    return rows[rows["minute"].isin(minutes[places])]


def _panel(column: str, treatments: list[str], *, last: bool) -> alt.Chart:
    named = {"title": "time after the start" if last else None, "labels": last}
    labels = alt.Axis(values=list(TICKS), labelExpr=f"{TICKS}[datum.value]", **named)
    colours, dashes = map(list, zip(*LOOKS[: len(treatments)], strict=True))
    x = alt.X("minute:Q").scale(type="log", nice=False, domain=[0.1, 28_800]).axis(labels)
    y = alt.Y(f"{column}:Q").scale(zero=True, nice=True).title(NAMES[column]).axis(tickCount=4)
    colour = alt.Color("treatment:N").scale(domain=treatments, range=colours).legend(orient="top", title=None)
    dash = alt.StrokeDash("treatment:N").scale(domain=treatments, range=dashes)
    return alt.Chart().mark_line().encode(x=x, y=y, color=colour, strokeDash=dash).properties(height=150)


def _arms(rows: pd.DataFrame, column: str, kind: str, title: str, axis_title: str) -> alt.LayerChart:
    low, high = (0 if kind == "linear" else rows[column].min() / 1.6), rows[column].max() * 1.35
    (blue, whole), (orange, dashed) = LOOKS[:2]
    x = alt.X("treated:N").sort(None).title("exosomes").axis(labelAngle=0).scale(padding=0.75)
    y = alt.Y(f"{column}:Q").scale(type=kind, domain=[round(low, 4), round(high, 4)], nice=False).title(axis_title)
    base = alt.Chart().encode(x=x, y=y.axis(values=TICKS_OF[kind], format="~g", grid=False))
    looks = {"strokeDash": (dashed, whole), "color": (orange, blue)}
    of_arm = {name: alt.condition("datum.second", *map(alt.value, both)) for name, both in looks.items()}
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        color=alt.Color("inhibitor:N").scale(domain=ARMS, range=[blue, orange]).legend(orient="bottom", title=None),
        shape=alt.Shape("inhibitor:N").scale(domain=ARMS, range=["circle", "square"]),
    )
    layers = [base.mark_line().encode(detail="inhibitor:N", **of_arm), points, _numbers(base, column)]
    return alt.layer(*layers).properties(width=165, height=200, title=alt.Title(title, fontSize=12.5))


def _numbers(base: alt.Chart, column: str) -> alt.Chart:
    right = "datum.treated === 'with'"
    aside = {"align": alt.ExprRef(f"{right} ? 'left' : 'right'"), "dx": alt.ExprRef(f"{right} ? 9 : -9")}
    return base.mark_text(fontSize=11, color=INK, **aside).encode(text=alt.Text(f"{column}:Q", format=".3f"))
