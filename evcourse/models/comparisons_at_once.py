"""The procedures of `evcourse.models.comparisons` on thousands of experiments at once, all groups of one size.

What is significant is found by comparing |t| with the critical value of each procedure, which costs no p value; tests
hold verdicts and p values equal to those of `comparisons`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import sqrt
from typing import NamedTuple

import numpy as np

from evcourse.models.quantities import require_between, require_positive
from evcourse.models.studentized_range import critical_range, range_p


class Compared(NamedTuple):
    """What all procedures need of a batch: arrays with one row per experiment."""

    t: np.ndarray
    """|t| of each pair with the pooled variance; pairs in the order of `itertools.combinations`."""
    separate_t: np.ndarray
    """|t| of each pair with the variance of its own two groups."""
    f: np.ndarray
    """F of each experiment."""
    groups: int
    replicates: int

    @property
    def df(self) -> int:
        """Degrees of freedom of the pooled variance."""
        return self.groups * (self.replicates - 1)


class Critical(NamedTuple):
    """Smallest significant |t| (or F) of each procedure."""

    t: float
    tukey: float
    holm: np.ndarray
    """For the largest |t| of an experiment first."""
    separate_t: float
    f: float


def drawn_batch(means, *, replicates: int, runs: int, seed: int) -> Compared:
    """Return the statistics of SIMULATED experiments with normal errors of standard deviation 1.

    Parameters
    ----------
    means
        True mean of each group, in standard deviations.
    replicates, runs
        Samples per group, and number of experiments.
    seed
        Number from which they are drawn.

    Notes
    -----
    Mean and variance of normal samples are independent, the one normal and the other χ² (Cochran 1934), so they are
    drawn as they are: no procedure here asks for more, and the samples themselves would take ten times as long.
    """
    require_between(2, 10_000, replicates=replicates)
    require_positive(runs=runs)
    rng, means = np.random.default_rng(seed), np.asarray(means, dtype=float)
    drawn = means + rng.standard_normal((int(runs), means.size)) / sqrt(replicates)
    df = replicates - 1
    return _compared(drawn, rng.chisquare(df, drawn.shape) / df, int(replicates))


def compared(samples: np.ndarray) -> Compared:
    """Return t and F statistics of experiments given as samples: experiments × groups × replicates."""
    replicates = samples.shape[2]
    means = samples.mean(axis=2)
    variances = np.square(samples - means[:, :, None]).sum(axis=2) / (replicates - 1)
    return _compared(means, variances, replicates)


def rejections(batch: Compared, *, alpha: float = 0.05) -> dict[str, np.ndarray]:
    """Return, for each procedure of `comparisons.PROCEDURES`, which pairs it calls different: experiments × pairs."""
    critical = critical_values(batch.groups, batch.replicates, alpha)
    lsd = batch.t > critical.t
    return {
        "lsd": lsd,
        "lsd_protected": lsd & (batch.f > critical.f)[:, None],
        "tukey": batch.t > critical.tukey,
        "holm": _holm(batch.t, critical.holm),
        "bonferroni": batch.t > critical.holm[0],
        "separate_t": batch.separate_t > critical.separate_t,
    }


def p_values(batch: Compared) -> dict[str, np.ndarray]:
    """Return the adjusted p values of each procedure: experiments × pairs, as `comparisons.pairwise` gives them."""
    from scipy.special import fdtrc, stdtr

    lsd, pairs = 2 * stdtr(batch.df, -batch.t), batch.t.shape[1]
    of_f = fdtrc(batch.groups - 1, batch.df, batch.f)[:, None]
    return {
        "lsd": lsd,
        "lsd_protected": np.maximum(lsd, of_f),
        "tukey": range_p(np.sqrt(2) * batch.t, batch.groups, batch.df),
        "holm": _holm_p(lsd),
        "bonferroni": np.minimum(1, pairs * lsd),
        "separate_t": 2 * stdtr(2 * (batch.replicates - 1), -batch.separate_t),
    }


@lru_cache(maxsize=1024)
def critical_values(groups: int, replicates: int, alpha: float = 0.05) -> Critical:
    """Return the smallest |t|, and F, that each procedure calls significant at the level alpha.

    Examples
    --------
    >>> critical = critical_values(4, 3)
    >>> round(float(critical.t), 4), round(2**0.5 * critical.tukey, 4)
    (2.306, 4.5288)
    """
    from scipy.special import fdtri, stdtrit

    df, pairs = groups * (replicates - 1), groups * (groups - 1) // 2
    return Critical(
        t=-stdtrit(df, alpha / 2),
        tukey=critical_range(alpha, groups, df) / sqrt(2),
        holm=-stdtrit(df, alpha / 2 / np.arange(pairs, 0, -1)),
        separate_t=-stdtrit(2 * (replicates - 1), alpha / 2),
        f=fdtri(groups - 1, df, 1 - alpha),
    )


def pair_places(groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the first and of the second group of every pair."""
    first, second = np.array(list(combinations(range(groups), 2))).T
    return first, second


def _compared(means: np.ndarray, variances: np.ndarray, replicates: int) -> Compared:
    groups = means.shape[1]
    pooled = variances.mean(axis=1)
    first, second = pair_places(groups)
    differences = np.abs(means[:, first] - means[:, second])
    t = differences / np.sqrt(2 / replicates * pooled)[:, None]
    separate = differences / np.sqrt((variances[:, first] + variances[:, second]) / replicates)
    return Compared(t, separate, replicates * means.var(axis=1, ddof=1) / pooled, groups, replicates)


def _holm(t: np.ndarray, critical: np.ndarray) -> np.ndarray:
    """The largest |t| first, each against its own limit, until one is below it: the rest is accepted with it."""
    falling = -np.sort(-t, axis=1)
    accepted = np.logical_or.accumulate(falling <= critical, axis=1)
    # |t| of the first one accepted: what is larger was rejected before it.
    first = accepted.argmax(axis=1)
    limit = np.where(accepted.any(axis=1), np.take_along_axis(falling, first[:, None], axis=1)[:, 0], -1)
    return t > limit[:, None]


def _holm_p(p: np.ndarray) -> np.ndarray:
    """Smallest p times the number of pairs, the next times one less, and so on; never below the one before it."""
    order, pairs = p.argsort(axis=1), p.shape[1]
    scaled = np.take_along_axis(p, order, axis=1) * np.arange(pairs, 0, -1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(1, np.maximum.accumulate(scaled, axis=1)), axis=1)
    return adjusted
