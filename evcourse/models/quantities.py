"""What a formula accepts: checks that answer a bad number with a sentence.

A chart passes expressions instead of numbers (see `evcourse.charts.browser_math`); these are let through, because
their values are known only in the browser.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def require_positive(**quantities: Any) -> None:
    """Raise a `ValueError` that names the first quantity with a value of zero or below."""
    for name, value in quantities.items():
        if is_numeric(value) and np.any(np.asarray(value) <= 0):
            raise ValueError(f"{name} must be above zero, but is {shown(value)}: check the number and its unit.")


def require_between(low: float, high: float, **quantities: Any) -> None:
    """Raise a `ValueError` that names the first quantity with a value not between the limits, limits included."""
    for name, value in quantities.items():
        if is_numeric(value) and np.any((np.asarray(value) < low) | (np.asarray(value) > high)):
            raise ValueError(f"{name} must lie between {low:g} and {high:g}, but is {shown(value)}.")


def require_smaller(**quantities: Any) -> None:
    """Raise a `ValueError` if the first of two quantities is not below the second one everywhere."""
    (small, low), (large, high) = quantities.items()
    if is_numeric(low) and is_numeric(high) and np.any(np.asarray(low) >= np.asarray(high)):
        raise ValueError(f"{small} must be below {large}, but they are {shown(low)} and {shown(high)}.")


def is_numeric(value: Any) -> bool:
    """Whether a value is a number, or an array of numbers."""
    return np.asarray(value).dtype.kind in "iuf"


def shown(value: Any) -> str:
    """Return a value as an error message prints it: numbers without their type."""
    return np.array2string(np.asarray(value), threshold=6)
