"""The design of a study as two pictures: groups against assays, and the course of an animal experiment."""

from __future__ import annotations

import altair as alt
import pandas as pd

from evcourse.charts.theme import GREY, INK, ORANGE, SKY, VERMILION
from evcourse.models import study_design
from evcourse.models.study_design import IN_BOTH, INFERRED, METHODS_ONLY, RESULTS_ONLY

STATED = {IN_BOTH: SKY, METHODS_ONLY: ORANGE, RESULTS_ONLY: "#CDB9E0"}
# A Vega expression: a name of several parts in several lines, each part but the last with its plus sign.
_LINES = "split(datum.label, /(?<=[+])/)"

SURGERY_WEEK = -3.2
"""A place on the drawing and no time: no table says how long before treatment the surgery was."""


def assay_matrix(assay_groups: pd.DataFrame) -> alt.LayerChart:
    """Return which groups each assay has by Methods, by Results, or by both.

    Parameters
    ----------
    assay_groups
        As `models.study_design.stated_groups` takes them.
    """
    cells = study_design.stated_groups(assay_groups)
    cells = cells.assign(said=[_letters(*each) for each in zip(cells["methods"], cells["results"], strict=True)])
    assays, groups = list(dict.fromkeys(cells["assay"])), _in_order(assay_groups["group_std"])
    base = alt.Chart(cells).encode(
        x=alt.X("group:N", sort=groups)
        .title(None)
        .axis(
            orient="top",
            labelAngle=0,
            ticks=False,
            domain=False,
            labelExpr=_LINES,
            labelPadding=44,
            labelBaseline="top",
        ),
        y=alt.Y("assay:N", sort=assays).title(None).axis(ticks=False, domain=False, labelPadding=8),
    )
    colour = (
        alt.Color("stated:N")
        .scale(domain=list(STATED), range=list(STATED.values()))
        .legend(orient="bottom", title="The group is told of")
    )
    squares = base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour, tooltip=["assay", "group", "stated"])
    words = base.mark_text(fontSize=12, color=INK).encode(text="said:N")
    return alt.layer(squares, words).properties(
        width=alt.Step(78),
        height=alt.Step(26),
        title=alt.Title(
            "Which group is in which assay?",
            subtitle="M: Methods, R: Results or legend; in brackets: not named there, to be inferred",
        ),
        description=(
            f"A matrix of {len(assays)} assays and {len(groups)} groups. {_counted(cells)} A cell holds M if Methods, R if "
            "Results or a legend tell of the group, in brackets where it has to be inferred; empty cells: neither does."
        ),
    )


def _letters(methods: str, results: str) -> str:
    said = [_bracketed(letter, how) for letter, how in (("M", methods), ("R", results)) if how]
    return " ".join(said)


def _bracketed(letter: str, how: str) -> str:
    return f"({letter})" if how == INFERRED else letter


def _in_order(groups: pd.Series) -> list[str]:
    """Return the names in the order that the table declares, or else as they come."""
    declared = groups.cat.categories if isinstance(groups.dtype, pd.CategoricalDtype) else groups.unique()
    return [name for name in declared if name in set(groups)]


def _counted(cells: pd.DataFrame) -> str:
    counts = cells["stated"].value_counts()
    return ", ".join(f"{counts.get(name, 0)} cells {name}" for name in STATED) + "."


def animal_time_line(animals: pd.DataFrame) -> alt.LayerChart:
    """Return what is stated of each group of mice from surgery to the end, and what is not.

    Parameters
    ----------
    animals
        As `models.study_design.animal_arms` takes them. Treatment is drawn to scale; the time before it is not.
    """
    arms = study_design.animal_arms(animals)
    treated = arms["duration_weeks"].notna()
    weeks = float(arms["duration_weeks"].max())
    untreated = ", ".join(arms.loc[~treated, "group"])
    return alt.layer(*_layers(_drawn(arms), weeks)).properties(
        width=470,
        height=alt.Step(34),
        title=alt.Title(
            "The animal experiment, as far as it is told",
            subtitle=[
                "Bars and diamonds: stated (white diamond: sham operation). Dashes and question marks: not stated.",
                "Before the first injection there is no scale.",
            ],
        ),
        description=(
            f"A line of time for {len(arms)} groups of mice. {treated.sum()} groups are treated from week 0 to week "
            f"{weeks:g}; the time from surgery to week 0 is dashed and has a question mark. For {untreated} neither a "
            "number nor a treatment is stated."
        ),
    )


def _drawn(arms: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with their labels, and the places at which their lines begin and end."""
    counted = [f"n = {number}" if pd.notna(number) else "n not stated" for number in arms["n_animals"]]
    operated = arms["place"].eq("methods")
    told = arms["given"] + " a day"
    silent = operated.map({True: "nothing stated after the operation", False: "named in Results only"})
    return pd.DataFrame(
        {
            "arm": arms["group"] + ", " + counted,
            "operated": operated,
            "treated": arms["duration_weeks"].notna(),
            "weeks": arms["duration_weeks"].fillna(0),
            "words": told.where(arms["duration_weeks"].notna(), silent),
        }
    )


def _layers(arms: pd.DataFrame, weeks: float) -> list[alt.Chart]:
    base = alt.Chart(arms).encode(y=alt.Y("arm:N", sort=list(arms["arm"])).title(None).axis(ticks=False, domain=False))
    dashes = base.mark_rule(color=GREY, strokeDash=[4, 4])
    before = dashes.encode(x=alt.datum(SURGERY_WEEK), x2=alt.datum(0))
    # Only beside the words of groups that have no bar, so that no line crosses them out.
    after = dashes.transform_filter("!datum.treated").encode(x=alt.datum(0.7 * weeks), x2=alt.datum(weeks))
    bars = base.transform_filter("datum.treated").mark_bar(color=SKY, height=20)
    week = (
        alt.X("zero:Q")
        .scale(domain=[SURGERY_WEEK - 0.6, weeks + 0.4], nice=False)
        .title("Weeks of treatment")
        .axis(values=list(range(0, round(weeks) + 1, 2)), grid=False, domain=False)
    )
    bars = bars.transform_calculate(zero="0").encode(x=week, x2="weeks:Q")
    operation = base.transform_filter("datum.operated").mark_point(shape="diamond", size=130, opacity=1, strokeWidth=2)
    operation = operation.encode(
        x=alt.datum(SURGERY_WEEK),
        fill=alt.condition("datum.treated", alt.value(VERMILION), alt.value("white")),
        stroke=alt.value(VERMILION),
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.datum(0), text="words:N")
    return [before, after, bars, _questions(base), operation, words, *_headings(weeks)]


def _questions(base: alt.Chart) -> alt.Chart:
    at = base.encode(x=alt.datum(SURGERY_WEEK / 2))
    words = at.mark_text(text="?", fontSize=15, fontWeight="bold", color=INK)
    return at.mark_point(shape="circle", filled=True, size=300, opacity=1, color="white") + words


def _headings(weeks: float) -> list[alt.Chart]:
    places = pd.DataFrame(
        {
            "week": [SURGERY_WEEK, 0, weeks],
            "words": ["operation", "first injection", "killed"],
        }
    )
    at = alt.Chart(places).encode(x="week:Q", y=alt.value(-8))
    sides = {"left": "datum.week < 0", "center": "datum.week === 0", "right": "datum.week > 0"}
    return [
        at.transform_filter(test).mark_text(align=side, color=GREY).encode(text="words:N")
        for side, test in sides.items()
    ]
