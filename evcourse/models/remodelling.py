"""Osteoclasts, osteoblasts and bone mass over time: the model of Komarova et al. (2003).

Two equations describe one remodelling site. Osteoclasts (1) and osteoblasts (2) are formed at a rate that is a power
law of both cell numbers, and are removed in proportion to their own number:

    dx1/dt = α1 · x1^g11 · x2^g21 − β1 · x1        dx2/dt = α2 · x1^g12 · x2^g22 − β2 · x2

The exponents are the signals: g11 and g22 of a cell to its own kind, g12 of osteoclasts to osteoblasts (coupling),
g21 of osteoblasts to osteoclasts (RANKL and OPG, net). A third equation, in two forms, gives the bone mass; see
`bone_mass_rate`.

Komarova SV, Smith RJ, Dixon SJ, Sims SM, Wahl LM (2003) Mathematical model predicts a critical role for osteoclast
autocrine regulation in the control of bone remodeling. Bone 33(2):206-215. Its abstract was read; its text was not. The
constants were read in two public files that transcribe the model: BioModels BIOMD0000000148, and the tumour-free case
of Ayati et al. (2010), BIOMD0000000401. DOI from memory, not looked up: 10.1016/S8756-3282(03)00157-1.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_positive, shown
from evcourse.models.remodelling_site import (
    CYCLING,
    HEALTHY,
    Remodelling,
    eigenvalues,
    hopf_g11,
    jacobian,
    small_cycle_period,
    steady_state,
    steady_state_sensitivities,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CYCLING",
    "HEALTHY",
    "Remodelling",
    "bone_mass_rate",
    "cell_rates",
    "chronic_slope",
    "coupled_chronic_slope",
    "eigenvalues",
    "hopf_g11",
    "jacobian",
    "peak_days",
    "simulate",
    "small_cycle_period",
    "steady_state",
    "steady_state_sensitivities",
]

FORMS = ("published", "balanced")

# exp() of more than 709 overflows; a rate this large is far outside the model anyway.
_LARGEST_EXPONENT = 700.0


def cell_rates(osteoclasts: float, osteoblasts: float, site: Remodelling = HEALTHY) -> tuple[float, float]:
    """Return the changes of both cell numbers, in cells per day."""
    require_positive(osteoclasts=osteoclasts, osteoblasts=osteoblasts)
    formed1 = site.alpha1 * osteoclasts**site.g11 * osteoblasts**site.g21
    formed2 = site.alpha2 * osteoclasts**site.g12 * osteoblasts**site.g22
    return formed1 - site.beta1 * osteoclasts, formed2 - site.beta2 * osteoblasts


def bone_mass_rate(osteoclasts, osteoblasts, site: Remodelling = HEALTHY, *, reference: Remodelling = HEALTHY, form="balanced"):
    """Return the change of bone mass in % of the start per day.

    Parameters
    ----------
    osteoclasts, osteoblasts
        Cell numbers.
    site
        The site, whose k1 and k2 are used.
    reference
        The site whose steady state x̄ counts as balance.
    form
        "published": k2·max(0, x2 − x̄2) − k1·max(0, x1 − x̄1), after Komarova et al. (2003): only cells above the steady
        state act. It fits cycles that return to that state. With a lasting change it misleads: more osteoclasts raise
        the bone mass.
        "balanced": k2'·x2 − k1·x1 with k2' = k1·x̄1/x̄2, a **teaching modification** of this course: all cells act, and
        the reference is in balance.

    Raises
    ------
    ValueError
        If the form is neither of the two.
    """
    first, second = _mass_terms(site, reference, form)
    return second(osteoblasts) - first(osteoclasts)


def chronic_slope(site: Remodelling, *, reference: Remodelling = HEALTHY) -> float:
    """Return the lasting change of bone mass, in % of the start per day, once a site has reached its new steady state.

    For the balanced form of `bone_mass_rate`: k1·(x̄1·x̄2'/x̄2 − x̄1'), where ' marks the changed site.
    """
    return float(bone_mass_rate(*steady_state(site), site, reference=reference, form="balanced"))


def coupled_chronic_slope(site: Remodelling, *, reference: Remodelling = HEALTHY) -> float:
    """Return the same as `chronic_slope`, by a shorter formula that shows what matters: α2 and β2, not α1.

    k1·x̄1'·[(α2/β2)'/(α2/β2) − 1].

    Raises
    ------
    ValueError
        If g12 is not 1 or g22 not 0 in either site: then osteoblasts no longer follow osteoclasts in proportion, and
        the formula does not hold.
    """
    for each in (site, reference):
        if (each.g12, each.g22) != (1, 0):
            raise ValueError(
                f"The short formula holds for g12 = 1 and g22 = 0, but here g12 = {each.g12:g} and g22 = {each.g22:g}: "
                "use chronic_slope."
            )
    per_osteoclast = (site.alpha2 / site.beta2) / (reference.alpha2 / reference.beta2)
    return site.k1 * steady_state(site)[0] * (per_osteoclast - 1)


def simulate(
    site: Remodelling = HEALTHY,
    *,
    days: float,
    start: tuple[float, float] | None = None,
    reference: Remodelling = HEALTHY,
    form: str = "balanced",
    start_mass_percent: float = 100.0,
    step_days: float = 1.0,
) -> pd.DataFrame:
    """Return cells and bone mass over time.

    Parameters
    ----------
    site
        The constants from day 0 on.
    days, step_days
        Length of the course and distance of its rows, in days.
    start
        Osteoclasts and osteoblasts on day 0; the steady state of `reference` if left out. Exactly there, with
        site = reference, nothing ever moves.
    reference, form
        As for `bone_mass_rate`.
    start_mass_percent
        Bone mass on day 0, in %.

    Returns
    -------
    pandas.DataFrame
        Columns day, osteoclasts, osteoblasts, bone_mass_percent. Bone mass is not stopped at zero: the equation does
        not know that there is nothing left. Fractions of cells are averages over many sites; troughs far below one
        cell belong to the equation, not to bone.

    Raises
    ------
    ValueError
        If a number is not above zero, or the solver gives up (cycles that grow without limit).

    Notes
    -----
    LSODA, which changes between a stiff and a non-stiff method, on the logarithms of the cell numbers: these stay
    finite where the numbers themselves come near zero and x^g would overflow.
    """
    import pandas as pd

    require_positive(days=days, step_days=step_days, start_mass_percent=start_mass_percent)
    osteoclasts, osteoblasts = steady_state(reference) if start is None else start
    require_positive(osteoclasts=osteoclasts, osteoblasts=osteoblasts)
    day = np.linspace(0, days, round(days / step_days) + 1)
    first, second, mass = _solution(site, reference, form, (log(osteoclasts), log(osteoblasts), start_mass_percent), day)
    return pd.DataFrame(
        {"day": day, "osteoclasts": np.exp(first), "osteoblasts": np.exp(second), "bone_mass_percent": mass}
    )


def peak_days(course: pd.DataFrame, column: str = "osteoclasts") -> np.ndarray:
    """Return the days at which a column of a course peaks, each refined by the parabola through three rows."""
    day, values = course["day"].to_numpy(), course[column].to_numpy()
    top = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1
    before, at, after = values[top - 1], values[top], values[top + 1]
    return day[top] + 0.5 * (before - after) / (before - 2 * at + after) * (day[1] - day[0])


def _mass_terms(site: Remodelling, reference: Remodelling, form: str):
    """Resorption and formation, each as a function of a cell number."""
    if form not in FORMS:
        raise ValueError(f"form must be {' or '.join(map(repr, FORMS))}, but is {shown(form)}.")
    low1, low2 = steady_state(reference)
    if form == "balanced":
        k2 = site.k1 * low1 / low2
        return (lambda cells: site.k1 * cells), (lambda cells: k2 * cells)
    return (lambda cells: site.k1 * np.maximum(0, cells - low1)), (lambda cells: site.k2 * np.maximum(0, cells - low2))


def _solution(site: Remodelling, reference: Remodelling, form: str, start: tuple, day: np.ndarray) -> np.ndarray:
    from scipy.integrate import odeint

    # The solver's own complaint, if there is one, becomes the sentence below instead of a warning.
    states, report = odeint(
        _rates(site, reference, form), start, day, rtol=1e-9, atol=1e-9, mxstep=20_000, tfirst=True, full_output=True
    )
    if report["message"] != "Integration successful.":
        raise ValueError(f"The course cannot be computed to day {day[-1]:g} ({report['message']}): try fewer days.")
    return states.T


def _rates(site: Remodelling, reference: Remodelling, form: str):
    """Derivatives of ln x1, ln x2 and the bone mass; plain floats, because the solver asks thousands of times."""
    (low1, low2), balanced = steady_state(reference), form == "balanced"
    _mass_terms(site, reference, form)
    k1, k2 = site.k1, site.k1 * low1 / low2 if balanced else site.k2
    a1, a2, b1, b2 = log(site.alpha1), log(site.alpha2), site.beta1, site.beta2
    g11, g12, g21, g22 = site.g11 - 1, site.g12, site.g21, site.g22 - 1

    def rates(_day, state):
        first, second, _ = state
        cells1, cells2 = _exp(first), _exp(second)
        if not balanced:
            cells1, cells2 = max(0.0, cells1 - low1), max(0.0, cells2 - low2)
        formed1, formed2 = _exp(a1 + g11 * first + g21 * second), _exp(a2 + g12 * first + g22 * second)
        return formed1 - b1, formed2 - b2, k2 * cells2 - k1 * cells1

    return rates


def _exp(exponent: float) -> float:
    return exp(min(exponent, _LARGEST_EXPONENT))
