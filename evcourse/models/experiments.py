"""SIMULATED experiments: groups with a known truth, and samples drawn from it. Nothing here is data of any paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between, require_positive

if TYPE_CHECKING:
    import pandas as pd


def simulated_groups(means: Mapping[str, float], *, replicates: int, sd: float = 0.08, seed: int = 1) -> pd.DataFrame:
    """Return SIMULATED measurements of several groups: the group's true mean plus a normal error.

    Parameters
    ----------
    means
        True mean of each group by name, in the unit of the measurement; groups keep this order.
    replicates
        Independent samples per group, from 2 to 1000.
    sd
        Standard deviation of the error, the same in all groups, in the unit of the means.
    seed
        Number from which the errors are drawn; the same seed gives the same table.

    Returns
    -------
    pandas.DataFrame
        Columns group (ordered category), replicate (from 1), value (not rounded).

    Examples
    --------
    >>> simulated_groups({"Control": 1.0, "PMO": 0.5}, replicates=2, sd=0.1, seed=1)["value"].round(3).to_list()
    [1.035, 1.082, 0.533, 0.37]
    """
    import pandas as pd

    names = list(means)
    values = drawn_values(means, replicates=replicates, sd=sd, seed=seed)
    groups = pd.Categorical(np.repeat(names, replicates), categories=names, ordered=True)
    return pd.DataFrame(
        {"group": groups, "replicate": np.tile(np.arange(1, replicates + 1), len(names)), "value": values.ravel()}
    )


def drawn_values(means: Mapping[str, float], *, replicates: int, sd: float = 0.08, seed: int = 1) -> np.ndarray:
    """Return the values of `simulated_groups` alone: groups × replicates."""
    require_between(2, 1000, replicates=replicates)
    require_positive(sd=sd)
    errors = np.random.default_rng(seed).normal(0, sd, (len(means), replicates))
    return np.array(list(means.values()), dtype=float)[:, None] + errors
