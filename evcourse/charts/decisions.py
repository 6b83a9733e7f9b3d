"""The decision bench: one simulated experiment, four procedures on it, and how often each of them errs."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts.theme import BLUE, GREY, INK, ORANGE, VERMILION
from evcourse.models import decisions as models
from evcourse.models.decisions import ALL_GROUPS, OUTCOMES, Truth

POINTS, VERDICTS, RATES = "points", "verdicts", "rates"
NAMES = {"lsd_protected": "LSD after F", "tukey": "Tukey", "holm": "Holm", "bonferroni": "Bonferroni"}
PAIRS = list(combinations(ALL_GROUPS, 2))
"""All pairs of five groups; the number of a pair is its place here, also where there are fewer groups."""

KINDS = ["like A", "truly shifted"]
# Filled shapes are claims, hollow ones are none.
LOOKS = {
    "found": ("circle", BLUE, BLUE),
    "missed": ("circle", "white", ORANGE),
    "false alarm": ("triangle-up", VERMILION, VERMILION),
    "rightly not claimed": ("stroke", GREY, GREY),
}
LEFT, RIGHT, HIGH = 196, 400, 232


def decision_bench(shown: dict[str, Any], values: dict[str, Any]) -> alt.VConcatChart:
    """Return the decision bench.

    Parameters
    ----------
    shown
        Data sets and parameters, as `shown` returns them.
    values
        Start values of the parameters groups, replicates, shifted, difference_sd, pair, sample, as for `shown`.
    """
    parameters = values | {name: value for name, value in shown.items() if not isinstance(value, list)}
    above = alt.hconcat(_experiment(), _verdicts(), spacing=18).resolve_scale(color="independent", shape="independent")
    below = alt.hconcat(_rates("family_wise_error"), _rates("pair_found"), spacing=18)
    return (
        alt.vconcat(above, below, spacing=16)
        .resolve_scale(color="independent", shape="independent", fill="independent", stroke="independent")
        .properties(
            title=alt.Title(
                "One experiment, four procedures",
                subtitle="SIMULATED: not data of any paper. Means in standard deviations of one sample, level 0.05",
            ),
            datasets={name: rows for name, rows in shown.items() if isinstance(rows, list)},
            description=(
                "Above left, the samples of each group with their mean and standard deviation. Above right, a table of "
                "pairs of groups and procedures: a filled circle is a true difference found, a hollow circle one "
                "missed, a triangle a false alarm, a dash a pair rightly not claimed; beside it the p value. Below, "
                "over many such experiments, how often each procedure makes at least one false claim, and how often "
                "it calls the chosen pair different, with the uncertainty of the simulation."
            ),
        )
        .add_params(*(alt.param(name=name, value=value) for name, value in parameters.items()))
    )


def shown(
    *, groups: int, replicates: int, shifted: list[str], difference_sd: float, pair: int, sample: int
) -> dict[str, Any]:
    """Return what the bench shows for values of its controls: data sets by name, and values of parameters.

    Parameters
    ----------
    groups, replicates, shifted, difference_sd
        As for `models.decisions.Truth`.
    pair
        Number of the chosen pair in `PAIRS`.
    sample
        Number of the experiment drawn.
    """
    truth = Truth(groups, replicates, tuple(shifted), difference_sd)
    measurements = models.sample(truth, sample)
    verdicts = models.judged(truth, measurements)
    rates = models.promised(truth, PAIRS[pair])
    first, second = (truth.means.get(name) for name in PAIRS[pair])
    return {
        POINTS: _points(truth, measurements),
        VERDICTS: _cells(verdicts),
        RATES: _bars(rates),
        "present": first is not None and second is not None,
        "differs": first != second,
        "summary": _sentence(truth, verdicts, rates, pair),
    }


def _points(truth: Truth, measurements: pd.DataFrame) -> list[dict[str, Any]]:
    """Samples, spread a little sideways, and for each group its mean and standard deviation."""
    sizes = truth.replicates - 1
    rows = []
    for place, (name, values) in enumerate(measurements.groupby("group", observed=True)["value"]):
        kind, mean, sd = KINDS[truth.means[name] != 0], values.mean(), values.std()
        own = {"kind": kind, "true": truth.means[name], "place": place}
        rows += [
            own | {"x": round(place - 0.3 + 0.34 * number / sizes, 3), "y": round(y, 3), "what": "sample"}
            for number, y in enumerate(values)
        ]
        rows.append(own | {"x": place + 0.24, "y": round(mean, 3), "low": round(mean - sd, 3), "high": round(mean + sd, 3), "what": "mean"})
    return [{"low": None, "high": None} | row for row in rows]


def _cells(verdicts: pd.DataFrame) -> list[dict[str, Any]]:
    cells = verdicts.assign(
        pair=[PAIRS.index(each) for each in zip(verdicts["first"], verdicts["second"], strict=True)],
        name=verdicts["first"] + " – " + verdicts["second"],
        procedure=verdicts["procedure"].map(NAMES),
        p=verdicts["p"].round(4),
    )
    return cells[["pair", "name", "procedure", "p", "outcome"]].to_dict("records")


def _bars(rates: pd.DataFrame) -> list[dict[str, Any]]:
    rows = (100 * rates).round(2).rename(index=NAMES).reset_index()
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def _experiment() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData(POINTS))
    names = f"'{ALL_GROUPS}'[datum.value]"
    x = alt.X("x:Q").scale(domain=[-0.5, alt.ExprRef("groups - 0.5")], nice=False).title(None)
    x = x.axis(values=[0, 1, 2, 3, 4], labelExpr=names, grid=False, ticks=False, labelFontSize=13)
    y = alt.Y("y:Q").title("Value (SD)").axis(tickCount=6)
    key = alt.Legend(orient="top", title=None, symbolOpacity=1)
    colour = alt.Color("kind:N").scale(domain=KINDS, range=[GREY, BLUE]).legend(key)
    shape = alt.Shape("kind:N").scale(domain=KINDS, range=["circle", "square"]).legend(key)
    truth = (
        base.transform_filter("datum.what === 'mean'")
        .transform_calculate(start="datum.place - 0.42", end="datum.place + 0.42")
        .mark_rule(color=INK, strokeDash=[2, 2])
        .encode(x=alt.X("start:Q"), x2="end:Q", y="true:Q")
    )
    samples = base.transform_filter("datum.what === 'sample'").mark_point(filled=True, size=34, opacity=0.75)
    means = base.transform_filter("datum.what === 'mean'")
    spread = means.mark_rule(strokeWidth=2).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour)
    centre = means.mark_tick(thickness=3, size=14).encode(x=x, y=y, color=colour)
    return alt.layer(truth, samples.encode(x=x, y=y, color=colour, shape=shape), spread, centre).properties(
        width=LEFT, height=HIGH, title=_heading("'Experiment ' + sample + ': ' + groups + ' groups of ' + replicates")
    )


def _verdicts() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData(VERDICTS))
    x = alt.X("procedure:N").scale(domain=list(NAMES.values())).title(None)
    x = x.axis(orient="top", labelAngle=0, domain=False, ticks=False, labelPadding=6)
    y = alt.Y("name:N").sort(alt.EncodingSortField("pair", op="min")).title(None)
    y = y.axis(domain=False, ticks=False, labelPadding=8, labelFontSize=13)
    key = alt.Legend(orient="bottom", title=None, columns=4, columnPadding=14, symbolStrokeWidth=2)
    domain, looks = list(LOOKS), list(zip(*LOOKS.values(), strict=True))
    shape, fill, stroke = (
        channel("outcome:N").scale(domain=domain, range=list(each)).legend(key)
        for channel, each in zip((alt.Shape, alt.Fill, alt.Stroke), looks, strict=True)
    )
    chosen = base.transform_filter("datum.pair === pair").mark_rect(color="#EAF3F9").encode(x=x, y=y)
    marks = base.mark_point(size=90, strokeWidth=2, opacity=1, xOffset=-24).encode(
        x=x, y=y, shape=shape, fill=fill, stroke=stroke
    )
    words = base.transform_calculate(words="datum.p < 0.001 ? '< .001' : datum.p > 0.999 ? '1' : slice(format(datum.p, '.3f'), 1)")
    p = words.mark_text(align="left", dx=-10, fontSize=12).encode(x=x, y=y, text="words:N")
    return alt.layer(chosen, marks, p).properties(
        width=RIGHT, height=HIGH, title=_heading("'What each procedure says of it, and its p value'")
    )


def _rates(column: str) -> alt.LayerChart:
    first = column == "family_wise_error"
    base = alt.Chart(alt.NamedData(RATES)).transform_filter(f"isValid(datum.{column})")
    y = alt.Y("procedure:N").scale(domain=list(NAMES.values())).title(None).axis(domain=False, ticks=False)
    x = alt.X(f"{column}:Q").title("of such experiments (%)").scale(domain=[0, 30 if first else 100], clamp=True)
    colour = VERMILION if first else alt.ExprRef(f"differs ? '{BLUE}' : '{VERMILION}'")
    bars = base.mark_bar(height=13, color=colour, opacity=0.85).encode(x=x.axis(tickCount=5), y=y)
    ends = {end: f"max(0, datum.{column} {sign} 1.96 * datum.{column}_se)" for end, sign in (("low", "-"), ("high", "+"))}
    error = base.transform_calculate(**ends).mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q", y=y)
    number = (
        base.transform_calculate(**ends, words=f"format(datum.{column}, '.1f') + ' %'")
        .mark_text(align="left", dx=6, fontSize=12)
        .encode(x="high:Q", y=y, text="words:N")
    )
    level = alt.Chart(pd.DataFrame({"level": [5]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="level:Q")
    pair = f"({[f'{one} – {other}' for one, other in PAIRS]}[pair])"
    found = f"!present ? {pair} + ' is not in this experiment' : {pair} + (differs ? ' differs and is found (power)' : ' is alike, yet called different')"
    layers = [bars, error, number, *([level] if first else [])]
    return alt.layer(*layers).properties(
        width=224, height=84, title=_heading("'At least one false alarm'" if first else found)
    )


def _heading(expression: str) -> alt.Title:
    return alt.Title(alt.ExprRef(expression), fontSize=12.5, offset=6)


def _sentence(truth: Truth, verdicts: pd.DataFrame, rates: pd.DataFrame, pair: int) -> str:
    claims = verdicts.assign(
        claimed=verdicts["outcome"].isin([OUTCOMES[True, True], OUTCOMES[False, True]]),
        false=verdicts["outcome"] == OUTCOMES[False, True],
    ).groupby("procedure", sort=False)[["claimed", "false"]].sum()
    told = [f"{NAMES[row.Index]} {row.claimed}" + (f" ({row.false} false)" if row.false else "") for row in claims.itertuples()]
    number = truth.groups * (truth.groups - 1) // 2
    errors = _listed(rates["family_wise_error"])
    words = f"Pairs called different, of {number}: {', '.join(told)}. In {models.RUNS} such experiments at least one false alarm: {errors}."
    if rates["pair_found"].isna().any():
        return words
    return f"{words} {' – '.join(PAIRS[pair])} called different: {_listed(rates['pair_found'])}."


def _listed(shares: pd.Series) -> str:
    return ", ".join(f"{NAMES[name]} {100 * share:.1f} %" for name, share in shares.items())
