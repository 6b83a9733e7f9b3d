"""The pathway with knobs: everything in it is computed by the browser."""

from __future__ import annotations

from evcourse import charts
from evcourse.charts.pathway import GENOTYPES
from evcourse.widgets.live_chart import Choice, LiveChart, Slider


def pathway() -> LiveChart:
    """Return the pathway as a drawing that follows exosomes, both inhibitors, genotype and the cell's origin."""
    return LiveChart(
        charts.pathway(),
        Choice("pmo", "Cell of a", {"PMO mouse": 1, "control mouse": 0}),
        Choice("genotype", "Genotype", {words: place for place, words in enumerate(GENOTYPES)}),
        Slider("exosomes_ug_per_ml", "Exosomes", 0, 300, 10, unit="µg/mL"),
        Slider("bpv_umol_per_l", "bpV(phen)", 0, 3, 0.1, unit="µM"),
        Slider("mk2206_umol_per_l", "MK-2206", 0, 3, 0.1, unit="µM"),
        undo=True,
        still=charts.pathway(exosomes_ug_per_ml=100, mk2206_umol_per_l=1),
    )
