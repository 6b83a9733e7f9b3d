"""Several groups compared: analysis of variance, and every pair by six procedures on the same data.

Fisher's LSD is the procedure of many papers of the field; what it promises, and what Tukey, Holm and Bonferroni
promise instead, is the matter of `evcourse.models.error_rates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PROCEDURES = {
    "lsd": "Fisher's LSD, unprotected",
    "lsd_protected": "Fisher's LSD after a significant F",
    "tukey": "Tukey",
    "holm": "Holm",
    "bonferroni": "Bonferroni",
    "separate_t": "separate t tests",
}
"""Columns of p values, and what the procedures are called."""


def anova(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return the one-way analysis of variance of a tidy table.

    Parameters
    ----------
    measurements
        One row per independent sample.
    group, value
        Names of the columns with the group and with the measured value (any unit).

    Returns
    -------
    pandas.DataFrame
        Rows "between groups", "within groups" and "total" (the index, `source`); columns df, sum_of_squares, mean_square, f, p,
        eta_squared, omega_squared (empty where they have no meaning).

    Raises
    ------
    ValueError
        If there are fewer than two groups, a group has fewer than two values, or nothing varies within the groups.
    """
    raise NotImplementedError


def pairwise(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return every pair of groups with a p value per procedure.

    Returns
    -------
    pandas.DataFrame
        One row per pair: first, second, difference (mean of first minus mean of second), standard_error (pooled), t,
        and the p values lsd, lsd_protected, tukey, holm, bonferroni, separate_t (see `PROCEDURES`). A p value is
        adjusted for its procedure: the pair differs at level α if p < α.

    Notes
    -----
    Holm and Bonferroni adjust the p values of LSD (one pooled variance); `separate_t` uses the variance of the two
    groups alone. `lsd_protected` is the larger of the pair's p and that of the F test, since both must be below α.
    """
    raise NotImplementedError


def verdicts(pairs: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return, for a table of `pairwise`, one row per pair and procedure: pair, procedure, p, significant."""
    raise NotImplementedError
