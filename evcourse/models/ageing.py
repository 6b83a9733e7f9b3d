"""Ageing as a change of two constants of a remodelling site, its cure, and a whole life on one page.

An aged site forms fewer osteoblasts (α2) and more osteoclasts (α1) than a healthy one: this is how the course takes
the effect that the review reports for miR-31a-5p into the model of `evcourse.models.remodelling`. The sizes of the
changes are invented.

The life course is a **teaching construct**. Its rates come from the closed form of the model in its steady state,
which is reached within months, brought from one site to a skeleton by one number, the yearly turnover.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between, require_positive
from evcourse.models.remodelling import HEALTHY, Remodelling, steady_state
from evcourse.models.vesicle_physics import molecules_per_vesicle

if TYPE_CHECKING:
    import pandas as pd

AGED = HEALTHY.times(alpha1=1.1, alpha2=0.9)
"""The course's aged site: a tenth fewer osteoblasts formed, a tenth more osteoclasts. Invented sizes."""

TURNOVER_PERCENT_PER_YEAR = 10.0
"""Share of a healthy adult skeleton renewed in a year. General knowledge (public pages give 5 to 10 %), no primary
source read. The model's site is busy all the time and renews 365·k1·x̄1 = 93 % a year."""

ONSET_YEARS = 40.0
"""Age from which α1 rises and α2 falls in the life course: the course's choice."""

MENOPAUSE_RISE = 0.5
"""Share by which α1 stands higher from the menopause on: the course's choice (α1 × 1.5)."""

MENOPAUSE_DIP, MENOPAUSE_DIP_YEARS = 0.1, 4.0
"""Share by which α2 falls at the menopause, and the years after which e⁻¹ of it is left: the course's choice. Together
with the rise they give a loss of about 2 % a year at first and 1 % later, as public pages describe it."""

FRACTURE_THRESHOLD_PERCENT = 70.0
"""Line drawn in the life course: a **teaching construct**. No clinical limit is expressed in this way."""

EXOSOME_COPIES = 0.00825
"""Molecules of one miRNA per vesicle, mean over six sources of exosomes (standard deviation 0.02): Chevillet et al.
(2014), https://doi.org/10.1073/pnas.1408301111, abstract read."""

_DAYS = 365.0


@dataclass(frozen=True)
class Life:
    """What happens in a life course.

    Parameters
    ----------
    change_per_decade_percent
        By how much α1 rises and α2 falls in ten years, from the age of 40 on (2: at 90 the site is `AGED`).
    menopause_years
        Age at the menopause; None for a life without one.
    from_years
        Age from which an intervention acts, to the end of the life.
    osteoclasts_blocked
        Share of osteoclast formation that it prevents (an anti-resorptive drug), from 0 to 0.95.
    signal_blocked
        Share of the lost osteoblast formation that it restores (an antagomir, say), from 0 to 1.
    """

    change_per_decade_percent: float = 2.0
    menopause_years: float | None = 50.0
    from_years: float = 65.0
    osteoclasts_blocked: float = 0.0
    signal_blocked: float = 0.0

    def __post_init__(self) -> None:
        require_between(0, 10, change_per_decade_percent=self.change_per_decade_percent)
        require_between(0, 0.95, osteoclasts_blocked=self.osteoclasts_blocked)
        require_between(0, 1, signal_blocked=self.signal_blocked)
        require_positive(from_years=self.from_years)
        if self.menopause_years is not None:
            require_positive(menopause_years=self.menopause_years)


def formation_factors(age_years, life, *, xp=np):
    """Return what multiplies α1 and α2 of a healthy site at an age.

    Parameters
    ----------
    age_years
        Age or ages; also an expression of a chart.
    life
        A `Life`, or anything with its attributes; without menopause `menopause_years` is None or beyond the last age.
    """
    decades = xp.maximum(0, age_years - ONSET_YEARS) / 10
    change = life.change_per_decade_percent / 100 * decades
    menopause = 1000.0 if life.menopause_years is None else life.menopause_years
    since = age_years - menopause
    dip = MENOPAUSE_DIP * xp.exp(-xp.maximum(0, since) / MENOPAUSE_DIP_YEARS)
    alpha1 = (1 + change) * xp.where(since >= 0, 1 + MENOPAUSE_RISE, 1)
    alpha2 = (1 - change) * xp.where(since >= 0, 1 - dip, 1)
    treated = xp.where(age_years >= life.from_years, 1, 0)
    return alpha1 * (1 - treated * life.osteoclasts_blocked), alpha2 + treated * life.signal_blocked * (1 - alpha2)


def lasting_rate(alpha1_factor, alpha2_factor, *, turnover_percent=TURNOVER_PERCENT_PER_YEAR, xp=np):
    """Return the lasting change of bone mass in per cent of the start per year.

    Parameters
    ----------
    alpha1_factor, alpha2_factor
        What multiplies α1 and α2 of the healthy site.
    turnover_percent
        Share of bone renewed in a year in health.

    Notes
    -----
    From `remodelling.coupled_chronic_slope`, k1·x̄1'·(f2 − 1), with x̄1' = x̄1·f1/√f2 for the exponents of the healthy
    set: turnover · f1 · (f2 − 1)/√f2.

    Examples
    --------
    >>> round(float(lasting_rate(1.1, 0.9)), 2)
    -1.16
    """
    return turnover_percent * alpha1_factor * (alpha2_factor - 1) / xp.sqrt(alpha2_factor)


def remodelling_space(alpha1_factor, alpha2_factor, *, turnover_percent=TURNOVER_PERCENT_PER_YEAR, xp=np):
    """Return the change of bone mass, in per cent, that a changed number of open sites makes once and for all.

    More osteoclasts and osteoblasts at work mean more bone that is just missing, and the other way round.

    Notes
    -----
    With g12 = 1 and g22 = 0 the balanced equation can be integrated: a part of the change is −(k1/α2')·(x2 − x2(0))
    and lasts no longer than the cells take to settle. In factors: −(turnover/(365·β2))·(f1·√f2 − 1)/f2.

    Examples
    --------
    >>> site_turnover = 365 * HEALTHY.k1 * steady_state()[0]
    >>> round(float(remodelling_space(1.5, 1, turnover_percent=site_turnover)), 3)
    -6.364
    """
    scale = turnover_percent / (_DAYS * HEALTHY.beta2)
    return -scale * (alpha1_factor * xp.sqrt(alpha2_factor) - 1) / alpha2_factor


def life_course(life: Life | None = None, *, from_years: int = 30, to_years: int = 90) -> pd.DataFrame:
    """Return bone mass year by year.

    Returns
    -------
    pandas.DataFrame
        Columns age_years, alpha1_factor, alpha2_factor, rate_percent_per_year (of the year that ends with this
        birthday), bone_mass_percent (of the mass at the first age), never below zero.

    Notes
    -----
    The rate in the middle of each year, summed; ages at which something begins should be whole years.
    """
    import pandas as pd

    life = life or Life()
    age = np.arange(from_years, to_years + 1)
    alpha1, alpha2 = formation_factors(age, life)
    rate = lasting_rate(*formation_factors(age - 0.5, life))
    rate[0] = 0.0
    mass = np.maximum(0, 100 + np.cumsum(rate) + remodelling_space(alpha1, alpha2))
    factors = {"age_years": age, "alpha1_factor": alpha1, "alpha2_factor": alpha2}
    return pd.DataFrame({**factors, "rate_percent_per_year": rate, "bone_mass_percent": mass})


def age_below(course: pd.DataFrame, threshold_percent: float = FRACTURE_THRESHOLD_PERCENT) -> int | None:
    """Return the first age of a life course with less bone than a threshold, or None if there is none."""
    below = course.loc[course["bone_mass_percent"] < threshold_percent, "age_years"]
    return int(below.iloc[0]) if len(below) else None


def rescue(site: Remodelling = AGED, *, reference: Remodelling = HEALTHY) -> pd.DataFrame:
    """Return, for each constant alone, what it would have to be for the bone mass to stay where it is.

    Returns
    -------
    pandas.DataFrame
        One row for each of alpha1, beta1, alpha2, beta2, g12 (the index); columns now, needed (empty where no value
        will do) and factor (needed over now).

    Notes
    -----
    Bone stays where formation makes up for resorption: x2/x1 must be R = x̄2/x̄1 of the reference. The equation of the
    osteoblasts gives α2·x1^g12·x2^(g22−1) = β2, and that of the osteoclasts x1 = (β1/(α1·R^g21))^(1/(g11 + g21 − 1)).
    With g12 = 1 and g22 = 0, x1 drops out: then α1 and β1 cannot help, whatever they are.
    """
    import pandas as pd

    osteoclasts, osteoblasts = steady_state(reference)
    ratio = osteoblasts / osteoclasts
    x1 = (site.beta1 / (site.alpha1 * ratio**site.g21)) ** (1 / (site.g11 + site.g21 - 1))
    x2 = ratio * x1
    alpha2 = site.beta2 * x2 ** (1 - site.g22) / x1**site.g12
    needed = {
        "alpha1": np.nan,
        "beta1": np.nan,
        "alpha2": alpha2,
        "beta2": site.beta2 * site.alpha2 / alpha2,
        "g12": log(site.beta2 * x2 ** (1 - site.g22) / site.alpha2) / log(x1),
    }
    rows = pd.DataFrame({"now": {name: getattr(site, name) for name in needed}, "needed": needed})
    return rows.assign(factor=rows["needed"] / rows["now"]).rename_axis("constant")


def vesicles_for(copies_per_cell, copies_per_vesicle):
    """Return how many vesicles a cell has to take up for a number of copies of a miRNA."""
    require_positive(copies_per_cell=copies_per_cell, copies_per_vesicle=copies_per_vesicle)
    return copies_per_cell / copies_per_vesicle


def share_with_a_copy(copies_per_vesicle, *, xp=np):
    """Return the share of vesicles that hold at least one copy, 1 − e^(−mean): copies spread at random (Poisson).

    Examples
    --------
    >>> round(float(share_with_a_copy(molecules_per_vesicle(1, 100))), 3)
    0.205
    """
    return 1 - xp.exp(-copies_per_vesicle)


def blocked_share(dose, half_dose, *, hill=1.0, xp=np):
    """Return the share of a miRNA that an antagomir blocks, 0 to 1.

    Parameters
    ----------
    dose, half_dose
        Concentration, and the one that blocks half, in the same unit.
    hill
        Steepness, without unit; 1 if one molecule blocks one.

    Notes
    -----
    D^h/(D^h + D50^h), Hill (1910). Half dose and steepness are invented wherever the course uses it.
    """
    require_positive(half_dose=half_dose, hill=hill)
    return 1 / (1 + xp.exp(hill * (xp.log(half_dose) - xp.log(dose))))


def antagomir_doses(
    doses_nmol_per_l,
    *,
    half_dose_nmol_per_l: float = 50.0,
    uncertainty: float = 3.0,
    hill: float = 1.0,
    site: Remodelling = AGED,
) -> pd.DataFrame:
    """Return what a series of doses restores of osteoblast formation, with a band: SIMULATED.

    Parameters
    ----------
    doses_nmol_per_l
        Doses above zero.
    half_dose_nmol_per_l, hill
        As for `blocked_share`; invented.
    uncertainty
        Factor by which the half dose may be smaller or larger: this is the band.
    site
        The site without antagomir; what blocks the signal brings its α2 back towards health.

    Returns
    -------
    pandas.DataFrame
        Columns dose_nmol_per_l, blocked, blocked_low, blocked_high (shares) and rate_percent_per_year, rate_low,
        rate_high, from `lasting_rate`.
    """
    import pandas as pd

    require_positive(doses_nmol_per_l=doses_nmol_per_l, uncertainty=uncertainty)
    alpha1, alpha2 = site.alpha1 / HEALTHY.alpha1, site.alpha2 / HEALTHY.alpha2
    columns = {"dose_nmol_per_l": np.asarray(doses_nmol_per_l, dtype=float)}
    for ending, half in (("", 1), ("_low", uncertainty), ("_high", 1 / uncertainty)):
        blocked = blocked_share(columns["dose_nmol_per_l"], half_dose_nmol_per_l * half, hill=hill)
        rate = lasting_rate(alpha1, alpha2 + blocked * (1 - alpha2))
        columns |= {f"blocked{ending}": blocked, f"rate{ending or '_percent_per_year'}": rate}
    return pd.DataFrame(columns)
