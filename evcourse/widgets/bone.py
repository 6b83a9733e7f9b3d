"""The interactive charts on bone: the network of signals, and the remodelling bench."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evcourse import charts
from evcourse.charts import network as drawing
from evcourse.charts import remodelling as panels
from evcourse.models import cargos, remodelling
from evcourse.widgets.live_chart import Choice, LiveChart, Slider, Switches

LONGEST_DAYS = 1500
ARROWS = {"alpha1": "α1", "alpha2": "α2", "g11": "g11"}


def signal_network(signals: pd.DataFrame) -> LiveChart:
    """Return the network of signals with filters, and any signal's row to read; table as for `charts.signal_network`."""
    picked = {"none: show all that pass the filters": 0} | {
        f"{row.edge}. {drawing.drawn_name(str(row.cargo))}: {row.origin_cell} → {row.target_cell}": row.edge
        for row in signals.itertuples()
    }
    choices = {name: _values(signals[drawing.FILTERS[name]]) for name in FILTER_WORDS}
    # All and one value more is no choice.
    filters = [Choice(name, FILTER_WORDS[name], found) for name, found in choices.items() if len(found) > 2]
    return LiveChart(
        charts.signal_network(signals, touchable=True),
        *filters,
        Choice("edge", "Signal (or click one)", picked, pick=True),
        still=charts.signal_network(signals),
    )


FILTER_WORDS = {
    "origin": "From cell",
    "target": "To cell",
    "process": "Process",
    "cargo_type": "Kind of cargo",
    "evidence": "Where it stands",
}


def remodelling_bench(cargo_effects: pd.DataFrame) -> LiveChart:
    """Return the remodelling bench: cargos to switch on and off, and what cells and bone mass do then.

    Python computes each course anew (the model has no closed form in time); the rest runs in the browser.

    Parameters
    ----------
    cargo_effects
        One row per cargo: edge, origin_cell, cargo, target_cell, parameter, direction, direction_per_source.
    """

    def recompute(values: dict[str, Any]) -> dict[str, Any]:
        return _shown(cargo_effects, values)

    at_start = {"on": [], "strength_percent": 10, "form": "balanced", "start": "balance", "contested": "printed"}
    first = {"kept": _records(pd.DataFrame(columns=panels.COLUMNS)), **recompute(at_start)}
    example = [int(cargo_effects["edge"].iloc[0])]
    return LiveChart(
        charts.bench(cargo_effects, first),
        Switches("on", "Cargos", {_words(row): row.edge for row in cargo_effects.itertuples()}),
        Slider("strength_percent", "Strength of each", 0, 50, 5, unit="%"),
        Slider("days", "Days shown", 50, LONGEST_DAYS, 50, unit="d"),
        Choice("start", "Start", {"from balance": "balance", "with ten osteoclasts more": "cycle"}),
        Choice("form", "Bone mass", {"balanced form": "balanced", "published form (for cycles)": "published"}),
        Choice("contested", "Contested signs", {"as printed": "printed", "as the cited source says": "source"}),
        recompute=recompute,
        keep={"course": "kept"},
        undo=True,
        still=charts.bench(cargo_effects, {**first, **recompute(at_start | {"on": example})}, on=example),
    )


def _values(column: pd.Series) -> dict[str, str]:
    found = dict.fromkeys(column.astype(str))
    return {"all": drawing.ANY} | {value: value for value in found}


def _words(row: Any) -> str:
    arrow = "↑" if row.direction > 0 else "↓"
    doubt = " ?" if pd.notna(row.direction_per_source) else ""
    return f"{_named(row, doubt)}: {ARROWS[str(row.parameter)]} {arrow}"


def _named(row: Any, mark: str = "") -> str:
    return f"{drawing.drawn_name(str(row.cargo))}{mark} ({row.origin_cell} → {row.target_cell})"


def _shown(cargo_effects: pd.DataFrame, values: dict[str, Any]) -> dict[str, Any]:
    acting = cargo_effects[cargo_effects["edge"].isin(values["on"])]
    site = cargos.site_with(
        acting, strength_percent=values["strength_percent"], per_source=values["contested"] == "source"
    )
    osteoclasts, osteoblasts = remodelling.steady_state()
    start = (osteoclasts + 10, osteoblasts) if values["start"] == "cycle" else None
    course = remodelling.simulate(site, days=LONGEST_DAYS, start=start, form=values["form"])
    settled = remodelling.steady_state(site)
    drawn = panels.thin(course).assign(bone_mass_percent=lambda rows: rows["bone_mass_percent"].clip(lower=0))
    return {
        "course": _records(drawn),
        "summary": _sentence(acting, values, course, settled),
        "steady_osteoclasts": round(settled[0], 4),
        "steady_osteoblasts": round(settled[1], 2),
        **_limits(drawn),
    }


def _limits(drawn: pd.DataFrame) -> dict[str, Any]:
    """Ends of the axes: at least wide enough that a small change is seen as small."""
    clasts, blasts, bone = (drawn[column] for column in panels.LINES)
    return {
        "most_osteoclasts": max(2.0, round(1.1 * clasts.max(), 1)),
        "most_osteoblasts": max(400, round(1.1 * blasts.max())),
        "least_bone": int(min(80, 20 * (bone.min() // 20))),
        "most_bone": int(max(120, 20 * (bone.max() // 20 + 1))),
        "plane_osteoclasts": (min(0.5, round(0.9 * clasts.min(), 2)), max(1.8, round(1.1 * clasts.max(), 2))),
        "plane_osteoblasts": (min(100, round(0.9 * blasts.min())), max(360, round(1.1 * blasts.max()))),
    }


def _sentence(acting: pd.DataFrame, values: dict[str, Any], course: pd.DataFrame, settled: tuple[float, float]) -> str:
    names = ", ".join(_named(row) for row in acting.itertuples())
    mass = course.set_index("day")["bone_mass_percent"]
    slope = mass.iloc[-1] - mass.loc[LONGEST_DAYS - 1]
    told = [f"On: {names}, {values['strength_percent']:g} % each." if names else "No cargo is on."]
    told.append(f"In the long run {settled[0]:.2f} osteoclasts and {settled[1]:.0f} osteoblasts.")
    if mass.min() < 0:
        return " ".join([*told, f"All bone of the site is gone on day {mass[mass < 0].index[0]:.0f}."])
    turn = "steady" if abs(slope) < 5e-4 else f"{slope:+.3f} % per day"
    return " ".join([*told, f"Bone mass {mass.loc[365]:.1f} % after 365 days, {mass.loc[1000]:.1f} % after 1000 days, at the end {turn}."])


def _records(rows: pd.DataFrame) -> list[dict[str, float]]:
    return rows[panels.COLUMNS].astype(float).round(4).to_dict("records")
