"""Lesions of breast, lung and prostate cancer in bone, as lasting changes of one remodelling site.

The course's own **teaching simplification**: each cargo moves one constant of the healthy site of
`evcourse.models.remodelling`. Directions follow what the review reports; which constant stands for its words is the
course's reading, and sizes are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between
from evcourse.models.remodelling import HEALTHY, Remodelling, chronic_slope, simulate, steady_state

if TYPE_CHECKING:
    import pandas as pd

MASS = "bone_mass_percent"
LESIONS = {-1: "osteolytic", 0: "no lasting change", 1: "osteosclerotic"}

# % of the start per day; less than this is 0.1 % in a thousand days.
_NO_CHANGE = 1e-4


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


def settled_cells(site):
    """Return osteoclasts and osteoblasts in the new steady state, as multiples of the healthy numbers.

    Parameters
    ----------
    site
        A site with g11 = 0.5, g21 = -0.5 and g22 = 0; also anything with the attributes alpha1, alpha2, beta1, beta2
        and g12, such as expressions of a chart.

    Notes
    -----
    `remodelling.steady_state` with these exponents: x1 = (α1/β1)^(2/(1+g12))·(β2/α2)^(1/(1+g12)) and
    x2 = (α1/β1)^(2·g12/(1+g12))·(α2/β2)^(1/(1+g12)).

    Examples
    --------
    >>> [round(multiple, 3) for multiple in settled_cells(HEALTHY.times(alpha1=1.5, alpha2=0.7))]
    [1.793, 1.255]
    """
    healthy1, healthy2 = steady_state(HEALTHY)
    power = 1 / (1 + site.g12)
    first, second = site.alpha1 / site.beta1, site.alpha2 / site.beta2
    osteoclasts = first ** (2 * power) * second ** (0 - power)
    return osteoclasts / healthy1, first ** (2 * site.g12 * power) * second**power / healthy2


def settled_slope(site):
    """Return the lasting change of bone mass in % of the start per day, k1·x̄1·(x2/x̄2 − x1/x̄1); site as above.

    Examples
    --------
    >>> round(settled_slope(HEALTHY.times(alpha1=1.5, alpha2=0.7)), 4)
    -0.1369
    """
    osteoclasts, osteoblasts = settled_cells(site)
    return HEALTHY.k1 * steady_state(HEALTHY)[0] * (osteoblasts - osteoclasts)
