"""The hidden truths of the virtual laboratory, how likely data are under each, and what data then say of them.

Everything here is SIMULATED. Cells of animals with PMO (postmenopausal osteoporosis) are kept in dishes, one animal a
dish; exosomes, an inhibitor of PTEN (bpV) or of AKT (MK) are added; some hours later up to five things are measured.
Values are in multiples of the mean of sham-operated animals. The question has four alternatives:

- through PTEN, through PI3K, both: exosomes lower PTEN, raise PI3K, or do both; AKT's phosphorylation rises, and the
  output rises **because** it does: under the inhibitor of AKT nothing but a small residue of the gain is left;
- not through AKT: the output rises by a route of its own, and the whole gain is there under the inhibitor, too. PTEN,
  PI3K, both or neither change beside it, one as probable as the other, and AKT with them, as **bystanders**: in a part
  of the dish that makes no bone, which a blot of the whole dish cannot tell apart.

Why the decisive arm decides
----------------------------
Exosomes raise bystanders as strongly as they raise causes, so no assay of PTEN, PI3K or AKT tells one from the other.
What a dish with exosomes and inhibitor still makes (PMO's and `output_exo_mk`) is drawn from the **same** distribution
in every world. Without the arm that has the inhibitor and **no** exosomes nobody knows whether that much is the inhibited base
line (the gain is gone) or a lower base line with the gain upon it: the densities are equal, not merely close, and any
number of animals leaves them so. With that arm the output gained under the inhibitor, on the **difference scale**, is
the residue (about 0.05) or the whole gain (about 0.30). Where neither PTEN nor PI3K changes, AKT does not rise, and no
inhibitor is needed: one in four of the worlds not through AKT, and a design has to serve in the others as well.

What is a choice
----------------
The levels' middle values are those of the teaching model in `evcourse.models.akt`; their spread between laboratories,
every number of the output and all times are **choices for teaching** (`UNKNOWNS`). Unlike the teaching model, this one
lets a part of the output need no AKT; else one could foretell the missing arm, and would not have to run it. All unknowns
are normal and act by sums, so that the probability of any data under each alternative is known in closed form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models import akt

if TYPE_CHECKING:
    import pandas as pd

ALTERNATIVES = ("through PTEN", "through PI3K", "both", "not through AKT")
ARMS = ("Control", "PMO", "PMO+Exo", "PMO+bpV", "PMO+MK", "PMO+Exo+MK", "PMO+vehicle")
ASSAYS = ("output", "PI3K level", "PTEN level", "pAKT T308", "pAKT S473")

TECHNICAL_SHARE = 0.6
"""Standard deviation between replicates of one animal, as a share of that between animals: a choice."""
HALF_LEVEL_H, HALF_OUTPUT_H = 6.0, 24.0
"""Hours after which half of a change has come, in levels (as in the teaching model) and in the output: choices."""
EFFECTS_OUTPUT = {
    "pmo": (0.80, 0.08),
    "gain": (0.30, 0.05),
    "residue": (0.05, 0.02),
    "bpv": (0.25, 0.05),
    "exo_mk": (-0.15, 0.09),
}
"""Mean and sd between laboratories, in multiples of the sham output: PMO; what exosomes add; what of it is left under
the inhibitor if the gain needs AKT; what bpV adds; and by how much PMO with exosomes and inhibitor differs from PMO.
Choices: where dishes start from is so uncertain that an arm by itself tells little, and comparisons of arms tell most."""
READERS_BIAS = (0.10, 0.04)
"""By how much somebody who knows the arms reads too much where exosomes should help, and too little where the inhibitor
should undo it (mean and sd between readers): a choice."""
EFFECTS_SPREAD, START_SPREAD = 0.12, 0.15
"""Standard deviation between laboratories: of each effect on a level, as a share of its middle; of the level that cells
of PMO animals start from, in multiples of the sham mean. Choices."""


@dataclass(frozen=True)
class World:
    """One way in which exosomes may act.

    Parameters
    ----------
    lowers_pten, raises_pi3k
        What changes, as a cause or as a bystander.
    needs_akt
        Whether the gain in output comes through AKT.
    probability
        Before any data; the alternatives are equally probable.
    """

    lowers_pten: bool
    raises_pi3k: bool
    needs_akt: bool
    probability: float

    @property
    def alternative(self) -> str:
        if not self.needs_akt:
            return "not through AKT"
        return "both" if self.lowers_pten and self.raises_pi3k else "through PTEN" if self.lowers_pten else "through PI3K"


WORLDS = tuple(
    World(pten, pi3k, needs_akt, 1 / 4 if needs_akt else 1 / 16)
    for needs_akt in (True, False)
    for pten, pi3k in ((True, False), (False, True), (True, True), (False, False))
    if pten or pi3k or not needs_akt
)


@dataclass(frozen=True)
class Truth:
    """What is true in one laboratory: the world, and the size of each of `unknowns()`, in their order."""

    world: World
    sizes: tuple[float, ...]

    @property
    def alternative(self) -> str:
        return self.world.alternative


def truth(laboratory: int) -> Truth:
    """Return the truth of the laboratory with this number: an alternative (each as probable as the others), and sizes."""
    rng = np.random.default_rng([laboratory, 2022])
    world = WORLDS[rng.choice(len(WORLDS), p=[each.probability for each in WORLDS])]
    means, sds = np.array(list(unknowns().values())).T
    return Truth(world, tuple((means + sds * rng.standard_normal(len(means))).tolist()))


@cache
def unknowns() -> dict[str, tuple[float, float]]:
    """Return what differs between laboratories: name to mean and standard deviation, in multiples of the sham mean."""
    levels = {
        name: (middle, START_SPREAD if name.endswith("_pmo") else EFFECTS_SPREAD * abs(middle))
        for name, middle in _middles().items()
    }
    output = {f"output_{name}": both for name, both in EFFECTS_OUTPUT.items()}
    return {"sham": (1.0, 0.0), **levels, **output, "bias": READERS_BIAS}


def means_matrix(plan: Any, world: World) -> np.ndarray:
    """Return what turns the sizes of `unknowns()` into the mean of each cell of a plan: shape (cells, unknowns).

    Parameters
    ----------
    plan
        Anything with arms, assays, hours and blinded. Its cells are its assays, and within each its arms, in order.
    world
        The way in which exosomes act.
    """
    columns = {name: place for place, name in enumerate(unknowns())}
    cells = [(assay, arm) for assay in plan.assays for arm in plan.arms]
    matrix = np.zeros((len(cells), len(columns)))
    for row, (assay, arm) in enumerate(cells):
        for name, weight in _parts(assay, arm, plan, world).items():
            matrix[row, columns[name]] += weight
    return matrix


def sd_of_mean(plan: Any, spread: float) -> float:
    """Return the standard error of a cell's mean, for a spread between animals in multiples of the sham mean."""
    return spread * np.sqrt((1 + TECHNICAL_SHARE**2 / plan.replicates) / plan.animals)


def probabilities(cell_means: np.ndarray, plan: Any, spread: float) -> np.ndarray:
    """Return how probable each of `ALTERNATIVES` is, given the data: Bayes' theorem, with nothing approximated.

    Parameters
    ----------
    cell_means
        Mean of each cell, shape (repetitions, cells), in multiples of the sham mean.
    plan
        The design; a reader who is not blinded may be biased, and this is allowed for.
    spread
        Standard deviation between animals, known from a pilot study.

    Returns
    -------
    numpy.ndarray
        Shape (repetitions, 4); each row adds up to 1.
    """
    logs = np.stack([_log_density(cell_means, *each) for each in predictions(plan, spread)], axis=1)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True)) * [each.probability for each in WORLDS]
    of = np.array([[each.alternative == name for name in ALTERNATIVES] for each in WORLDS], dtype=float)
    return weights @ of / weights.sum(axis=1, keepdims=True)


def supported(study: Any, measurements: pd.DataFrame) -> pd.Series:
    """Return the probabilities that a study's own data support, by alternative: to set one's own beside, not before.

    Parameters
    ----------
    study
        From `laboratory.commit`.
    measurements
        As `laboratory.run` returns them.
    """
    import pandas as pd

    plan = study.plan
    means = measurements.groupby(["assay", "arm"], sort=False, observed=True)["value"].mean()
    ordered = means.reindex(pd.MultiIndex.from_product([plan.assays, plan.arms])).to_numpy()[None]
    return pd.Series(probabilities(ordered, plan, study.spread)[0], list(ALTERNATIVES), name="probability")


@lru_cache(maxsize=64)
def predictions(plan: Any, spread: float) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return what each of `WORLDS` leads one to expect of a plan: means of all cells, and a root of their precision.

    The root is upper triangular: a deviation from the means times it has independent parts of unit variance.
    """
    means, sds = np.array(list(unknowns().values())).T
    found = []
    for world in WORLDS:
        matrix = means_matrix(plan, world)
        scaled = matrix * sds
        noise = sd_of_mean(plan, spread) ** 2 * np.eye(len(matrix))
        found.append((matrix @ means, np.linalg.inv(np.linalg.cholesky(scaled @ scaled.T + noise)).T))
    return tuple(found)


def output_fraction(hours: float) -> float:
    """Return what part of its change the output has made after some hours."""
    return 1 - 2 ** (-hours / HALF_OUTPUT_H)


def _log_density(cell_means: np.ndarray, mean: np.ndarray, root: np.ndarray) -> np.ndarray:
    standardised = (cell_means - mean) @ root
    return -0.5 * (standardised**2).sum(axis=1) + np.log(np.diag(root)).sum()


def _parts(assay: str, arm: str, plan: Any, world: World) -> dict[str, float]:
    return {"sham": 1.0} if arm == "Control" else _MAKERS[assay](arm, plan, world)


def _pi3k(arm: str, plan: Any, world: World) -> dict[str, float]:
    return {"pi3k_pmo": 1.0, "pi3k_exo": _level_fraction(plan.hours) * ("Exo" in arm and world.raises_pi3k)}


def _pten(arm: str, plan: Any, world: World) -> dict[str, float]:
    return {"pten_pmo": 1.0, "pten_exo": _level_fraction(plan.hours) * ("Exo" in arm and world.lowers_pten)}


def _akt(site: str) -> Callable[[str, Any, World], dict[str, float]]:
    def parts(arm: str, plan: Any, world: World) -> dict[str, float]:
        # Inhibitors act within minutes, exosomes as slowly as they change levels.
        base = f"{site}_mk" if "MK" in arm else f"{site}_bpv" if "bpV" in arm else f"{site}_pmo"
        gained = _level_fraction(plan.hours) * ("Exo" in arm) * (_left_under_inhibitor(site) if "MK" in arm else 1)
        return {base: 1.0, f"{site}_by_pten": gained * world.lowers_pten, f"{site}_by_pi3k": gained * world.raises_pi3k}

    return parts


def _output(arm: str, plan: Any, world: World) -> dict[str, float]:
    so_far = output_fraction(plan.hours)
    if "MK" in arm:
        kept = {"output_residue" if world.needs_akt else "output_gain": -so_far if arm == "PMO+MK" else 0.0}
        parts = {"output_pmo": 1.0, "output_exo_mk": so_far, **kept}
    else:
        parts = {"output_pmo": 1.0, "output_gain": so_far * (arm == "PMO+Exo"), "output_bpv": so_far * (arm == "PMO+bpV")}
    return parts if plan.blinded else parts | {"bias": float(_EXPECTED_BY_READERS.get(arm, 0))}


_MAKERS: Mapping[str, Callable[[str, Any, World], dict[str, float]]] = {
    "output": _output,
    "PI3K level": _pi3k,
    "PTEN level": _pten,
    "pAKT T308": _akt("akt_t308"),
    "pAKT S473": _akt("akt_s473"),
}
_EXPECTED_BY_READERS = {"PMO+Exo": 1, "PMO+Exo+MK": -1}


def _level_fraction(hours: float) -> float:
    return 1 - 2 ** (-hours / HALF_LEVEL_H)


@cache
def _middles() -> dict[str, float]:
    """The teaching model's settled levels: of PMO cells, what exosomes and inhibitors change."""
    pmo, exo, sham = _state(), _state(exosomes=True), akt.steady_state(akt.Condition())
    found = {f"{name}_pmo": pmo[name] / sham[name] for name in ("pi3k", "pten", "akt_t308", "akt_s473")}
    found |= {f"{name}_exo": (exo[name] - pmo[name]) / sham[name] for name in ("pi3k", "pten")}
    for site in ("akt_t308", "akt_s473"):
        found |= {
            f"{site}_by_pten": (_state(exosomes=True, e_u=0.0)[site] - pmo[site]) / sham[site],
            f"{site}_by_pi3k": (_state(exosomes=True, e_n=0.0)[site] - pmo[site]) / sham[site],
            f"{site}_bpv": _state(bpv=True)[site] / sham[site],
            f"{site}_mk": _state(mk=True)[site] / sham[site],
        }
    return found


@cache
def _left_under_inhibitor(site: str) -> float:
    gain = _state(exosomes=True)[site] - _state()[site]
    return float((_state(exosomes=True, mk=True)[site] - _state(mk=True)[site]) / gain)


def _state(*, exosomes: bool = False, bpv: bool = False, mk: bool = False, **constants: float) -> dict[str, float]:
    dose = akt.INHIBITOR_UMOL_PER_L
    condition = akt.Condition(True, akt.EXOSOMES_UG_PER_ML * exosomes, dose * bpv, dose * mk)
    return akt.steady_state(condition, akt.Pathway(**constants))
