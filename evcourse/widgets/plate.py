"""The plate: Ct of two groups in 96 wells, and the fold change that follows from them."""

from __future__ import annotations

from evcourse import charts
from evcourse.charts import plate as panels
from evcourse.models.plates import MOST_SAMPLES
from evcourse.widgets.live_chart import Choice, LiveChart, Slider


def qpcr_plate() -> LiveChart:
    """Return a SIMULATED plate with ΔCt, efficiency, spread, samples and references to choose; no kernel is needed."""
    return LiveChart(
        charts.qpcr_plate(),
        Slider("control_delta_ct", "ΔCt, control", 5, 9, 0.1, unit="cycles"),
        Slider("treated_delta_ct", "ΔCt, treated", 5, 9, 0.1, unit="cycles"),
        Slider("efficiency", "Efficiency of target", 1.7, 2.1, 0.01, unit="per cycle"),
        Slider("spread", "Spread of samples", 0, 1, 0.05, unit="cycles"),
        Slider("samples", "Samples per group", 2, MOST_SAMPLES, 1),
        Slider("plate", "Another plate", 1, panels.PLATES, 1),
        Choice("references", "Reference gene", panels.REFERENCES),
        Slider("reference_shift", "Shift of reference 2", -2, 2, 0.1, unit="cycles"),
        Choice("interval", "Interval", panels.INTERVALS),
        undo=True,
    )
