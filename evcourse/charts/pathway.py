"""The pathway from exosomes to bone formation: a drawing that fills and empties, and the groups of a study as bars."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.pathway_drawing import drawing
from evcourse.charts.theme import BLUE, GREY, INK
from evcourse.models import akt

GENOTYPES = {
    "both copies of PTEN": (1.0, 1.0),
    "one copy of PTEN": (0.5, 1.0),
    "no PTEN": (0.0, 1.0),
    "PI3K too active (× 3)": (1.0, 3.0),
}
"""Genotypes of the knob, each with the share of PTEN and of PI3K that it makes."""

SHOWN = {"pip3": "PIP3", "akt_t308": "P-AKT T308", "akt_s473": "P-AKT S473", "output": "bone formation"}
AS_SET = "as set above"
LONGEST = 1.9
NAMES, PANEL = 122, 134

_CONTROL = akt.steady_state(akt.Condition())


def pathway(
    *,
    pmo: int = 1,
    genotype: int = 0,
    exosomes_ug_per_ml: float = 0.0,
    bpv_umol_per_l: float = 0.0,
    mk2206_umol_per_l: float = 0.0,
) -> alt.VConcatChart:
    """Return the pathway as a drawing, computed in the browser with `evcourse.models.akt`, above bars of five groups.

    Parameters
    ----------
    pmo
        Start value of the parameter `pmo`: 1 for a cell of a PMO mouse, 0 for a control cell.
    genotype
        Start value of `genotype`: number of a row of `GENOTYPES`.
    exosomes_ug_per_ml, bpv_umol_per_l, mk2206_umol_per_l
        Start values of the parameters of these names.
    """
    doses = (exosomes_ug_per_ml, bpv_umol_per_l, mk2206_umol_per_l)
    starts = {"pmo": pmo, "genotype": genotype, **dict(zip(_DOSES, doses, strict=True))}
    knobs = {name: alt.param(name=name, value=value) for name, value in starts.items()}
    subtitle = "A teaching model with chosen sizes, no data of any study; × is against a control cell"
    return (
        alt.vconcat(drawing(), _bars(), spacing=22)
        .properties(title=alt.Title(alt.ExprRef(_heading()), subtitle=subtitle), description=_DESCRIPTION)
        .add_params(*knobs.values(), *_computed(knobs), alt.param(name="summary", expr=_sentence()))
    )


_DOSES = {
    "exosomes_ug_per_ml": ("exosomes", "µg/mL"),
    "bpv_umol_per_l": ("bpV(phen)", "µM"),
    "mk2206_umol_per_l": ("MK-2206", "µM"),
}
_DESCRIPTION = (
    "A drawing of a cell under its membrane. Exosomes raise PI3K and lower PTEN. PI3K raises PIP3, a lipid of the "
    "membrane, and PTEN lowers it. PIP3 raises the phosphorylation of AKT at T308 and S473, and AKT raises bone "
    "formation. bpV(phen) lowers the activity of PTEN, MK-2206 the phosphorylation of AKT. Each box is filled to show "
    "its amount against a control cell, with the number in it. Below, bars for PIP3, both sites of AKT and bone "
    "formation in five groups, and as set with the controls."
)


def _computed(knobs: dict[str, alt.Parameter]) -> list[alt.Parameter]:
    """The model in steps, each a parameter of the chart: amounts, amounts against control, and how full a box is."""
    shares = [[genotype[place] for genotype in GENOTYPES.values()] for place in (0, 1)]
    names = zip(("pten_share", "pi3k_share"), shares, strict=True)
    made = {name: alt.param(name=name, expr=f"{each}[genotype]") for name, each in names}
    condition = SimpleNamespace(**knobs, **made)
    steps: list[alt.Parameter] = []

    def step(name: str, expression: Any) -> alt.Parameter:
        steps.append(alt.param(name=name, expr=browser_math.written(expression)))
        return steps[-1]

    pi3k, pten = (step(*pair) for pair in zip(("pi3k", "pten"), akt.levels(condition), strict=True))
    pip3 = step("pip3", akt.lipid_share(pi3k, step("pten_activity", pten * akt.bpv_leaves(condition))))
    drives = zip(("akt_t308", "akt_s473"), akt.akt_drives(condition), strict=True)
    step("output", akt.output(*(step(name, akt.phosphorylated(pip3, drive)) for name, drive in drives)))
    return [*made.values(), *steps, *_strengths(knobs), *_against_control()]


def _strengths(knobs: dict[str, alt.Parameter]) -> list[alt.Parameter]:
    """How strongly each treatment acts, from 0 to 1."""
    constants = akt.TEACHING
    halves = {
        "exosomes_held": ("exosomes_ug_per_ml", constants.ke_ug_per_ml),
        "bpv_held": ("bpv_umol_per_l", constants.ki_bpv_umol_per_l),
        "mk_held": ("mk2206_umol_per_l", constants.ki308_umol_per_l),
    }
    held = {name: knobs[knob] / (knobs[knob] + half) for name, (knob, half) in halves.items()}
    written = {name: browser_math.written(each) for name, each in held.items()}
    return [alt.param(name=name, expr=each) for name, each in written.items()]


def _against_control() -> list[alt.Parameter]:
    """Amounts against a control cell, and how full a box is: x/(1 + x), half for a control cell and never over."""
    params = []
    for name, control in _CONTROL.items():
        params.append(alt.param(name=f"x_{name}", expr=f"{name} / {float(control)}"))
        params.append(alt.param(name=f"share_{name}", expr=f"x_{name} / (1 + x_{name})"))
    return params


# --- the groups ------------------------------------------------------------------------------------------------------


def _bars() -> alt.HConcatChart:
    """Each group against a control cell; the last row follows the knobs."""
    rows = alt.Y("group:N").sort(None).axis(None)
    names = alt.Chart().mark_text(align="right", fontSize=12).encode(x=alt.value(NAMES), y=rows, text="group:N")
    named = names.properties(width=NAMES, height=alt.Step(17))
    panels = [_panel(name, rows) for name in SHOWN]
    return alt.hconcat(named, *panels, data=_groups(), spacing=10)


def _panel(quantity: str, rows: alt.Y) -> alt.LayerChart:
    base = alt.Chart().transform_calculate(
        value=f"datum.group === '{AS_SET}' ? x_{quantity} : datum.{quantity}",
        drawn=f"min(datum.value, {LONGEST})",
        words=f"format(datum.value, '.2f') + (datum.value > {LONGEST} ? ' →' : '')",
    )
    length = alt.X("drawn:Q").scale(domain=[0, 2.9]).axis(None)
    own = f"datum.group === '{AS_SET}'"
    colour = alt.condition(own, alt.value(BLUE), alt.value("#B9B9B9"))
    bars = base.mark_bar(height=12).encode(y=rows, x=length, color=colour)
    numbers = base.mark_text(align="right", fontSize=11, color=INK).encode(y=rows, x=alt.value(PANEL), text="words:N")
    control = alt.Chart().mark_rule(color=GREY, strokeDash=[2, 3]).encode(x=alt.datum(1))
    title = alt.Title(f"{SHOWN[quantity]} (×)", fontSize=12, offset=4)
    return alt.layer(bars, control, numbers).properties(width=PANEL, height=alt.Step(17), title=title)


def _groups() -> pd.DataFrame:
    table = akt.group_table()[list(SHOWN)] / pd.Series(_CONTROL)[list(SHOWN)]
    table.loc[AS_SET] = 0.0
    return table.round(4).rename_axis("group").reset_index()


# --- words -----------------------------------------------------------------------------------------------------------


def _heading() -> str:
    told = " + ".join(
        f"({name} > 0 ? ', {words} ' + format({name}, '~r') + ' {unit}' : '')" for name, (words, unit) in _DOSES.items()
    )
    genes = f"(genotype > 0 ? ', ' + {list(GENOTYPES)}[genotype] : '')"
    return f"(pmo ? 'Cell of a PMO mouse' : 'Control cell') + {genes} + {told}"


def _sentence() -> str:
    amounts = {"pten": "PTEN level", "pten_activity": "its activity", **SHOWN}
    told = " + ', ' + ".join(f"'{words} ' + format(x_{name}, '.2f')" for name, words in amounts.items())
    return f"'Against a control cell: PI3K ' + format(x_pi3k, '.2f') + ', ' + {told} + '.'"
