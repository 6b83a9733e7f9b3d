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

from dataclasses import dataclass, fields, replace
from math import exp, log, pi
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_positive, shown

if TYPE_CHECKING:
    import pandas as pd

POSITIVE = ("alpha1", "alpha2", "beta1", "beta2", "k1", "k2")
FORMS = ("published", "balanced")

# exp() of more than 709 overflows; a rate this large is far outside the model anyway.
_LARGEST_EXPONENT = 700.0


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
    Source: Komarova et al. (2003), see the module; BIOMD0000000401 lists the same ten numbers.
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
        state act. Made for single cycles. With a lasting change it misleads: more osteoclasts raise the bone mass.
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


def _gamma(site: Remodelling) -> float:
    gamma = site.g12 * site.g21 - (1 - site.g11) * (1 - site.g22)
    if gamma == 0:
        raise ValueError(
            "These exponents leave no single steady state (γ = g12·g21 − (1 − g11)(1 − g22) = 0): change one of them."
        )
    return gamma


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
