"""How well a design of the virtual laboratory tells the four alternatives apart: it is repeated under each of them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from evcourse.models import laboratory_worlds as worlds
from evcourse.models.laboratory_analysis import CONTRASTS, contrast_of, interval
from evcourse.models.laboratory_worlds import ALTERNATIVES, WORLDS

if TYPE_CHECKING:
    import pandas as pd

CONVINCED = 0.8
"""Probability from which on a study counts as having come to a conclusion: a convention of the course."""
RUNS = 1000
"""Repetitions under each alternative behind a power: its standard error is at most 0.016."""


@lru_cache(maxsize=256)
def power(plan: Any, spread: float, runs: int = RUNS) -> dict[str, float]:
    """Return, for each alternative, how often data of this design make it the most probable one where it is true.

    Parameters
    ----------
    plan
        From `laboratory.plan`.
    spread
        Standard deviation between animals, in multiples of the sham mean.
    runs
        Repetitions under each alternative, drawn with a fixed seed.

    Notes
    -----
    Conclusions are drawn by somebody who trusts the readings: nobody who reads unblinded allows for a bias.
    """
    data, true, _ = _repeated(plan, spread, runs)
    best = worlds.probabilities(data, _trusting(plan), spread).argmax(axis=1)
    return {name: float((best[true == place] == place).mean()) for place, name in enumerate(ALTERNATIVES)}


def repetitions(study: Any, *, runs: int = 200, spread: float | None = None) -> pd.DataFrame:
    """Return what would have come out, had this study been made many times in laboratories of every truth. SIMULATED.

    Parameters
    ----------
    study
        From `laboratory.commit`; for a plan, say the `spread`.
    runs
        Repetitions under each of the four alternatives.
    spread
        Standard deviation between animals, in multiples of the sham mean, if not that of the study's laboratory.

    Returns
    -------
    pandas.DataFrame
        One row per repetition: truth, run, most_probable, probability (of that one), outcome ("right", "undecided" or
        "misled": at least 0.8 for a wrong alternative), estimate, low, high (the committed contrast), true_value (what
        it estimates), covered.
    """
    import pandas as pd

    plan, spread = getattr(study, "plan", study), spread or getattr(study, "spread", 0.15)
    data, true, output = _repeated(plan, spread, runs, detailed=True)
    found = worlds.probabilities(data, _trusting(plan), spread)
    best, probability = found.argmax(axis=1), found.max(axis=1)
    outcome = np.where(probability < CONVINCED, "undecided", np.where(best == true, "right", "misled"))
    names = np.array(ALTERNATIVES)
    return pd.DataFrame(
        {
            "truth": names[true],
            "run": np.tile(np.arange(1, runs + 1), len(ALTERNATIVES)),
            "most_probable": names[best],
            "probability": probability,
            "outcome": outcome,
            **_estimates(output, plan),
        }
    )


def expectations(study: Any) -> pd.DataFrame:
    """Return what each alternative leads one to expect of every contrast that a design allows, before any data.

    Parameters
    ----------
    study
        From `laboratory.commit`, or a plan.

    Returns
    -------
    pandas.DataFrame
        One row per alternative, assay, contrast and value: alternative, assay, contrast, expected, low, high: the middle
        and the central 95 % of what is true in laboratories of this alternative, in multiples of the sham mean. Not
        through AKT, PTEN and PI3K may change beside the output or may not: there it has two rows for one contrast.
    """
    import pandas as pd

    plan = getattr(study, "plan", study)
    rows = [row for world in WORLDS for row in _expected(plan, world)]
    return pd.DataFrame(rows, columns=["alternative", "assay", "contrast", "expected", "low", "high"]).drop_duplicates()


def _expected(plan: Any, world: worlds.World) -> list[tuple[Any, ...]]:
    middles, sds = np.array(list(worlds.unknowns().values())).T
    cells = worlds.means_matrix(_trusting(plan), world).reshape(len(plan.assays), len(plan.arms), -1)
    rows = []
    for assay, matrix in zip(plan.assays, cells, strict=True):
        for name, weights in CONTRASTS.items():
            if weights.keys() <= set(plan.arms):
                slopes = np.array([weights.get(arm, 0) for arm in plan.arms]) @ matrix
                middle, half = slopes @ middles, 1.96 * np.sqrt(((slopes * sds) ** 2).sum())
                rows.append((world.alternative, assay, name, *np.round([middle, middle - half, middle + half], 3)))
    return rows


def _trusting(plan: Any) -> Any:
    return replace(plan, blinded=True)


def _repeated(plan: Any, spread: float, runs: int, *, detailed: bool = False) -> tuple[np.ndarray, np.ndarray, Any]:
    """Means of all cells, the place of the true alternative, and the outputs themselves with their true means."""
    rng = np.random.default_rng(20231214)
    means, true_means = map(np.concatenate, zip(*(_true_means(plan, name, runs, rng) for name in ALTERNATIVES), strict=True))
    true = np.repeat(np.arange(len(ALTERNATIVES)), runs)
    data = means + worlds.sd_of_mean(plan, spread) * rng.standard_normal(means.shape)
    if not detailed:
        return data, true, None
    arms = np.arange(len(plan.arms)) + len(plan.arms) * plan.assays.index("output")
    shape = (len(data), len(plan.arms), plan.animals)
    animals = means[:, arms, None, None] + spread * rng.standard_normal((*shape, 1))
    output = animals + worlds.TECHNICAL_SHARE * spread * rng.standard_normal((*shape, plan.replicates))
    data[:, arms] = output.mean(axis=(2, 3))
    return data, true, (output, true_means[:, arms])


def _true_means(plan: Any, alternative: str, runs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Means of all cells as they are read, and as they are, in laboratories where this alternative is true."""
    possible = [each for each in WORLDS if each.alternative == alternative]
    middles, sds = np.array(list(worlds.unknowns().values())).T
    sizes = middles + sds * rng.standard_normal((runs, len(middles)))
    # The worlds of an alternative in turn: each as often as the others.
    read, true = np.empty((2, runs, len(plan.arms) * len(plan.assays)))
    for place, world in enumerate(possible):
        matrix, part = worlds.means_matrix(plan, world), slice(place, None, len(possible))
        read[part] = sizes[part] @ matrix.T
        matrix[:, list(worlds.unknowns()).index("bias")] = 0
        true[part] = sizes[part] @ matrix.T
    return read, true


def _estimates(output: tuple[np.ndarray, np.ndarray], plan: Any) -> dict[str, np.ndarray]:
    values, means = output
    estimate, low, high = interval(values, plan)
    true = contrast_of(means, plan)
    return {"estimate": estimate, "low": low, "high": high, "true_value": true, "covered": (low <= true) & (true <= high)}
