"""A study of the virtual laboratory as it is written down before there are data, and what it costs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from evcourse.models.laboratory_analysis import CONTRASTS, PROCEDURES, SCALES, UNITS
from evcourse.models.laboratory_worlds import ARMS, ASSAYS

HOURS = (1, 6, 24, 48, 72, 96, 168)
"""Hours between treatment and read-out that can be planned."""
MOST_ANIMALS, MOST_REPLICATES = 30, 10
COSTS = {"animal": 3.0, "day of an animal's dish": 0.5, "measurement": 1.0, "blinding": 8.0}
"""Invented points. A measurement is one replicate of one assay on one animal's dish."""


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


def _feasible(plan: Plan) -> Plan:
    if "output" not in plan.assays:
        measured = ", ".join(plan.assays)
        raise ValueError(f"Every contrast is one of output, and you measure {measured}: add 'output' to the assays.")
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
