"""Analysis of variance without an error of reading: decimals are fractions until the sums are done.

A number like 1000000000000.4 has no exact double: the nearest one is off by 2·10⁻⁵ parts of the 0.1 by which such
values differ. No algorithm brings back what the reading has lost; reading the text as a fraction loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.comparisons import anova_table, samples_by_group, sums_of_squares

if TYPE_CHECKING:
    import pandas as pd


def less_offset(decimals: Iterable[str], *, offset: str | None = None) -> np.ndarray:
    """Return decimals minus an offset, rounded to double precision only after the subtraction.

    Parameters
    ----------
    decimals
        Numbers as text, as printed.
    offset
        What is taken off, as text; the first of the decimals if left out.

    Examples
    --------
    >>> float("1000000000000.4") - float("1000000000000.3")
    0.0999755859375
    >>> less_offset(["1000000000000.3", "1000000000000.4"]).tolist()
    [0.0, 0.1]
    """
    exact = [_fraction(each) for each in decimals]
    start = exact[0] if offset is None else _fraction(offset)
    return np.array([float(each - start) for each in exact])


def exact_anova(measurements: pd.DataFrame, *, group: str = "group", value: str = "value") -> pd.DataFrame:
    """Return the table of `comparisons.anova` for values given as text; every sum is an exact fraction.

    Parameters
    ----------
    measurements
        One row per independent sample; the values are text, as printed.

    Raises
    ------
    TypeError
        If a value is a number and not text.
    ValueError
        If a text is no decimal number, and as for `comparisons.anova`.
    """
    samples = samples_by_group(measurements, group=group, value=value)
    return anova_table(*sums_of_squares([[_fraction(each) for each in values] for values in samples.values()]))


def _fraction(decimal: str) -> Fraction:
    if not isinstance(decimal, str):
        raise TypeError(f"A decimal must come as text, for a number is already rounded, but here is {decimal!r}.")
    try:
        return Fraction(decimal)
    except ValueError:
        raise ValueError(f"{decimal!r} is no decimal number: write it like '107.8681568'.") from None
