"""The studentized range (Tukey's q) in less than a millisecond.

`scipy.stats.studentized_range` takes about five milliseconds a value, too long for a chart that follows a slider and
shows ten. Here the same double integral is summed over fixed nodes; tests hold both equal.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from evcourse.models.quantities import require_between

_NODES = 64
_FAR = 8.5
"""Standard deviations beyond which a normal distribution holds less than 10⁻¹⁶."""


def range_p(q, groups: int, df: int):
    """Return the chance that the largest difference of means exceeds q pooled standard errors.

    Parameters
    ----------
    q
        Range over the standard error of one mean: for a t of two equal groups, √2·|t|. Number or array.
    groups
        Number of means, from 2 to 10.
    df
        Degrees of freedom of the pooled variance, at least 2.

    Notes
    -----
    1 − ∫ f(s) k ∫ φ(z) [Φ(z) − Φ(z − q·s)]^(k−1) dz ds with s² distributed as χ²(df)/df; Gauss and Legendre's nodes.
    Differs from scipy's by less than 10⁻⁹ (up to eight groups, from df = 6 on), by 3·10⁻⁷ at df = 2.

    Examples
    --------
    >>> round(float(range_p(4.5288, 4, 8)), 5)
    0.05
    """
    from scipy.special import ndtr

    require_between(2, 10, groups=groups)
    require_between(2, np.inf, df=df)
    spreads, weights = chi_nodes(df)
    z, z_weights = _nodes(-_FAR, _FAR)
    density = groups * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * z_weights
    q = np.asarray(q, dtype=float)[..., None, None]
    inside = ((ndtr(z) - ndtr(z - q * spreads[:, None])) ** (groups - 1)) @ density
    return np.clip(1 - inside @ weights, 0, 1)


@lru_cache(maxsize=4096)
def critical_range(alpha: float, groups: int, df: int) -> float:
    """Return the q that is exceeded with the chance alpha: Tukey's critical value.

    Examples
    --------
    >>> round(critical_range(0.05, 4, 8), 4)
    4.5288
    """
    from scipy.optimize import brentq

    require_between(1e-6, 1 - 1e-6, alpha=alpha)
    high = 4.0
    while range_p(high, groups, df) > alpha:
        high *= 2
    return float(brentq(lambda q: float(range_p(q, groups, df)) - alpha, 0, high, xtol=1e-12))


@lru_cache(maxsize=256)
def chi_nodes(df: int) -> tuple[np.ndarray, np.ndarray]:
    """Return values of s, with s² distributed as χ²(df)/df, and the share that each stands for."""
    from scipy.special import chdtri, gammaln

    low, high = (np.sqrt(chdtri(df, tail) / df) for tail in (1 - 1e-15, 1e-16))
    spreads, weights = _nodes(low, high)
    log_density = np.log(2) + df / 2 * np.log(df / 2) - gammaln(df / 2) + (df - 1) * np.log(spreads) - df * spreads**2 / 2
    return spreads, np.exp(log_density) * weights


@lru_cache(maxsize=256)
def _nodes(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    places, weights = np.polynomial.legendre.leggauss(_NODES)
    return (low + high) / 2 + (high - low) / 2 * places, (high - low) / 2 * weights
