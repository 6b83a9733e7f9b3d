"""What counts as n: fields of one animal are alike, and so are the days of one dish. SIMULATED, and exact.

A test takes its n for independent samples. Fields of an animal, or readings of a dish, share what is special about
that animal or dish; counted as n they make a small spread of nothing, and call equal groups different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between
from evcourse.models.studentized_range import chi_nodes

if TYPE_CHECKING:
    import pandas as pd

COUNTED = {"fields": "every field", "animals": "the mean of each animal"}
"""What may be counted as n, in words."""


def design_effect(per_animal: int, icc: float) -> float:
    """Return by how much the variance of a mean grows because fields of one animal are alike.

    Parameters
    ----------
    per_animal
        Fields of each animal, m.
    icc
        Intraclass correlation: share of the variance that lies between animals, from 0 to 1.

    Notes
    -----
    1 + (m − 1)·ICC, Kish (1965), general knowledge.

    Examples
    --------
    >>> design_effect(10, 0.5)
    5.5
    """
    require_between(1, 100_000, per_animal=per_animal)
    require_between(0, 1, icc=icc)
    return 1 + (per_animal - 1) * icc


def effective_n(animals: int, per_animal: int, icc: float) -> float:
    """Return how many independent samples the fields of some animals are worth: all fields over the design effect.

    Examples
    --------
    >>> round(effective_n(3, 10, 0.5), 2)
    5.45
    """
    return animals * per_animal / design_effect(per_animal, icc)


def simulated_fields(
    *, animals: int, per_animal: int, icc: float, difference_sd: float = 0.0, seed: int = 1
) -> pd.DataFrame:
    """Return SIMULATED fields of two groups of animals.

    Parameters
    ----------
    animals, per_animal
        Animals in each group, fields of each animal.
    icc
        Share of the variance (1 in all) that lies between animals.
    difference_sd
        True mean of the treated minus that of the untreated group.
    seed
        Number from which the fields are drawn.

    Returns
    -------
    pandas.DataFrame
        Columns group ("untreated", "treated"), animal, field (from 1), value.
    """
    import pandas as pd

    values = _fields(animals, per_animal, icc, 1, seed)[0]
    values[1] += difference_sd
    rows = pd.MultiIndex.from_product(
        [["untreated", "treated"], range(1, animals + 1), range(1, per_animal + 1)], names=["group", "animal", "field"]
    )
    fields = pd.Series(values.ravel(), index=rows, name="value").reset_index()
    names = fields["group"].str[0].str.upper() + fields["animal"].astype(str)
    return fields.assign(group=pd.Categorical(fields["group"], ["untreated", "treated"]), animal=names)


def animal_means(fields: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each animal's fields, the value that may be counted: group, animal, value."""
    return fields.groupby(["group", "animal"], observed=True, sort=False)["value"].mean().reset_index()


def pseudo_replication(
    *, animals: int, per_animal: int, icc: float, alpha: float = 0.05, runs: int = 20_000, seed: int = 1
) -> pd.DataFrame:
    """Return how often a t test calls two equal groups different, with fields or with animals as n.

    Parameters
    ----------
    animals, per_animal, icc
        As for `simulated_fields`.
    alpha, runs, seed
        Level, number of SIMULATED experiments, number from which they are drawn.

    Returns
    -------
    pandas.DataFrame
        Rows "fields" and "animals" (the index, counted_as_n); columns n (per group), df, false_positives (simulated
        share), standard_error (of the simulation), exact (see `exact_false_positives`).
    """
    import pandas as pd

    values = _fields(animals, per_animal, icc, runs, seed)
    samples = {"fields": values.reshape(runs, 2, -1), "animals": values.mean(axis=3)}
    shares = [_found(each, alpha).mean() for each in samples.values()]
    sizes = np.array([each.shape[2] for each in samples.values()])
    exact = exact_false_positives(animals=animals, per_animal=per_animal, icc=icc, alpha=alpha)
    errors = [np.sqrt(share * (1 - share) / runs) for share in shares]
    columns = {"n": sizes, "df": 2 * (sizes - 1), "false_positives": shares, "standard_error": errors}
    return pd.DataFrame({**columns, "exact": [exact, alpha]}, index=pd.Index(COUNTED, name="counted_as_n"))


def exact_false_positives(*, animals: int, per_animal: int, icc: float, alpha: float = 0.05) -> float:
    """Return the exact share of equal groups that a t test with every field as n calls different.

    Notes
    -----
    With the design effect D: the squared difference of means is D·χ²(1), and the sum of squares that the test divides
    by is D·χ²(2(a − 1)) of the animals plus (1 − ICC)·χ²(2a(m − 1)) of the fields, all independent. The two sums are
    integrated over their distributions.

    Examples
    --------
    >>> round(exact_false_positives(animals=3, per_animal=10, icc=0.5), 3)
    0.442
    """
    from scipy.special import ndtr, stdtrit

    require_between(2, 1000, animals=animals)
    require_between(2, 1000, per_animal=per_animal)
    enlarged = design_effect(per_animal, icc)
    of_animals, of_fields = 2 * (animals - 1), 2 * animals * (per_animal - 1)
    (spread, weight), (field_spread, field_weight) = chi_nodes(of_animals), chi_nodes(of_fields)
    squares = enlarged * of_animals * spread[:, None] ** 2 + (1 - icc) * of_fields * field_spread**2
    df = of_animals + of_fields
    limit = -stdtrit(df, alpha / 2) * np.sqrt(squares / df / enlarged)
    return float(weight @ (2 * ndtr(-limit)) @ field_weight)


def _fields(animals: int, per_animal: int, icc: float, runs: int, seed: int) -> np.ndarray:
    """Fields of two equal groups: runs × groups × animals × fields, of variance 1 in all."""
    require_between(2, 1000, animals=animals)
    require_between(2, 1000, per_animal=per_animal)
    require_between(0, 1, icc=icc)
    rng = np.random.default_rng(seed)
    own = rng.normal(0, np.sqrt(icc), (runs, 2, animals, 1))
    return own + rng.normal(0, np.sqrt(1 - icc), (runs, 2, animals, per_animal))


def _found(samples: np.ndarray, alpha: float) -> np.ndarray:
    """Which experiments a t test calls significant."""
    from evcourse.models.comparisons_at_once import compared, critical_values

    return compared(samples).t[:, 0] > critical_values(2, samples.shape[2], alpha).t
