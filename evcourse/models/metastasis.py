"""Tumours in bone: one published model of a growing tumour, and lesions as lasting changes of one remodelling site.

The published model is that of myeloma by Ayati et al. (2010) Biology Direct 5:28,
https://doi.org/10.1186/1745-6150-5-28: the remodelling site of `evcourse.models.remodelling` with exponents that
change as the tumour grows. Its equations and constants were read in a public file that transcribes it (BioModels
BIOMD0000000402), not in the paper. Myeloma grows in bone and is no metastasis: the model stands here for
"a tumour that changes the signals between the cells".

Lesions of breast, lung and prostate cancer are the course's own **teaching simplification**: each cargo moves one
constant of the healthy site. Signs follow what the review reports, sizes are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between, require_positive
from evcourse.models.remodelling import HEALTHY, Remodelling, chronic_slope, simulate, steady_state

if TYPE_CHECKING:
    import pandas as pd

MASS = "bone_mass_percent"
LESIONS = {-1: "osteolytic", 0: "no lasting change", 1: "osteosclerotic"}

# % of the start per day; less than this is 0.1 % in a thousand days.
_NO_CHANGE = 1e-4


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


@dataclass(frozen=True)
class AntiResorptive:
    """A drug that lets fewer osteoclasts form from a day on; it does not touch the tumour.

    Parameters
    ----------
    from_day
        Day on which it begins, at least 0.
    blocked_share
        Share of osteoclast formation that it prevents, from 0 to 0.95: α1 is multiplied by 1 minus this share.

    Notes
    -----
    A teaching construct, after the way in which an antibody against RANKL acts. No dose and no drug of the clinic has
    been fitted; complete prevention is left out, because the model has no site without osteoclasts.
    """

    from_day: float = 0.0
    blocked_share: float = 0.5

    def __post_init__(self) -> None:
        require_between(0, np.inf, from_day=self.from_day)
        require_between(0, 0.95, blocked_share=self.blocked_share)

    def acting_on(self, site: Remodelling) -> Remodelling:
        """Return the site with the drug in it."""
        return site.times(alpha1=1 - self.blocked_share)


MYELOMA = Tumour()
"""The published tumour."""

MYELOMA_SITE = replace(HEALTHY, g11=1.1, k1=0.0748, k2=0.0006395)
"""The published site before the tumour: regular cycles (g11 = 1.1), with the mass constants of BIOMD0000000402."""

MYELOMA_START = (15.0, 316.0)
"""Osteoclasts and osteoblasts on day 0 in BIOMD0000000402."""


def tumour_size(day, tumour: Tumour = MYELOMA, *, xp=np):
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


def site_with_tumour(size_percent: float, site: Remodelling = MYELOMA_SITE, tumour: Tumour = MYELOMA) -> Remodelling:
    """Return a site whose exponents are those with a tumour of some size, in per cent.

    Notes
    -----
    With s = T/L: g11(1 + r11·s), g12/(1 + r12·s), g21(1 + r21·s), g22 − r22·s. Ayati et al. (2010).
    """
    g11, g12, g21, g22 = _exponents(size_percent / tumour.limit_percent, site, tumour)
    return replace(site, g11=g11, g12=g12, g21=g21, g22=g22)


def tumour_thresholds(site: Remodelling = MYELOMA_SITE, tumour: Tumour = MYELOMA) -> tuple[float, float]:
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
    site: Remodelling = MYELOMA_SITE,
    tumour: Tumour = MYELOMA,
    start: tuple[float, float] = MYELOMA_START,
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
    dz/dt = k2·max(0, B − B̄) − k1·max(0, C − C̄), the published form, and not the balanced one of `lesion_course`.
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


def lesion_site(links: pd.DataFrame, *, strength: float = 1.0, site: Remodelling = HEALTHY) -> Remodelling:
    """Return the site that the vesicles of a tumour make of a healthy one.

    Parameters
    ----------
    links
        One row per cargo: parameter (a constant of the site) and factor (what the cargo multiplies it by).
    strength
        From 0 (no vesicles) to 1 (the factors of the table); in between, the factor to this power.
    site
        The site without vesicles.

    Raises
    ------
    ValueError
        If the strength is not between 0 and 1, or a parameter is not a constant of the site.

    Notes
    -----
    Several cargos of one cell line on one constant count once, with the largest factor: they are explanations of one
    and the same effect of that line's vesicles, found by different laboratories, and not effects to be added.
    """
    require_between(0, 1, strength=strength)
    strongest: dict[str, float] = {}
    for parameter, factor in zip(links["parameter"], links["factor"], strict=True):
        strongest[parameter] = max(strongest.get(parameter, 1.0), float(factor), key=lambda each: abs(log(each)))
    return site.times(**{parameter: factor**strength for parameter, factor in strongest.items()})


def lesion_course(
    site: Remodelling,
    *,
    days: float,
    drug: AntiResorptive | None = None,
    reference: Remodelling = HEALTHY,
    step_days: float = 1.0,
) -> pd.DataFrame:
    """Return cells and bone mass over time, from healthy bone on day 0 until no bone is left.

    The **balanced** teaching form of the bone mass is used; see `evcourse.models.remodelling.bone_mass_rate`.

    Parameters
    ----------
    site
        The site with the vesicles of a tumour, from day 0 on.
    days, step_days
        Length of the course and distance of its rows, in days.
    drug
        A drug that begins during the course, on a day rounded to `step_days`.
    reference
        The healthy site: its steady state is the start and the balance.

    Returns
    -------
    pandas.DataFrame
        Columns day, osteoclasts, osteoblasts, bone_mass_percent. If the last bone goes before the last day, the
        course ends with that moment.
    """
    import pandas as pd

    drug = drug or AntiResorptive(blocked_share=0)
    switch = min(round(drug.from_day / step_days) * step_days, days)
    course, begin = None, {"start": steady_state(reference), "start_mass_percent": 100.0}
    for treated, length in ((site, switch), (drug.acting_on(site), days - switch)):
        if length > 0 and begin["start_mass_percent"] > 0:
            part = simulate(treated, days=length, reference=reference, step_days=step_days, **begin)
            course = part if course is None else pd.concat([course, part.assign(day=part["day"] + switch)[1:]])
            end = part.iloc[-1]
            begin = {"start": (end["osteoclasts"], end["osteoblasts"]), "start_mass_percent": end[MASS]}
    return up_to_no_bone(course.reset_index(drop=True))


def up_to_no_bone(course: pd.DataFrame) -> pd.DataFrame:
    """Return a course up to the moment when no bone is left, with that moment as its last row.

    The equations go on below zero, because they do not know that cells need bone to stand on; what they say from
    there on has no meaning. The moment is found on the straight line between two rows.
    """
    gone = np.flatnonzero(course[MASS].to_numpy() <= 0)
    if not len(gone) or not gone[0]:
        return course
    before, after = course.iloc[gone[0] - 1], course.iloc[gone[0]]
    way = before[MASS] / (before[MASS] - after[MASS])
    kept = course.iloc[: gone[0] + 1].copy()
    kept.iloc[-1] = before + way * (after - before)
    return kept


def day_without_bone(course: pd.DataFrame) -> float | None:
    """Return the day on which no bone is left, or None if some is left at the end of the course."""
    last = up_to_no_bone(course).iloc[-1]
    return float(last["day"]) if last[MASS] < 1e-9 else None


def lesion_kind(site: Remodelling, *, reference: Remodelling = HEALTHY) -> str:
    """Return "osteolytic", "osteosclerotic" or "no lasting change", from the lasting slope of the bone mass."""
    slope = chronic_slope(site, reference=reference)
    return LESIONS[0 if abs(slope) < _NO_CHANGE else int(np.sign(slope))]


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
