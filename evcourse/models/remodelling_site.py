"""One remodelling site: its ten constants, its steady state, and whether a disturbance dies away there.

The equations, their source and their course over time are those of `evcourse.models.remodelling`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import pi
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_positive

if TYPE_CHECKING:
    import pandas as pd

POSITIVE = ("alpha1", "alpha2", "beta1", "beta2", "k1", "k2")


@dataclass(frozen=True)
class Remodelling:
    """The ten constants of one remodelling site; the defaults are the published healthy set.

    Parameters
    ----------
    alpha1, alpha2
        Formation of osteoclasts (3) and osteoblasts (4), in cells per day at one cell of each kind.
    beta1, beta2
        Removal of osteoclasts (0.2) and osteoblasts (0.02), per day.
    g11, g12, g21, g22
        Exponents, without unit: osteoclasts on themselves (0.5), osteoclasts on osteoblasts (1), osteoblasts on
        osteoclasts (-0.5), osteoblasts on themselves (0).
    k1, k2
        Bone resorbed per osteoclast (0.24) and formed per osteoblast (0.0017), in % of the start per cell and day.

    Raises
    ------
    ValueError
        If a rate or a mass constant is not above zero.

    Notes
    -----
    Source: Komarova et al. (2003), see `evcourse.models.remodelling`; BIOMD0000000401 lists the same ten numbers.
    """

    alpha1: float = 3.0
    alpha2: float = 4.0
    beta1: float = 0.2
    beta2: float = 0.02
    g11: float = 0.5
    g12: float = 1.0
    g21: float = -0.5
    g22: float = 0.0
    k1: float = 0.24
    k2: float = 0.0017

    def __post_init__(self) -> None:
        require_positive(**{name: getattr(self, name) for name in POSITIVE})

    def times(self, **factors: float) -> Remodelling:
        """Return the same site with some constants multiplied, as in `HEALTHY.times(alpha1=1.5)`."""
        names = [field.name for field in fields(self)]
        for name in factors:
            if name not in names:
                raise ValueError(f"A remodelling site has no constant {name!r}: it has {', '.join(names)}.")
        return replace(self, **{name: getattr(self, name) * factor for name, factor in factors.items()})


HEALTHY = Remodelling()
"""The published set that answers a disturbance with one remodelling cycle."""

CYCLING = replace(HEALTHY, g11=1.1, k1=0.093, k2=0.0008)
"""The set at the border of stability, with regular cycles; k1 and k2 from general knowledge of the paper, not re-read."""


def steady_state(site: Remodelling = HEALTHY) -> tuple[float, float]:
    """Return the numbers of osteoclasts and osteoblasts at which nothing changes.

    Raises
    ------
    ValueError
        If the exponents leave no single steady state (γ = 0).

    Notes
    -----
    γ = g12·g21 − (1 − g11)(1 − g22); x̄1 = (β1/α1)^((1−g22)/γ) (β2/α2)^(g21/γ); x̄2 = (β1/α1)^(g12/γ)
    (β2/α2)^((1−g11)/γ). Komarova et al. (2003); the file BIOMD0000000148 notes a misprint in its x̄2.

    Examples
    --------
    >>> [round(cells, 4) for cells in steady_state()]
    [1.0607, 212.132]
    """
    gamma = _gamma(site)
    first, second = site.beta1 / site.alpha1, site.beta2 / site.alpha2
    osteoclasts = first ** ((1 - site.g22) / gamma) * second ** (site.g21 / gamma)
    osteoblasts = first ** (site.g12 / gamma) * second ** ((1 - site.g11) / gamma)
    return osteoclasts, osteoblasts


def steady_state_sensitivities(site: Remodelling = HEALTHY) -> pd.DataFrame:
    """Return by how many per cent the steady state moves for one per cent more of a rate.

    Returns
    -------
    pandas.DataFrame
        One row for each of alpha1, alpha2, beta1, beta2 (the index); columns osteoclasts and osteoblasts, without
        unit: the derivatives ∂ln x̄/∂ln rate, from the closed form of `steady_state`.
    """
    import pandas as pd

    gamma = _gamma(site)
    by_alpha = np.array([[1 - site.g22, site.g12], [site.g21, 1 - site.g11]]) / -gamma
    rates = pd.Index(["alpha1", "alpha2", "beta1", "beta2"], name="rate")
    return pd.DataFrame(np.vstack([by_alpha, -by_alpha]), index=rates, columns=["osteoclasts", "osteoblasts"])


def jacobian(site: Remodelling = HEALTHY) -> np.ndarray:
    """Return the 2 × 2 matrix of derivatives of the two rates at the steady state, per day."""
    osteoclasts, osteoblasts = steady_state(site)
    ratio = osteoclasts / osteoblasts
    return np.array(
        [
            [site.beta1 * (site.g11 - 1), site.beta1 * site.g21 * ratio],
            [site.beta2 * site.g12 / ratio, site.beta2 * (site.g22 - 1)],
        ]
    )


def eigenvalues(site: Remodelling = HEALTHY) -> np.ndarray:
    """Return the two eigenvalues of `jacobian`, per day: negative real parts mean that a small disturbance dies away."""
    return np.linalg.eigvals(jacobian(site)).astype(complex)


def hopf_g11(site: Remodelling = HEALTHY) -> float:
    """Return the g11 at which damped cycles turn into growing ones (the Hopf point): 1 + (β2/β1)(1 − g22).

    There the trace β1(g11 − 1) + β2(g22 − 1) of `jacobian` is zero.

    Raises
    ------
    ValueError
        If the site does not oscillate at that point, because γ is not below zero there.
    """
    critical = 1 + site.beta2 / site.beta1 * (1 - site.g22)
    gamma = _gamma(replace(site, g11=critical))
    if gamma >= 0:
        raise ValueError(f"γ is {gamma:.3g} at g11 = {critical:g}: cycles need it below zero, so g12·g21 must be lower.")
    return critical


def small_cycle_period(site: Remodelling = CYCLING) -> float:
    """Return the period in days of very small cycles, 2π over the imaginary part of the eigenvalues.

    Large cycles take longer: measure them with `peak_days`.

    Raises
    ------
    ValueError
        If the site returns to its steady state without cycling.
    """
    imaginary = float(np.abs(eigenvalues(site).imag).max())
    if imaginary == 0:
        raise ValueError("This site does not cycle: its eigenvalues are real, and a disturbance dies away without a turn.")
    return 2 * pi / imaginary


def _gamma(site: Remodelling) -> float:
    gamma = site.g12 * site.g21 - (1 - site.g11) * (1 - site.g22)
    if gamma == 0:
        raise ValueError(
            "These exponents leave no single steady state (γ = g12·g21 − (1 − g11)(1 − g22) = 0): change one of them."
        )
    return gamma
