"""Power: how often an experiment of a given size finds a difference, and what is wrong with the ones it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def pair_power(difference_sd, *, replicates: int, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05):
    """Return the chance that one pair is called different; difference in standard deviations of one sample.

    `procedure` is "lsd" (with two groups the t test), "tukey" or "bonferroni"; the variance is pooled over all groups.
    """
    raise NotImplementedError


def difference_for_power(power: float = 0.8, *, replicates: int, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05) -> float:
    """Return the difference, in standard deviations, that is found with this chance."""
    raise NotImplementedError


def replicates_for_power(difference_sd: float, *, power: float = 0.8, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05) -> int:
    """Return the smallest number of samples per group with which a difference is found with at least this chance."""
    raise NotImplementedError


def anova_power(effect_f: float, *, groups: int, replicates: int, alpha: float = 0.05) -> float:
    """Return the power of the F test for Cohen's f (standard deviation of the true means over that of one sample)."""
    raise NotImplementedError


def anova_effect_for_power(power: float = 0.8, *, groups: int, replicates: int, alpha: float = 0.05) -> float:
    """Return Cohen's f that the F test finds with this chance."""
    raise NotImplementedError


def winners_curse(difference_sd: float, *, replicates: int, alpha: float = 0.05, runs: int = 200_000, seed: int = 1) -> pd.Series:
    """Return what significant results of a two-group t test look like, SIMULATED.

    Returns
    -------
    pandas.Series
        power, mean_d_if_significant (observed difference over observed SD), inflation (mean observed difference over
        the true one), wrong_sign_share (of the significant results).
    """
    raise NotImplementedError
