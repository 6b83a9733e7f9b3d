"""What arms with and without an inhibitor can show: directions, their robustness, and interaction on three scales.

The pathway is that of `evcourse.models.akt`, a teaching model. A direction that follows from the signs of its
constants holds whatever their sizes; that it holds in thousands of **SIMULATED** pathways is then logic, not evidence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models.akt import CONSTANTS, GROUPS, MISSING_ARM, TEACHING, Condition, Pathway, steady_state
from evcourse.models.quantities import require_between

if TYPE_CHECKING:
    import pandas as pd

READ_AS = {
    "PI3KCA": "pi3k",
    "PI3KR1": "pi3k",
    "PTEN": "pten",
    "p-AKT (Thr308)": "akt_t308",
    "p-AKT (Ser473)": "akt_s473",
    "p-AKT": "akt_t308",
    "BMP2": "output",
    "RunX2": "output",
    "osteogenesis": "output",
    "new bone formation": "output",
    "bone volume": "output",
    "bone tissue": "output",
}
"""What a measured variable is read as in the model: our choice. Proliferation is not in the model, and has no row."""

ARMS = ("PMO", "PMO+Exo", "PMO+MK-2206", "PMO+Exo+MK-2206")
"""Neither, exosomes, inhibitor, both: the two by two design; one of them is `akt.MISSING_ARM`."""

SCALES = ("difference", "ratio", "odds ratio")
"""Scales on which two effects can be compared; the logarithm of the odds ratio is the difference of logits."""


def interaction(neither: Any, first: Any, second: Any, both: Any) -> pd.DataFrame:
    """Return the effect of the first treatment without and with the second, on three scales.

    Parameters
    ----------
    neither, first, second, both
        A share between 0 and 1 in each arm of a two by two design.

    Returns
    -------
    pandas.DataFrame
        Index `SCALES`; columns without and with (the effect of the first treatment) and interaction: with − without
        for the difference, with/without for ratio and odds ratio. No interaction is 0 for the first, 1 for the others.

    Raises
    ------
    ValueError
        If a share does not lie between 0 and 1.

    Examples
    --------
    >>> float(interaction(0.2, 0.4, 0.1, 0.2).loc["ratio", "interaction"])
    1.0
    """
    import pandas as pd

    require_between(0, 1, neither=neither, first=first, second=second, both=both)
    without, given = _effects(neither, first), _effects(second, both)
    rows = pd.DataFrame({"without": without, "with": given}, index=pd.Index(SCALES, name="scale"), dtype=float)
    change = rows["with"] / rows["without"]
    return rows.assign(interaction=change.where(rows.index != "difference", rows["with"] - rows["without"]))


def factorial(quantity: str = "akt_t308", pathway: Pathway = TEACHING) -> pd.DataFrame:
    """Return the interaction of exosomes and MK-2206 in PMO cells, as `interaction` gives it.

    Parameters
    ----------
    quantity
        One of `akt.QUANTITIES` that is a share.
    """
    return interaction(*two_by_two(quantity, pathway)[quantity])


def two_by_two(quantity: str = "akt_t308", pathway: Pathway = TEACHING) -> pd.DataFrame:
    """Return the four arms of PMO cells with and without exosomes (first) and MK-2206 (second), settled.

    Returns
    -------
    pandas.DataFrame
        Index arm; columns first, second (bool) and the quantity.
    """
    import pandas as pd

    cells = _arms().items()
    rows = [(arm, "Exo" in arm, "MK" in arm, steady_state(cell, pathway)[quantity]) for arm, cell in cells]
    return pd.DataFrame(rows, columns=["arm", "first", "second", quantity]).set_index("arm")


def same_three_arms(mk2206_umol_per_l: float = 0.25, pathway: Pathway = TEACHING) -> pd.DataFrame:
    """Return two worlds that agree in three arms of the two by two design and differ in the fourth.

    Through AKT, the output is that of the pathway. Beside AKT, exosomes add to the output what they add without the
    inhibitor, whether AKT is blocked or not (on the scale of differences); how far the inhibitor alone lowers it is
    chosen so that the arm with both comes out the same. A construction, to show what three arms cannot show.

    Parameters
    ----------
    mk2206_umol_per_l
        Dose of the inhibitor.

    Returns
    -------
    pandas.DataFrame
        Index arm (`ARMS`); columns through AKT and beside AKT: the output, as a share.

    Raises
    ------
    ValueError
        If the dose leaves less of the output than the exosomes add: then the two worlds cannot agree in three arms.
    """
    import pandas as pd

    cells = {arm: replace(each, mk2206_umol_per_l=mk2206_umol_per_l * ("MK" in arm)) for arm, each in _arms().items()}
    through = pd.Series({arm: steady_state(cell, pathway)["output"] for arm, cell in cells.items()})
    gain = through["PMO+Exo"] - through["PMO"]
    beside = through.copy()
    beside["PMO+MK-2206"] = through["PMO+Exo+MK-2206"] - gain
    if beside.min() < 0:
        raise ValueError(f"At {mk2206_umol_per_l:g} µmol/L too little output is left for two such worlds: take less.")
    return pd.DataFrame({"through AKT": through, "beside AKT": beside}).rename_axis("arm")


def noisy_pathways(count: int = 5000, *, spread: float = 0.2, seed: int = 1, pathway: Pathway = TEACHING) -> Pathway:
    """Return a pathway whose constants are arrays of random numbers around its own: SIMULATED.

    Parameters
    ----------
    count
        How many pathways.
    spread
        Standard deviation of the natural logarithm of every constant (0.2: about 20 %), each drawn for itself.
    seed
        Seed of the random numbers.

    Notes
    -----
    A constant may cross a line that a direction hangs on: u_pmo = 0.5 comes to lie above 1, where PMO would raise PI3K,
    in Φ(−ln 2/0.2) = 0.03 % of the draws, and n_pmo = 1.8 below 1 in Φ(−ln 1.8/0.2) = 0.16 %.
    """
    require_between(1, 100_000, count=count)
    require_between(0, 2, spread=spread)
    noise = np.random.default_rng(seed).normal(0, spread, (len(CONSTANTS), count))
    drawn = {name: getattr(pathway, name) * np.exp(each) for name, each in zip(CONSTANTS, noise, strict=True)}
    return replace(pathway, **drawn)


def directions(outcomes: pd.DataFrame, pathway: Pathway = TEACHING, *, alike_percent: float = 10.0) -> pd.DataFrame:
    """Return reported directions beside what the model says of the same comparison.

    Parameters
    ----------
    outcomes
        Columns variable, group, comparator, direction (higher, lower or no difference).
    pathway
        With arrays of constants, `holds` is the share of them in which the direction holds.
    alike_percent
        "No difference" holds if the group lies within this share of the comparator.

    Returns
    -------
    pandas.DataFrame
        The rows that the model has something to say of (see `READ_AS`), each comparison of a quantity once, with
        columns quantity, group, comparator, direction, rows (how many outcomes say so), ratio (group over comparator,
        the median if there are many) and holds.
    """
    import pandas as pd

    told = outcomes.assign(quantity=outcomes["variable"].astype(str).map(READ_AS)).astype({"direction": str})
    told = told[told["quantity"].notna() & told["comparator"].notna()].astype({"group": str, "comparator": str})
    keys = ["quantity", "group", "comparator", "direction"]
    rows = told.groupby(keys, sort=False).size().rename("rows").reset_index()
    settled = {name: steady_state(GROUPS[name], pathway) for name in {*rows["group"], *rows["comparator"]}}
    ratios = [settled[row.group][row.quantity] / settled[row.comparator][row.quantity] for row in rows.itertuples()]
    holds = [_holds(ratio, row.direction, alike_percent) for ratio, row in zip(ratios, rows.itertuples(), strict=True)]
    return rows.assign(ratio=[float(np.median(ratio)) for ratio in ratios], holds=pd.Series(holds, dtype=float))


def _arms() -> dict[str, Condition]:
    groups = GROUPS | MISSING_ARM
    return {arm: groups[arm] for arm in ARMS}


def _effects(before: Any, after: Any) -> list[Any]:
    return [after - before, after / before, (after / (1 - after)) / (before / (1 - before))]


def _holds(ratio: Any, direction: str, alike_percent: float) -> float:
    asked = {"higher": ratio > 1, "lower": ratio < 1, "no difference": np.abs(ratio - 1) < alike_percent / 100}
    return float(np.mean(asked[direction]))
