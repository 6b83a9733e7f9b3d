"""How a benchmark reports: one line of JSON for programs, one sentence for people, exit status 1 above the budget."""

from __future__ import annotations

import json
import os
import platform
import sys
from statistics import median
from typing import Any


def report(
    figure: str, sentence: str, runs: list[float], *, unit: str = "ms", budget: float | None = None, **more: Any
) -> None:
    """Print one figure, the median of some runs, and end the program.

    Parameters
    ----------
    figure
        Its name.
    sentence
        What it is, with `{}` where the median goes.
    runs
        What was measured, in `unit`.
    budget
        The highest median that is good enough; None where there is nothing to hold it against.
    more
        Whatever else a program should know.
    """
    middle = median(runs)
    spread = {"lowest": round(min(runs), 3), "highest": round(max(runs), 3), "runs": len(runs)}
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    result = {"figure": figure, "unit": unit, "median": round(middle, 3), "budget": budget, **spread, **more, **machine}
    print(json.dumps(result, ensure_ascii=False))
    limit = "" if budget is None else f" Budget: {budget:g} {unit}."
    print(
        sentence.format(f"{middle:.3g} {unit}")
        + f" Median of {len(runs)}, from {min(runs):.3g} to {max(runs):.3g}.{limit}"
    )
    sys.exit(int(budget is not None and middle > budget))
