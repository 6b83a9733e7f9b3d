"""Tumours in bone: what their vesicles are reported to do, and the published course of one that grows."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION
from evcourse.models import metastasis

OSTEOCLASTS, OSTEOBLASTS, BONE, TUMOUR = ORANGE, GREEN, BLUE, PURPLE
_FORMATION = ["osteogenesis", "osteoblastogenesis", "osteoblast activity", "cell viability"]


def tumour_signals(signals: pd.DataFrame) -> alt.LayerChart:
    """Return what the vesicles of each tumour line are printed to do to osteoclasts and to osteoblasts.

    Parameters
    ----------
    signals
        Columns origin_cell, cargo, target_cell, process, sign_as_printed; rows on other cells are left out.
    """
    rows = signals[signals["target_cell"].isin(["OC", "OB", "BMM"])]
    rows = rows[rows["process"].isin([*_FORMATION, "osteoclastogenesis"])]
    cell = rows["process"].eq("osteoclastogenesis").map({True: "osteoclasts", False: "osteoblasts"})
    arrow = rows["sign_as_printed"].gt(0).map({True: "raised", False: "lowered"})
    told = rows["cargo"].where(rows["cargo"] != "not specified", "cargo not named")
    line = rows["origin_cell"].where(
        rows["origin_cell"].str.contains("(", regex=False), rows["origin_cell"] + " (line not printed)"
    )
    shown = pd.DataFrame({"line": line, "cell": cell, "effect": arrow, "cargo": told})
    base = alt.Chart(shown).encode(
        x=alt.X("cell:N", sort=["osteoclasts", "osteoblasts"])
        .title(None)
        .axis(orient="top", labelAngle=0, ticks=False, domain=False),
        y=alt.Y("line:N").title(None).axis(ticks=False, domain=False, labelPadding=12),
    )
    arrows = base.mark_point(filled=True, size=190, opacity=1, xOffset=-60).encode(
        color=alt.Color("effect:N")
        .scale(domain=["raised", "lowered"], range=[BLUE, VERMILION])
        .legend(orient="bottom", title="As printed"),
        shape=alt.Shape("effect:N").scale(domain=["raised", "lowered"], range=["triangle-up", "triangle-down"]),
    )
    words = base.mark_text(align="left", dx=-46, fontSize=12).encode(text="cargo:N")
    return alt.layer(arrows, words).properties(
        width=330,
        height=alt.Step(34),
        title=alt.Title(
            "What vesicles of tumours do to bone cells",
            subtitle="Directions as the review prints them, without a word on how strong the evidence is",
        ),
        description=(
            "A table as a picture: one row for each tumour line, one column for osteoclasts and one for osteoblasts. A "
            "triangle pointing up means raised, pointing down lowered, with the cargo beside it."
        ),
    )


def tumour_course(course: pd.DataFrame, *, ends: int = 1) -> alt.VConcatChart:
    """Return osteoclasts, osteoblasts, tumour and bone mass over time, with and without an end when no bone is left.

    Parameters
    ----------
    course
        Columns day, osteoclasts, osteoblasts, tumour_percent, bone_mass_percent, not stopped at zero.
    ends
        Start value of `ends`: 1 stops the course when no bone is left, 0 lets the equation go on.
    """
    last = metastasis.day_without_bone(course) or float(course["day"].max())
    stop = metastasis.up_to_no_bone(course)[-1:]
    told_rows = rows_that_bend(
        pd.concat([course, stop]).sort_values("day").drop_duplicates("day"), [stop["day"].iloc[0]], 0.01
    )
    rows = alt.InlineData(values=told_rows.round(2).to_dict("records"))
    panels = [
        _over_days("osteoclasts:Q", "Osteoclasts", OSTEOCLASTS),
        _over_days("osteoblasts:Q", "Osteoblasts", OSTEOBLASTS),
        _tumour_and_mass(last),
    ]
    end = course.iloc[-1]
    told = f"'On day {last:.0f} no bone is left'"
    mass = f"{end['bone_mass_percent']:.0f}".replace("-", "−")
    on = f"', but the equation goes on: {mass} % on day {end['day']:.0f}.'"
    sentence = f"{told} + (ends ? ', and the course ends there.' : {on})"
    return (
        alt.vconcat(*panels, data=rows, spacing=10)
        .transform_filter(f"!ends || datum.day <= {last + 0.01:.2f}")
        .properties(
            title=alt.Title(
                "A tumour grows beside a remodelling site",
                subtitle="Computed after Ayati et al. (2010), BioModels BIOMD0000000402",
            ),
            description=(
                "Three panels over up to 2000 days. Osteoclasts and osteoblasts come in cycles; osteoblasts peak lower "
                "and lower. In the last panel the tumour grows to its limit while the bone mass falls in steps to zero."
            ),
        )
        .add_params(alt.param(name="ends", value=ends), alt.param(name="summary", expr=sentence))
    )


def rows_that_bend(course: pd.DataFrame, days: list[float], tolerance: float = 0.006) -> pd.DataFrame:
    """Return the rows that a drawn line needs: those on some days, and one each time the lines have bent enough.

    How much they bend is the change of slope from row to row, in shares of each line's range, added up.
    """
    values = course.drop(columns="day").to_numpy(dtype=float)
    scale = np.nanmax(values, axis=0) - np.nanmin(values, axis=0) + 1e-9
    bend = np.zeros(len(course))
    bend[1:-1] = np.nanmax(np.nan_to_num(np.abs(np.diff(values / scale, n=2, axis=0))), axis=1)
    steps = np.floor(np.cumsum(bend) / tolerance)
    kept = np.diff(steps, prepend=-1) > 0
    # The row before a bend belongs to it: without it a long straight line would lean into the curve.
    kept[:-1] |= kept[1:]
    kept[[0, -1]] = True
    return course[kept | course["day"].isin(days).to_numpy()].reset_index(drop=True)


def days_axis(*, labelled: bool, last: float = 2000) -> alt.X:
    """Return the horizontal axis of a course; only the lowest of several panels has it labelled."""
    axis = alt.Axis(labels=labelled, ticks=labelled, grid=False, tickCount=4)
    return alt.X("day:Q").scale(domain=[0, last], nice=False).title("Day" if labelled else None).axis(axis)


def _over_days(column: str, title: str, colour: str) -> alt.Chart:
    y = alt.Y(column).title(title).axis(tickCount=3)
    return (
        alt.Chart()
        .mark_line(color=colour, strokeWidth=1.8)
        .encode(x=days_axis(labelled=False), y=y)
        .properties(height=80)
    )


def _tumour_and_mass(last: float) -> alt.LayerChart:
    base = alt.Chart().encode(x=days_axis(labelled=True))
    title = "Bone mass, tumour (%)"
    mass = base.mark_line(color=BONE).encode(y=alt.Y("bone_mass_percent:Q").title(title).axis(tickCount=5))
    tumour = base.mark_line(color=TUMOUR, strokeDash=[6, 4]).encode(y="tumour_percent:Q")
    zero = alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color=GREY).encode(y="y:Q")
    places = pd.DataFrame({"day": [560, 560], "y": [102, 60], "words": ["bone mass", "tumour"]})
    at = alt.Chart(places).encode(x="day:Q", y="y:Q", text="words:N")
    words = [
        at.transform_filter(f"datum.words === '{name}'").mark_text(color=colour, dy=dy)
        for name, colour, dy in (("bone mass", BONE, -4), ("tumour", "#8F4A73", 10))
    ]
    return alt.layer(zero, mass, tumour, *words).properties(height=150)
