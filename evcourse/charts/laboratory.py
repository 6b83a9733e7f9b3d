"""The virtual laboratory drawn: a design's prospects, its SIMULATED data, what they say, and what repeating it would give."""

from __future__ import annotations

import altair as alt
import pandas as pd

from evcourse.charts.theme import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILION

SIMULATED = "SIMULATED: drawn by the course's virtual laboratory"
ALTERNATIVES = ["through PTEN", "through PI3K", "both", "not through AKT"]
OUTCOMES = {"right": GREEN, "undecided": "#C9C9C9", "misled": VERMILION}
SHAPES = {"yes": GREY, "no": VERMILION}
ENOUGH = 0.8
MOST_POINTS = 520
#: What is set, in words that the browser makes: they follow the controls also where no kernel answers.
_DESIGN = (
    "length(arms) + ' arms of ' + animals + ' animals, ' + length(assays) + ' assays after ' + hours"
    " + ' h, ' + replicates + ' × each, ' + (blinded ? 'blinded' : 'not blinded')"
)
_INTERVALS_SHOWN = 12
#: Contrasts that are drawn beside what is expected: for a level a "gain" may be a loss, so the arms are named.
_DIFFERENCES = {"gain": "PMO+Exo − PMO", "gain under inhibitor": "PMO+Exo+MK − PMO+MK"}


def laboratory_data(measurements: pd.DataFrame) -> alt.VConcatChart:
    """Return every animal's value, with each arm's mean and its 95 % interval.

    Parameters
    ----------
    measurements
        One row per measurement: arm, animal, assay, replicate, value (multiples of the sham mean).
    """
    animals = measurements.groupby(["assay", "arm", "animal"], sort=False, observed=True)["value"].mean().round(3).reset_index()
    arms = list(dict.fromkeys(animals["arm"]))
    assays = list(animals["assay"].unique())
    panels = [_arms_of(animals[animals["assay"] == assay], assay, arms, first=place % 3 == 0) for place, assay in enumerate(assays)]
    rows = [alt.hconcat(*panels[place : place + 3], spacing=14) for place in range(0, len(panels), 3)]
    n = animals.groupby(["assay", "arm"], sort=False)["animal"].count().max()
    return alt.vconcat(*rows, spacing=14).properties(
        title=alt.Title("What the study measured", subtitle=[f"{SIMULATED}.", "A point is an animal, a bar the mean and 95 % interval of its arm; in multiples of the sham mean"]),
        description=f"Points for {n} animals in each of the arms {', '.join(arms)}. {_told_means(animals)}",
    )


def laboratory_findings(contrasts: pd.DataFrame, expectations: pd.DataFrame) -> alt.VConcatChart:
    """Return measured contrasts beside what each alternative leads one to expect of them.

    Parameters
    ----------
    contrasts
        assay, contrast, estimate, low, high, as `models.laboratory.contrasts` returns them.
    expectations
        alternative, assay, contrast, expected, low, high, as `models.laboratory.expectations` returns them.
    """
    telling = contrasts[contrasts["contrast"].isin(list(_DIFFERENCES))]
    own = expectations.merge(telling[["assay", "contrast"]])
    panels = [_finding(row, own[own["assay"] == row.assay], telling[telling["assay"] == row.assay]) for row in telling.itertuples()]
    rows = [alt.hconcat(*panels[place : place + 2], spacing=30) for place in range(0, len(panels), 2)]
    told = [f"{row.assay}, {row.contrast}: {row.estimate:.2f} ({row.low:.2f} to {row.high:.2f})" for row in telling.itertuples()]
    return alt.vconcat(*rows, spacing=16).properties(
        title=alt.Title(
            "What was found, and what each alternative leads one to expect",
            subtitle=[f"{SIMULATED}. Blue: the estimate with its 95 % interval, in multiples of the sham mean.", "Bars: where 95 % of laboratories lie in which the alternative is true"],
        ),
        description=f"Measured: {'; '.join(told)}. Beside each, bars for what the four alternatives lead one to expect.",
    )


def laboratory_repetitions(repetitions: pd.DataFrame) -> alt.LayerChart:
    """Return how often a design would have been right, undecided or misled.

    Parameters
    ----------
    repetitions
        truth and outcome, as `models.laboratory.repetitions` returns them.
    """
    shares = repetitions.groupby("truth")["outcome"].value_counts(normalize=True).rename("share").reset_index()
    shares = shares.assign(share=shares["share"].round(3), place=shares["outcome"].map(list(OUTCOMES).index))
    told = [f"{row.truth}: {row.outcome} {100 * row.share:.0f} %" for row in shares.sort_values(["truth", "place"]).itertuples()]
    return _outcomes(shares).properties(
        title=alt.Title(
            f"The same design in {len(repetitions)} laboratories",
            subtitle=[f"{SIMULATED}. Misled: at least 0.8 for a wrong alternative;", "right: at least 0.8 for the one that is true"],
        ),
        description=f"A bar for each truth, how often the design is right, undecided or misled. {'; '.join(told)}.",
    )


def laboratory_intervals(repetitions: pd.DataFrame) -> alt.HConcatChart:
    """Return the intervals of the planned contrast in the first repetitions, with what is true in each.

    Parameters
    ----------
    repetitions
        truth, run, estimate, low, high, true_value, covered, as `models.laboratory.repetitions` returns them.
    """
    covered = repetitions["covered"].mean()
    return _intervals(repetitions).properties(
        title=alt.Title(
            f"The planned contrast in {_INTERVALS_SHOWN} laboratories of each kind",
            subtitle=[f"{SIMULATED}.", f"Lines: 95 % intervals; black: what is true. Of all, {100 * covered:.0f} % cover it"],
        ),
        description=(
            f"For each truth {_INTERVALS_SHOWN} intervals of the planned contrast, with what is true in each laboratory; of "
            f"all repetitions {100 * covered:.0f} % cover it."
        ),
    )


def laboratory_bench(shown: dict) -> alt.VConcatChart:
    """Return a design's prospects: how often it finds what is true, and what it costs.

    Parameters
    ----------
    shown
        The data sets `prospects` (records: alternative, found) and `costs` (records: points, budget), and the
        parameters arms, assays, animals, hours, replicates, blinded and `summary`.
    """
    parameters = {name: value for name, value in shown.items() if name not in ("prospects", "costs")}
    return (
        alt.vconcat(_prospects(), _purse(), spacing=16)
        .properties(
            datasets={name: shown[name] for name in ("prospects", "costs")},
            title=alt.Title(alt.ExprRef(_DESIGN), subtitle=f"{SIMULATED}, many times under each alternative"),
            description=(
                "For each of four alternatives a bar: how often this design finds it, where it is true; a line marks 80 %. "
                "Below, what the design costs beside the budget."
            ),
        )
        .add_params(*(alt.param(name=name, value=value) for name, value in parameters.items()))
    )


def _arms_of(animals: pd.DataFrame, assay: str, arms: list[str], *, first: bool) -> alt.LayerChart:
    y = alt.Y("arm:N").sort(arms).title(None).axis(labels=first, ticks=False, domain=False, labelLimit=110)
    x = alt.X("value:Q").title(None).scale(zero=False, padding=6).axis(tickCount=4)
    base = alt.Chart(animals[["arm", "value"]]).encode(y=y)
    points = base.mark_point(size=34, color=GREY, filled=True, opacity=0.55).encode(x=x)
    exact = alt.Chart(_means(animals)).encode(y=y)
    ends = exact.mark_rule(color=BLUE, strokeWidth=2.4).encode(x=alt.X("low:Q"), x2="high:Q")
    mean = exact.mark_tick(color=BLUE, thickness=3, size=17).encode(x="mean:Q")
    return alt.layer(points, ends, mean).properties(width=168, height=alt.Step(34), title=alt.Title(assay, fontSize=12.5, offset=6))


def _means(animals: pd.DataFrame) -> pd.DataFrame:
    from scipy.special import stdtrit

    means = animals.groupby("arm", sort=False)["value"].agg(["mean", "sem", "count"])
    half = means["sem"] * stdtrit(means["count"] - 1, 0.975)
    return means.assign(low=means["mean"] - half, high=means["mean"] + half)[["mean", "low", "high"]].round(3).reset_index()


def _told_means(animals: pd.DataFrame) -> str:
    means = animals.groupby(["assay", "arm"], sort=False)["value"].mean()
    return " ".join(f"{assay}: " + ", ".join(f"{arm} {value:.2f}" for arm, value in part.droplevel(0).items()) + "." for assay, part in means.groupby(level=0, sort=False))


def _finding(found: pd.Series, expectations: pd.DataFrame, findings: pd.DataFrame) -> alt.LayerChart:
    both = pd.concat([expectations, findings])
    pad = 0.06 * (both["high"].max() - both["low"].min())
    limits = [round(min(0, both["low"].min()) - pad, 2), round(max(0, both["high"].max()) + pad, 2)]
    x = alt.X("low:Q").title(None).scale(domain=limits, nice=False).axis(tickCount=5)
    ends = pd.DataFrame({"estimate": [found.estimate], "low": [found.low], "high": [found.high]}).round(3)
    measured = alt.Chart(ends).mark_rect(color=BLUE, opacity=0.16).encode(x=x, x2="high:Q")
    line = alt.Chart(ends).mark_rule(color=BLUE, strokeWidth=2.4).encode(x="estimate:Q")
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color="#BBBBBB", strokeDash=[3, 3]).encode(x="x:Q")
    title = alt.Title(f"{found.assay}: {_DIFFERENCES[found.contrast]}", fontSize=12.5, offset=6)
    own = expectations[expectations["contrast"] == found.contrast]
    return alt.layer(zero, measured, *_expected(own, x), line).properties(width=188, height=92, title=title)


def _expected(own: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    y = alt.Y("alternative:N").sort(ALTERNATIVES).title(None).axis(ticks=False, domain=False)
    bars = alt.Chart(own[["alternative", "expected", "low", "high"]]).encode(y=y)
    spread = bars.mark_bar(height=7, color="#8A8A8A", cornerRadius=3).encode(x=x, x2="high:Q")
    return [spread, bars.mark_tick(color=INK, thickness=2, size=15).encode(x="expected:Q")]


def _outcomes(shares: pd.DataFrame) -> alt.LayerChart:
    colour = alt.Color("outcome:N").scale(domain=list(OUTCOMES), range=list(OUTCOMES.values())).title(None).legend(orient="top", symbolType="square")
    base = alt.Chart(shares).encode(
        y=alt.Y("truth:N").sort(ALTERNATIVES).title("If this is true").axis(ticks=False, domain=False),
        x=alt.X("share:Q").title("Share of repetitions").axis(format="%", tickCount=5).stack(True),
        order="place:O",
    )
    bars = base.mark_bar(height=22, stroke="white").encode(color=colour)
    words = base.mark_text(color=INK, align="right", dx=-5, fontSize=12).encode(
        text=alt.Text("share:Q", format=".0%"), opacity=alt.condition("datum.share >= 0.06 && datum.outcome != 'misled'", alt.value(1), alt.value(0))
    )
    beside = alt.Chart(shares[shares["outcome"] == "misled"]).transform_calculate(words="'misled ' + format(datum.share, '.0%')")
    misled = beside.mark_text(align="left", dx=8, color="#A84700").encode(x=alt.datum(1), y=base.encoding.y, text="words:N")
    return alt.layer(bars, words, misled).properties(width=430, height=132)


def _intervals(repetitions: pd.DataFrame) -> alt.HConcatChart:
    first = repetitions[repetitions["run"] <= _INTERVALS_SHOWN]
    drawn = first[["truth", "run", "low", "high", "true_value"]].round(2)
    drawn = drawn.assign(covers=first["covered"].map({True: "yes", False: "no"}))
    limits = [float(drawn["low"].quantile(0.01)), float(drawn["high"].quantile(0.99))]
    panels = [_intervals_of(drawn[drawn["truth"] == truth].drop(columns="truth"), truth, limits) for truth in ALTERNATIVES]
    return alt.hconcat(*panels, spacing=10)


def _intervals_of(rows: pd.DataFrame, truth: str, limits: list[float]) -> alt.LayerChart:
    key = alt.Legend(orient="bottom", title="Interval covers what is true")
    covers = alt.Color("covers:N").scale(domain=list(SHAPES), range=list(SHAPES.values())).legend(key)
    dash = alt.StrokeDash("covers:N").scale(domain=list(SHAPES), range=[[1, 0], [4, 2]]).legend(key)
    base = alt.Chart(rows).encode(y=alt.Y("run:O").axis(None))
    x = alt.X("low:Q").title(None).scale(domain=limits, clamp=True).axis(tickCount=3, grid=False)
    lines = base.mark_rule(strokeWidth=1.6).encode(x=x, x2="high:Q", color=covers, strokeDash=dash)
    true = base.mark_tick(color=INK, thickness=2, size=7).encode(x="true_value:Q")
    return alt.layer(lines, true).properties(width=128, height=130, title=alt.Title(truth, fontSize=12, offset=4, fontWeight="normal"))


def _prospects() -> alt.LayerChart:
    base = alt.Chart(alt.NamedData("prospects")).encode(
        y=alt.Y("alternative:N").sort(ALTERNATIVES).title("If this is true").axis(ticks=False, domain=False)
    )
    enough = f"datum.found >= {ENOUGH}"
    x = alt.X("found:Q").scale(domain=[0, 1]).title("Share of repetitions that find it").axis(format="%", tickCount=5)
    bars = base.mark_bar(height=20).encode(x=x, color=alt.condition(enough, alt.value(GREEN), alt.value(ORANGE)))
    said = base.transform_calculate(words=f"floor(100 * datum.found + 1e-9) + '%' + ({enough} ? '' : ', too seldom')")
    words = said.mark_text(align="left", dx=6, color=INK).encode(x=x, text=alt.Text("words:N"))
    line = alt.Chart(pd.DataFrame({"x": [ENOUGH]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="x:Q")
    # The line at 80 % may run through the words; a white edge keeps them readable.
    halo = said.mark_text(align="left", dx=6, stroke="white", strokeWidth=4).encode(x=x, text=alt.Text("words:N"))
    return alt.layer(bars, line, halo, words).properties(width=380, height=124)


def _purse() -> alt.LayerChart:
    costs = alt.Chart(alt.NamedData("costs"))
    within = "datum.points <= datum.budget"
    x = alt.X("points:Q").title("Points").scale(domain=[0, MOST_POINTS], clamp=True).axis(tickCount=6)
    bar = costs.mark_bar(height=24).encode(x=x, color=alt.condition(within, alt.value(SKY), alt.value(ORANGE)))
    line = costs.mark_rule(color=INK, strokeWidth=2.4).encode(x="budget:Q")
    said = costs.transform_calculate(
        words=f"format(datum.points, '.1~f') + ' of ' + datum.budget + ' points' + ({within} ? '' : ': too much')"
    )
    words = said.mark_text(align="left", color=INK).encode(x=alt.value(8), text="words:N")
    return alt.layer(bar, line, words).properties(width=380, height=30)
