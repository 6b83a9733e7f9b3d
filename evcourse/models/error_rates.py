"""What procedures promise: how often they err if the truth is known. SIMULATED, and exact where there is a formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


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
        True mean of each group in standard deviations of one sample, e.g. (10, 0, 0, 0, 0).
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
        experiments with at least one pair called different that is not; empty if no pair is alike), family_wise_error_se
        (standard error of the simulation), pair_found, pair_found_se.
    """
    raise NotImplementedError


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

    Notes
    -----
    The pairs of `alike` groups are all accepted if their largest difference is: P(range of m means/s > √2·t) of the
    studentized range with m groups and the df of all of them.
    """
    raise NotImplementedError
