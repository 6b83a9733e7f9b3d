"""A life of bone on one page: bone mass and turnover from 30 to 90, with and without an intervention."""

from __future__ import annotations

from types import SimpleNamespace

import altair as alt
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.theme import BLUE, GREY, INK, ORANGE, VERMILION
from evcourse.models import ageing

FROM, TO = 30, 90
NO_MENOPAUSE = 200
NEVER = 999
YEARS = "years_lived"
LIVES = {"without intervention": GREY, "with the intervention": BLUE}
INTERVENTIONS = {"none": 0, "A: fewer osteoclasts": 1, "B: signal blocked": 2}


def life_course(
    *,
    change_per_decade_percent: float = 2,
    menopause_years: float = 50,
    intervention: int = 1,
    from_years: float = 65,
    strength_percent: float = 50,
) -> alt.VConcatChart:
    """Return bone mass and osteoclasts over a life, computed in the browser with `evcourse.models.ageing`.

    Parameters
    ----------
    change_per_decade_percent, menopause_years, from_years
        Start values of the parameters of these names; as in `ageing.Life`. A menopause at `NO_MENOPAUSE` means none.
    intervention
        Start value of `intervention`: 0 none, 1 fewer osteoclasts, 2 signal blocked.
    strength_percent
        Start value of `strength_percent`: what share of osteoclast formation, or of the signal, is blocked.
    """
    starts = {
        "change_per_decade_percent": change_per_decade_percent,
        "menopause_years": menopause_years,
        "intervention": intervention,
        "from_years": from_years,
        "strength_percent": strength_percent,
    }
    moved = {name: alt.param(name=name, value=value) for name, value in starts.items()}
    rows = alt.SequenceGenerator(alt.SequenceParams(0, stop=2 * (TO - FROM + 1), **{"as": "row"}), name=YEARS)
    panels = alt.vconcat(_mass(), _turnover(), data=rows, spacing=14)
    return (
        _lived(panels, moved)
        .properties(
            title=alt.Title(
                "Bone from 30 to 90",
                subtitle="A teaching construct: computed from the model with invented sizes, not data of any person",
            ),
            description=(
                "Two panels over the age from 30 to 90. Above, bone mass in per cent of that at 30, with a line for a "
                "life without and one with the intervention, a horizontal line at 70 per cent, and upright lines at "
                "menopause and intervention. Below, osteoclasts in multiples of the healthy number."
            ),
        )
        .add_params(*moved.values(), alt.param(name="summary", expr=_sentence()))
    )


def _lived(chart: alt.VConcatChart, moved: dict[str, alt.Parameter]) -> alt.VConcatChart:
    """Add age, life, mass and osteoclasts: first the factors on α1 and α2, then what follows from them.

    Rows come in pairs, a year without the intervention and the same year with it, so that both lives share formulas.
    """
    share, kind, treated = moved["strength_percent"] / 100.0, moved["intervention"], alt.datum.treated
    names = ("change_per_decade_percent", "menopause_years", "from_years")
    blocked = {
        "osteoclasts_blocked": treated * browser_math.where(kind == 1, share, 0),
        "signal_blocked": treated * browser_math.where(kind == 2, share, 0),
    }
    life = SimpleNamespace(**{name: moved[name] for name in names}, **blocked)
    columns = {"age": f"{FROM} + floor(datum.row / 2)", "treated": "datum.row % 2"}
    columns |= {"life": f"{list(LIVES)}[datum.treated]"}
    for ending, age in (("", alt.datum.age), ("_before", alt.datum.age - 0.5)):
        columns |= {f"a{number}{ending}": each for number, each in enumerate(_factors(age, life), 1)}
    before = (alt.datum.a1_before, alt.datum.a2_before)
    rate = ageing.lasting_rate(*before, xp=browser_math)
    space = ageing.remodelling_space(alt.datum.a1, alt.datum.a2, xp=browser_math)
    columns |= {
        "rate": browser_math.written(browser_math.where(alt.datum.age > FROM, rate, 0)),
        "space": browser_math.written(space),
        "osteoclasts": browser_math.written(alt.datum.a1 / browser_math.sqrt(alt.datum.a2)),
    }
    order = [alt.SortField("age")]
    summed = chart.transform_calculate(**columns).transform_window(
        lost="sum(rate)", frame=[None, 0], sort=order, groupby=["life"]
    )
    massed = summed.transform_calculate(mass="max(0, 100 + datum.lost + datum.space)")
    return _with_ends(massed)


def _with_ends(chart: alt.VConcatChart) -> alt.VConcatChart:
    """Give every row the last mass of both lives, and the age from which each lies below the line."""
    limit = ageing.FRACTURE_THRESHOLD_PERCENT
    columns, summed = {}, {}
    for name, treated in (("without", 0), ("with", 1)):
        own = f"datum.treated === {treated}"
        columns[f"end_{name}"] = f"{own} && datum.age === {TO} ? datum.mass : 0"
        columns[f"early_{name}"] = f"{own} && datum.mass < {limit} ? datum.age : {NEVER}"
        summed |= {f"last_{name}": f"sum(end_{name})", f"below_{name}": f"min(early_{name})"}
    return chart.transform_calculate(**columns).transform_joinaggregate(**summed)


def _factors(age, life: SimpleNamespace) -> list[str]:
    return [browser_math.written(each) for each in ageing.formation_factors(age, life, xp=browser_math)]


def _mass() -> alt.LayerChart:
    lines = _lines(
        alt.Y("mass:Q")
        .scale(domain=[0, 110])
        .title("Bone mass (% of that at 30)")
        .axis(values=list(range(0, 101, 20))),
        labelled=False,
    )
    limit = alt.Chart(pd.DataFrame({"mass": [ageing.FRACTURE_THRESHOLD_PERCENT]}))
    rule = limit.mark_rule(color=VERMILION, strokeDash=[2, 3], strokeWidth=1.5).encode(y="mass:Q")
    told = {"align": "left", "dy": 11, "text": "70 %: drawn for this course, no clinical limit"}
    # Upright lines cross the words: a white rim keeps them legible.
    words = [
        limit.mark_text(**told, **look).encode(x=alt.value(4), y="mass:Q")
        for look in ({"stroke": "white", "strokeWidth": 4}, {"color": VERMILION})
    ]
    return alt.layer(rule, *_events(), *words, lines).properties(height=230)


def _turnover() -> alt.LayerChart:
    y = (
        alt.Y("osteoclasts:Q")
        .scale(domain=[0, 2.1])
        .title(["Osteoclasts", "(× healthy)"])
        .axis(values=[0, 1, 2], format=".0f")
    )
    return alt.layer(_lines(y, labelled=True, interpolate="step-after")).properties(height=110)


def _lines(y: alt.Y, *, labelled: bool, interpolate: str = "linear") -> alt.Chart:
    names, colours = list(LIVES), list(LIVES.values())
    key = alt.Legend(orient="top", title=None, symbolType="stroke", symbolSize=600)
    return (
        alt.Chart()
        .transform_filter("intervention > 0 || !datum.treated")
        .mark_line(interpolate=interpolate)
        .encode(
            x=_age("age:Q", labelled=labelled),
            y=y,
            color=alt.Color("life:N").scale(domain=names, range=colours).legend(key),
            strokeDash=alt.StrokeDash("life:N").scale(domain=names, range=[[6, 4], [1, 0]]).legend(key),
        )
    )


def _events() -> list[alt.Chart]:
    marks = []
    for when, shown, words, colour, height in (
        ("menopause_years", f"menopause_years <= {TO}", "menopause", ORANGE, 204),
        ("from_years", "intervention > 0", "intervention", BLUE, 220),
    ):
        at = alt.Chart(pd.DataFrame({"zero": [0]})).transform_filter(shown).transform_calculate(age=when)
        marks.append(at.mark_rule(color=colour, strokeDash=[4, 3]).encode(x=_age("age:Q", labelled=False)))
        # Near the right edge there is room on the left only.
        late = f"{when} > {TO - 12}"
        side, away = alt.ExprRef(f"{late} ? 'right' : 'left'"), alt.ExprRef(f"{late} ? -4 : 4")
        label = at.mark_text(align=side, dx=away, color=INK, text=words)
        marks.append(label.encode(x=_age("age:Q", labelled=False), y=alt.value(height)))
    return marks


def _age(column: str, *, labelled: bool = True) -> alt.X:
    axis = alt.Axis(values=list(range(FROM, TO + 1, 10)), labels=labelled, ticks=labelled, grid=False)
    return alt.X(column).scale(domain=[FROM, TO]).title("Age (years)" if labelled else None).axis(axis)


def _sentence() -> str:
    """A Vega expression that reads the computed rows; any of them will do, and the first one is always there."""
    row = f"data('{YEARS}')[0]"
    limit = f"{ageing.FRACTURE_THRESHOLD_PERCENT:.0f}"
    without, treated = (
        f"format({row}.last_{name}, '.0f') + ' % of the bone is left, ' + ({row}.below_{name} < {NEVER} ? "
        f"'and less than {limit} % from the age of ' + {row}.below_{name} : 'and it was never below {limit} %')"
        for name in ("without", "with")
    )
    both = f"'At {TO}, without intervention: ' + {without} + '. With it: ' + {treated} + '.'"
    return f"!{row} ? '' : intervention > 0 ? {both} : 'At {TO}: ' + {without} + '.'"
