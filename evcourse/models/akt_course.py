"""The pathway of `evcourse.models.akt` over time: enzymes answer within minutes, levels in hours, output in days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models.akt import (
    QUANTITIES,
    TEACHING,
    Condition,
    Pathway,
    akt_drives,
    bpv_leaves,
    levels,
    output,
    steady_state,
)
from evcourse.models.quantities import shown

if TYPE_CHECKING:
    import pandas as pd


def course(
    condition: Condition, pathway: Pathway = TEACHING, *, minutes: Any = None, start: Condition | None = None
) -> pd.DataFrame:
    """Return how each of `QUANTITIES` moves after a treatment begins at minute 0.

    Parameters
    ----------
    condition
        From minute 0 on.
    minutes
        Times, in order; if left out, 0 and 120 times from six seconds to 20 days, in equal steps of the logarithm.
    start
        Condition in whose steady state the cell is before; the same cell untreated if left out.

    Returns
    -------
    pandas.DataFrame
        Columns minute and `QUANTITIES`.

    Raises
    ------
    ValueError
        If the times do not increase from 0 or later, or the solver gives up.
    """
    import pandas as pd

    minutes = np.r_[0, np.geomspace(0.1, 28_800, 120)] if minutes is None else np.asarray(minutes, dtype=float)
    if minutes.ndim != 1 or not len(minutes) or minutes[0] < 0 or np.any(np.diff(minutes) <= 0):
        raise ValueError(f"minutes must increase from 0 or later, but are {shown(minutes)}: sort them.")
    states = _solution(condition, pathway, minutes, start or condition.untreated())
    moved = dict(zip(_STATES, states, strict=True))
    rows = pd.DataFrame({"minute": minutes, **moved, "pten_activity": moved["pten"] * bpv_leaves(condition, pathway)})
    return rows[["minute", *QUANTITIES]]


def half_times(courses: pd.DataFrame) -> pd.Series:
    """Return, for each quantity that moves, the minute at which half of its way from first to last row is done.

    Parameters
    ----------
    courses
        One course, as from `course`, long enough to have settled; between its rows straight lines are drawn.
    """
    import pandas as pd

    minute, found = courses["minute"].to_numpy(), {}
    for name in QUANTITIES:
        values = courses[name].to_numpy()
        if abs(way := values[-1] - values[0]) > 1e-9:
            done = np.maximum.accumulate((values - values[0]) / way)
            found[name] = float(np.interp(0.5, done, minute))
    return pd.Series(found, name="half_time_min", dtype=float).rename_axis("quantity")


_STATES = ("pi3k", "pten", "pip3", "akt_t308", "akt_s473", "output")


def _solution(condition: Condition, pathway: Pathway, minutes: np.ndarray, start: Condition) -> np.ndarray:
    from scipy.integrate import solve_ivp

    settled = steady_state(start, pathway)
    before, span = [settled[name] for name in _STATES], (0, max(minutes[-1], 1e-9))
    # Minutes beside days: stiff, so a solver that can take long steps once the fast part has settled.
    exactly = {"method": "LSODA", "rtol": 1e-10, "atol": 1e-12}
    solved = solve_ivp(_rates(condition, pathway), span, before, t_eval=minutes, **exactly)
    if not solved.success:
        raise ValueError(f"The course cannot be computed to minute {minutes[-1]:g} ({solved.message}): try fewer.")
    return solved.y


def _rates(condition: Condition, pathway: Pathway):
    """Derivatives of `_STATES`, per minute."""
    (pi3k_settled, pten_settled), drives = levels(condition, pathway), akt_drives(condition, pathway)
    kappa = pathway.kappa * bpv_leaves(condition, pathway)

    def rates(_minute, state):
        pi3k, pten, pip3, *sites, out = state
        return (
            pathway.ks_per_min * (pi3k_settled - pi3k),
            pathway.ks_per_min * (pten_settled - pten),
            pathway.kp_per_min * (pi3k * (1 - pip3) - kappa * pten * pip3),
            *(pathway.kd_per_min * (to * pip3 * (1 - on) - on) for to, on in zip(drives, sites, strict=True)),
            pathway.ko_per_min * (output(*sites, pathway) - out),
        )

    return rates
