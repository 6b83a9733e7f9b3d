"""The decision bench: one simulated experiment, four procedures on it, and how often each of them errs."""

from __future__ import annotations

from itertools import combinations
from math import isnan
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts.theme import BLUE, GREY, INK, ORANGE, VERMILION
from evcourse.models import decisions as models
from evcourse.models.decisions import ALL_GROUPS, OUTCOMES, Promise, Truth, Verdict

POINTS, VERDICTS, RATES = "points", "verdicts", "rates"
NAMES = {"lsd_protected": "LSD after F", "tukey": "Tukey", "holm": "Holm", "bonferroni": "Bonferroni"}
PAIRS = list(combinations(ALL_GROUPS, 2))
"""All pairs of five groups; the number of a pair is its place here, also where there are fewer groups."""

KINDS = ["like A", "truly higher"]
# Filled shapes are claims, hollow ones are none.
LOOKS = {
    "found": ("circle", BLUE, BLUE),
    "missed": ("circle", "white", ORANGE),
    "false alarm": ("triangle-up", VERMILION, VERMILION),
    "rightly not claimed": ("stroke", GREY, GREY),
}
LEFT, RIGHT, HIGH, LOW, LOWER = 196, 376, 232, 250, 84
OWN = dict.fromkeys(["color", "shape", "fill", "stroke"], "independent")
DESCRIPTION = (
    "Above left, the samples of each group with their mean and standard deviation. Above right, a table of pairs of groups "
    "and procedures: a filled circle is a true difference found, a hollow circle one missed, a triangle a false alarm, a "
    "dash a pair rightly not claimed; beside it the p value. Below, over many such experiments, how often each procedure "
    "makes at least one false claim, and how often it calls the chosen pair different, with the uncertainty of the "
    "simulation."
)


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
    above = alt.hconcat(_experiment(), _verdicts(), spacing=14).resolve_scale(**OWN)
    below = alt.hconcat(_family_wise_error(), _pair_found(), spacing=14)
    return (
        alt.vconcat(above, below, spacing=16)
        .resolve_scale(**OWN)
        .properties(
            title=alt.Title(
                "One experiment, four procedures",
                subtitle="SIMULATED: not data of any paper. Means in standard deviations of one sample, level 0.05",
            ),
            datasets={name: rows for name, rows in shown.items() if isinstance(rows, list)},
            description=DESCRIPTION,
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
    values = models.sample(truth, sample)
    verdicts = models.judged(truth, values)
    promises = models.promised(truth, PAIRS[pair])
    first, second = (truth.means.get(name) for name in PAIRS[pair])
    return {
        POINTS: [row for place in range(groups) for row in _group(truth, place, values[place])],
        VERDICTS: [_cell(verdict) for verdict in verdicts],
        RATES: [_rate(name, promise) for name, promise in promises.items()],
        "present": first is not None and second is not None,
        "differs": first != second,
        "summary": _sentence(verdicts, promises, pair),
    }


def _truth_in_words() -> str:
    """Return a Vega expression, so that the heading follows the controls also where Python does not answer."""
    names = [
        f"(indexof(shifted, '{name}') < 0 ? '' : ', {name}' + (groups > {place} ? '' : ' (absent)'))"
        for place, name in enumerate(ALL_GROUPS)
    ]
    listed = " + ".join(names)
    return f"'Truly higher by ' + difference_sd + ' SD: ' + (slice({listed}, 2) || 'none')"


def _group(truth: Truth, place: int, values: np.ndarray) -> list[dict[str, Any]]:
    """The samples of a group, spread a little sideways, and a row with mean and standard deviation."""
    true = list(truth.means.values())[place]
    own = {"kind": KINDS[true != 0], "true": true, "place": place, "low": None, "high": None}
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    ends = {"low": round(mean - sd, 3), "high": round(mean + sd, 3)}
    across = np.linspace(-0.3, 0.04, len(values)).round(3).tolist()
    rows = [own | {"x": place + x, "y": y, "what": "sample"} for x, y in zip(across, values.round(3).tolist(), strict=True)]
    return [*rows, own | ends | {"x": place + 0.24, "y": round(mean, 3), "what": "mean"}]


def _cell(verdict: Verdict) -> dict[str, Any]:
    pair = (verdict.first, verdict.second)
    own = {"pair": PAIRS.index(pair), "name": " – ".join(pair), "procedure": NAMES[verdict.procedure]}
    return own | {"p": round(verdict.p, 4), "outcome": verdict.outcome}


def _rate(procedure: str, promise: Promise) -> dict[str, Any]:
    percent = {name: None if isnan(share) else round(100 * share, 2) for name, share in promise._asdict().items()}
    # In words once, for the bar and for the sentence: Python and the browser round 3.25 differently.
    words = {"false_words": _percent(promise.family_wise_error), "found_words": _percent(promise.pair_found)}
    return {"procedure": NAMES[procedure]} | percent | words


def _experiment() -> alt.LayerChart:
    x = alt.X("x:Q").scale(domain=[-0.5, alt.ExprRef("groups - 0.5")], nice=False).title(None)
    letters = f"'{ALL_GROUPS}'[datum.value]"
    x = x.axis(values=[0, 1, 2, 3, 4], labelExpr=letters, grid=False, ticks=False, labelFontSize=13)
    y = alt.Y("y:Q").title("Value (SD)").axis(tickCount=6).scale(padding=8)
    samples = alt.Chart(alt.NamedData(POINTS)).transform_filter("datum.what === 'sample'")
    points = samples.mark_point(filled=True, size=34, opacity=0.75).encode(x=x, y=y, color=_kind("color"), shape=_kind("shape"))
    heading = f"['Experiment ' + sample + ': ' + groups + ' groups of ' + replicates, {_truth_in_words()}]"
    return alt.layer(_true_means(), points, *_mean_and_spread()).properties(
        width=LEFT, height=HIGH, title=_heading(heading, offset=8)
    )


def _true_means() -> alt.Chart:
    means = alt.Chart(alt.NamedData(POINTS)).transform_filter("datum.what === 'mean'")
    ends = means.transform_calculate(start="datum.place - 0.42", end="datum.place + 0.42")
    return ends.mark_rule(color=INK, strokeDash=[2, 2]).encode(x=alt.X("start:Q"), x2="end:Q", y="true:Q")


def _mean_and_spread() -> list[alt.Chart]:
    means = alt.Chart(alt.NamedData(POINTS)).transform_filter("datum.what === 'mean'")
    spread = means.mark_rule(strokeWidth=2).encode(x="x:Q", y="low:Q", y2="high:Q", color=_kind("color"))
    centre = means.mark_tick(orient="horizontal", thickness=3, size=13)
    return [spread, centre.encode(x="x:Q", y="y:Q", color=_kind("color"))]


def _kind(channel: str) -> alt.Color | alt.Shape:
    key = alt.Legend(orient="bottom", title=None, symbolOpacity=1)
    if channel == "color":
        return alt.Color("kind:N").scale(domain=KINDS, range=[GREY, BLUE]).legend(key)
    return alt.Shape("kind:N").scale(domain=KINDS, range=["circle", "square"]).legend(key)


def _verdicts() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData(VERDICTS))
    x = alt.X("procedure:N").scale(domain=list(NAMES.values())).title(None)
    x = x.axis(orient="top", labelAngle=0, domain=False, ticks=False, labelPadding=6)
    y = alt.Y("name:N").sort(alt.EncodingSortField("pair", op="min")).title(None)
    y = y.axis(domain=False, ticks=False, labelPadding=8, labelFontSize=13)
    chosen = base.transform_filter("datum.pair === pair").mark_rect(color="#EAF3F9")
    marks = base.mark_point(size=90, strokeWidth=2, opacity=1, xOffset=-24).encode(**_looks())
    words = "datum.p < 0.001 ? '< .001' : datum.p > 0.999 ? '1' : slice(format(datum.p, '.3f'), 1)"
    p = base.transform_calculate(words=words).mark_text(align="left", dx=-10, fontSize=12).encode(text="words:N")
    return alt.layer(*(layer.encode(x=x, y=y) for layer in (chosen, marks, p))).properties(
        width=RIGHT, height=HIGH, title=_heading("'What each procedure says of it, and its p value'")
    )


def _looks() -> dict[str, alt.Shape | alt.Fill | alt.Stroke]:
    """Shape, filling and outline of each outcome, in one legend."""
    key = alt.Legend(orient="bottom", title=None, columns=4, columnPadding=14, symbolStrokeWidth=2)
    looks = zip(*LOOKS.values(), strict=True)
    return {
        channel.__name__.lower(): channel("outcome:N").scale(domain=list(LOOKS), range=list(each)).legend(key)
        for channel, each in zip((alt.Shape, alt.Fill, alt.Stroke), looks, strict=True)
    }


def _family_wise_error() -> alt.LayerChart:
    level = alt.Chart(pd.DataFrame({"level": [5]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="level:Q")
    bars = _bars("family_wise_error", "false_words", VERMILION, longest=30)
    return alt.layer(*bars, level).properties(
        width=LOW, height=LOWER, title=_heading("'At least one false alarm (promised: 5 %)'")
    )


def _pair_found() -> alt.LayerChart:
    pair = f"({[f'{one} – {other}' for one, other in PAIRS]}[pair])"
    present = "differs ? ' differs and is found (power)' : ' is alike, yet called different'"
    heading = f"{pair} + (present ? ({present}) : ' is not in this experiment')"
    colour = alt.ExprRef(f"differs ? '{BLUE}' : '{VERMILION}'")
    bars = _bars("pair_found", "found_words", colour, longest=100)
    return alt.layer(*bars).properties(width=LOW, height=LOWER, title=_heading(heading))


def _bars(column: str, words: str, colour: str | alt.ExprRef, *, longest: float) -> list[alt.Chart]:
    """A bar for each procedure, with the uncertainty of the simulation and the number in words."""
    ends = {
        "low": f"max(0, datum.{column} - 1.96 * datum.{column}_se)",
        "high": f"datum.{column} + 1.96 * datum.{column}_se",
        # A number never stands on the line of the promised level.
        "beside": f"max(datum.{column} + 1.96 * datum.{column}_se, 5)",
    }
    base = alt.Chart(alt.NamedData(RATES)).transform_filter(f"isValid(datum.{column})").transform_calculate(**ends)
    y = alt.Y("procedure:N").scale(domain=list(NAMES.values())).title(None).axis(domain=False, ticks=False)
    x = alt.X(f"{column}:Q").title("of such experiments (%)").scale(domain=[0, longest], clamp=True).axis(tickCount=5)
    bars = base.mark_bar(height=13, color=colour, opacity=0.85).encode(x=x, y=y)
    error = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q", y=y)
    number = base.mark_text(align="left", dx=6, fontSize=12).encode(x="beside:Q", y=y, text=f"{words}:N")
    return [bars, error, number]


def _heading(expression: str, offset: int = 6) -> alt.Title:
    return alt.Title(alt.ExprRef(expression), fontSize=12.5, offset=offset)


def _sentence(verdicts: list[Verdict], promises: dict[str, Promise], pair: int) -> str:
    told = [f"{NAMES[name]} {_claims(verdicts, name)}" for name in promises]
    errors = {name: promise.family_wise_error for name, promise in promises.items()}
    found = {name: promise.pair_found for name, promise in promises.items()}
    words = (
        f"Called different, of {len(verdicts) // len(promises)} pairs: {', '.join(told)}. "
        f"In {models.RUNS} such experiments at least one false alarm: {_listed(errors)}."
    )
    if any(map(isnan, found.values())):
        return words
    return f"{words} {' – '.join(PAIRS[pair])} called different: {_listed(found)}."


def _claims(verdicts: list[Verdict], procedure: str) -> str:
    outcomes = [verdict.outcome for verdict in verdicts if verdict.procedure == procedure]
    right, wrong = (outcomes.count(OUTCOMES[differs, True]) for differs in (True, False))
    return f"{right + wrong} ({wrong} of them false)" if wrong else f"{right}"


def _listed(shares: dict[str, float]) -> str:
    return ", ".join(f"{NAMES[name]} {_percent(share)}" for name, share in shares.items())


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
