"""One SIMULATED experiment and its procedures' verdicts, held against a truth that the learner chooses.

Fast enough to follow a slider: verdicts, p values and error rates together take a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from evcourse.models import comparisons_at_once as at_once
from evcourse.models.error_rates import error_rates
from evcourse.models.experiments import drawn_values
from evcourse.models.quantities import require_between

ALL_GROUPS = "ABCDE"
COMPARED = ("lsd_protected", "tukey", "holm", "bonferroni")
"""The procedures set side by side; names as in `comparisons.PROCEDURES`."""

OUTCOMES = {
    (True, True): "found",
    (True, False): "missed",
    (False, True): "false alarm",
    (False, False): "rightly not claimed",
}
"""What a verdict is, from whether the pair truly differs and whether it was called different."""

RUNS = 2_000
"""Simulated experiments behind each error rate of the bench: a standard error of at most 1.1 percentage points."""


@dataclass(frozen=True)
class Truth:
    """What is so, in a world of which experiments see samples.

    Parameters
    ----------
    groups
        Number of groups, from 3 to 5, named A, B, C …
    replicates
        Independent samples per group, from 2 to 100.
    shifted
        Names of the groups whose true mean is not that of the others.
    difference_sd
        By how much their mean lies higher, in standard deviations of one sample.
    """

    groups: int = 5
    replicates: int = 3
    shifted: Collection[str] = ("B",)
    difference_sd: float = 2.0

    def __post_init__(self) -> None:
        require_between(3, len(ALL_GROUPS), groups=self.groups)
        require_between(2, 100, replicates=self.replicates)
        unknown = sorted(set(self.shifted) - set(ALL_GROUPS))
        if unknown:
            raise ValueError(f"No group {unknown[0]!r} to shift: the groups are {', '.join(ALL_GROUPS)}.")

    @property
    def means(self) -> dict[str, float]:
        """True mean of each group, in standard deviations; that of a group that is not shifted is zero."""
        return {name: self.difference_sd * (name in self.shifted) for name in ALL_GROUPS[: self.groups]}


class Verdict(NamedTuple):
    """What one procedure says of one pair."""

    first: str
    second: str
    procedure: str
    p: float
    """Adjusted for the procedure."""
    outcome: str
    """One of `OUTCOMES`, at the level 0.05."""


class Promise(NamedTuple):
    """How often a procedure errs, and how often it finds a pair, with the standard errors of the simulation."""

    family_wise_error: float
    family_wise_error_se: float
    pair_found: float
    """Not a number if there is no such pair."""
    pair_found_se: float


def sample(truth: Truth, number: int) -> np.ndarray:
    """Return one SIMULATED experiment, groups × replicates, of standard deviation 1.

    `experiments.simulated_groups(truth.means, replicates=…, sd=1, seed=number)` gives the same one as a table.
    """
    return drawn_values(truth.means, replicates=truth.replicates, sd=1, seed=number)


def judged(truth: Truth, values: np.ndarray) -> list[Verdict]:
    """Return what each of the procedures `COMPARED` says of each pair of an experiment, and whether it is right."""
    p = at_once.p_values(at_once.compared(values[None]))
    pairs = [(first, second, truth.means[first] != truth.means[second]) for first, second in combinations(truth.means, 2)]
    return [
        Verdict(first, second, procedure, chance, OUTCOMES[differs, chance < 0.05])
        for procedure in COMPARED
        for (first, second, differs), chance in zip(pairs, p[procedure][0].tolist(), strict=True)
    ]


def promised(truth: Truth, pair: tuple[str, str]) -> dict[str, Promise]:
    """Return what each of the procedures `COMPARED` does in `RUNS` SIMULATED experiments, from `error_rates`.

    Parameters
    ----------
    truth
        What is so.
    pair
        Names of the two groups whose difference is to be found; they need not be in the experiment.
    """
    present = all(name in truth.means for name in pair)
    places = tuple(sorted(ALL_GROUPS.index(name) for name in pair)) if present else None
    return _promised(tuple(truth.means.values()), truth.replicates, places)


@lru_cache(maxsize=256)
def _promised(
    means: tuple[float, ...], replicates: int, places: tuple[int, int] | None
) -> dict[str, Promise]:
    # Another sample changes no promise, so most moves of a slider find this ready.
    rates = error_rates(means, replicates=replicates, pair=places, runs=RUNS)
    return {row.Index: Promise(*row[1:]) for row in rates.itertuples() if row.Index in COMPARED}
