"""What counts as n: samples of the same animal are alike, and days of the same dish are, too. SIMULATED throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def design_effect(per_animal: int, icc: float) -> float:
    """Return by how much the variance of a mean grows because fields of one animal are alike, 1 + (m − 1)·ICC."""
    raise NotImplementedError


def effective_n(animals: int, per_animal: int, icc: float) -> float:
    """Return how many independent samples the fields of some animals are worth."""
    raise NotImplementedError


def simulated_fields(*, animals: int, per_animal: int, icc: float, difference_sd: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Return SIMULATED fields of two groups of animals: group, animal, field, value (standard deviation 1 in all)."""
    raise NotImplementedError


def pseudo_replication(*, animals: int, per_animal: int, icc: float, alpha: float = 0.05, runs: int = 20_000, seed: int = 1) -> pd.DataFrame:
    """Return how often a t test calls two equal groups different if fields, or if animals, are counted as n.

    Rows "fields" and "animals" (the index, `counted_as_n`); columns n, df, false_positives (simulated share),
    standard_error, exact.
    """
    raise NotImplementedError


def simulated_days(*, dishes: int, days: int = 4, slopes=(1.0, 1.0), seed: int = 1) -> pd.DataFrame:
    """Return SIMULATED dishes of several groups followed over days: group, dish, day, value."""
    raise NotImplementedError


def slopes_per_dish(measurements: pd.DataFrame) -> pd.DataFrame:
    """Return one slope per dish (least squares over its days): group, dish, value. Dishes are the n of what follows."""
    raise NotImplementedError


def repeated_measures(*, dishes: int, groups: int = 4, days: int = 4, runs: int = 5_000, seed: int = 1) -> pd.DataFrame:
    """Return how often equal groups are called different by a test per day, by all readings as n, by one slope per dish."""
    raise NotImplementedError
