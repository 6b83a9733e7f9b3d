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

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse import progress
from evcourse.models import laboratory_worlds as worlds
from evcourse.models.laboratory_analysis import CONTRASTS, PROCEDURES, SCALES, UNITS, analyse, contrasts
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

HOURS = (1, 6, 24, 48, 72, 96, 168)
"""Hours between treatment and read-out that can be planned."""
MOST_ANIMALS, MOST_REPLICATES = 30, 10
COSTS = {"animal": 3.0, "day of an animal's dish": 0.5, "measurement": 1.0, "blinding": 8.0}
"""Invented points. A measurement is one replicate of one assay on one animal's dish."""
DEMONSTRATION = {"laboratory": 1, "spread": 0.15, "budget": 260}
"""A laboratory to look at, like those that a question gives: its number, the standard deviation between animals that a
pilot study has found (multiples of the sham mean), and the budget in points."""


@dataclass(frozen=True)
class Plan:
    """A study as it is written down before there are data; make one with `plan`."""

    arms: tuple[str, ...]
    animals: int
    assays: tuple[str, ...]
    hours: float
    replicates: int
    blinded: bool
    contrast: str
    scale: str
    procedure: str
    unit: str

    @property
    def fingerprint(self) -> str:
        """Eight characters that change with any change of the plan."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:8]

    def __str__(self) -> str:
        blind = "read blinded" if self.blinded else "read by somebody who knows the arms"
        return (
            f"Plan {self.fingerprint}: {len(self.arms)} arms ({', '.join(self.arms)}) of {self.animals} animals; "
            f"{', '.join(self.assays)} after {self.hours:g} h, {self.replicates} × each, {blind}. "
            f"Analysis: {self.contrast}, as a {self.scale}, {self.procedure}, by {self.unit}. "
            f"Costs {cost(self):g} points."
        )

    __repr__ = __str__


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


def plan(
    *,
    arms: Any,
    animals: int,
    assays: Any,
    hours: float,
    replicates: int = 1,
    blinded: bool,
    contrast: str,
    scale: str = "difference",
    procedure: str = "pooled t",
    unit: str = "animal",
) -> Plan:
    """Return a plan, checked for what cannot be done, not for what is unwise.

    Parameters
    ----------
    arms
        Some of `ARMS`.
    animals
        Number per arm, from 2 to 30: each is an independent sample.
    assays
        Some of `ASSAYS`; output must be among them.
    hours
        Between treatment and read-out, one of `HOURS`.
    replicates
        Measurements of each assay on each animal's dish, from 1 to 10.
    blinded
        Whether the reader does not know the arms. One who knows them reads what is hoped for.
    contrast
        One of `CONTRASTS`: which output is set against which.
    scale
        One of `SCALES`.
    procedure
        One of `PROCEDURES`: how the 95 % interval is made.
    unit
        One of `UNITS`: what counts as n.

    Raises
    ------
    ValueError
        If a part is unknown or out of range, or the contrast needs an arm that the plan does not have.
    """
    chosen = Plan(
        _known_ones("arms", arms, ARMS),
        _whole("animals", animals, 2, MOST_ANIMALS),
        _known_ones("assays", assays, ASSAYS),
        _known("hours", hours, HOURS),
        _whole("replicates", replicates, 1, MOST_REPLICATES),
        _known("blinded", blinded, (True, False)),
        _known("contrast", contrast, tuple(CONTRASTS)),
        _known("scale", scale, tuple(SCALES)),
        _known("procedure", procedure, tuple(PROCEDURES)),
        _known("unit", unit, tuple(UNITS)),
    )
    return _feasible(chosen)


def cost(plan: Plan) -> float:
    """Return what a plan costs, in invented points (`COSTS`)."""
    animals = len(plan.arms) * plan.animals
    each = COSTS["animal"] + COSTS["day of an animal's dish"] * plan.hours / 24
    each += COSTS["measurement"] * len(plan.assays) * plan.replicates
    return animals * each + COSTS["blinding"] * plan.blinded


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


def _feasible(plan: Plan) -> Plan:
    if "output" not in plan.assays:
        raise ValueError(f"Every contrast is one of output, and you measure {', '.join(plan.assays)}: add 'output' to the assays.")
    missing = [arm for arm in CONTRASTS[plan.contrast] if arm not in plan.arms]
    if missing:
        raise ValueError(
            f"The contrast {plan.contrast!r} needs the arm {missing[0]!r}, and your arms are {', '.join(plan.arms)}: "
            "add the arm or choose another contrast."
        )
    return plan


def _known(what: str, given: Any, allowed: tuple[Any, ...]) -> Any:
    found = [each for each in allowed if each == given]
    if not found:
        raise ValueError(f"{what}={given!r} cannot be planned: choose from {', '.join(map(repr, allowed))}.")
    return found[0]


def _known_ones(what: str, given: Any, allowed: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(given, str) or len(given) != len(set(given)) or len(given) == 0:
        raise ValueError(f"{what}={given!r} cannot be planned: give a list of different ones from {', '.join(allowed)}.")
    picked = [_known(what, each, allowed) for each in given]
    # In one order, so that the same study has one fingerprint.
    return tuple(each for each in allowed if each in picked)


def _whole(what: str, given: Any, low: int, high: int) -> int:
    if isinstance(given, bool) or int(given) != given or not low <= given <= high:
        raise ValueError(f"{what}={given!r} cannot be planned: give a whole number from {low} to {high}.")
    return int(given)
