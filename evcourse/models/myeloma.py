"""A tumour that grows beside a remodelling site, as published: myeloma, after Ayati et al. (2010).

Biology Direct 5:28, https://doi.org/10.1186/1745-6150-5-28: the remodelling site of `evcourse.models.remodelling` with
exponents that change as the tumour grows. Equations and constants were read in a public file that transcribes the model
(BioModels BIOMD0000000402), not in the paper. Myeloma grows in bone and is no metastasis: the model stands here for
"a tumour that changes the signals between the cells".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.metastasis import MASS, up_to_no_bone
from evcourse.models.quantities import require_positive
from evcourse.models.remodelling import HEALTHY, Remodelling, steady_state

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Tumour:
    """A tumour that grows to a limit and changes the exponents of a remodelling site on its way.

    Parameters
    ----------
    start_percent, limit_percent
        Size on day 0 (1) and in the end (100), in % of the limit of the published model.
    growth_per_day
        Constant of growth (0.005), per day.
    r11, r12, r21, r22
        How strongly the full-grown tumour changes g11 (0.005), g12 (0), g21 (0) and g22 (0.2), without unit.

    Raises
    ------
    ValueError
        If a size or the growth is not above zero.

    Notes
    -----
    Constants of Ayati et al. (2010), https://doi.org/10.1186/1745-6150-5-28, as listed in BIOMD0000000402.
    """

    start_percent: float = 1.0
    limit_percent: float = 100.0
    growth_per_day: float = 0.005
    r11: float = 0.005
    r12: float = 0.0
    r21: float = 0.0
    r22: float = 0.2

    def __post_init__(self) -> None:
        require_positive(
            start_percent=self.start_percent, limit_percent=self.limit_percent, growth_per_day=self.growth_per_day
        )


TUMOUR = Tumour()
"""The published tumour."""

SITE = replace(HEALTHY, g11=1.1, k1=0.0748, k2=0.0006395)
"""The published site before the tumour: regular cycles (g11 = 1.1), with the mass constants of BIOMD0000000402."""

START = (15.0, 316.0)
"""Osteoclasts and osteoblasts on day 0 in BIOMD0000000402."""


def tumour_size(day, tumour: Tumour = TUMOUR, *, xp=np):
    """Return the size of a tumour in per cent of its limit, at a day or many days.

    Notes
    -----
    Growth after Gompertz, dT/dt = γ·T·ln(L/T), has the closed form T = L·(T0/L)^exp(−γt).

    Examples
    --------
    >>> [round(float(tumour_size(day)), 1) for day in (0, 100, 500, 1000)]
    [1.0, 6.1, 68.5, 96.9]
    """
    distance = log(tumour.start_percent / tumour.limit_percent)
    return tumour.limit_percent * xp.exp(distance * xp.exp(-tumour.growth_per_day * day))


def site_with_tumour(size_percent: float, site: Remodelling = SITE, tumour: Tumour = TUMOUR) -> Remodelling:
    """Return a site whose exponents are those with a tumour of some size, in per cent.

    Notes
    -----
    With s = T/L: g11(1 + r11·s), g12/(1 + r12·s), g21(1 + r21·s), g22 − r22·s. Ayati et al. (2010).
    """
    g11, g12, g21, g22 = _exponents(size_percent / tumour.limit_percent, site, tumour)
    return replace(site, g11=g11, g12=g12, g21=g21, g22=g22)


def tumour_thresholds(site: Remodelling = SITE, tumour: Tumour = TUMOUR) -> tuple[float, float]:
    """Return the osteoclasts and osteoblasts above which the published model counts cells as active.

    They are the steady state beside the full-grown tumour.

    Examples
    --------
    >>> [round(cells, 7) for cells in tumour_thresholds()]
    [4.99381, 315.9014887]
    """
    return steady_state(site_with_tumour(tumour.limit_percent, site, tumour))


def tumour_course(
    *,
    days: float,
    site: Remodelling = SITE,
    tumour: Tumour = TUMOUR,
    start: tuple[float, float] = START,
    thresholds: tuple[float, float] | None = None,
    step_days: float = 1.0,
    until_no_bone: bool = True,
) -> pd.DataFrame:
    """Return cells, tumour and bone mass over time, after Ayati et al. (2010).

    Parameters
    ----------
    days, step_days
        Length of the course and distance of its rows, in days.
    site, tumour
        The site without tumour, and the tumour.
    start
        Osteoclasts and osteoblasts on day 0.
    thresholds
        Osteoclasts and osteoblasts above which cells are active; those of `tumour_thresholds` if left out, as in
        BIOMD0000000402.
    until_no_bone
        Whether the course ends when no bone is left. The published equation goes on below zero.

    Returns
    -------
    pandas.DataFrame
        Columns day, osteoclasts, osteoblasts, tumour_percent, bone_mass_percent.

    Raises
    ------
    ValueError
        If a number is not above zero, or the solver gives up.

    Notes
    -----
    dz/dt = k2·max(0, B − B̄) − k1·max(0, C − C̄), the published form, and not the balanced one of `metastasis.lesion_course`.
    Solved by LSODA on the logarithms of the cell numbers.
    """
    import pandas as pd

    require_positive(days=days, step_days=step_days, osteoclasts=start[0], osteoblasts=start[1])
    day = np.linspace(0, days, round(days / step_days) + 1)
    rates = _rates(site, tumour, thresholds or tumour_thresholds(site, tumour))
    first, second, mass = _solution(rates, (log(start[0]), log(start[1]), 100.0), day)
    cells = {"day": day, "osteoclasts": np.exp(first), "osteoblasts": np.exp(second)}
    course = pd.DataFrame({**cells, "tumour_percent": tumour_size(day, tumour), MASS: mass})
    return up_to_no_bone(course) if until_no_bone else course


def _exponents(share: float, site: Remodelling, tumour: Tumour) -> tuple[float, float, float, float]:
    """g11, g12, g21, g22 beside a tumour of a share of its limit."""
    return (
        site.g11 * (1 + tumour.r11 * share),
        site.g12 / (1 + tumour.r12 * share),
        site.g21 * (1 + tumour.r21 * share),
        site.g22 - tumour.r22 * share,
    )


def _rates(site: Remodelling, tumour: Tumour, thresholds: tuple[float, float]):
    """Derivatives of ln C, ln B and z; plain floats, because the solver asks thousands of times."""
    low1, low2 = thresholds
    a1, a2 = log(site.alpha1), log(site.alpha2)
    distance = log(tumour.start_percent / tumour.limit_percent)

    def rates(day, state):
        first, second, _ = state
        g11, g12, g21, g22 = _exponents(exp(distance * exp(-tumour.growth_per_day * day)), site, tumour)
        formed1 = exp(a1 + (g11 - 1) * first + g21 * second)
        formed2 = exp(a2 + g12 * first + (g22 - 1) * second)
        active1, active2 = max(0.0, exp(first) - low1), max(0.0, exp(second) - low2)
        return formed1 - site.beta1, formed2 - site.beta2, site.k2 * active2 - site.k1 * active1

    return rates


def _solution(rates, start: tuple[float, float, float], day: np.ndarray) -> np.ndarray:
    from scipy.integrate import odeint

    # The longest step keeps the solver from jumping over the short bursts in which bone is resorbed.
    states, report = odeint(
        rates, start, day, rtol=1e-8, atol=1e-8, hmax=5, mxstep=20_000, tfirst=True, full_output=True
    )
    if report["message"] != "Integration successful.":
        raise ValueError(f"The course cannot be computed to day {day[-1]:g} ({report['message']}): try fewer days.")
    return states.T
