"""From cargos to a remodelling site: a teaching simplification in which every cargo multiplies one constant.

No source of the course measured how strong such an effect is. Signs and closed forms are what one can learn from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcourse.models.quantities import require_between
from evcourse.models.remodelling import HEALTHY, Remodelling

if TYPE_CHECKING:
    import pandas as pd

TYPICAL_STRENGTH_PERCENT = 10.0
"""%, by which one cargo changes its constant: the course's choice, measured nowhere."""


def factors_of(
    cargo_effects: pd.DataFrame, *, strength_percent: float = TYPICAL_STRENGTH_PERCENT, per_source: bool = False
) -> dict[str, float]:
    """Return the factor on each constant when all these cargos act together.

    Parameters
    ----------
    cargo_effects
        One row per cargo: parameter, direction (+1 or -1), direction_per_source (empty where nobody contests).
    strength_percent
        By how many per cent each cargo changes its constant, 0 to 50.
    per_source
        Whether a contested cargo acts as its source says instead of as printed.

    Returns
    -------
    dict
        Constant and factor; cargos on the same constant are multiplied, so their order does not matter.
    """
    require_between(0, 50, strength_percent=strength_percent)
    directions = cargo_effects["direction"]
    if per_source:
        directions = cargo_effects["direction_per_source"].fillna(directions)
    factors: dict[str, float] = {}
    for parameter, direction in zip(cargo_effects["parameter"].astype(str), directions, strict=True):
        factors[parameter] = factors.get(parameter, 1.0) * (1 + int(direction) * strength_percent / 100)
    return factors


def site_with(
    cargo_effects: pd.DataFrame,
    *,
    strength_percent: float = TYPICAL_STRENGTH_PERCENT,
    per_source: bool = False,
    site: Remodelling = HEALTHY,
) -> Remodelling:
    """Return a remodelling site on which all these cargos act; arguments as for `factors_of`."""
    return site.times(**factors_of(cargo_effects, strength_percent=strength_percent, per_source=per_source))
