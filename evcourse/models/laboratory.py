"""The virtual laboratory: design a study, write the plan down, and only then see its SIMULATED data.

    laboratory.facts()                                                # what is known beforehand
    plan = laboratory.plan(arms=["PMO", "PMO+Exo"], animals=6, …)     # what it costs, in words
    study = laboratory.commit(plan)                                   # written down, before any data exist
    measurements = laboratory.run(study)                              # one row per measurement
    laboratory.analyse(study, measurements)                           # the committed contrast with its 95 % interval
    laboratory.contrasts(measurements)                                # every contrast of every assay
    laboratory.expectations(study)                                    # what each alternative leads one to expect of them
    laboratory.conclusion(study, probabilities={…}, estimate=…, low=…, high=…)    # the answer to a question
    laboratory.repetitions(study)                                     # how often this design would have misled you

Which truth the data come from is hidden, and drawn anew for every learner (`evcourse.models.laboratory_worlds` says
from which). It could be looked up, and nobody would gain by it: a study is judged by what its design **could** tell and
by what its data **do** say, never by whether it hit the truth.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse import progress
from evcourse.models import laboratory_worlds as worlds
from evcourse.models.laboratory_analysis import CONTRASTS, PROCEDURES, SCALES, UNITS, analyse, contrasts
from evcourse.models.laboratory_plans import COSTS, HOURS, Plan, cost, plan
from evcourse.models.laboratory_power import expectations, power, repetitions
from evcourse.models.laboratory_worlds import ALTERNATIVES, ARMS, ASSAYS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ALTERNATIVES",
    "ARMS",
    "ASSAYS",
    "CONTRASTS",
    "COSTS",
    "DEMONSTRATION",
    "HOURS",
    "PROCEDURES",
    "SCALES",
    "UNITS",
    "Plan",
    "Study",
    "analyse",
    "commit",
    "conclusion",
    "contrasts",
    "cost",
    "expectations",
    "facts",
    "plan",
    "power",
    "repetitions",
    "run",
]

DEMONSTRATION = {"laboratory": 1, "spread": 0.15, "budget": 260}
"""A laboratory to look at, like those that a question gives: its number, the standard deviation between animals that a
pilot study has found (multiples of the sham mean), and the budget in points."""


@dataclass(frozen=True)
class Study:
    """A plan that has been written down, and where; `commit` makes it."""

    plan: Plan
    laboratory: int
    spread: float
    budget: float
    note: str = ""

    def __str__(self) -> str:
        return f"{self.note}\n{self.plan}"

    __repr__ = __str__


def facts() -> pd.DataFrame:
    """Return what everybody knows of the virtual laboratory before a study: what, value, unit. All of it is invented."""
    import pandas as pd

    costs = [(f"one {what}", points, "points") for what, points in COSTS.items() if what != "blinding"]
    known = [
        ("half of a change in levels", worlds.HALF_LEVEL_H, "h after treatment"),
        ("half of a change in output", worlds.HALF_OUTPUT_H, "h after treatment"),
        ("between replicates of one animal", worlds.TECHNICAL_SHARE, "of the standard deviation between animals"),
        ("what a reader adds who knows the arms", worlds.READERS_BIAS[0], "of the sham mean, on average, as hoped for"),
    ]
    rows = [*costs, ("blinding of the whole study", COSTS["blinding"], "points"), *known]
    return pd.DataFrame(rows, columns=["what", "value", "unit"])


def commit(plan: Plan, given: dict[str, Any] | None = None) -> Study:
    """Write a plan down, with its fingerprint and the time, in the learner's progress file, and return the study.

    The same plan written down again keeps its first time. A second plan for the same laboratory is a second study, and
    is counted as one. Where the file cannot be written, the note says so, and the study can be run all the same.

    Parameters
    ----------
    plan
        From `plan`.
    given
        A learner's own laboratory, as a question gives it; `DEMONSTRATION` if left out.
    """
    given = DEMONSTRATION | (given or {})
    laboratory, spread, budget = (given[name] for name in ("laboratory", "spread", "budget"))
    return Study(plan, laboratory, spread, budget, " ".join([_written(plan, laboratory), _paid(plan, budget)]))


def run(study: Study) -> pd.DataFrame:
    """Return the SIMULATED data of a study: the same for the same plan, others for any other plan.

    Returns
    -------
    pandas.DataFrame
        One row per measurement: arm, animal ("A1"; an animal is in one arm), assay, replicate, value (multiples of the
        mean of sham-operated animals, to four decimals).

    Raises
    ------
    TypeError
        If it is a plan that has not been written down.
    """
    import pandas as pd

    if not isinstance(study, Study):
        raise TypeError("There are no data before the plan is written down: give what laboratory.commit(plan) returns.")
    chosen = study.plan
    index = pd.MultiIndex.from_product(
        [chosen.assays, chosen.arms, range(1, chosen.animals + 1), range(1, chosen.replicates + 1)],
        names=["assay", "arm", "animal", "replicate"],
    )
    rows = pd.Series(values(chosen, study.laboratory, study.spread).ravel(), index, name="value").reset_index()
    number = rows["animal"] + chosen.animals * rows["arm"].map(chosen.arms.index)
    rows["animal"] = "A" + number.astype(str)
    return rows[["arm", "animal", "assay", "replicate", "value"]]


def values(plan: Plan, laboratory: int, spread: float) -> np.ndarray:
    """Return the values of `run` as an array of shape (assays, arms, animals, replicates)."""
    truth = worlds.truth(laboratory)
    rng = np.random.default_rng([laboratory, int(plan.fingerprint, 16)])
    shape = (len(plan.assays), len(plan.arms), plan.animals, plan.replicates)
    means = (worlds.means_matrix(plan, truth.world) @ truth.sizes).reshape(*shape[:2], 1, 1)
    animals = spread * rng.standard_normal((*shape[:3], 1))
    return np.round(means + animals + worlds.TECHNICAL_SHARE * spread * rng.standard_normal(shape), 4)


def conclusion(
    study: Study, *, probabilities: dict[str, float], estimate: float, low: float, high: float
) -> dict[str, Any]:
    """Return plan and conclusion as one plain dictionary: what a question of the kind `Study` takes as an answer.

    Parameters
    ----------
    study
        From `commit`.
    probabilities
        How probable each of `ALTERNATIVES` is, in your judgement; together 1.
    estimate, low, high
        The committed contrast with its 95 % interval.
    """
    return {
        "plan": asdict(study.plan),
        "probabilities": dict(probabilities),
        "estimate": estimate,
        "interval": [low, high],
    }


def _written(plan: Plan, laboratory: int) -> str:
    try:
        number = progress.commit(str(laboratory), plan.fingerprint, datetime.now(UTC).isoformat("T", "seconds"))
    except (progress.ProgressError, OSError) as problem:
        return f"Written down for this session only ({problem})."
    again = f" It is plan {number} for this laboratory: report the earlier ones with it." if number > 1 else ""
    return f"Written down, before any data exist.{again}"


def _paid(plan: Plan, budget: float) -> str:
    left = budget - cost(plan)
    return f"{left:g} of {budget:g} points are left." if left >= 0 else f"It is {-left:g} points over the budget of {budget:g}."
