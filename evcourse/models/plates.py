"""A SIMULATED qPCR plate: Ct of a target and of two reference genes in two groups, when the truth is known.

Nothing here is data of any paper. A well's Ct is that of its gene, plus how much sample was loaded (shared by all genes
of a sample, so ΔCt takes it out), plus the sample's own biology (target only), plus the noise of a single well.

`well_ct` takes `xp` and so also works on the expressions of a chart (see `evcourse.charts.browser_math`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.qpcr import doublings, fold_change
from evcourse.models.quantities import require_between

if TYPE_CHECKING:
    import pandas as pd

GENES = ("target", "reference 1", "reference 2")
GROUPS = ("Control", "Treated")
ROWS, COLUMNS, MOST_SAMPLES, REPLICATES = 8, 12, 6, 2

FIRST_REFERENCE_CT, SECOND_REFERENCE_CT = 18.0, 21.0
"""Mean Ct of the reference genes: invented, of the size common for abundant messengers."""

LOADING_SD, WELL_SD = 0.4, 0.08
"""Standard deviations in cycles: amount loaded per sample, and single wells. Invented."""

HOW = "SIMULATED: drawn from a formula with a seed, not data of any paper."


@dataclass(frozen=True)
class Truth:
    """What holds for an unlimited number of samples.

    Parameters
    ----------
    control_delta_ct, treated_delta_ct
        Mean Ct of the target minus that of reference 1, in each group.
    spread
        Standard deviation of ΔCt between biological samples, in cycles.
    reference_shift
        By how many cycles the treatment itself changes reference 2; reference 1 is stable.
    efficiency
        Factor by which the target's product grows in a cycle; both references double.
    """

    control_delta_ct: float = 6.2
    treated_delta_ct: float = 7.2
    spread: float = 0.3
    reference_shift: float = 0.0
    efficiency: float = 2.0

    def __post_init__(self) -> None:
        require_between(-10, 20, control_delta_ct=self.control_delta_ct, treated_delta_ct=self.treated_delta_ct)
        require_between(0, 3, spread=self.spread)
        require_between(-5, 5, reference_shift=self.reference_shift)
        require_between(1.01, 2.5, efficiency=self.efficiency)

    @property
    def fold_change(self) -> float:
        """The true fold change of the treated group."""
        return float(true_fold_change(self))


def simulated_wells(truth: Truth | None = None, *, samples: int = 3, seed: int = 1) -> pd.DataFrame:
    """Return the wells of a SIMULATED plate, as `evcourse.models.qpcr` takes them.

    Parameters
    ----------
    truth
        What holds on average.
    samples
        Biological samples per group, from 2 to 6; each gene is measured in two wells per sample.
    seed
        The same seed gives the same plate.

    Returns
    -------
    pandas.DataFrame
        One row per well: well (A1 to F12), group, sample (1 to 12, each its own), gene, replicate, ct.
    """
    require_between(2, MOST_SAMPLES, samples=samples)
    rows = layout()
    chance = throws(seed)
    loading, own = chance["loading"][rows["sample"] - 1], chance["own"][rows["sample"] - 1]
    number, treated = rows["gene"].map(GENES.index), (rows["group"] == GROUPS[1]).astype(int)
    rows["ct"] = well_ct(number, treated, truth or Truth(), loading, own, chance["well"])
    used = (rows["sample"] - 1) % MOST_SAMPLES < samples
    return rows[used].reset_index(drop=True)


def layout() -> pd.DataFrame:
    """Return which well holds what: rows A–B target, C–D and E–F references; columns 1–6 control, 7–12 treated."""
    import pandas as pd

    places = [(row, column) for row in range(REPLICATES * len(GENES)) for column in range(COLUMNS)]
    return pd.DataFrame(
        [
            {
                "well": f"{'ABCDEFGH'[row]}{column + 1}",
                "group": GROUPS[column // MOST_SAMPLES],
                "sample": column + 1,
                "gene": GENES[row // REPLICATES],
                "replicate": row % REPLICATES + 1,
            }
            for row, column in places
        ]
    )


def throws(seed: int) -> dict[str, np.ndarray]:
    """Return the chance of one plate, standard normal, to 0.01: loading and own (a number per sample), well (per well)."""
    rng = np.random.default_rng(seed)
    sizes = {"loading": COLUMNS, "own": COLUMNS, "well": REPLICATES * len(GENES) * COLUMNS}
    return {name: rng.standard_normal(size).round(2) for name, size in sizes.items()}


def well_ct(gene, treated, truth, loading, own, well, *, xp=np):
    """Return the Ct of a well.

    Parameters
    ----------
    gene
        0 target, 1 and 2 the references.
    treated
        0 control, 1 treated.
    truth
        A `Truth`, or anything with its attributes.
    loading, own, well
        What chance gives the sample's loading, the sample's biology and the well, in standard deviations.
    """
    delta = truth.control_delta_ct + treated * (truth.treated_delta_ct - truth.control_delta_ct)
    target = FIRST_REFERENCE_CT + delta + own * truth.spread
    second = SECOND_REFERENCE_CT + treated * truth.reference_shift
    mean = xp.where(gene == 0, target, xp.where(gene == 1, FIRST_REFERENCE_CT, second))
    return mean + loading * LOADING_SD + well * WELL_SD


def true_fold_change(truth, *, xp=np):
    """Return the fold change that an unlimited number of samples, the stable reference and the efficiency give."""
    return fold_change(doublings(truth.treated_delta_ct - truth.control_delta_ct, truth.efficiency, xp=xp), xp=xp)
