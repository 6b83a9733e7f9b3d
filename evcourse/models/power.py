"""Power: how often an experiment of a given size finds a difference, and what is wrong with the ones it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.comparisons_at_once import critical_values
from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd

_MOST_REPLICATES = 5000


def pair_power(difference_sd, *, replicates: int, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05):
    """Return the chance that one pair of groups is called different.

    Parameters
    ----------
    difference_sd
        True difference of the two means in standard deviations of one sample; number or array.
    replicates
        Independent samples per group, at least 2.
    groups
        Groups of the whole experiment, from 2 to 10; the variance is pooled over all of them.
    procedure
        "lsd" (without asking F first; with two groups this is the t test), "tukey" or "bonferroni".
    alpha
        Level of the procedure.

    Notes
    -----
    Non-central t with groups·(replicates − 1) degrees of freedom, from statsmodels. Tukey and Bonferroni are a t test
    of a smaller level. `scipy.stats.nct.cdf` is NaN in the far lower tail for some values; what is lost there is
    nothing.

    Examples
    --------
    >>> round(float(pair_power(2, replicates=3)), 3), round(float(pair_power(2, replicates=3, groups=5, procedure="tukey")), 3)
    (0.463, 0.271)
    """
    from statsmodels.stats.power import TTestIndPower

    require_between(2, 10, groups=groups)
    require_between(2, _MOST_REPLICATES, replicates=replicates)
    df, size = groups * (replicates - 1), np.abs(np.asarray(difference_sd, dtype=float))
    level = _level(procedure, groups, replicates, alpha)
    power = TTestIndPower().power(size, replicates, level, df=df, alternative="two-sided")
    one_side = TTestIndPower().power(size, replicates, level / 2, df=df, alternative="larger")
    return np.where(np.isnan(power), one_side, power)[()]


def difference_for_power(
    power: float = 0.8, *, replicates: int, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05
) -> float:
    """Return the difference, in standard deviations of one sample, that is found with this chance.

    Examples
    --------
    >>> round(difference_for_power(0.8, replicates=3), 2), round(difference_for_power(0.8, replicates=6), 2)
    (3.07, 1.8)
    """
    options = {"replicates": replicates, "groups": groups, "procedure": procedure, "alpha": alpha}
    return _root(lambda size: pair_power(size, **options), power, alpha)


def replicates_for_power(
    difference_sd: float, *, power: float = 0.8, groups: int = 2, procedure: str = "lsd", alpha: float = 0.05
) -> int:
    """Return the smallest number of samples per group with which a difference is found with at least this chance.

    Raises
    ------
    ValueError
        If more than 5000 samples per group were needed.

    Examples
    --------
    >>> [replicates_for_power(size) for size in (1, 1.5, 2)]
    [17, 9, 6]
    """
    options = {"groups": groups, "procedure": procedure, "alpha": alpha}
    low, high = 1, 2
    while pair_power(difference_sd, replicates=high, **options) < power:
        if high == _MOST_REPLICATES:
            raise ValueError(
                f"A difference of {difference_sd:g} SD needs more than {high} samples a group: ask for a larger one."
            )
        low, high = high, min(2 * high, _MOST_REPLICATES)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if pair_power(difference_sd, replicates=middle, **options) >= power else (middle, high)
    return high


def anova_power(effect_f: float, *, groups: int, replicates: int, alpha: float = 0.05) -> float:
    """Return the power of the F test.

    Parameters
    ----------
    effect_f
        Cohen's f: standard deviation of the true means (divided by the number of groups) over that of one sample.
    groups, replicates, alpha
        Number of groups, independent samples per group, level.

    Notes
    -----
    Non-central F, from statsmodels.
    """
    from statsmodels.stats.power import FTestAnovaPower

    require_between(2, _MOST_REPLICATES, replicates=replicates)
    require_between(2, 100, groups=groups)
    return float(FTestAnovaPower().power(effect_f, groups * replicates, alpha, k_groups=groups))


def anova_effect_for_power(power: float = 0.8, *, groups: int, replicates: int, alpha: float = 0.05) -> float:
    """Return Cohen's f that the F test finds with this chance.

    Notes
    -----
    Not by `FTestAnovaPower.solve_power`: it looks for f below 1 only and fails for three samples per group.

    Examples
    --------
    >>> round(anova_effect_for_power(0.8, groups=4, replicates=3), 3)
    1.223
    """
    return _root(lambda f: anova_power(f, groups=groups, replicates=replicates, alpha=alpha), power, alpha)


def winners_curse(
    difference_sd: float, *, replicates: int, alpha: float = 0.05, runs: int = 200_000, seed: int = 1
) -> pd.Series:
    """Return what the significant results of a t test of two groups look like, SIMULATED.

    Parameters
    ----------
    difference_sd
        True difference in standard deviations, above zero.
    replicates, alpha
        Samples per group, level.
    runs, seed
        Number of experiments, number from which they are drawn.

    Returns
    -------
    pandas.Series
        power; of the significant results: mean_d (observed difference over observed standard deviation), inflation
        (mean observed difference over the true one) and wrong_sign_share.
    """
    import pandas as pd

    require_positive(difference_sd=difference_sd)
    rng, df = np.random.default_rng(seed), 2 * (replicates - 1)
    # Mean and variance of normal samples are independent, so these two need no samples.
    difference = rng.normal(difference_sd, np.sqrt(2 / replicates), runs)
    spread = np.sqrt(rng.chisquare(df, runs) / df)
    found = np.abs(difference) > critical_values(2, replicates, alpha).t * np.sqrt(2 / replicates) * spread
    seen = difference[found]
    observed = {"mean_d": (seen / spread[found]).mean(), "inflation": seen.mean() / difference_sd}
    return pd.Series({"power": found.mean(), **observed, "wrong_sign_share": (seen < 0).mean()})


def _level(procedure: str, groups: int, replicates: int, alpha: float) -> float:
    """The level of a plain t test that calls the same pairs different."""
    from scipy.special import stdtr

    critical = critical_values(groups, replicates, alpha)
    limits = {"lsd": critical.t, "tukey": critical.tukey, "bonferroni": critical.holm[0]}
    if procedure not in limits:
        raise ValueError(
            f"No formula for the power of {procedure!r}: take {', '.join(limits)}, or error_rates, which simulates."
        )
    return float(2 * stdtr(groups * (replicates - 1), -limits[procedure]))


def _root(power_of: Callable[[float], float], power: float, alpha: float) -> float:
    from scipy.optimize import brentq

    require_between(alpha + 1e-6, 0.999, power=power)
    high = 1.0
    while power_of(high) < power:
        high *= 2
    return float(brentq(lambda size: power_of(size) - power, 1e-9, high))
