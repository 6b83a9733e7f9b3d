"""Several groups compared: analysis of variance, and every pair by six procedures on the same data.

Fisher's LSD is the procedure of many papers of the field; what it promises, and what Tukey, Holm and Bonferroni
promise instead, is the matter of `evcourse.models.error_rates`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models.quantities import require_between

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

_SOURCES = ["between groups", "within groups", "total"]
_EFFECTS = ["eta_squared", "omega_squared"]


def group_summary(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return each group's mean with three things that are printed as ±, and are not the same.

    Parameters
    ----------
    measurements, group, value
        As for `anova`.

    Returns
    -------
    pandas.DataFrame
        One row per group (the index): n, mean, sd (how far samples lie apart), sem (SD/√n), half_width (of the mean's
        95 % confidence interval, from this group's own SD and t of n − 1 degrees of freedom).
    """
    import pandas as pd
    from scipy.special import stdtrit

    samples = samples_by_group(measurements, group=group, value=value)
    n = np.array([len(values) for values in samples.values()])
    sd = np.array([values.std(ddof=1) for values in samples.values()])
    columns = {"n": n, "mean": [values.mean() for values in samples.values()], "sd": sd, "sem": sd / np.sqrt(n)}
    rows = pd.DataFrame(columns, index=pd.Index(list(samples), name=group))
    return rows.assign(half_width=rows["sem"] * stdtrit(n - 1, 0.975))


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
        Rows "between groups", "within groups" and "total" (the index, `source`); columns df, sum_of_squares,
        mean_square, f, p, eta_squared, omega_squared (empty where they have no meaning).

    Raises
    ------
    ValueError
        If there are fewer than two groups, a group has fewer than two values, a value is missing, or nothing varies
        within the groups.

    Notes
    -----
    η² = SSB/SST; ω² = (SSB − (k − 1)·MSE)/(SST + MSE), Hays (1963), general knowledge. Sums of squares are taken from
    differences to the mean, never as Σx² − (Σx)²/n, which loses all digits when the mean is large.
    """
    samples = samples_by_group(measurements, group=group, value=value)
    # A constant changes no sum of squares, and without it the means are rounded at the size of the differences.
    middle = np.concatenate(list(samples.values())).mean()
    return anova_table(*sums_of_squares([values - middle for values in samples.values()], total=fsum))


def pairwise(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return every pair of groups with a p value per procedure.

    Returns
    -------
    pandas.DataFrame
        One row per pair: first, second, difference (mean of first minus mean of second), standard_error (pooled), t,
        and the p values lsd, lsd_protected, tukey, holm, bonferroni, separate_t (see `PROCEDURES`). A p value is
        adjusted for its procedure: the pair differs at level α if p < α.

    Raises
    ------
    ValueError
        As for `anova`.

    Notes
    -----
    Holm and Bonferroni adjust the p values of LSD (one pooled variance); `separate_t` uses the variance of the two
    groups alone. `lsd_protected` is the larger of the pair's p and that of the F test, since both must be below α.
    """
    import pandas as pd

    samples = samples_by_group(measurements, group=group, value=value)
    first, second = zip(*combinations(samples, 2), strict=True)
    fitted = _contrasts(list(samples.values()))
    of_f = anova(measurements, group=group, value=value)["p"].iloc[0]
    named = {"first": first, "second": second, "difference": fitted.effect}
    tested = {"standard_error": fitted.sd.ravel(), "t": fitted.tvalue.ravel()}
    return pd.DataFrame({**named, **tested, **_p_values(list(samples.values()), fitted.pvalue, of_f)})


def verdicts(pairs: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return, for a table of `pairwise`, one row per pair and procedure: pair, procedure, p, significant (p < α)."""
    require_between(0, 1, alpha=alpha)
    named = pairs.assign(pair=pairs["first"].astype(str) + " – " + pairs["second"].astype(str))
    rows = named.melt(id_vars="pair", value_vars=list(PROCEDURES), var_name="procedure", value_name="p")
    return rows.assign(significant=rows["p"] < alpha)


def samples_by_group(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> dict[Any, np.ndarray]:
    """Return the values of each group, groups in the order of their category or of their appearance.

    Raises
    ------
    ValueError
        If the table has fewer than two groups, a group has fewer than two values, or a value is missing.
    """
    _require_columns(measurements, group, value)
    rows = measurements.groupby(group, sort=_is_ordered(measurements[group]), observed=True)[value]
    samples = {name: values.to_numpy() for name, values in rows}
    small = [str(name) for name, values in samples.items() if len(values) < 2]
    if len(samples) < 2 or small:
        what = f"{', '.join(small)} with one value" if small else f"{len(samples)} group"
        raise ValueError(f"A comparison needs two groups or more with two values or more each, but there is {what}.")
    if measurements[[group, value]].isna().any(axis=None):
        raise ValueError(f"A {group} or {value} is missing: drop these rows, and say how many they were.")
    return samples


def sums_of_squares(samples: list, *, total: Callable = sum) -> tuple[int, int, Any, Any]:
    """Return df between and within, and sums of squares between and within, of the values of each group.

    `total` adds up: `sum` keeps fractions exact, `math.fsum` rounds a sum of floats once instead of at every step.
    """
    sizes = [len(values) for values in samples]
    means = [total(values) / size for values, size in zip(samples, sizes, strict=True)]
    middle = total(mean * size for mean, size in zip(means, sizes, strict=True)) / sum(sizes)
    between = total(size * (mean - middle) ** 2 for mean, size in zip(means, sizes, strict=True))
    within = total((each - mean) ** 2 for values, mean in zip(samples, means, strict=True) for each in values)
    return len(sizes) - 1, sum(sizes) - len(sizes), between, within


def anova_table(df_between: int, df_within: int, between: Any, within: Any) -> pd.DataFrame:
    """Return the table of `anova` from degrees of freedom and sums of squares."""
    import pandas as pd
    from scipy.stats import f

    # Rounding leaves a trace of spread where there is none.
    if within <= 1e-28 * (between + within):
        raise ValueError("All values within each group are the same: without spread there is nothing to compare with.")
    error = within / df_within
    ratio = float(between / df_between / error)
    shares = between / (between + within), (between - df_between * error) / (between + within + error)
    columns = {
        "df": [df_between, df_within, df_between + df_within],
        "sum_of_squares": [float(each) for each in (between, within, between + within)],
        "mean_square": [float(between / df_between), float(error), np.nan],
        "f": [ratio, np.nan, np.nan],
        "p": [f.sf(ratio, df_between, df_within), np.nan, np.nan],
    }
    sizes = {name: [float(share), np.nan, np.nan] for name, share in zip(_EFFECTS, shares, strict=True)}
    return pd.DataFrame(columns | sizes, index=pd.Index(_SOURCES, name="source"))


def _contrasts(samples: list[np.ndarray]) -> Any:
    """All pairs as contrasts of group means in one linear model: this is LSD, with the variance pooled over all."""
    from statsmodels.regression.linear_model import OLS

    belongs = np.repeat(np.eye(len(samples)), [len(values) for values in samples], axis=0)
    first, second = np.array(list(combinations(range(len(samples)), 2))).T
    differences = np.eye(len(samples))[first] - np.eye(len(samples))[second]
    return OLS(np.concatenate(samples).astype(float), belongs).fit().t_test(differences)


def _p_values(samples: list[np.ndarray], lsd: np.ndarray, of_f: float) -> dict[str, Any]:
    """The columns of `PROCEDURES`, from the samples, the p value of LSD for each pair, and that of the F test."""
    from scipy.stats import ttest_ind, tukey_hsd
    from statsmodels.stats.multitest import multipletests

    places = tuple(zip(*combinations(range(len(samples)), 2), strict=True))
    return {
        "lsd": lsd,
        "lsd_protected": np.maximum(lsd, of_f),
        "tukey": tukey_hsd(*samples).pvalue[places],
        "holm": multipletests(lsd, method="holm")[1],
        "bonferroni": multipletests(lsd, method="bonferroni")[1],
        "separate_t": [ttest_ind(one, other).pvalue for one, other in combinations(samples, 2)],
    }


def _is_ordered(names: pd.Series) -> bool:
    return names.dtype == "category"


def _require_columns(measurements: pd.DataFrame, *names: str) -> None:
    missing = [name for name in names if name not in measurements]
    if missing:
        raise ValueError(
            f"No column {missing[0]!r} in the table: it has {', '.join(map(str, measurements.columns))}. "
            "Name the columns with group= and value=."
        )
