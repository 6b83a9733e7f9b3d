"""PI3K, PTEN and AKT in a bone-forming cell: a **teaching model**, with its steady state in closed form and over time.

PI3K (U) turns the lipid PIP2 into PIP3, PTEN (N) turns it back; PIP3 (P, as a share of both lipids) lets AKT be
phosphorylated at threonine 308 (A) and serine 473 (C); both together drive an osteogenic output (O):

    dU/dt = ks (u* − U)                      u* = (u_pmo if pmo else 1) · (1 + e_u · h),  h = exosomes/(ke + exosomes)
    dN/dt = ks (n* − N)                      n* = (n_pmo if pmo else 1) · (1 − e_n · h) · share of PTEN made
    dP/dt = kp (U (1 − P) − κ · N · P/(1 + bpV/ki_bpv))
    dA/dt = kd (r308 · P (1 − A)/(1 + MK/ki308) − A)        dC/dt likewise with r473 and ki473
    dO/dt = ko (M²/(k_half² + M²) − O)       M = (A + C)/2

Levels of PI3K and PTEN are in multiples of a control cell; everything else is a share from 0 to 1. Almost every size is
a **choice** made for teaching (see `Pathway`), so that its numbers are no data of anybody. The signs are those of the
textbook, and directions that follow from them are no evidence for them. There is **no feedback**: in cells, blocking
AKT or mTOR can raise the activity of PI3K again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd

MOST_UG_PER_ML, MOST_UMOL_PER_L = 1e4, 1e4
"""Largest concentrations accepted: beyond lies a slip in the unit."""


@dataclass(frozen=True)
class Pathway:
    """The sixteen constants of the pathway; arrays of one length stand for as many cells at once.

    Parameters
    ----------
    ks_per_min
        Turnover of PI3K and PTEN, ln 2/360 min (half in 6 h): a choice.
    kappa
        Strength of PTEN against PI3K, without unit (4: a fifth of the lipid is PIP3 in a control cell): a choice.
    kp_per_min, kd_per_min
        Turnover of PIP3 (1) and of AKT's phosphates (0.2): order of magnitude, general knowledge.
    r308, r473
        Phosphorylation over dephosphorylation at full PIP3, without unit (5, 3): a choice.
    u_pmo, n_pmo
        What multiplies PI3K (0.5) and PTEN (1.8) in a cell of a PMO mouse: a choice of size.
    e_u, e_n
        By what share many exosomes raise PI3K (0.8) and lower PTEN (0.4): a choice of size.
    ke_ug_per_ml
        Exosomes that do half of it (50 µg/mL): a choice.
    ki_bpv_umol_per_l
        bpV(phen) that halves PTEN's activity in a cell (0.5 µmol/L): a choice.
    ki308_umol_per_l, ki473_umol_per_l
        MK-2206 that halves the phosphorylation at each site (0.11, 0.18 µmol/L): half-maximal inhibition in 3T3-L1
        adipocytes (Tan et al. 2011, Biochem J 435(2); abstract read).
    k_half
        Mean phosphorylation with half of the output, without unit (0.25): a choice.
    ko_per_min
        Turnover of the output, ln 2/1440 min (half in a day): a choice.

    Raises
    ------
    ValueError
        If a constant is not above zero.
    """

    ks_per_min: Any = log(2) / 360
    kappa: Any = 4.0
    kp_per_min: Any = 1.0
    kd_per_min: Any = 0.2
    r308: Any = 5.0
    r473: Any = 3.0
    u_pmo: Any = 0.5
    n_pmo: Any = 1.8
    e_u: Any = 0.8
    e_n: Any = 0.4
    ke_ug_per_ml: Any = 50.0
    ki_bpv_umol_per_l: Any = 0.5
    ki308_umol_per_l: Any = 0.11
    ki473_umol_per_l: Any = 0.18
    k_half: Any = 0.25
    ko_per_min: Any = log(2) / 1440

    def __post_init__(self) -> None:
        may_be_zero = {"e_u", "e_n"}
        require_positive(**{name: getattr(self, name) for name in CONSTANTS if name not in may_be_zero})
        require_between(0, np.inf, e_u=self.e_u, e_n=self.e_n)


CONSTANTS = tuple(field.name for field in fields(Pathway))
TEACHING = Pathway()
"""The constants that the course uses."""


@dataclass(frozen=True)
class Condition:
    """What is done to a cell, and which cell it is.

    Parameters
    ----------
    pmo
        Whether the cell comes from a PMO mouse (postmenopausal osteoporosis); also 0 or 1.
    exosomes_ug_per_ml, bpv_umol_per_l, mk2206_umol_per_l
        Exosomes, bpV(phen) (blocks PTEN's activity) and MK-2206 (blocks AKT's phosphorylation).
    pten_share
        Share of PTEN that the genes make: 1 with both copies, 0.5 with one, 0 with none.
    pi3k_share
        The same for PI3K; above 1 for a gene that makes too active an enzyme.

    Raises
    ------
    ValueError
        If a concentration or a share lies outside its limits.
    """

    pmo: bool | int = False
    exosomes_ug_per_ml: float = 0.0
    bpv_umol_per_l: float = 0.0
    mk2206_umol_per_l: float = 0.0
    pten_share: float = 1.0
    pi3k_share: float = 1.0

    def __post_init__(self) -> None:
        require_between(0, 1, pmo=int(self.pmo))
        require_between(0, MOST_UG_PER_ML, exosomes_ug_per_ml=self.exosomes_ug_per_ml)
        for name in ("bpv_umol_per_l", "mk2206_umol_per_l"):
            require_between(0, MOST_UMOL_PER_L, **{name: getattr(self, name)})
        require_between(0, 10, pten_share=self.pten_share)
        require_between(0.01, 10, pi3k_share=self.pi3k_share)

    def untreated(self) -> Condition:
        """Return the same cell without exosomes and inhibitors."""
        return replace(self, exosomes_ug_per_ml=0.0, bpv_umol_per_l=0.0, mk2206_umol_per_l=0.0)


EXOSOMES_UG_PER_ML, INHIBITOR_UMOL_PER_L = 100.0, 1.0
"""Doses of the groups below."""

GROUPS = {
    "Control": Condition(),
    "PMO": Condition(pmo=True),
    "PMO+Exo": Condition(pmo=True, exosomes_ug_per_ml=EXOSOMES_UG_PER_ML),
    "PMO+bpV(phen)": Condition(pmo=True, bpv_umol_per_l=INHIBITOR_UMOL_PER_L),
    "PMO+Exo+MK-2206": Condition(
        pmo=True, exosomes_ug_per_ml=EXOSOMES_UG_PER_ML, mk2206_umol_per_l=INHIBITOR_UMOL_PER_L
    ),
}
"""The five groups of a study with one inhibitor of PTEN and one of AKT."""

MISSING_ARM = {"PMO+MK-2206": Condition(pmo=True, mk2206_umol_per_l=INHIBITOR_UMOL_PER_L)}
"""The arm that makes two by two of PMO, PMO+Exo and PMO+Exo+MK-2206."""

QUANTITIES = ("pi3k", "pten", "pten_activity", "pip3", "akt_t308", "akt_s473", "output")
"""What `steady_state` and `akt_course.course` tell of; pten_activity is the level times what bpV(phen) leaves of it."""


def steady_state(condition: Condition, pathway: Pathway = TEACHING) -> dict[str, Any]:
    """Return each of `QUANTITIES` when nothing changes any more.

    Parameters
    ----------
    condition
        A `Condition`, or anything with its attributes; expressions of a chart do, too, because the formulas are plain
        arithmetic.
    pathway
        The constants; with arrays the values are arrays.

    Notes
    -----
    P = U/(U + κ·N·b) with b = 1/(1 + bpV/ki_bpv); A = a/(1 + a) with a = r308·P/(1 + MK/ki308), C likewise.

    Examples
    --------
    >>> round(steady_state(Condition(pmo=True))["akt_t308"], 4)
    0.2451
    """
    pi3k, pten = levels(condition, pathway)
    activity = pten * bpv_leaves(condition, pathway)
    pip3 = lipid_share(pi3k, activity, pathway)
    t308, s473 = (phosphorylated(pip3, drive) for drive in akt_drives(condition, pathway))
    return dict(zip(QUANTITIES, (pi3k, pten, activity, pip3, t308, s473, output(t308, s473, pathway)), strict=True))


def levels(condition: Condition, pathway: Pathway = TEACHING) -> tuple[Any, Any]:
    """Return the levels of PI3K and PTEN in multiples of a control cell, once they have settled."""
    held = condition.exosomes_ug_per_ml / (pathway.ke_ug_per_ml + condition.exosomes_ug_per_ml)
    pi3k = (1 + condition.pmo * (pathway.u_pmo - 1)) * condition.pi3k_share * (1 + pathway.e_u * held)
    pten = (1 + condition.pmo * (pathway.n_pmo - 1)) * condition.pten_share * (1 - pathway.e_n * held)
    return pi3k, pten


def bpv_leaves(condition: Condition, pathway: Pathway = TEACHING) -> Any:
    """Return the share of PTEN's activity that bpV(phen) leaves; the level stays what it is."""
    return 1 / (1 + condition.bpv_umol_per_l / pathway.ki_bpv_umol_per_l)


def lipid_share(pi3k: Any, pten_activity: Any, pathway: Pathway = TEACHING) -> Any:
    """Return the settled share of PIP3 in PIP2 and PIP3: MK-2206 does not come into it."""
    return pi3k / (pi3k + pathway.kappa * pten_activity)


def akt_drives(condition: Condition, pathway: Pathway = TEACHING) -> tuple[Any, Any]:
    """Return what makes phosphates at T308 and S473 at full PIP3, over what removes them: MK-2206 lowers both."""
    mk = condition.mk2206_umol_per_l
    return (
        pathway.r308 / (1 + mk / pathway.ki308_umol_per_l),
        pathway.r473 / (1 + mk / pathway.ki473_umol_per_l),
    )


def phosphorylated(pip3: Any, drive: Any) -> Any:
    """Return the settled share of AKT with a phosphate at a site; `drive` from `akt_drives`."""
    return drive * pip3 / (1 + drive * pip3)


def output(akt_t308: Any, akt_s473: Any, pathway: Pathway = TEACHING) -> Any:
    """Return the settled osteogenic output for the two phosphorylations, as a share of the most there can be."""
    mean = (akt_t308 + akt_s473) / 2
    return mean * mean / (pathway.k_half * pathway.k_half + mean * mean)


def group_table(groups: Mapping[str, Condition] = GROUPS, pathway: Pathway = TEACHING) -> pd.DataFrame:
    """Return the steady state of each group: one row a group (the index), one column for each of `QUANTITIES`."""
    import pandas as pd

    rows = {name: steady_state(condition, pathway) for name, condition in groups.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(QUANTITIES)).rename_axis("group")


def sensitivities(condition: Condition, quantity: str = "akt_t308", pathway: Pathway = TEACHING) -> pd.Series:
    """Return by how many per cent a settled quantity moves for one per cent more of each constant.

    Returns
    -------
    pandas.Series
        The derivatives ∂ln quantity/∂ln constant, without unit; index `CONSTANTS`.

    Notes
    -----
    Exact to the last digits: the closed form is taken at constant·(1 + ih) with h = 1e-30, and the derivative is the
    imaginary part of the logarithm over h (complex step, Squire and Trapp 1998, general knowledge).
    """
    import pandas as pd

    if quantity not in QUANTITIES:
        raise ValueError(f"No quantity {quantity!r}: choose from {', '.join(QUANTITIES)}.")
    step = 1e-30
    found = {}
    for name in CONSTANTS:
        moved = replace(pathway, **{name: getattr(pathway, name) * complex(1, step)})
        found[name] = float(np.log(steady_state(condition, moved)[quantity]).imag / step)
    return pd.Series(found, name=quantity).rename_axis("constant")
