"""Lesions to explore: from the cargos of a tumour to the course of the bone, with a drug."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

import altair as alt
import numpy as np
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.theme import GREY, VERMILION
from evcourse.charts.tumours import BONE, OSTEOBLASTS, OSTEOCLASTS, days_axis, rows_that_bend
from evcourse.models import metastasis
from evcourse.models.remodelling import HEALTHY, Remodelling, steady_state

COURSE, DAYS, STEP_DAYS, NEVER = "course", 1500, 10, 99_999
CONSTANTS = {
    "alpha1": "formation of osteoclasts (α1)",
    "alpha2": "formation of osteoblasts (α2)",
    "beta2": "removal of osteoblasts (β2)",
    "g12": "coupling of osteoblasts to osteoclasts (g12)",
}


def lesion_explorer(
    course: pd.DataFrame,
    lesions: pd.DataFrame,
    *,
    lesion: int = 0,
    strength_percent: float = 100,
    blocked_percent: float = 0,
    from_day: float = 500,
) -> alt.VConcatChart:
    """Return a lesion from its cargos to its course, with a drug.

    The browser computes where the cells settle and the lasting slope; the course comes as a table.

    Parameters
    ----------
    course
        Columns day, untreated, treated (bone mass in %), osteoclasts, osteoblasts (with the drug, × healthy).
    lesions
        Columns lesion, cargo, parameter, factor, basis; the order of appearance numbers the lesions from 0.
    lesion, strength_percent, blocked_percent, from_day
        Start values of the parameters of the same names: which lesion, how strong the vesicles' effect is, which share
        of osteoclast formation the drug blocks, and from which day on.
    """
    starts = {
        "lesion": lesion,
        "strength_percent": strength_percent,
        "blocked_percent": blocked_percent,
        "from_day": from_day,
    }
    moved = {name: alt.param(name=name, value=value) for name, value in starts.items()}
    constants = _site_parameters(lesions)
    ends = [alt.param(name=name, value=day) for name, day in days_without_bone(course).items()]
    panels = [_cargos(lesions), _masses(), _cells(constants)]
    return (
        alt.vconcat(*panels, spacing=12)
        .resolve_scale(color="independent", strokeDash="independent", shape="independent")
        .properties(
            datasets={COURSE: records(course)},
            title=alt.Title(
                "From cargo to lesion",
                subtitle="SIMULATED: directions as printed, sizes invented; balanced teaching form of the model",
            ),
            description=(
                "Above, a list of the cargos of the chosen tumour and the constants of the model that they move. In "
                "the middle, bone mass over 1500 days, dashed without and solid with the drug; an upright line marks the "
                "day on which the drug begins. Below, osteoclasts and osteoblasts in multiples of the healthy numbers, "
                "with points where they settle."
            ),
        )
        .add_params(*moved.values(), *constants.values(), *ends, alt.param(name="summary", expr=_sentence(constants)))
    )


def explored_course(
    lesions: pd.DataFrame, *, lesion: int, strength_percent: float, blocked_percent: float, from_day: float
) -> pd.DataFrame:
    """Return the table that `lesion_explorer` draws, for values of its controls; only rows at which a line bends.

    Columns day, untreated, treated (bone mass in %), osteoclasts, osteoblasts (with the drug, × healthy).
    """
    name = list(dict.fromkeys(lesions["lesion"]))[int(lesion)]
    site = metastasis.lesion_site(lesions[lesions["lesion"] == name], strength=strength_percent / 100)
    drug = metastasis.AntiResorptive(from_day=from_day, blocked_share=blocked_percent / 100)
    untreated = _untreated(site)
    treated = metastasis.lesion_course(site, days=DAYS, step_days=STEP_DAYS, drug=drug) if blocked_percent else untreated
    days = np.union1d(untreated["day"], treated["day"])
    low1, low2 = steady_state(HEALTHY)
    columns = {
        "untreated": (untreated, "bone_mass_percent", 1),
        "treated": (treated, "bone_mass_percent", 1),
        "osteoclasts": (treated, "osteoclasts", low1),
        "osteoblasts": (treated, "osteoblasts", low2),
    }
    # Beyond the end of a course there is nothing to draw.
    drawn = {
        name: np.interp(days, course["day"], course[column] / unit, right=np.nan)
        for name, (course, column, unit) in columns.items()
    }
    both = pd.DataFrame({"day": days, **drawn})
    return rows_that_bend(both, [untreated["day"].iloc[-1], treated["day"].iloc[-1], from_day]).round(3)


def days_without_bone(course: pd.DataFrame) -> dict[str, float]:
    """Return, for a course of `lesion_explorer`, the days on which no bone is left: untreated_gone, treated_gone.

    A day beyond the end of the chart means that there is bone to the end.
    """
    days = {}
    for column in ("untreated", "treated"):
        gone = course.loc[course[column] <= 0, "day"]
        days[f"{column}_gone"] = round(float(gone.iloc[0])) if len(gone) else NEVER
    return days


def records(course: pd.DataFrame) -> list[dict[str, float | None]]:
    """Return the rows of a course as a chart takes them; what is missing is None."""
    return course.astype(object).where(course.notna(), None).to_dict("records")


# Moving the drug leaves the course without it as it is.
@lru_cache(maxsize=32)
def _untreated(site: Remodelling) -> pd.DataFrame:
    return metastasis.lesion_course(site, days=DAYS, step_days=STEP_DAYS)


def _cargos(lesions: pd.DataFrame) -> alt.Chart:
    names = list(dict.fromkeys(lesions["lesion"]))
    rows = lesions.assign(number=[names.index(each) for each in lesions["lesion"]])
    rows = rows.assign(line=rows.groupby("number").cumcount(), constant=rows["parameter"].astype(str).map(CONSTANTS))
    rows = rows.assign(who=rows["cargo"].where(rows["basis"].astype(str) == "printed", "assumed, no cargo"))
    base = alt.Chart(rows[["number", "line", "who", "constant", "factor"]]).transform_filter("datum.number === lesion")
    words = "datum.who + '  →  ' + datum.constant + '  × ' + format(pow(datum.factor, strength_percent / 100), '.2f')"
    return (
        base.transform_calculate(words=f"replace({words}, 'not specified', 'vesicles (cargo not named)')")
        .mark_text(align="left", fontSize=13)
        .encode(x=alt.value(2), y=alt.Y("line:O", axis=None).scale(domain=[0, 1, 2]), text="words:N")
        .properties(height=57)
    )


def _masses() -> alt.LayerChart:
    base = (
        alt.Chart(alt.NamedData(COURSE))
        .transform_fold(["untreated", "treated"], as_=["key", "mass"])
        .transform_filter("isValid(datum.mass)")
    )
    names = ["without drug", "with drug"]
    lines = (
        base.transform_filter("blocked_percent > 0 || datum.key === 'untreated'")
        .transform_calculate(run=f"datum.key === 'untreated' ? '{names[0]}' : '{names[1]}'")
        .mark_line()
        .encode(
            x=days_axis(labelled=False, last=DAYS),
            y=alt.Y("mass:Q").title("Bone mass (%)").scale(domain=[0, 260], clamp=True).axis(values=[0, 100, 200]),
            color=alt.Color("run:N").scale(domain=names, range=[GREY, BONE]).legend(orient="top", title=None),
            strokeDash=alt.StrokeDash("run:N")
            .scale(domain=names, range=[[6, 4], [1, 0]])
            .legend(orient="top", title=None),
        )
    )
    start = (
        alt.Chart(pd.DataFrame({"zero": [0]}))
        .transform_filter("blocked_percent > 0")
        .transform_calculate(day="from_day")
    )
    rule = start.mark_rule(color=VERMILION, strokeDash=[4, 3], strokeWidth=2).encode(x="day:Q")
    words = start.mark_text(align="left", dx=4, text="drug begins").encode(x="day:Q", y=alt.value(8))
    return alt.layer(lines, rule, words).properties(height=190)


def _cells(constants: dict[str, alt.Parameter]) -> alt.LayerChart:
    names, colours = ["osteoclasts", "osteoblasts"], [OSTEOCLASTS, OSTEOBLASTS]
    colour = alt.Color("cell:N").scale(domain=names, range=colours).legend(orient="top", title=None)
    y = alt.Y("number:Q").scale(domain=[0, 2.5], clamp=True).title("Cells (× healthy)").axis(values=[0, 1, 2])
    x = days_axis(labelled=True, last=DAYS)
    lines = (
        alt.Chart(alt.NamedData(COURSE))
        .transform_fold(names, as_=["cell", "number"])
        .transform_filter("isValid(datum.number)")
    )
    settled = metastasis.settled_cells(_site(constants, treated=True))
    at = dict(zip(names, map(browser_math.written, settled), strict=True))
    points = (
        alt.Chart(pd.DataFrame({"day": [DAYS]})).transform_calculate(**at).transform_fold(names, as_=["cell", "number"])
    )
    shape = alt.Shape("cell:N").scale(domain=names, range=["circle", "square"]).legend(orient="top", title=None)
    return alt.layer(
        lines.mark_line().encode(x=x, y=y, color=colour),
        points.mark_point(filled=True, size=120, opacity=1, clip=False).encode(x=x, y=y, color=colour, shape=shape),
    ).properties(height=120)


def _site_parameters(lesions: pd.DataFrame) -> dict[str, alt.Parameter]:
    """The constants of the chosen site, without and with the drug, as parameters that follow the controls."""
    sites = [metastasis.lesion_site(links) for _, links in lesions.groupby("lesion", sort=False)]
    constants = {}
    for name in CONSTANTS:
        healthy = getattr(HEALTHY, name)
        full = [round(getattr(site, name) / healthy, 6) for site in sites]
        constants[name] = alt.param(name=name, expr=f"{healthy} * pow({full}[lesion], strength_percent / 100)")
    return constants | {"alpha1_treated": alt.param(name="alpha1_treated", expr="alpha1 * (1 - blocked_percent / 100)")}


def _site(constants: dict[str, alt.Parameter], *, treated: bool) -> SimpleNamespace:
    site = {name: constants[name] for name in CONSTANTS} | {"beta1": HEALTHY.beta1}
    return SimpleNamespace(**site | ({"alpha1": constants["alpha1_treated"]} if treated else {}))


def _sentence(constants: dict[str, alt.Parameter]) -> str:
    told = []
    for run, treated in (("untreated", False), ("treated", True)):
        slope = browser_math.written(metastasis.settled_slope(_site(constants, treated=treated)))
        lasting = f"(abs({slope}) < 5e-5 ? 'no lasting change' : format({slope}, '+.3f') + ' % of the bone per day')"
        gone = f"({run}_gone < {NEVER} ? ', none left on day ' + {run}_gone : '')"
        # A drug that comes after the last bone has no long run.
        slope_told = f"(treated_gone <= from_day ? 'too late' : {lasting})" if treated else lasting
        told.append(f"{slope_told} + {gone}")
    both = f"'Without the drug: ' + {told[0]} + '. With it: ' + {told[1]} + '.'"
    return f"blocked_percent > 0 ? {both} : 'In the long run: ' + {told[0]} + '.'"
