"""Size distributions of vesicles: one log-normal sample, seen by number, by volume or by scattered light.

If the numbers of particles are log-normal in diameter, with median m and σ (the standard deviation of ln d), then
what is weighted by dᵏ is log-normal too, with the same σ and median m·exp(kσ²) (Hatch and Choate 1929,
https://doi.org/10.1016/S0016-0032(29)91451-4; exact, not an approximation).
"""

from __future__ import annotations

from math import pi
from statistics import NormalDist

import numpy as np

from evcourse.models.quantities import require_positive, require_smaller

WEIGHTINGS = {"number": 0, "volume": 3, "intensity": 6}
"""Power of the diameter in each weighting. Six holds for particles far smaller than the wavelength (Rayleigh), up to
about 60 nm in visible light; larger ones scatter less than that, the more so at a wide angle."""


def lognormal_density(diameter_nm, median_nm, sigma, *, weighting="number", xp=np):
    """Return the log-normal density at a diameter, per nm; it integrates to 1.

    Parameters
    ----------
    diameter_nm
        Where the density is wanted, in nm.
    median_nm
        Median **by number**, in nm, whatever the weighting.
    sigma
        Standard deviation of ln d (its exponential is the geometric standard deviation).
    weighting
        "number", "volume" or "intensity".

    Raises
    ------
    ValueError
        If a number is not above zero or the weighting has another name.
    """
    require_positive(diameter_nm=diameter_nm, median_nm=median_nm, sigma=sigma)
    shifted = weighted_median(median_nm, sigma, weighting=weighting, xp=xp)
    distance = xp.log(diameter_nm / shifted) / sigma
    return xp.exp(-0.5 * distance * distance) / (diameter_nm * sigma * (2 * pi) ** 0.5)


def weighted_median(median_nm, sigma, *, weighting="intensity", xp=np):
    """Return the median diameter in nm after weighting, m·exp(kσ²), from the median by number.

    Examples
    --------
    >>> round(float(weighted_median(95.39, 0.1579)), 1)
    110.8
    """
    require_positive(median_nm=median_nm)
    return median_nm * xp.exp(_power(weighting) * sigma * sigma)


def number_median(weighted_median_nm, sigma, *, weighting="intensity", xp=np):
    """Return the median by number, in nm, from a weighted median: the inverse of `weighted_median`."""
    require_positive(weighted_median_nm=weighted_median_nm)
    return weighted_median_nm * xp.exp(-_power(weighting) * sigma * sigma)


def z_average(median_nm, sigma, *, xp=np):
    """Return the z-average diameter in nm that dynamic light scattering reports, m·exp(5.5σ²).

    It is ⟨d⁶⟩/⟨d⁵⟩ over the numbers of particles, so it holds for small particles (see `WEIGHTINGS`).

    Notes
    -----
    Method of cumulants: Koppel (1972), https://doi.org/10.1063/1.1678153.
    """
    require_positive(median_nm=median_nm)
    return median_nm * xp.exp(5.5 * sigma * sigma)


def polydispersity_index(sigma, *, xp=np):
    """Return the polydispersity index of dynamic light scattering, μ₂/Γ̄² = exp(σ²) − 1.

    Notes
    -----
    Method of cumulants: Koppel (1972), https://doi.org/10.1063/1.1678153. The value is that of the distribution;
    a quadratic fit to a measured curve comes out up to 0.003 lower, depending on its range.
    """
    return xp.exp(sigma * sigma) - 1


def lognormal_from_interval(low_nm, high_nm, *, coverage=0.95, xp=np):
    """Return the median in nm and the σ of the log-normal whose central part is an interval.

    Parameters
    ----------
    low_nm, high_nm
        Ends of the interval in nm.
    coverage
        Share of the distribution between them, with equal shares outside on both sides. A paper that states
        "70 to 130 nm" does not say which share it means: 0.95 is an assumption.

    Returns
    -------
    tuple
        Median in nm, and σ; both with the weighting that the interval has.

    Examples
    --------
    >>> [round(float(value), 4) for value in lognormal_from_interval(70, 130)]
    [95.3939, 0.1579]
    """
    require_positive(low_nm=low_nm)
    require_smaller(low_nm=low_nm, high_nm=high_nm)
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must lie between 0 and 1, but is {coverage}: write 0.95 for 95 %.")
    half_width = NormalDist().inv_cdf(0.5 + coverage / 2)
    return xp.sqrt(low_nm * high_nm), xp.log(high_nm / low_nm) / (2 * half_width)


def share_between(low_nm, high_nm, median_nm, sigma, *, weighting="number"):
    """Return the share of a log-normal sample between two diameters, 0 to 1.

    Parameters
    ----------
    low_nm, high_nm
        Limits in nm.
    median_nm, sigma
        Median by number in nm, and standard deviation of ln d.
    weighting
        Share of the "number", the "volume" or the "intensity".
    """
    require_positive(low_nm=low_nm, median_nm=median_nm, sigma=sigma)
    require_smaller(low_nm=low_nm, high_nm=high_nm)
    median = weighted_median(median_nm, sigma, weighting=weighting)
    return _normal_share(np.log(high_nm / median) / sigma) - _normal_share(np.log(low_nm / median) / sigma)


def intensity_share(number_ratio, diameter_ratio, *, power=6):
    """Return the share of the scattered light that comes from a few large particles among many small ones.

    Parameters
    ----------
    number_ratio
        Large particles per small particle.
    diameter_ratio
        Diameter of a large one over that of a small one.
    power
        Power of the diameter that the light follows: 6 for particles far smaller than the wavelength (an upper
        limit for large ones at wide angles); 3 gives the share of the volume.

    Examples
    --------
    >>> round(intensity_share(1 / 999, 3), 3)
    0.422
    """
    require_positive(number_ratio=number_ratio, diameter_ratio=diameter_ratio)
    large = number_ratio * diameter_ratio**power
    return large / (1 + large)


def _power(weighting: str) -> int:
    if weighting not in WEIGHTINGS:
        raise ValueError(f"No weighting {weighting!r}: it is {', '.join(map(repr, WEIGHTINGS))}.")
    return WEIGHTINGS[weighting]


_normal_share = np.vectorize(NormalDist().cdf, otypes=[float])
