"""The qPCR plate: Ct of two groups in 96 wells, ΔCt of each sample, and the fold change with its interval."""

from __future__ import annotations

from types import SimpleNamespace

import altair as alt
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.theme import BLUE, GREEN, GREY, INK, ORANGE, PURPLE
from evcourse.models import plates, qpcr
from evcourse.models.plates import COLUMNS, GENES, GROUPS, MOST_SAMPLES

PLATES = 6
WELLS = "wells_of_the_plate"
STEP_Y, WIDE = 31, 12 * 43
TEALS = ["#43A2BA", "#A6D8D6", "#F0F9F7"]
COLOURS = {GROUPS[0]: BLUE, GROUPS[1]: ORANGE}
SHAPES = {GROUPS[0]: "circle", GROUPS[1]: "diamond"}
REFERENCES = {"reference 1 (stable)": 1, "reference 2 (may respond)": 2, "both, averaged": 3}
INTERVALS = {
    "95 % confidence": "confidence",
    "± SD, both groups": "both",
    "± SD, control exact (Livak)": "livak",
}
METHODS = {"2^−ΔΔCt; (as if E = 2)": ("two", GREEN), "Pfaffl; (E of the target)": ("own", PURPLE)}
FOLD_DOUBLINGS = 4
FOLDS = [2.0**-FOLD_DOUBLINGS, 2.0**FOLD_DOUBLINGS]


def qpcr_plate(
    *,
    control_delta_ct: float = 6.2,
    treated_delta_ct: float = 7.2,
    efficiency: float = 1.9,
    spread: float = 0.3,
    samples: int = 3,
    references: int = 1,
    reference_shift: float = -1.0,
    interval: str = "confidence",
    plate: int = 1,
) -> alt.VConcatChart:
    """Return a SIMULATED plate and what follows from it, computed in the browser with `evcourse.models.qpcr`.

    Parameters
    ----------
    control_delta_ct, treated_delta_ct, efficiency, spread, reference_shift
        Start values of the parameters of these names; as in `plates.Truth`.
    samples
        Start value of `samples`: biological samples per group, 2 to 6.
    references
        Start value of `references`: 1, 2, or 3 for both.
    interval
        Start value of `interval`: "confidence", "both" or "livak".
    plate
        Start value of `plate`: which draw of chance, 1 to 6.
    """
    starts = {
        "control_delta_ct": control_delta_ct,
        "treated_delta_ct": treated_delta_ct,
        "efficiency": efficiency,
        "spread": spread,
        "samples": samples,
        "references": references,
        "reference_shift": reference_shift,
        "interval": interval,
        "plate": plate,
    }
    moved = {name: alt.param(name=name, value=value) for name, value in starts.items()}
    chance = alt.param(name="chance", value=[_chance(seed) for seed in range(1, PLATES + 1)])
    rows = alt.SequenceGenerator(alt.SequenceParams(0, stop=8 * COLUMNS, **{"as": "place"}), name=WELLS)
    below = alt.hconcat(_deltas(), _folds(), spacing=26)
    panels = alt.vconcat(_plate(), below, data=rows, spacing=20)
    return (
        _with_results(_with_samples(panels, moved), moved)
        .properties(
            # Room for what moves: labels at the end of an axis push the panels down by some pixels.
            padding={"left": 5, "top": 5, "right": 5, "bottom": 16},
            title=alt.Title("From Ct to a fold change", subtitle="SIMULATED plate, not data of either paper. Ct in each well; darker is earlier, that is, more"),
            description=(
                "Above, a plate of 96 wells coloured and labelled with their Ct: control in columns 1 to 6, treated in "
                "7 to 12; target in rows A and B, two references in C to F, controls without signal in G and H. Below "
                "left, ΔCt of each sample by group. Below right, the fold change with its interval on a logarithmic "
                "axis, by two formulas, a point for each treated sample, and a dashed line at what was put in."
            ),
        )
        .add_params(*moved.values(), chance, alt.param(name="summary", expr=_sentence()))
    )


def _chance(seed: int) -> list[float]:
    """Chance of one plate in one row: per sample loading and biology, then the wells."""
    return [float(each) for part in plates.throws(seed).values() for each in part]


def _with_samples(chart: alt.VConcatChart, moved: dict[str, alt.Parameter]) -> alt.VConcatChart:
    """Give every well its Ct, and every well of a sample the sample's ΔCt: with E = 2, and with the target's own E."""
    wells = chart.transform_calculate(**_places(), **_cts(moved))
    means = {f"mean{gene}": f"mean(ct{gene})" for gene in range(len(GENES))}
    reference = "references === 1 ? datum.mean1 : references === 2 ? datum.mean2 : (datum.mean1 + datum.mean2) / 2"
    target = browser_math.written(qpcr.doublings(alt.datum.mean0, moved["efficiency"], xp=browser_math))
    deltas = {"two": "datum.mean0 - datum.reference", "own_e": f"{target} - datum.reference"}
    return wells.transform_joinaggregate(**means, groupby=["column"]).transform_calculate(reference=reference, **deltas)


def _places() -> dict[str, str]:
    """Formulas of what a well holds, and of its chance."""
    return {
        "column": f"datum.place % {COLUMNS}",
        "row": f"floor(datum.place / {COLUMNS})",
        "gene": f"floor(datum.row / {plates.REPLICATES})",
        "treated": f"datum.column >= {MOST_SAMPLES} ? 1 : 0",
        "group": f"{list(GROUPS)}[datum.treated]",
        "used": f"datum.column % {MOST_SAMPLES} < samples",
        "loading": "chance[plate - 1][datum.column]",
        "own": f"chance[plate - 1][{COLUMNS} + datum.column]",
        "noise": f"datum.gene < {len(GENES)} ? chance[plate - 1][{2 * COLUMNS} + datum.place] : 0",
    }


def _cts(moved: dict[str, alt.Parameter]) -> dict[str, str]:
    """Formulas of a well's Ct, empty where nothing is measured, and of the Ct of each gene."""
    row = alt.datum
    names = ("control_delta_ct", "treated_delta_ct", "spread", "reference_shift")
    truth = SimpleNamespace(**{name: moved[name] for name in names})
    ct = plates.well_ct(row.gene, row.treated, truth, row.loading, row.own, row.noise, xp=browser_math)
    measured = browser_math.where((row.gene < len(GENES)) & row.used, ct, None)
    by_gene = {f"ct{gene}": f"datum.gene === {gene} ? datum.ct : null" for gene in range(len(GENES))}
    return {"ct": browser_math.written(measured), **by_gene}


def _with_results(chart: alt.VConcatChart, moved: dict[str, alt.Parameter]) -> alt.VConcatChart:
    """Give every well the means and standard deviations of ΔCt of both groups, and the fold change that follows."""
    once, summed = {}, {}
    for name, column in (("two", "two"), ("own", "own_e")):
        for treated in (0, 1):
            here = f"datum.row === 0 && datum.used && datum.treated === {treated}"
            once[f"{name}{treated}"] = f"{here} ? datum.{column} : null"
            summed |= {f"{name}_mean{treated}": f"mean({name}{treated})", f"{name}_sd{treated}": f"stdev({name}{treated})"}
    quantiles = [round(float(qpcr.t_quantile(2 * samples - 2)), 6) for samples in range(2, MOST_SAMPLES + 1)]
    results = {"quantile": f"{quantiles}[samples - 2]"}
    for name, column in (("two", "two"), ("own", "own_e")):
        results |= _results(name, column, moved["samples"])
    return chart.transform_calculate(**once).transform_joinaggregate(**summed).transform_calculate(**results)


def _results(name: str, column: str, samples: alt.Parameter) -> dict[str, str]:
    """Formulas of ΔΔCt, half width, fold change and its ends; and of each sample's own fold change."""
    row, written = alt.datum, browser_math.written
    spreads = (row[f"{name}_sd0"], row[f"{name}_sd1"])
    confidence = written(qpcr.confidence_half_width(*spreads, samples, row.quantile, xp=browser_math))
    both = written(qpcr.combined_spread(*spreads, xp=browser_math))
    change = row[f"{name}_change"]
    low, high = qpcr.fold_interval(change, row[f"{name}_width"], xp=browser_math)
    return {
        f"{name}_change": f"datum.{name}_mean1 - datum.{name}_mean0",
        f"{name}_width": f"interval === 'confidence' ? {confidence} : interval === 'both' ? {both} : datum.{name}_sd1",
        f"{name}_fold": written(qpcr.fold_change(change, xp=browser_math)),
        f"{name}_low": written(low),
        f"{name}_high": written(high),
        f"{name}_single": written(qpcr.fold_change(row[column] - row[f"{name}_mean0"], xp=browser_math)),
    }


def _plate() -> alt.LayerChart:
    """The 96 wells: a body with rounded corners, letters and numbers at its edge, a Ct in each well."""
    x = alt.X("column:Q").scale(domain=[-0.55, COLUMNS - 0.45], nice=False).axis(None)
    y = alt.Y("row:Q").scale(domain=[-0.6, plates.ROWS - 0.4], nice=False, reverse=True).axis(None)
    wells = alt.Chart().encode(x=x, y=y)
    # No well is so dark that its number in dark letters would be hard to read.
    colour = alt.Color("ct:Q").scale(range=TEALS, domain=[16, 24, 32], clamp=True).legend(None)
    measured = wells.transform_filter("isValid(datum.ct)")
    discs = measured.mark_circle(size=720, opacity=1, stroke="#35606B", strokeWidth=0.8).encode(color=colour)
    words = measured.mark_text(fontSize=11.5, color=INK).encode(
        text=alt.Text("ct:Q", format=".1f")
    )
    empty = wells.transform_filter("!isValid(datum.ct)").mark_point(size=720, color="#C4CCD0", strokeWidth=1)
    silent = wells.transform_filter(f"datum.row >= {2 * len(GENES)} && datum.used").mark_text(text="–", color=GREY)
    return alt.layer(empty, discs, words, silent, *_edge()).properties(
        width=WIDE, height=plates.ROWS * STEP_Y, view=alt.ViewConfig(fill="#F4F7F8", stroke="#9AA7AD", cornerRadius=12)
    )


def _edge() -> list[alt.Chart]:
    """What stands around the plate: numbers and groups above, letters and genes on the left."""
    numbers = pd.DataFrame({"column": range(COLUMNS), "words": [str(each + 1) for each in range(COLUMNS)]})
    named = pd.DataFrame(
        {
            "row": range(plates.ROWS),
            "letter": list("ABCDEFGH"),
            "gene": [GENES[0], "", GENES[1], "", GENES[2], "", "no RT", "no template"],
        }
    )
    above = alt.Chart(numbers).mark_text(fontSize=11.5, color=GREY).encode(
        x="column:Q", y=alt.value(-9), text="words:N"
    )
    left = alt.Chart(named)
    letters = left.mark_text(fontSize=11.5, color=GREY).encode(x=alt.value(-11), y="row:Q", text="letter:N")
    genes = left.mark_text(align="right", fontSize=12).encode(x=alt.value(-24), y="row:Q", text="gene:N")
    return [above, letters, genes, *_brackets()]


def _brackets() -> list[alt.Chart]:
    """A coloured line and a name above the columns of each group."""
    marks = []
    for place, (group, colour) in enumerate(COLOURS.items()):
        ends = pd.DataFrame({"column": [place * MOST_SAMPLES - 0.35], "end": [(place + 1) * MOST_SAMPLES - 0.65]})
        bar = alt.Chart(ends)
        line = bar.mark_rule(color=colour, strokeWidth=4, strokeCap="round")
        name = bar.mark_text(align="left", fontSize=12.5, fontWeight="bold", dx=2, text=group)
        marks += [line.encode(x="column:Q", x2="end:Q", y=alt.value(-20)), name.encode(x="column:Q", y=alt.value(-32))]
    return marks


def _deltas() -> alt.LayerChart:
    """ΔCt of each sample, and the mean of each group."""
    names = list(GROUPS)
    named = alt.Axis(values=[0, 1], labelExpr=f"{names}[datum.value]", grid=False, ticks=False, domain=False, labelPadding=8)
    x = alt.X("aside:Q").scale(domain=[-0.5, 1.5], nice=False).title(None).axis(named)
    y = alt.Y("two:Q").scale(zero=False, reverse=True, padding=14).title("ΔCt (cycles; up is more)").axis(tickCount=5)
    colour = alt.Color("group:N").scale(domain=names, range=list(COLOURS.values())).legend(None)
    shape = alt.Shape("group:N").scale(domain=names, range=list(SHAPES.values())).legend(None)
    samples = alt.Chart().transform_filter("datum.row === 0 && datum.used")
    apart = samples.transform_calculate(aside=f"datum.treated + (datum.column % {MOST_SAMPLES} - (samples - 1) / 2) * 0.1")
    points = apart.mark_point(filled=True, size=75, opacity=0.9, stroke=INK, strokeWidth=0.6)
    means = samples.transform_calculate(aside="datum.treated").mark_tick(orient="horizontal", thickness=2, size=58, color=INK)
    marks = [points.encode(x=x, y=y, color=colour, shape=shape), means.encode(x=x, y=alt.Y("mean(two):Q"))]
    return alt.layer(*marks).properties(width=150, height=150, title=_panel_title("ΔCt by sample, and mean"))


def _folds() -> alt.LayerChart:
    """Both fold changes with their intervals, and a line at what was put in."""
    one = alt.Chart(pd.DataFrame({"fold": [1]})).mark_rule(color=GREY).encode(x=_fold_axis("fold"))
    truth = alt.Chart().transform_filter("datum.place === 0").transform_calculate(fold=_truth())
    put_in = truth.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5).encode(x=_fold_axis("fold"))
    words = truth.mark_text(dy=-8, fontSize=11.5, text="what was put in").encode(x=_fold_axis("fold"), y=alt.value(0))
    layers = [mark for name, (short, colour) in METHODS.items() for mark in _method(name, short, colour)]
    return alt.layer(one, put_in, *layers, words).properties(width=262, height=150)


def _fold_axis(column: str) -> alt.X:
    doublings = range(-FOLD_DOUBLINGS, FOLD_DOUBLINGS + 1)
    words = "datum.value < 1 ? '1/' + format(1 / datum.value, '.0f') : format(datum.value, '.0f')"
    scale = alt.Scale(type="log", base=2, domain=FOLDS, clamp=True, nice=False)
    axis = alt.Axis(values=[2.0**power for power in doublings], labelExpr=words, labelFlush=False)
    return alt.X(f"{column}:Q").scale(scale).title("Fold change, treated over control (log2 axis)").axis(axis)


def _method(name: str, short: str, colour: str) -> list[alt.Chart]:
    """One formula: its interval, its fold change, and the treated samples one by one."""
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8, labelExpr="split(datum.value, '; ')")
    y = alt.Y("method:N").scale(domain=list(METHODS), padding=0.5).title(None).axis(axis)
    result = (
        alt.Chart()
        .transform_filter("datum.place === 0")
        .transform_calculate(method=f"'{name}'", fold=f"datum.{short}_fold", low=f"datum.{short}_low", high=f"datum.{short}_high")
    )
    bar = result.mark_rule(color=colour, strokeWidth=6, opacity=0.7).encode(x=_fold_axis("low"), x2="high:Q", y=y)
    # An end that lies beyond the axis has no tick: the bar runs to the edge, and the sentence has the number.
    seen = {end: result.transform_filter(f"datum.{end} >= {FOLDS[0]} && datum.{end} <= {FOLDS[1]}") for end in ("low", "high")}
    ends = [each.mark_tick(orient="vertical", color=colour, thickness=2.5, size=16).encode(x=_fold_axis(end), y=y) for end, each in seen.items()]
    shape = "circle" if short == "two" else "square"
    point = result.mark_point(filled=True, size=95, color=colour, opacity=1, stroke=INK, strokeWidth=1, shape=shape)
    single = (
        alt.Chart()
        .transform_filter("datum.row === 0 && datum.used && datum.treated === 1")
        .transform_calculate(method=f"'{name}'", fold=f"datum.{short}_single")
        .mark_tick(orient="vertical", color=INK, opacity=0.6, size=9, yOffset=17, thickness=1.5)
    )
    return [bar, *ends, single.encode(x=_fold_axis("fold"), y=y), point.encode(x=_fold_axis("fold"), y=y)]


def _truth() -> str:
    names = ("control_delta_ct", "treated_delta_ct", "efficiency")
    truth = SimpleNamespace(**{name: alt.param(name=name) for name in names})
    return browser_math.written(plates.true_fold_change(truth, xp=browser_math))


def _panel_title(words: str) -> alt.Title:
    return alt.Title(words, fontSize=12.5, offset=6)


def _sentence() -> str:
    """A Vega expression that reads the computed rows: both fold changes, and what they would have been without error."""
    row = f"data('{WELLS}')[0]"
    kind = "interval === 'confidence' ? '95 % interval ' : '± one SD: '"
    told = {short: f"format({row}.{short}_fold, '.2f') + ' (' + ({kind}) + format({row}.{short}_low, '.2f') + ' to ' + format({row}.{short}_high, '.2f') + ')'" for short, _ in METHODS.values()}
    crosses = f"{row}.own_low <= 1 && {row}.own_high >= 1 ? ' The interval includes 1, no change.' : ' The interval leaves 1 out.'"
    what = f"interval === 'confidence' ? ({crosses}) : ' A standard deviation describes the scatter; it tests nothing.'"
    return (
        f"!{row} ? '' : 'ΔΔCt ' + format({row}.two_change, '+.2f') + ' cycles. Fold change ' + {told['two']} + ' as if E = 2, '"
        f" + {told['own']} + ' with E = ' + format(efficiency, '.2f') + '. Put in: ' + format({_truth()}, '.2f') + '.' + ({what})"
    )
