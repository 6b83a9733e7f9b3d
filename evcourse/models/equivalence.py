"""Equivalence: the difference with its interval, and two one-sided tests against a margin chosen beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def difference(measurements: pd.DataFrame, first: str, second: str, *, confidence: float = 0.95, group: str = "group", value: str = "value") -> pd.Series:
    """Return the mean of `first` minus that of `second` with its interval from the variance pooled over all groups.

    Returns
    -------
    pandas.Series
        difference, standard_error, df, low, high, p (of no difference: Fisher's LSD).
    """
    raise NotImplementedError


def equivalence_test(measurements: pd.DataFrame, first: str, second: str, *, margin: float, alpha: float = 0.05, group: str = "group", value: str = "value") -> pd.Series:
    """Return two one-sided tests (TOST) of |difference| < margin with the pooled variance.

    Returns
    -------
    pandas.Series
        difference, low, high (interval of confidence 1 − 2α), p_above_lower, p_below_upper, p (the larger), equivalent.
    """
    raise NotImplementedError


def not_significant_share(difference_sd: float, *, replicates: int, groups: int, alpha: float = 0.05) -> float:
    """Return the chance that Fisher's LSD says "no significant difference" for a true difference."""
    raise NotImplementedError
