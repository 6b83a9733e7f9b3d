"""Dishes read on several days: a test per day, every reading as n, or one number per dish. SIMULATED.

The days of a dish are not independent. What a study of growth asks is one question ("do the groups grow at different
rates?"), and it has one answer per dish: its slope. On complete data, comparing the slopes of dishes is what a mixed
model with a slope of its own for each dish tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between

if TYPE_CHECKING:
    import pandas as pd

START, SLOPE = 1.0, 0.4
"""Value on day 0 and its rise per day in the simulation, in an arbitrary unit: invented."""

SD_DISH, SD_SLOPE, SD_READING = 0.10, 0.03, 0.05
"""Standard deviations between dishes at the start, of their slopes per day, and of a single reading: invented."""

ANALYSES = {
    "a test per day": "one analysis of variance on each day, different if any day is",
    "every reading as n": "one analysis of group and day, readings taken as independent",
    "one slope per dish": "one analysis of variance of the dishes' slopes",
}
"""Three ways to analyse the same dishes, and what each of them does."""


def simulated_days(
    slopes: Mapping[str, float] | None = None, *, dishes: int = 3, days: int = 4, seed: int = 1
) -> pd.DataFrame:
    """Return SIMULATED dishes of several groups, each read once a day.

    Parameters
    ----------
    slopes
        True rise per day of each group by name; four equal groups if left out.
    dishes
        Dishes of each group.
    days
        Number of days, from day 0 on; at least 2.
    seed
        Number from which the readings are drawn.

    Returns
    -------
    pandas.DataFrame
        Columns group (ordered category), dish, day, value.
    """
    import pandas as pd

    slopes = dict.fromkeys(["A", "B", "C", "D"], SLOPE) if slopes is None else slopes
    values = _readings(list(slopes.values()), dishes, days, 1, seed)[0]
    rows = pd.MultiIndex.from_product([slopes, range(1, dishes + 1), range(days)], names=["group", "dish", "day"])
    readings = pd.Series(values.ravel(), index=rows, name="value").reset_index()
    names = readings["group"].astype(str) + " " + readings["dish"].astype(str)
    return readings.assign(group=pd.Categorical(readings["group"], list(slopes), ordered=True), dish=names)


def slopes_per_dish(readings: pd.DataFrame) -> pd.DataFrame:
    """Return one slope per dish, by least squares over its days.

    Parameters
    ----------
    readings
        Columns group, dish, day, value; every dish has two days or more.

    Returns
    -------
    pandas.DataFrame
        Columns group, dish, value (rise per day): a row is one independent sample, ready for `comparisons`.
    """
    middle = readings.groupby("dish", sort=False)["day"].transform("mean")
    moved = readings.assign(value=(readings["day"] - middle) * readings["value"], square=(readings["day"] - middle) ** 2)
    sums = moved.groupby(["group", "dish"], observed=True, sort=False)[["value", "square"]].sum()
    if (sums["square"] == 0).any():
        raise ValueError(f"A slope needs two days, but dish {sums.index[sums['square'] == 0][0][1]!r} has one.")
    return (sums["value"] / sums["square"]).rename("value").reset_index()


def repeated_measures(
    *,
    groups: int = 4,
    dishes: int = 3,
    days: int = 4,
    last_slope: float = SLOPE,
    alpha: float = 0.05,
    runs: int = 5_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Return how often three analyses call groups different.

    Parameters
    ----------
    groups, dishes, days
        Number of groups, dishes of each, days on which each dish is read.
    last_slope
        True rise per day of the last group; with `SLOPE`, that of all others, all groups are equal.
    alpha, runs, seed
        Level, number of SIMULATED experiments, number from which they are drawn.

    Returns
    -------
    pandas.DataFrame
        One row per analysis (the index; see `ANALYSES`): called_different (share), standard_error (of the simulation).
    """
    import pandas as pd
    from scipy.special import fdtri

    values = _readings([SLOPE] * (groups - 1) + [last_slope], dishes, days, runs, seed)
    f, limits = _f_values(values), [fdtri(groups - 1, df, 1 - alpha) for df in _degrees(groups, dishes, days)]
    shares = [(each > limit).any(axis=1).mean() for each, limit in zip(f, limits, strict=True)]
    errors = [np.sqrt(share * (1 - share) / runs) for share in shares]
    return pd.DataFrame({"called_different": shares, "standard_error": errors}, index=pd.Index(ANALYSES, name="analysis"))


def _readings(slopes: list[float], dishes: int, days: int, runs: int, seed: int) -> np.ndarray:
    """Readings as runs × groups × dishes × days."""
    require_between(2, 100, dishes=dishes)
    require_between(2, 100, days=days)
    rng, shape = np.random.default_rng(seed), (runs, len(slopes), dishes, 1)
    start = START + rng.normal(0, SD_DISH, shape)
    rise = np.asarray(slopes, dtype=float)[:, None, None] + rng.normal(0, SD_SLOPE, shape)
    return start + rise * np.arange(days) + rng.normal(0, SD_READING, (*shape[:3], days))


def _f_values(values: np.ndarray) -> list[np.ndarray]:
    """F of each analysis: experiments × tests."""
    from evcourse.models.comparisons_at_once import compared

    _, groups, dishes, days = values.shape
    per_day = np.stack([compared(values[..., day]).f for day in range(days)], axis=1)
    centred = values - values.mean(axis=(1, 2), keepdims=True)
    pooled = compared(centred.reshape(len(values), groups, -1)).f
    # Days have been taken off as well, and cost their degrees of freedom.
    fewer = _degrees(groups, dishes, days)[1] / (groups * (dishes * days - 1))
    time = np.arange(days) - (days - 1) / 2
    slopes = compared(values @ time / (time @ time)).f
    return [per_day, (pooled * fewer)[:, None], slopes[:, None]]


def _degrees(groups: int, dishes: int, days: int) -> tuple[int, int, int]:
    """Degrees of freedom of the spread that each analysis divides by."""
    return groups * (dishes - 1), groups * dishes * days - groups - days + 1, groups * (dishes - 1)
