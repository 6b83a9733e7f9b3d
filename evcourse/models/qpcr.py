"""From threshold cycles (Ct) to a fold change: ΔCt, ΔΔCt, efficiencies, reference genes, and an interval.

Everything is computed on the scale of cycles, where errors are symmetric, and turned into a ratio at the very end, so
intervals of a fold change are lopsided. Tables are tidy: one row per well, with the columns `group`, `sample`
(a biological sample), `gene` and `ct`; wells that share these three are technical replicates and are averaged first.

Formulas that take `xp` also work on the expressions of a chart (see `evcourse.charts.browser_math`).

References
----------
Livak & Schmittgen (2001), https://doi.org/10.1006/meth.2001.1262 (ΔΔCt); Pfaffl (2001),
https://doi.org/10.1093/nar/29.9.e45 (efficiencies); Vandesompele et al. (2002),
https://doi.org/10.1186/gb-2002-3-7-research0034 (several reference genes). Cited as general knowledge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between, require_positive, require_smaller

if TYPE_CHECKING:
    import pandas as pd

WELL = ["group", "sample", "gene"]
INTERVALS = ("sd", "confidence")


def fold_changes(
    wells: pd.DataFrame,
    *,
    target: str,
    references: str | list[str],
    calibrator: str,
    efficiencies: dict[str, float] | None = None,
    paired: bool = True,
    calibrator_exact: bool = False,
    interval: str = "confidence",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the fold change of a target gene in each group, relative to the calibrator, with an interval.

    Parameters
    ----------
    wells
        Columns group, sample, gene, ct.
    target, references
        Gene measured, and the gene or genes it is held against.
    calibrator
        Group whose fold change is 1: the control, as a rule.
    efficiencies
        Factor by which a gene's product grows in a cycle, by gene; 2 for a gene not named (Livak). With efficiencies
        the result is Pfaffl's ratio.
    paired
        True: one ΔCt per sample, and their standard deviation (right for biological samples). False: standard
        deviations of target and reference added in squares, √(s_t² + s_r²), as for separate technical replicates.
    calibrator_exact
        True: the calibrator's mean is taken as exact (Livak's convention). False: both groups' errors count.
    interval
        "sd": ± one standard deviation of ΔCt (describes the scatter). "confidence": t interval of the difference of
        mean ΔCt, pooled variance, n1 + n2 − 2 degrees of freedom (needs `paired`).
    confidence
        Level of the confidence interval.

    Returns
    -------
    pandas.DataFrame
        One row per group other than the calibrator: group, n (samples), delta_ct, sd_delta_ct, delta_delta_ct,
        half_width (of the interval, in cycles), fold_change, low, high.

    Examples
    --------
    >>> rows = [("Control", 1, 24.0, 18.0), ("Control", 2, 24.2, 18.0), ("PMO", 1, 25.0, 18.0), ("PMO", 2, 25.2, 18.0)]
    >>> import pandas as pd
    >>> wells = pd.DataFrame(rows, columns=["group", "sample", "gene A", "gene B"]).melt(
    ...     id_vars=["group", "sample"], var_name="gene", value_name="ct"
    ... )
    >>> found = fold_changes(wells, target="gene A", references="gene B", calibrator="Control")
    >>> round(float(found["fold_change"].iloc[0]), 6)
    0.5
    """
    _require_interval(interval, paired=paired)
    samples = delta_cts(wells, target=target, references=references, efficiencies=efficiencies)
    _require_known(tuple(samples["group"].unique()), calibrator=calibrator)
    groups = _summed_up(samples, paired=paired)
    base = groups.loc[calibrator]
    rows = groups.drop(index=calibrator).reset_index()
    rows["delta_delta_ct"] = rows["delta_ct"] - base["delta_ct"]
    level = confidence if interval == "confidence" else None
    half = [_half_width(row, base, exact=calibrator_exact, level=level) for row in rows.to_dict("records")]
    low, high = fold_interval(rows["delta_delta_ct"], np.array(half))
    return rows.assign(half_width=half, fold_change=fold_change(rows["delta_delta_ct"]), low=low, high=high)


def delta_cts(
    wells: pd.DataFrame,
    *,
    target: str,
    references: str | list[str],
    efficiencies: dict[str, float] | None = None,
) -> pd.DataFrame:
    """Return ΔCt of each sample: technical replicates averaged, then target minus reference within the sample.

    Parameters
    ----------
    wells, target, references, efficiencies
        As for `fold_changes`.

    Returns
    -------
    pandas.DataFrame
        Columns group, sample, target_ct, reference_ct, delta_ct, in the order of the table. With efficiencies, all
        three are in doublings (Ct · log2 E), which are cycles where E = 2.

    Notes
    -----
    Several reference genes: the arithmetic mean of their Ct, which is the geometric mean of their quantities.
    """
    names = [references] if isinstance(references, str) else list(references)
    _require_columns(wells, [*WELL, "ct"])
    _require_known(tuple(wells["gene"].unique()), target=target, **{f"reference {i}": each for i, each in enumerate(names, 1)})
    means = wells.groupby(WELL, sort=False, observed=True)["ct"].mean().unstack("gene")
    for gene in (target, *names):
        means[gene] = doublings(means[gene], (efficiencies or {}).get(gene, 2.0))
    rows = means[[]].assign(target_ct=means[target], reference_ct=means[names].mean(axis=1, skipna=False)).reset_index()
    _require_complete(rows)
    return rows.assign(delta_ct=rows["target_ct"] - rows["reference_ct"])


def doublings(ct, efficiency, *, xp=np):
    """Return a Ct in doublings, Ct · log2(E): cycles of a perfect reaction that would have given the same product."""
    require_between(1.01, 2.5, efficiency=efficiency)
    return ct * xp.log(efficiency) / float(np.log(2))


def fold_change(delta_delta_ct, *, xp=np):
    """Return 2^−ΔΔCt.

    Examples
    --------
    >>> round(float(fold_change(1.1333)), 4)
    0.4559
    """
    return xp.exp(-delta_delta_ct * float(np.log(2)))


def fold_interval(delta_delta_ct, half_width, *, xp=np):
    """Return the lower and the upper end of a fold change, 2^−(ΔΔCt ± half width): lopsided around the ratio."""
    return fold_change(delta_delta_ct + half_width, xp=xp), fold_change(delta_delta_ct - half_width, xp=xp)


def pfaffl_ratio(target_drop, reference_drop, *, target_efficiency=2.0, reference_efficiency=2.0, xp=np):
    """Return Pfaffl's ratio, E_t^(ΔCt of the target) / E_r^(ΔCt of the reference).

    Parameters
    ----------
    target_drop, reference_drop
        Ct of the control minus Ct of the sample, for each gene.
    target_efficiency, reference_efficiency
        Factor by which the product grows in a cycle; 2 is perfect.
    """
    return fold_change(
        doublings(reference_drop, reference_efficiency, xp=xp) - doublings(target_drop, target_efficiency, xp=xp), xp=xp
    )


def efficiency_from_slope(slope, *, xp=np):
    """Return the factor of growth per cycle from the slope of Ct against log10 of the quantity, 10^(−1/slope).

    Examples
    --------
    >>> round(float(efficiency_from_slope(-3.6)), 3)
    1.896
    """
    require_smaller(slope=slope, zero=0.0)
    return xp.exp(-float(np.log(10)) / slope)


def standard_curve(dilutions: pd.DataFrame) -> dict[str, float]:
    """Return slope, intercept, efficiency and r_squared of a dilution series.

    Parameters
    ----------
    dilutions
        Columns quantity (relative amount of template, above zero) and ct; at least three rows.
    """
    _require_columns(dilutions, ["quantity", "ct"])
    require_positive(quantity=dilutions["quantity"])
    if dilutions["quantity"].nunique() < 3:
        raise ValueError(f"A standard curve needs at least three dilutions, but there are {dilutions['quantity'].nunique()}.")
    logs = np.log10(dilutions["quantity"])
    slope, intercept = np.polyfit(logs, dilutions["ct"], 1)
    r_squared = float(np.corrcoef(logs, dilutions["ct"])[0, 1] ** 2)
    return {
        "slope": float(slope),
        "intercept": float(intercept),
        "efficiency": float(efficiency_from_slope(slope)),
        "r_squared": r_squared,
    }


def combined_spread(first, second, *, xp=np):
    """Return √(s1² + s2²): the standard deviation of a sum or difference of independent quantities."""
    return xp.sqrt(first * first + second * second)


def fold_change_sd(fold, spread):
    """Return the standard deviation of a fold change by the delta method, FC · ln 2 · s: symmetric, so only a sketch."""
    return fold * np.log(2) * spread


def confidence_half_width(sd_first, sd_second, n, quantile, *, xp=np):
    """Return half the confidence interval of a difference of two means of n samples each, t · √((s1² + s2²)/n).

    Parameters
    ----------
    sd_first, sd_second
        Standard deviations of ΔCt in the two groups.
    n
        Samples in each group.
    quantile
        Quantile of Student's t with 2n − 2 degrees of freedom: see `t_quantile`.
    """
    return quantile * combined_spread(sd_first, sd_second, xp=xp) / xp.sqrt(n)


def t_quantile(degrees_of_freedom, confidence: float = 0.95):
    """Return the quantile of Student's t that holds a share `confidence` between −t and t."""
    from scipy.stats import t

    require_between(0.5, 0.9999, confidence=confidence)
    return t.ppf((1 + confidence) / 2, degrees_of_freedom)


def _summed_up(samples: pd.DataFrame, *, paired: bool) -> pd.DataFrame:
    """Mean, standard deviation and number of samples by group."""
    by_group = samples.groupby("group", sort=False, observed=True)
    spread = by_group["delta_ct"].std(ddof=1)
    if not paired:
        spread = combined_spread(by_group["target_ct"].std(ddof=1), by_group["reference_ct"].std(ddof=1))
    return by_group["delta_ct"].agg(n="count", delta_ct="mean").assign(sd_delta_ct=spread)


def _half_width(row: dict, base: pd.Series, *, exact: bool, level: float | None) -> float:
    """Half of the interval of ΔΔCt in cycles; `level` None for standard deviations."""
    if level is None:
        return row["sd_delta_ct"] if exact else float(combined_spread(row["sd_delta_ct"], base["sd_delta_ct"]))
    if exact:
        return float(t_quantile(row["n"] - 1, level) * row["sd_delta_ct"] / np.sqrt(row["n"]))
    freedom = row["n"] + base["n"] - 2
    pooled = ((row["n"] - 1) * row["sd_delta_ct"] ** 2 + (base["n"] - 1) * base["sd_delta_ct"] ** 2) / freedom
    return float(t_quantile(freedom, level) * np.sqrt(pooled * (1 / row["n"] + 1 / base["n"])))


def _require_interval(interval: str, *, paired: bool) -> None:
    _require_known(INTERVALS, interval=interval)
    if interval == "confidence" and not paired:
        raise ValueError("A confidence interval needs one ΔCt per sample: take paired=True, or interval='sd'.")


def _require_columns(rows: pd.DataFrame, names: list[str]) -> None:
    missing = [name for name in names if name not in rows]
    if missing:
        raise ValueError(f"The table lacks the column {missing[0]!r}: it needs {', '.join(names)}, one row per well.")


def _require_known(known: tuple[str, ...], **named: str) -> None:
    for role, name in named.items():
        if name not in known:
            raise ValueError(f"The {role} {name!r} is not known: choose one of {', '.join(map(str, known))}.")


def _require_complete(rows: pd.DataFrame) -> None:
    lacking = rows[rows[["target_ct", "reference_ct"]].isna().any(axis=1)]
    if len(lacking):
        first = lacking.iloc[0]
        raise ValueError(f"Sample {first['sample']} of group {first['group']} lacks a Ct of target or reference: leave the sample out, or measure it.")
