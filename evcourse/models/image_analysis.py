"""From a micrograph to a number: stain by colour deconvolution, threshold, stained area, and counting of nuclei.

The steps are those of ImageJ's colour deconvolution and thresholds, done with scikit-image. A stain needs its own
vector: the common set for haematoxylin, eosin and DAB fits neither alizarin red nor the product of alkaline
phosphatase.

References
----------
Ruifrok & Johnston (2001) for colour deconvolution and Otsu (1979), https://doi.org/10.1109/TSMC.1979.4310076, for the
automatic threshold: cited as general knowledge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from evcourse.models.micrographs import Field

FIXED = 0.35
"""Amount of stain from which a pixel counts as stained, when one threshold holds for all fields: the course's choice,
about half of what a weak nodule holds."""


def stain_amount(field: Field) -> np.ndarray:
    """Return the amount of stain in each pixel of a field, in the units of its stain vector (for EdU: green light).

    The stain's own vector is used; noise makes some amounts of clean background negative.
    """
    raise NotImplementedError


def hed_amount(field: Field, channel: str = "DAB") -> np.ndarray:
    """Return one channel of the common haematoxylin–eosin–DAB deconvolution, right for DAB and wrong for other stains.

    Parameters
    ----------
    channel
        "haematoxylin", "eosin" or "DAB".
    """
    raise NotImplementedError


def otsu_threshold(*amounts: np.ndarray) -> float:
    """Return Otsu's automatic threshold of one map of amounts, or one threshold for several maps taken together.

    It divides whatever it gets in two, also a field in which nothing is stained.
    """
    raise NotImplementedError


def area_share(mask: np.ndarray) -> float:
    """Return the share of a field that a mask calls positive, 0 to 1."""
    raise NotImplementedError


def dice(mask: np.ndarray, truth: np.ndarray) -> float:
    """Return Dice's coefficient of two masks: 1 if they are equal, 0 if they share nothing; 1 if both are empty."""
    raise NotImplementedError


def measured(fields: list[Field], threshold: str | float = "one for all") -> pd.DataFrame:
    """Return what a threshold finds in each field of a batch, beside the truth.

    Parameters
    ----------
    fields
        Fields of one kind.
    threshold
        "each its own" (Otsu on every field), "one for all" (Otsu once, on all fields together), or an amount of stain.

    Returns
    -------
    pandas.DataFrame
        One row per field: field (from 1), threshold, area_share, true_area_share, dice.
    """
    raise NotImplementedError


def labelled_nuclei(field: Field, *, watershed: bool = True) -> np.ndarray:
    """Return the nuclei of an EdU field as numbered regions (0 is background): height × width, integers.

    Parameters
    ----------
    watershed
        Whether touching nuclei are cut apart at their waists; without it, a clump counts as one.
    """
    raise NotImplementedError


def counted_nuclei(field: Field, *, watershed: bool = True) -> pd.DataFrame:
    """Return one row per nucleus found: nucleus, row_px, column_px, area_px, edu (mean green light), positive."""
    raise NotImplementedError


def counts(field: Field, *, watershed: bool = True) -> dict[str, float]:
    """Return count, true_count, positive_share and true_positive_share of an EdU field."""
    raise NotImplementedError
