"""The design bench of the virtual laboratory: arms, animals, assays, time and blinding, with cost and power at once."""

from __future__ import annotations

import json
from typing import Any

from evcourse.charts.laboratory import ALTERNATIVES, laboratory_bench
from evcourse.models import laboratory
from evcourse.widgets.live_chart import Choice, LiveChart, Slider, Switches

#: The first look: arms as in a study with one inhibitor of PTEN, and one of AKT only where there are exosomes.
START = {
    "arms": ["Control", "PMO", "PMO+Exo", "PMO+bpV", "PMO+Exo+MK"],
    "assays": ["output", "PI3K level", "PTEN level"],
    "animals": 6,
    "hours": 72,
    "replicates": 1,
    "blinded": True,
}


class DesignBench(LiveChart):
    """The bench with its controls; `code` writes out the design that they show."""

    def code(self) -> str:
        """Return the call that plans what the controls show, to be copied into a cell and completed.

        A bench begins anew each time its cell is run; a cell keeps what was planned.
        """
        design = _design(self.values)
        arms, assays = (json.dumps(list(each), ensure_ascii=False) for each in (design.arms, design.assays))
        return (
            f"plan = laboratory.plan(\n    arms={arms},\n    animals={design.animals}, assays={assays},\n"
            f"    hours={design.hours}, replicates={design.replicates}, blinded={design.blinded}, contrast=...,\n)"
        )


def design_bench(given: dict[str, Any] | None = None) -> DesignBench:
    """Return the bench on which a study is designed. It shows what a design could tell, and nothing of the truth.

    Parameters
    ----------
    given
        A learner's own laboratory, as a question gives it; the laboratory for demonstrations if left out.
    """
    own = laboratory.DEMONSTRATION | (given or {})

    def recompute(values: dict[str, Any]) -> dict[str, Any]:
        return _shown(values, own)

    return DesignBench(
        laboratory_bench(START | recompute(START)),
        Switches("arms", "Arms", {arm: arm for arm in laboratory.ARMS}),
        Switches("assays", "Assays", {assay: assay for assay in laboratory.ASSAYS}),
        Slider("animals", "Animals in each arm", 2, 20, 1),
        Choice("hours", "Read-out after", {f"{hours} h": hours for hours in laboratory.HOURS}),
        Slider("replicates", "Replicates of each", 1, 6, 1),
        Choice("blinded", "Reader", {"does not know the arms": True, "knows the arms": False}),
        recompute=recompute,
        undo=True,
    )


def _shown(values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    plan = _design(values)
    points = laboratory.cost(plan)
    found = laboratory.power(plan, given["spread"]) if plan.arms and plan.assays else dict.fromkeys(ALTERNATIVES, 0.0)
    prospects = [{"alternative": name, "found": round(share, 3)} for name, share in found.items()]
    costs = [{"points": points, "budget": given["budget"]}]
    return {"prospects": prospects, "costs": costs, "summary": _sentence(plan, found, points - given["budget"])}


def _design(values: dict[str, Any]) -> laboratory.Plan:
    """The design without an analysis: not checked, since every step on the way to a good one is allowed."""
    arms, assays = (
        tuple(each for each in known if each in values[name])
        for name, known in (("arms", laboratory.ARMS), ("assays", laboratory.ASSAYS))
    )
    numbers = {name: values[name] for name in ("animals", "hours", "replicates", "blinded")}
    return laboratory.Plan(arms=arms, assays=assays, **numbers, contrast="", scale="", procedure="", unit="")


def _sentence(plan: laboratory.Plan, found: dict[str, float], over: float) -> str:
    if not (plan.arms and plan.assays):
        return "Choose at least one arm and one assay."
    worst = min(found, key=found.get)
    told = [f"{len(plan.arms)} arms of {plan.animals} animals, {len(plan.assays)} assays after {plan.hours} h."]
    told.append(f"Hardest to find is {worst!r}: {int(100 * found[worst] + 1e-9)} of 100 repetitions find it, where it is true.")
    told.append(f"{over:g} points over the budget." if over > 0 else f"{-over:g} points are left.")
    return " ".join(told if plan.blinded else [*told, "The reader knows the arms, and will read what is hoped for."])
