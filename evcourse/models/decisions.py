"""One SIMULATED experiment and its procedures' verdicts, held against a truth that the learner chooses.

Fast enough to follow a slider: verdicts, p values and error rates together take a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models import comparisons_at_once as at_once
from evcourse.models.error_rates import error_rates
from evcourse.models.experiments import simulated_groups
from evcourse.models.quantities import require_between

if TYPE_CHECKING:
    import pandas as pd

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


def sample(truth: Truth, number: int) -> pd.DataFrame:
    """Return one SIMULATED experiment, of standard deviation 1, as `experiments.simulated_groups` draws it."""
    return simulated_groups(truth.means, replicates=truth.replicates, sd=1, seed=number)


def judged(truth: Truth, measurements: pd.DataFrame) -> pd.DataFrame:
    """Return every pair's p value and verdict by each of the procedures `COMPARED`, and whether the verdict is right.

    Returns
    -------
    pandas.DataFrame
        One row per pair and procedure: pair (number from 0), first, second, procedure, p (adjusted), outcome (see
        `OUTCOMES`; at the level 0.05).
    """
    import pandas as pd

    values = measurements["value"].to_numpy().reshape(1, truth.groups, truth.replicates)
    p = at_once.p_values(at_once.compared(values))
    first, second = at_once.pair_places(truth.groups)
    names, means = np.array(list(truth.means)), np.array(list(truth.means.values()))
    differs = means[first] != means[second]
    rows = [
        {
            "pair": numbers,
            "first": names[first],
            "second": names[second],
            "procedure": procedure,
            "p": p[procedure][0],
            "outcome": [OUTCOMES[each] for each in zip(differs.tolist(), (p[procedure][0] < 0.05).tolist(), strict=True)],
        }
        for numbers, procedure in ((np.arange(first.size), procedure) for procedure in COMPARED)
    ]
    return pd.concat([pd.DataFrame(each) for each in rows], ignore_index=True)


def promised(truth: Truth, pair: tuple[str, str]) -> pd.DataFrame:
    """Return the error rates of the procedures `COMPARED` from `RUNS` SIMULATED experiments.

    Parameters
    ----------
    truth
        What is so.
    pair
        Names of the two groups whose difference is to be found. A name that the experiment does not have gives empty
        cells.

    Returns
    -------
    pandas.DataFrame
        As `error_rates.error_rates` returns it.
    """
    present = all(name in truth.means for name in pair)
    places = tuple(sorted(ALL_GROUPS.index(name) for name in pair)) if present else None
    return _promised(tuple(truth.means.values()), truth.replicates, places).copy()


@lru_cache(maxsize=256)
def _promised(means: tuple[float, ...], replicates: int, places: tuple[int, int] | None) -> pd.DataFrame:
    # Another sample changes no promise, so most moves of a slider find this ready.
    return error_rates(means, replicates=replicates, pair=places, runs=RUNS).loc[list(COMPARED)]
