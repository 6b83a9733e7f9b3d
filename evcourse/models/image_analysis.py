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

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.micrographs import HAEMATOXYLIN, STAINS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evcourse.models.micrographs import Field

FIXED = 0.2
"""Amount of stain from which a pixel counts as stained, when one threshold holds for all fields: the course's choice,
half of what a weakly stained place holds."""

EACH, ALL = "each its own", "one for all"
HED = ("haematoxylin", "eosin", "DAB")

_SMOOTHING_PX = 1.0
_NUCLEI_APART_PX = 5


def stain_amount(field: Field) -> np.ndarray:
    """Return the amount of stain in each pixel of a field, in the units of its stain vector (for EdU: green light).

    The image is separated with `stain_vectors`; amounts below zero, which noise makes, are set to zero, as scikit-image
    does.
    """
    if field.kind == "EdU":
        return field.image[..., 1]
    return separated(field.image, stain_vectors(field.kind))[..., 0]


def stain_vectors(kind: str) -> np.ndarray:
    """Return the vectors by which a kind of field is separated, one per row: stain, counterstain, and what is left.

    Where there is no counterstain, the second vector too is at right angles to the stain's; the third always is.
    Shading and debris darken all colours alike, so a part of them is taken for stain.
    """
    if kind not in STAINS:
        raise ValueError(f"No stain {kind!r}: choose {', '.join(STAINS)}.")
    stain = np.array(STAINS[kind])
    second = np.array(HAEMATOXYLIN) if kind == "DAB" else _unit(np.cross(stain, (1.0, 0.0, 0.0)))
    return np.vstack([stain, second, _unit(np.cross(stain, second))])


def separated(image: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return the amounts of three stains in each pixel, height × width × 3, for one stain vector per row."""
    from skimage.color import separate_stains

    # scikit-image measures density in units of 10⁻⁶, that is, divided by 6.
    return 6 * separate_stains(image, np.linalg.inv(vectors))


def hed_amount(field: Field, channel: str = "DAB") -> np.ndarray:
    """Return one channel of the common haematoxylin–eosin–DAB separation, right for DAB and wrong for other stains.

    Parameters
    ----------
    channel
        "haematoxylin", "eosin" or "DAB".
    """
    from skimage.color import rgb2hed

    if channel not in HED:
        raise ValueError(f"No channel {channel!r}: choose {', '.join(HED)}.")
    return 6 * rgb2hed(field.image)[..., HED.index(channel)]


def flat_fielded(field: Field, empty: Field) -> Field:
    """Return a field without shading: its light divided by that of an empty field, seen by the same microscope."""
    from scipy.ndimage import gaussian_filter

    light = gaussian_filter(empty.image, (6, 6, 0))
    return replace(field, image=np.clip(field.image / light, 0, 1))


def otsu_threshold(*amounts: np.ndarray) -> float:
    """Return Otsu's automatic threshold of one map of amounts, or one threshold for several maps taken together.

    It divides whatever it gets in two, also a field in which nothing is stained.
    """
    from skimage.filters import threshold_otsu

    return float(threshold_otsu(np.concatenate([each.ravel() for each in amounts])))


def area_share(mask: np.ndarray) -> float:
    """Return the share of a field that a mask calls positive, 0 to 1."""
    return float(np.mean(mask))


def dice(mask: np.ndarray, truth: np.ndarray) -> float:
    """Return Dice's coefficient of two masks: 1 if they are equal, 0 if they share nothing; 1 if both are empty."""
    if mask.shape != truth.shape:
        raise ValueError(f"The masks have different sizes, {mask.shape} and {truth.shape}: take those of one field.")
    together = int(mask.sum()) + int(truth.sum())
    return 2 * int((mask & truth).sum()) / together if together else 1.0


def measured(fields: list[Field], threshold: str | float = ALL) -> pd.DataFrame:
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
    import pandas as pd

    amounts = [stain_amount(each) for each in fields]
    limits = thresholds(amounts, threshold)
    rows = [
        {"field": place, "threshold": limit, **_compared(amount > limit, each.truth)}
        for place, (each, amount, limit) in enumerate(zip(fields, amounts, limits, strict=True), 1)
    ]
    return pd.DataFrame(rows)


def thresholds(amounts: list[np.ndarray], threshold: str | float = ALL) -> list[float]:
    """Return the threshold of each map of amounts; `threshold` as for `measured`."""
    if threshold == EACH:
        return [otsu_threshold(each) for each in amounts]
    if threshold == ALL:
        return [otsu_threshold(*amounts)] * len(amounts)
    if isinstance(threshold, str):
        raise ValueError(f"No threshold {threshold!r}: choose {EACH!r}, {ALL!r}, or give an amount of stain.")
    return [float(threshold)] * len(amounts)


def labelled_nuclei(field: Field, *, watershed: bool = True) -> NDArray[np.int_]:
    """Return the nuclei of an EdU field as numbered regions (0 is background): height × width, integers.

    Parameters
    ----------
    watershed
        Whether touching nuclei are cut apart at their waists; without it, a clump counts as one.

    Notes
    -----
    Blue light, smoothed, cut by Otsu's threshold, opened; then a watershed of the distance to the background, from its
    peaks, which are at least 5 pixels apart.
    """
    from scipy import ndimage

    _require_nuclei(field)
    blue = ndimage.gaussian_filter(field.image[..., 2], _SMOOTHING_PX)
    mask = ndimage.binary_opening(blue > otsu_threshold(blue))
    return _cut_apart(mask) if watershed else ndimage.label(mask)[0]


def counted_nuclei(field: Field, *, watershed: bool = True, threshold: float | None = None) -> pd.DataFrame:
    """Return one row per nucleus found: nucleus, row_px, column_px, area_px, edu (mean green light), positive.

    A nucleus is positive if its mean green light lies above `threshold`; if none is given, above Otsu's threshold of
    the field's green channel, which finds some also where nothing is labelled.
    """
    import pandas as pd
    from scipy import ndimage

    regions, green = labelled_nuclei(field, watershed=watershed), field.image[..., 1]
    numbers = np.arange(1, regions.max() + 1)
    middles = np.array(ndimage.center_of_mass(regions > 0, regions, numbers)).reshape(-1, 2)
    light = np.asarray(ndimage.mean(green, regions, numbers), dtype=float)
    limit = otsu_threshold(ndimage.gaussian_filter(green, _SMOOTHING_PX)) if threshold is None else threshold
    places = {"nucleus": numbers, "row_px": middles[:, 0], "column_px": middles[:, 1]}
    areas = np.bincount(regions.ravel(), minlength=len(numbers) + 1)[1:]
    return pd.DataFrame({**places, "area_px": areas, "edu": light, "positive": light > limit})


def counts(field: Field, *, watershed: bool = True, threshold: float | None = None) -> dict[str, float]:
    """Return count, true_count, positive_share and true_positive_share of an EdU field; see `counted_nuclei`."""
    found = counted_nuclei(field, watershed=watershed, threshold=threshold)
    share = float(found["positive"].mean()) if len(found) else float("nan")
    return {
        "count": len(found),
        "true_count": len(field.nuclei),
        "positive_share": share,
        "true_positive_share": field.positive_share,
    }


def _cut_apart(mask: np.ndarray) -> np.ndarray:
    from scipy import ndimage
    from skimage.feature import peak_local_max
    from skimage.segmentation import watershed

    depth = ndimage.gaussian_filter(ndimage.distance_transform_edt(mask), _SMOOTHING_PX)
    clumps = ndimage.label(mask)[0]
    peaks = peak_local_max(depth, min_distance=_NUCLEI_APART_PX, labels=clumps, exclude_border=False)
    seeds = np.zeros(mask.shape, dtype=int)
    seeds[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    return watershed(-depth, seeds, mask=mask)


def _compared(mask: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    return {"area_share": area_share(mask), "true_area_share": area_share(truth), "dice": dice(mask, truth)}


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _require_nuclei(field: Field) -> None:
    if field.nuclei is None:
        raise ValueError(f"A field of {field.kind} has no nuclei to count: take one of kind EdU, nuclei_field().")
