"""The decision bench: the same data, four procedures, and their error rates under a truth of one's own."""

from __future__ import annotations

from typing import Any

from evcourse import charts
from evcourse.charts import decisions as drawing
from evcourse.models.decisions import ALL_GROUPS
from evcourse.widgets.live_chart import Choice, LiveChart, Slider, Switches

START = {"groups": 5, "replicates": 3, "shifted": ["B"], "difference_sd": 3.0, "pair": 0, "sample": 1}

CONTROLS = [
    Slider("sample", "Experiment number", 1, 200, 1),
    Slider("groups", "Groups", 3, len(ALL_GROUPS), 1),
    Slider("replicates", "Samples per group", 3, 12, 1),
    Switches("shifted", "Truth", {f"Group {name} is truly higher": name for name in ALL_GROUPS[1:]}),
    Slider("difference_sd", "Truly higher by", 0, 10, 0.5, unit="SD"),
    Choice("pair", "Pair to be found", {" – ".join(pair): number for number, pair in enumerate(drawing.PAIRS)}, pick=True),
]


def decision_bench(**start: Any) -> LiveChart:
    """Return the decision bench; Python draws each experiment and computes verdicts and error rates anew.

    Parameters
    ----------
    **start
        Start values that are not those of `START`, e.g. groups=3.
    """
    unknown = sorted(set(start) - set(START))
    if unknown:
        raise ValueError(f"The decision bench has no control {unknown[0]!r}: it has {', '.join(START)}.")
    values = START | start
    return LiveChart(
        charts.decision_bench(drawing.shown(**values), values),
        *CONTROLS,
        recompute=lambda moved: drawing.shown(**moved),
        undo=True,
    )
