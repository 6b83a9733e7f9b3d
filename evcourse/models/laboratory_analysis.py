"""What a study of the virtual laboratory makes of its data: contrasts of arms, with 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

CONTRASTS = {
    "gain": {"PMO+Exo": 1, "PMO": -1},
    "drop": {"PMO+Exo": 1, "PMO+Exo+MK": -1},
    "inhibitor alone": {"PMO": 1, "PMO+MK": -1},
    "gain under inhibitor": {"PMO+Exo+MK": 1, "PMO+MK": -1},
    "interaction": {"PMO+Exo": 1, "PMO": -1, "PMO+Exo+MK": -1, "PMO+MK": 1},
}
"""Name to the arms' weights."""
DECISIVE = ("gain under inhibitor", "interaction")
"""Contrasts that differ between gains that need AKT and gains that do not, and ask nothing else."""
SCALES = {
    "difference": "of means, in multiples of the sham mean",
    "ratio": "of means, without unit",
    "logit": "difference of log odds of means, without unit: for means between 0 and 1 only",
}
PROCEDURES = {
    "pooled t": "one planned comparison, with the variance of all arms (as in Fisher's LSD)",
    "welch": "one planned comparison, with the variances of its own arms",
    "bonferroni": "pooled t, corrected as if every pair of arms had been compared",
}
UNITS = {"animal": "the mean of an animal's replicates is one value", "replicate": "every replicate is one value"}
LEVEL = 0.95


def analyse(study: Any, measurements: pd.DataFrame) -> pd.Series:
    """Return the analysis that a study has committed itself to, on a table of its data.

    Parameters
    ----------
    study
        From `laboratory.commit`; a plan does, too.
    measurements
        As `laboratory.run` returns them.

    Returns
    -------
    pandas.Series
        estimate, low, high (the ends of the 95 % interval), on the committed scale.
    """
    import pandas as pd

    plan = getattr(study, "plan", study)
    rows = measurements[measurements["assay"] == "output"].set_index("arm")["value"]
    shape = (plan.animals, plan.replicates)
    values = np.stack([rows.loc[[arm]].to_numpy().reshape(shape) for arm in plan.arms])
    return pd.Series(dict(zip(("estimate", "low", "high"), map(float, interval(values, plan)), strict=True)), name=plan.contrast)


def contrasts(measurements: pd.DataFrame, *, assay: str | None = None) -> pd.DataFrame:
    """Return every contrast that a table of data allows, for each assay: differences, by animal, pooled t.

    Parameters
    ----------
    measurements
        As `laboratory.run` returns them.
    assay
        One assay only.

    Returns
    -------
    pandas.DataFrame
        One row per assay and contrast: assay, contrast, estimate, low, high (95 %), in multiples of the sham mean. The
        intervals are not corrected for their number.
    """
    import pandas as pd

    by_animal = measurements.groupby(["assay", "arm", "animal"], sort=False, observed=True)["value"].mean()
    rows = []
    for name in dict.fromkeys(measurements["assay"]) if assay is None else [assay]:
        values = {arm: part.to_numpy() for arm, part in by_animal[name].groupby("arm", sort=False)}
        known = {each: weights for each, weights in CONTRASTS.items() if weights.keys() <= values.keys()}
        rows += [(name, each, *_pooled(values, weights)) for each, weights in known.items()]
    return pd.DataFrame(rows, columns=["assay", "contrast", "estimate", "low", "high"])


def interval(output: np.ndarray, plan: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a plan's committed estimate and the ends of its 95 % interval.

    Parameters
    ----------
    output
        Measured output, shape (…, arms, animals, replicates), arms as in the plan.
    plan
        contrast, scale, procedure and unit are used.

    Returns
    -------
    tuple of numpy.ndarray
        estimate, low, high, each of shape (…); NaN where the scale has no value for a mean (a logit outside 0 to 1).

    Notes
    -----
    On the scales of ratios and odds the interval is that of the logarithm, by the delta method; Welch's degrees of
    freedom are Satterthwaite's (1946), general knowledge.
    """
    values = output.mean(axis=-1) if plan.unit == "animal" else output.reshape(*output.shape[:-2], -1)
    means, variances, n = values.mean(axis=-1), values.var(axis=-1, ddof=1), values.shape[-1]
    middle, slopes = _on_scale(means, plan)
    half = _half_width(slopes**2, variances, n, plan.procedure)
    back = np.exp if plan.scale == "ratio" else np.asarray
    return back(middle), back(middle - half), back(middle + half)


def contrast_of(means: np.ndarray, plan: Any) -> np.ndarray:
    """Return a plan's contrast for means of its arms, shape (…, arms), on its scale."""
    middle, _ = _on_scale(means, plan)
    return np.exp(middle) if plan.scale == "ratio" else middle


def _on_scale(means: np.ndarray, plan: Any) -> tuple[np.ndarray, np.ndarray]:
    """The contrast of transformed means, and its slope in each mean."""
    weights = np.array([CONTRASTS[plan.contrast].get(arm, 0) for arm in plan.arms], dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        transformed, slopes = _TRANSFORMS[plan.scale](means)
    # An arm that is not in the contrast may lie where the scale has no value.
    used = weights != 0
    return (np.where(used, transformed, 0) * weights).sum(axis=-1), np.where(used, slopes, 0) * weights


def _half_width(squares: np.ndarray, variances: np.ndarray, n: int, procedure: str) -> np.ndarray:
    from scipy.special import stdtrit

    k = variances.shape[-1]
    error = 1 - LEVEL
    if procedure == "welch":
        parts = squares * variances / n
        freedom = parts.sum(axis=-1) ** 2 / (parts**2 / (n - 1)).sum(axis=-1)
        return stdtrit(freedom, 1 - error / 2) * np.sqrt(parts.sum(axis=-1))
    comparisons = k * (k - 1) / 2 if procedure == "bonferroni" else 1
    pooled = np.sqrt(variances.mean(axis=-1) * squares.sum(axis=-1) / n)
    return stdtrit(k * (n - 1), 1 - error / comparisons / 2) * pooled


def _pooled(values: dict[str, np.ndarray], weights: dict[str, int]) -> tuple[float, float, float]:
    from scipy.special import stdtrit

    freedom = sum(len(each) - 1 for each in values.values())
    variance = sum((len(each) - 1) * each.var(ddof=1) for each in values.values()) / freedom
    estimate = float(sum(weight * values[arm].mean() for arm, weight in weights.items()))
    error = np.sqrt(variance * sum(weight**2 / len(values[arm]) for arm, weight in weights.items()))
    half = float(stdtrit(freedom, (1 + LEVEL) / 2) * error)
    return estimate, estimate - half, estimate + half


_TRANSFORMS = {
    "difference": lambda means: (means, np.ones_like(means)),
    "ratio": lambda means: (np.log(means), 1 / means),
    "logit": lambda means: (np.log(means / (1 - means)), 1 / (means * (1 - means))),
}
