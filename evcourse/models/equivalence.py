"""Equivalence: a difference with its interval, and two one-sided tests against a margin chosen beforehand.

"No significant difference" says that an experiment did not find one. That two groups are alike, up to a margin that
would matter, is a claim of its own, which asks for an interval inside the margin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.comparisons import anova, samples_by_group
from evcourse.models.power import pair_power
from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd


def difference(
    measurements: pd.DataFrame,
    first: str,
    second: str,
    *,
    confidence: float = 0.95,
    group: str = "group",
    value: str = "value",
) -> pd.Series:
    """Return the mean of one group minus that of another, with the interval of Fisher's LSD.

    Parameters
    ----------
    measurements
        One row per independent sample, of all groups of the experiment: the variance is pooled over all of them.
    first, second
        The two groups.
    confidence
        Of the interval, between 0 and 1.
    group, value
        Names of the columns with the group and with the measured value.

    Returns
    -------
    pandas.Series
        difference, standard_error, df, low, high (in the unit of the values), p (of no difference: Fisher's LSD).

    Raises
    ------
    ValueError
        If a group is not in the table, and as for `comparisons.anova`.
    """
    import pandas as pd
    from scipy.special import stdtr, stdtrit

    require_between(0.5, 0.9999, confidence=confidence)
    samples = samples_by_group(measurements, group=group, value=value)
    _require_groups(samples, first, second)
    within = anova(measurements, group=group, value=value).loc["within groups"]
    one, other = samples[first], samples[second]
    error = np.sqrt(within["mean_square"] * (1 / len(one) + 1 / len(other)))
    found, half = one.mean() - other.mean(), stdtrit(within["df"], (1 + confidence) / 2) * error
    p = 2 * stdtr(within["df"], -abs(found) / error)
    columns = {"difference": found, "standard_error": error, "df": within["df"]}
    return pd.Series({**columns, "low": found - half, "high": found + half, "p": p})


def equivalence_test(
    measurements: pd.DataFrame,
    first: str,
    second: str,
    *,
    margin: float,
    alpha: float = 0.05,
    group: str = "group",
    value: str = "value",
) -> pd.Series:
    """Return two one-sided tests (TOST) of a difference smaller than a margin.

    Parameters
    ----------
    measurements, first, second, group, value
        As for `difference`.
    margin
        Largest difference that would not matter, in the unit of the values; chosen before the data are seen.
    alpha
        Level of each test. The two groups are equivalent if both p are below it, which is the same as an interval of
        confidence 1 − 2·alpha inside ±margin.

    Returns
    -------
    pandas.Series
        difference, low, high (interval of confidence 1 − 2·alpha), p_above_lower (of a difference at or below
        −margin), p_below_upper (at or above +margin), p (the larger of the two), equivalent (True or False).

    Notes
    -----
    Schuirmann (1987), general knowledge; here with the variance pooled over all groups of the experiment.
    """
    import pandas as pd
    from scipy.special import stdtr

    require_positive(margin=margin)
    options = {"confidence": 1 - 2 * alpha, "group": group, "value": value}
    found = difference(measurements, first, second, **options)
    lower, upper = ((found["difference"] + side * margin) / found["standard_error"] for side in (1, -1))
    above, below = stdtr(found["df"], -lower), stdtr(found["df"], upper)
    largest = max(above, below)
    tests = {"p_above_lower": above, "p_below_upper": below, "p": largest, "equivalent": bool(largest < alpha)}
    return pd.Series({**found[["difference", "low", "high"]], **tests})


def not_significant_share(difference_sd: float, *, replicates: int, groups: int, alpha: float = 0.05) -> float:
    """Return the chance that Fisher's LSD says "no significant difference" although there is one.

    Parameters
    ----------
    difference_sd
        True difference in standard deviations of one sample.
    replicates, groups, alpha
        Samples per group, groups of the experiment, level.
    """
    return float(1 - pair_power(difference_sd, replicates=replicates, groups=groups, alpha=alpha))


def _require_groups(samples: dict, *names: str) -> None:
    missing = [name for name in names if name not in samples]
    if missing:
        raise ValueError(f"No group {missing[0]!r} in the table: it has {', '.join(map(str, samples))}.")
