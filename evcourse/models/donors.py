"""SIMULATED donors of vesicles: what age, passage and sex do to a measured level, when the truth is known.

Nothing here is data of any paper. The donors are drawn from a formula with effects that the caller sets, so that an
analysis can be compared with the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd

LEVEL = "log2_level"
_TERMS = ["old instead of young", "one passage more", "female instead of male"]


@dataclass(frozen=True)
class Truth:
    """What really changes the level of a miRNA in the simulation, in doublings (log2).

    Parameters
    ----------
    by_age
        Old instead of young.
    by_passage
        One passage more in culture.
    by_sex
        Female instead of male.
    noise
        Standard deviation between donors.
    """

    by_age: float = 0.0
    by_passage: float = 0.5
    by_sex: float = 0.0
    noise: float = 0.4


def simulated_donors(truth: Truth | None = None, *, per_group: int = 12, matched: bool = False, seed: int = 1) -> pd.DataFrame:
    """Return SIMULATED donors, young and old, and the level of a miRNA in their vesicles.

    Parameters
    ----------
    truth
        What changes the level; by default only the passage does.
    per_group
        Number of young and of old donors, from 4 to 500.
    matched
        Whether both groups have the same passages and sexes. If not, cells of old donors are older in culture (passage
        4 to 7 instead of 2 to 5) and two thirds of the old donors, but one third of the young ones, are women.
    seed
        Number from which the draw is made; the same seed gives the same donors.

    Returns
    -------
    pandas.DataFrame
        Columns donor, group ("young" or "old"), age_years, passage, sex, log2_level (relative to young men's cells at
        passage 3).
    """
    import pandas as pd

    require_between(4, 500, per_group=per_group)
    truth, rng = truth or Truth(), np.random.default_rng(seed)
    old = np.repeat([False, True], per_group)
    age = np.where(old, rng.integers(65, 86, old.size), rng.integers(20, 36, old.size))
    place = np.tile(np.arange(per_group), 2)
    passage = 2 + place % 4 + np.where(old & (not matched), 2, 0)
    female = place % 2 == 0 if matched else np.where(old, place % 3 != 0, place % 3 == 0)
    level = truth.by_age * old + truth.by_passage * (passage - 3) + truth.by_sex * female
    level = level + rng.normal(0, truth.noise, old.size)
    names = [f"S{number:02d}" for number in range(1, old.size + 1)]
    groups, sexes = np.where(old, "old", "young"), np.where(female, "female", "male")
    columns = {"donor": names, "group": groups, "age_years": age, "passage": passage, "sex": sexes}
    return pd.DataFrame({**columns, LEVEL: level.round(3)})


def simple_difference(donors: pd.DataFrame) -> float:
    """Return the mean level of the old minus that of the young, in doublings."""
    means = donors.groupby("group")[LEVEL].mean()
    return float(means["old"] - means["young"])


def same_passage_difference(donors: pd.DataFrame) -> pd.DataFrame:
    """Return mean levels of young and old for each passage that both have, and their difference."""
    means = donors.pivot_table(index="passage", columns="group", values=LEVEL, aggfunc="mean").dropna()
    return means[["young", "old"]].assign(difference=means["old"] - means["young"])


def adjusted_differences(donors: pd.DataFrame) -> pd.DataFrame:
    """Return the effect of age with passage and sex held fixed, and the effects of these.

    Returns
    -------
    pandas.DataFrame
        One row per term (the index); columns estimate and standard_error, in doublings.

    Raises
    ------
    ValueError
        If the donors do not allow the three effects to be told apart.

    Notes
    -----
    Ordinary least squares, level = a + b·old + c·passage + d·female.
    """
    import pandas as pd

    columns = [donors["group"] == "old", donors["passage"], donors["sex"] == "female"]
    design = np.column_stack([np.ones(len(donors)), *columns]).astype(float)
    free = len(donors) - design.shape[1]
    require_positive(donors_more_than_terms=free)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError("Age, passage and sex go hand in hand in these donors: no analysis can tell them apart.")
    fitted, _, _, _ = np.linalg.lstsq(design, donors[LEVEL], rcond=None)
    residual = donors[LEVEL] - design @ fitted
    error = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * (residual @ residual) / free)
    terms = pd.Index(_TERMS, name="effect")
    return pd.DataFrame({"estimate": fitted[1:], "standard_error": error[1:]}, index=terms)
