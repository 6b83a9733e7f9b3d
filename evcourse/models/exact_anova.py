"""Analysis of variance without an error of reading: decimals as fractions, an offset taken off before rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def less_offset(decimals, *, offset: str | None = None):
    """Return decimals, as text, minus an offset (the first of them if left out), rounded once at the end: array."""
    raise NotImplementedError


def exact_anova(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return the table of `comparisons.anova` for values given as text, as printed; all sums are exact fractions."""
    raise NotImplementedError
