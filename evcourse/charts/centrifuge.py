"""Differential centrifugation: what each spin of a protocol takes out of a sample, size by size."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from evcourse.charts import browser_math
from evcourse.charts.theme import BLUE, INK, ORANGE
from evcourse.models import sedimentation, water

GOES_ON, TAKEN_NOW, TAKEN_BEFORE = "still in the sample", "taken out by this spin", "taken out before"
FATES = {GOES_ON: BLUE, TAKEN_NOW: ORANGE, TAKEN_BEFORE: "#8C8C8C"}
DIMENSIONS = ["rmin_mm", "rmax_mm", "tube_diameter_mm", "angle_deg"]
READ_AT_NM = 100
CUT_OFF_WORDS = "format(cut_off_nm, cut_off_nm < 100 ? '.0f' : ',.3r')"


def spin_by_spin(
    spins: pd.DataFrame,
    rotors: pd.DataFrame,
    *,
    step: int = 1,
    rotor: int = 0,
    density_g_per_ml: float = sedimentation.VESICLE_DENSITY,
    temperature_c: float = 4,
) -> alt.LayerChart:
    """Return the share of the vesicles of each size that a protocol keeps and loses, up to a step.

    The browser computes it with the formulas of `evcourse.models`; every size starts at 100 %.

    Parameters
    ----------
    spins
        One row per spin, in order: rcf_g (at the largest radius), duration_min, kept ("supernatant" or "pellet").
    rotors
        Columns rotor, kind, rmin_mm, rmax_mm, tube_diameter_mm, angle_deg.
    step, rotor, density_g_per_ml, temperature_c
        Start values of the parameters of the same names; `rotor` counts rows of `rotors` from 0.
    """
    starts = {"step": step, "rotor": rotor, "density_g_per_ml": density_g_per_ml, "temperature_c": temperature_c}
    moved = {name: alt.param(name=name, value=value) for name, value in starts.items()}
    viscosity = browser_math.written(water.medium_viscosity(moved["temperature_c"]))
    known = {**moved, **_rotor_parameters(rotors), "viscosity_mpa_s": alt.param(name="viscosity_mpa_s", expr=viscosity)}
    cut_off = alt.param(name="cut_off_nm", expr=_pick([_cut_off(spin, known) for spin in spins.itertuples()]))
    summary = alt.param(name="summary", expr=_sentence(spins, rotors, known))
    return (
        alt.layer(_areas(spins, known), *_needle())
        .properties(
            height=250,
            title=alt.Title("Where the vesicles of each size are", subtitle="Computed from the rotor and Stokes's law"),
            description=(
                "Stacked areas over the diameter from 20 to 2000 nm: the share of the vesicles of each size that goes "
                "on after the chosen spin, the share this spin takes out, and the share earlier spins took out. A "
                "dashed line marks the smallest size that the spin pellets completely."
            ),
        )
        .add_params(*known.values(), cut_off, summary)
    )


def _areas(spins: pd.DataFrame, known: dict[str, alt.Parameter]) -> alt.Chart:
    return (
        _fates(alt.Chart(alt.sequence(0, 101, as_="position")), spins, known)
        .mark_area(stroke=INK, strokeWidth=1)
        .encode(
            x=_diameter_axis("nm:Q"),
            y=alt.Y("share:Q").scale(domain=[0, 1]).title("Share of the start").axis(format="%"),
            color=alt.Color("fate:N")
            .scale(domain=list(FATES), range=list(FATES.values()))
            .legend(orient="top", title=None, labelLimit=300, offset=24, symbolType="square"),
            order=alt.Order("order:Q"),
        )
    )


def _needle() -> list[alt.Chart]:
    at = alt.Chart(pd.DataFrame({"zero": [0]})).transform_calculate(
        at="cut_off_nm", words=f"'all from ' + {CUT_OFF_WORDS} + ' nm up is pelleted'"
    )
    rule = at.transform_filter("cut_off_nm >= 20 && cut_off_nm <= 2000").mark_rule(color=INK, strokeWidth=2, strokeDash=[5, 3])
    # Near the right edge the words stand on the left of the line.
    right, left = "cut_off_nm >= 20 && cut_off_nm <= 250", "cut_off_nm > 250 && cut_off_nm <= 2000"
    words = [
        at.transform_filter(side).mark_text(align=align, dx=dx, fontWeight="bold")
        for side, align, dx in ((right, "left", 6), (left, "right", -6))
    ]
    labels = [each.encode(x=_diameter_axis("at:Q"), y=alt.value(-9), text="words:N") for each in words]
    return [rule.encode(x=_diameter_axis("at:Q")), *labels]


def _fates(chart: alt.Chart, spins: pd.DataFrame, known: dict[str, alt.Parameter]) -> alt.Chart:
    """Add the columns nm, fate, share and order to a chart of positions along the logarithmic scale."""
    chart = chart.transform_calculate(nm="20 * pow(100, datum.position / 100)")
    chart = chart.transform_calculate(svedberg=_sinking(alt.datum.nm, known))
    shares = ["1"]
    for number, spin in enumerate(spins.itertuples(), start=1):
        pelleted = f"datum.pelleted_{number}"
        goes_on = pelleted if spin.kept == "pellet" else f"(1 - {pelleted})"
        chart = chart.transform_calculate(**{f"pelleted_{number}": _pelleted(alt.datum.svedberg, spin, known)})
        chart = chart.transform_calculate(**{f"kept_{number}": f"{shares[-1]} * {goes_on}"})
        shares.append(f"datum.kept_{number}")
    now, before = _pick(shares[1:]), _pick(shares[:-1])
    chart = chart.transform_calculate(**{GOES_ON: now, TAKEN_NOW: f"{before} - {now}", TAKEN_BEFORE: f"1 - {before}"})
    return chart.transform_fold(list(FATES), as_=["fate", "share"]).transform_calculate(
        order=f"indexof({list(FATES)}, datum.fate)"
    )


def _sinking(diameter: Any, known: dict[str, alt.Parameter]) -> Any:
    return sedimentation.sedimentation_coefficient(
        diameter,
        particle_density_g_per_ml=known["density_g_per_ml"],
        viscosity_mpa_s=known["viscosity_mpa_s"],
    )


def _pelleted(svedberg: Any, spin: Any, known: dict[str, alt.Parameter]) -> str:
    rmin, rmax, tube, angle = (known[name] for name in DIMENSIONS)
    run = {"rmin_mm": rmin, "rmax_mm": rmax, "xp": browser_math}
    swinging = sedimentation.pelleted_fraction_swing_out(svedberg, spin.rcf_g, spin.duration_min, **run)
    tilted = sedimentation.pelleted_fraction_fixed_angle(
        svedberg, spin.rcf_g, spin.duration_min, **run, tube_diameter_mm=tube, angle_deg=angle
    )
    return browser_math.written(browser_math.where(known["swings_out"], swinging, tilted))


def _cut_off(spin: Any, known: dict[str, alt.Parameter]) -> str:
    rmin, rmax, tube, angle = (known[name] for name in DIMENSIONS)
    run = {"rmin_mm": rmin, "rmax_mm": rmax, "xp": browser_math}
    swinging = sedimentation.cut_off_swing_out(spin.rcf_g, spin.duration_min, **run)
    tilted = sedimentation.cut_off_fixed_angle(
        spin.rcf_g, spin.duration_min, **run, tube_diameter_mm=tube, angle_deg=angle
    )
    diameter = sedimentation.stokes_diameter(
        browser_math.where(known["swings_out"], swinging, tilted),
        particle_density_g_per_ml=known["density_g_per_ml"],
        viscosity_mpa_s=known["viscosity_mpa_s"],
        xp=browser_math,
    )
    return browser_math.written(diameter)


def _rotor_parameters(rotors: pd.DataFrame) -> dict[str, alt.Parameter]:
    # A dimension that a kind of rotor does not have is never used; any number in its place keeps the formula whole.
    columns = rotors[DIMENSIONS].fillna(1).assign(swings_out=(rotors["kind"] == "swing-out").astype(int))
    return {name: alt.param(name=name, expr=f"{values.tolist()}[rotor]") for name, values in columns.items()}


def _sentence(spins: pd.DataFrame, rotors: pd.DataFrame, known: dict[str, alt.Parameter]) -> str:
    spoken = [
        f"'Spin {number} of {len(spins)}, {spin.rcf_g:,.0f} g for {spin.duration_min:.0f} min: the {spin.kept} goes on. '"
        for number, spin in enumerate(spins.itertuples(), start=1)
    ]
    sinking, share, shares = _sinking(READ_AT_NM, known), "1", []
    for spin in spins.itertuples():
        pelleted = _pelleted(sinking, spin, known)
        share = f"{share} * ({pelleted})" if spin.kept == "pellet" else f"{share} * (1 - ({pelleted}))"
        shares.append(share)
    return (
        f"{_pick(spoken)} + {rotors['rotor'].tolist()}[rotor] + ' pellets everything above ' + {CUT_OFF_WORDS}"
        " + ' nm' + (cut_off_nm > 2000 ? ' (outside the chart)' : '') + '. Of the vesicles of '"
        f" + '{READ_AT_NM} nm that were there at the start, ' + format({_pick(shares)}, '.1%') + ' are still in the sample.'"
    )


def _pick(expressions: list[str]) -> str:
    return f"[{', '.join(expressions)}][step - 1]"


def _diameter_axis(column: str) -> alt.X:
    values = [20, 50, 100, 200, 500, 1000, 2000]
    scale = alt.Scale(type="log", domain=[20, 2000], clamp=True)
    return alt.X(column, scale=scale).title("Diameter (nm, logarithmic scale)").axis(values=values, format="~g")
