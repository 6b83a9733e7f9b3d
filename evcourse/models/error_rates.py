"""What procedures promise: how often they err if the truth is known. SIMULATED, and exact where there is a formula.

The family-wise error is the chance that an experiment calls at least one pair different that is not. A procedure that
keeps it at 5 % whatever the truth keeps its promise; Fisher's LSD after a significant F does so up to three groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models import comparisons_at_once as at_once
from evcourse.models.quantities import require_between
from evcourse.models.studentized_range import range_p

if TYPE_CHECKING:
    import pandas as pd

_EXACT = ("lsd", "lsd_protected", "tukey", "bonferroni")


def error_rates(
    means: Sequence[float],
    *,
    replicates: int,
    pair: tuple[int, int] | None = None,
    runs: int = 20_000,
    alpha: float = 0.05,
    seed: int = 1,
) -> pd.DataFrame:
    """Return how often each procedure errs, and how often it finds one pair, in SIMULATED experiments.

    Parameters
    ----------
    means
        True mean of each group in standard deviations of one sample, e.g. (10, 0, 0, 0, 0); 2 to 10 groups.
    replicates
        Independent samples per group, at least 2.
    pair
        Numbers of two groups (from 0): the pair whose share of rejections is counted; None for none.
    runs, alpha, seed
        Number of experiments, level of each procedure, number from which they are drawn.

    Returns
    -------
    pandas.DataFrame
        One row per procedure (the index, names as in `comparisons.PROCEDURES`): family_wise_error (share of
        experiments with at least one pair called different that is not; empty if no pair is alike),
        family_wise_error_se (standard error of the simulation), pair_found, pair_found_se.

    Notes
    -----
    All procedures see the same experiments, so that they differ less by chance than their standard errors say. A share
    of 0 or 1 has the standard error that one experiment of the other kind would give.
    """
    import pandas as pd

    require_between(2, 10, number_of_groups=len(means))
    batch = at_once.drawn_batch(means, replicates=replicates, runs=runs, seed=seed)
    rejected = at_once.rejections(batch, alpha=alpha)
    alike, asked = _alike(means), _place(pair, len(means))
    shares = {
        name: [_share(each[:, alike].any(axis=1)) if alike.any() else np.nan, _share(each[:, asked])]
        for name, each in rejected.items()
    }
    rates = pd.DataFrame.from_dict(shares, orient="index", columns=["family_wise_error", "pair_found"])
    for column in list(rates):
        rates[f"{column}_se"] = _standard_error(rates[column].astype(float), runs)
    columns = ["family_wise_error", "family_wise_error_se", "pair_found", "pair_found_se"]
    return rates[columns].astype(float).rename_axis("procedure")


def exact_family_wise_error(
    procedure: str, *, groups: int, replicates: int, alike: int | None = None, alpha: float = 0.05
) -> float:
    """Return the exact family-wise error when `alike` groups share one mean and all others lie far away.

    Parameters
    ----------
    procedure
        "lsd", "lsd_protected", "tukey" or "bonferroni"; for others there is no formula here.
    groups, replicates
        Number of groups, and of samples per group.
    alike
        How many groups have the same true mean; all if left out.
    alpha
        Level of the procedure.

    Raises
    ------
    ValueError
        If the procedure has no formula. That is so for `lsd_protected` when all groups are alike, too: it is at most α.

    Notes
    -----
    The pairs of `alike` groups are all accepted if their largest difference is: P(range of m means/s > √2·t) of the
    studentized range with m groups and the df of all of them. Far away means that F is significant for certain.

    Examples
    --------
    >>> round(exact_family_wise_error("lsd_protected", groups=5, replicates=3, alike=4), 4)
    0.1808
    """
    alike = groups if alike is None else alike
    require_between(2, groups, alike=alike)
    if procedure not in _EXACT or (procedure == "lsd_protected" and alike == groups):
        raise ValueError(
            f"No formula for {procedure!r} with {alike} of {groups} groups alike: take {', '.join(_EXACT)} "
            "(the second one with fewer groups alike than there are), or error_rates, which simulates."
        )
    critical = at_once.critical_values(groups, replicates, alpha)
    limit = {"tukey": critical.tukey, "bonferroni": critical.holm[0]}.get(procedure, critical.t)
    return float(range_p(np.sqrt(2) * limit, alike, groups * (replicates - 1)))


def _alike(means: Sequence[float]) -> np.ndarray:
    """Which pairs have the same true mean."""
    first, second = at_once.pair_places(len(means))
    means = np.asarray(means, dtype=float)
    return means[first] == means[second]


def _place(pair: tuple[int, int] | None, groups: int) -> np.ndarray:
    """Which pair is asked about, as a mask; no pair for None."""
    first, second = at_once.pair_places(groups)
    if pair is None:
        return np.zeros(first.size, dtype=bool)
    low, high = sorted(pair)
    found = (first == low) & (second == high)
    if not found.any():
        raise ValueError(f"No pair {pair}: it takes two different numbers from 0 to {groups - 1}.")
    return found


def _share(happened: np.ndarray) -> float:
    return float(happened.mean()) if happened.size else np.nan


def _standard_error(share: pd.Series, runs: int) -> pd.Series:
    inside = share.clip(1 / runs, 1 - 1 / runs)
    return np.sqrt(inside * (1 - inside) / runs)
