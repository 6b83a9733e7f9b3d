"""Sizes of vesicles: the ruler of classes, and one sample as three kinds of instrument see it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.theme import BLUE, GREEN, INK, ORANGE, VERMILION
from evcourse.models import size_distribution
from evcourse.models.size_distribution import WEIGHTINGS

STUDY_NOTE = "the study (retracted)"
RULER_WIDTH = 400
SHOWN = {"intensity": "scattered light"}


def size_ruler(ev_classes: pd.DataFrame, exosome_sizes: pd.DataFrame, *, diameter_nm: float = 100) -> alt.LayerChart:
    """Return every size range of both papers on one logarithmic scale, with a diameter to hold against them.

    Parameters
    ----------
    ev_classes
        Columns ev_class, min_nm, max_nm, max_open.
    exosome_sizes
        Columns statement ("introduced" or "measured"), min_nm, max_nm.
    diameter_nm
        Start value of the parameter `diameter_nm`.
    """
    ranges = size_ranges(ev_classes, exosome_sizes)
    diameter = alt.param(name="diameter_nm", value=diameter_nm)
    fits = (alt.datum.low_nm <= diameter) & (alt.datum.open | (diameter <= alt.datum.high_nm))
    rows = alt.Chart(ranges).transform_calculate(
        fits=fits, verdict=alt.expr.if_(fits, "possible", "–"), colour=alt.expr.if_(fits, alt.datum.paper, "no")
    )
    by_label = alt.Y("label:N", sort=list(ranges["label"])).title(None).axis(ticks=False, domain=False, labelPadding=8)
    low = alt.X("low_nm:Q").scale(type="log", domain=[15, 25_000]).title("Diameter (nm, logarithmic scale)")
    ticks = low.axis(values=[20, 50, 100, 200, 500, 1000, 2000, 10_000], format="~g", grid=True)
    bars = rows.mark_bar(height=16, stroke=INK).encode(
        x=ticks,
        x2="high_nm:Q",
        y=by_label,
        color=_paper_colour(),
        fillOpacity=alt.condition("datum.fits", alt.value(0.95), alt.value(0.12)),
        strokeWidth=alt.condition("datum.fits", alt.value(2), alt.value(0.7)),
        tooltip=["label", "low_nm", "high_nm", "paper"],
    )
    open_ends = rows.transform_filter("datum.open").mark_text(text="and more →", align="left", dx=4, color=INK)
    verdicts = rows.mark_text(align="right", fontSize=12).encode(
        x=alt.value(RULER_WIDTH + 66), y=by_label, text="verdict:N"
    )
    at = alt.Chart(pd.DataFrame({"zero": [0]})).transform_calculate(at=diameter.name)
    needle = at.mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3]).encode(x=alt.X("at:Q"))
    return (
        alt.layer(bars, open_ends.encode(x="high_nm:Q", y=by_label), verdicts, needle)
        .properties(
            width=RULER_WIDTH,
            height=alt.Step(34),
            title=alt.Title("Which vesicle could this be?", subtitle="Every size range the two papers state"),
            description=(
                "Size ranges of vesicle classes on a logarithmic scale from 20 to 10 000 nm, as bars that overlap. A "
                "dashed line marks the chosen diameter; ranges that contain it are filled and called possible."
            ),
        )
        .add_params(diameter, alt.param(name="summary", expr=_possible_classes(ranges)))
    )


def size_ranges(ev_classes: pd.DataFrame, exosome_sizes: pd.DataFrame) -> pd.DataFrame:
    """Return all stated ranges in one form: label, paper, low_nm, high_nm, open.

    Oncosomes, for which only "beyond 10 µm" is stated and no lower limit, are drawn from 10 µm.
    """
    review = pd.DataFrame(
        {
            "label": ev_classes["ev_class"].astype(str),
            "paper": "the review",
            "low_nm": ev_classes["min_nm"].fillna(ev_classes["max_nm"]),
            "high_nm": ev_classes["max_nm"],
            "open": ev_classes["max_open"],
        }
    )
    study = pd.DataFrame(
        {
            "label": "exosome, as " + exosome_sizes["statement"].astype(str),
            "paper": STUDY_NOTE,
            "low_nm": exosome_sizes["min_nm"],
            "high_nm": exosome_sizes["max_nm"],
            "open": False,
        }
    )
    return pd.concat([review, study], ignore_index=True)


def weightings(*, median_nm: float = 95, spread: float = 0.16, large_per_thousand: float = 0) -> alt.LayerChart:
    """Return one simulated sample weighted by number, by volume and by scattered light (d⁶).

    Most particles are log-normal around `median_nm`; some per thousand measure about 300 nm.

    Parameters
    ----------
    median_nm
        Start value of the parameter `median_nm`: median diameter by number, in nm.
    spread
        Start value of `spread`: σ of ln d, without unit.
    large_per_thousand
        Start value of `large_per_thousand`: how many of a thousand particles measure about 300 nm.
    """
    median = alt.param(name="median_nm", value=median_nm)
    sigma = alt.param(name="spread", value=spread)
    large = alt.param(name="large_per_thousand", value=large_per_thousand)
    curves = {SHOWN.get(name, name): _mixture(median, sigma, large, power) for name, power in WEIGHTINGS.items()}
    lines = (
        alt.Chart(alt.sequence(30, 481, 5, as_="nm"))
        .transform_calculate(**curves)
        .transform_fold(list(curves), as_=["weighting", "density"])
        .mark_line(interpolate="monotone")
        .encode(
            x=alt.X("nm:Q").scale(domain=[30, 480], nice=False).title("Diameter (nm)").axis(tickCount=8),
            y=alt.Y("density:Q").title("Share per nm").axis(labels=False, ticks=False),
            color=_weighting_colour(),
            strokeDash=alt.StrokeDash("weighting:N").scale(domain=list(curves), range=[[1, 0], [8, 4], [2, 3]]).title("Weighted by"),
        )
    )
    return (
        alt.layer(lines)
        .properties(
            height=230,
            title=alt.Title("One sample, three answers", subtitle="SIMULATED sample: not data of either paper"),
            description=(
                "Three curves of share against diameter for the same simulated particles: by number, by volume, by "
                "scattered light. The more the size counts, the further right the curve lies."
            ),
        )
        .add_params(median, sigma, large, alt.param(name="summary", expr=_weighting_sentence(median, sigma, large)))
    )


LARGE_NM, LARGE_SPREAD = 300, 0.08


def _mixture(median, sigma, large, power: int):
    """Density per nm of a mixture of two log-normals, weighted by d to a power and scaled to 1."""
    weighting = {value: name for name, value in WEIGHTINGS.items()}[power]
    parts = [(1000 - large, median, sigma), (large, LARGE_NM, LARGE_SPREAD)]
    masses = [count * _moment(middle, width, power) for count, middle, width in parts]
    densities = [
        size_distribution.lognormal_density(alt.datum.nm, middle, width, weighting=weighting, xp=browser_math)
        for _, middle, width in parts
    ]
    return browser_math.written((masses[0] * densities[0] + masses[1] * densities[1]) / (masses[0] + masses[1]))


def _moment(median, sigma, power: int):
    # The mean of dᵏ over a log-normal, relative to (100 nm)ᵏ so that numbers stay small.
    return browser_math.exp(power * browser_math.log(median / 100.0) + 0.5 * power**2 * sigma * sigma)


def _weighting_sentence(median, sigma, large):
    light = [count * _moment(middle, width, 6) for count, middle, width in ((1000 - large, median, sigma), (large, LARGE_NM, LARGE_SPREAD))]
    share = light[1] / (light[0] + light[1])
    middles = [size_distribution.weighted_median(median, sigma, weighting=name, xp=browser_math) for name in ("volume", "intensity")]
    return browser_math.written(
        "Median of the main group: by number " + alt.expr.format(median, ".0f")
        + " nm, by volume " + alt.expr.format(middles[0], ".0f")
        + " nm, by scattered light " + alt.expr.format(middles[1], ".0f")
        + " nm. " + alt.expr.if_(large > 0, "The 300 nm particles give " + alt.expr.format(share, ".1%") + " of the light.", "There are no 300 nm particles.")
    )  # fmt: skip


def _possible_classes(ranges: pd.DataFrame) -> str:
    """A Vega expression for the sentence that names the review's classes which contain the diameter."""
    classes = ranges[(ranges["paper"] == "the review") & (ranges["label"] != "extracellular vesicle")]
    found = " + ".join(f"({_contains(row)} ? ', {row.label}' : '')" for row in classes.itertuples())
    listed = f"replace(slice({found}, 2), regexp(', (?=[^,]*$)'), ' or ')"
    return (
        "'By the ranges of the review, a vesicle of ' + format(diameter_nm, ',.3~r') + ' nm could be: '"
        f" + ({listed} || 'none of the named classes')"
        f" + (indexof({listed}, ' or ') > 0 ? '. Its size alone does not say how it was made.' : '.')"
        " + (diameter_nm > 2000 && diameter_nm < 10000 ? ' For oncosomes the review states no lower limit.' : '')"
    )


def _contains(row: Any) -> str:
    below = "" if row.open else f" && diameter_nm <= {row.high_nm}"
    return f"diameter_nm >= {row.low_nm}{below}"


def _paper_colour() -> alt.Color:
    papers = ["the review", STUDY_NOTE]
    return alt.Color("paper:N").scale(domain=papers, range=[BLUE, ORANGE]).title("Stated in").legend(orient="bottom")


def _weighting_colour() -> alt.Color:
    scale = {"domain": [SHOWN.get(name, name) for name in WEIGHTINGS], "range": [BLUE, GREEN, VERMILION]}
    return alt.Color("weighting:N").scale(**scale).title("Weighted by").legend(orient="top", symbolStrokeWidth=3)
