"""SIMULATED micrographs with the truth behind them: stained dishes, sections, and cells with labelled nuclei.

Nothing here is data of any paper. Each field is drawn from a formula, so the exact stained area and the exact number
of nuclei are known, and what an image analysis finds can be held against them.

A stained field follows Beer and Lambert: optical density = amount of stain × the stain's vector, light = 10^−density,
dimmed towards the corners (shading), and with noise of the camera.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evcourse.models.quantities import require_between

if TYPE_CHECKING:
    import pandas as pd

STAINS = {
    "alizarin red": (0.10, 0.75, 0.55),
    "ALP": (0.72, 0.62, 0.31),
    "DAB": (0.27, 0.57, 0.78),
}
"""Optical density in red, green and blue of one unit of stain. Alizarin red and ALP (a blue-violet NBT/BCIP product):
the course's choice, invented; DAB: Ruifrok & Johnston (2001), as in scikit-image's `rgb_from_hed`."""

HAEMATOXYLIN = (0.65, 0.70, 0.29)
"""Counterstain of the DAB fields, from the same source."""

HOW = "SIMULATED: drawn from a formula with a seed, not data of any paper."


@dataclass(frozen=True)
class Field:
    """One field of view and the truth behind it.

    Attributes
    ----------
    kind
        "alizarin red", "ALP", "DAB" or "EdU".
    image
        What the camera gives: height × width × 3, red, green, blue from 0 to 1.
    truth
        Where there is stain (for EdU: where there is a labelled nucleus): height × width, booleans.
    nuclei
        For EdU: one row per nucleus, row_px, column_px, radius_px, positive. Else None.
    how
        How it was made.
    """

    kind: str
    image: np.ndarray
    truth: np.ndarray
    nuclei: pd.DataFrame | None = None
    how: str = field(default=HOW)

    @property
    def area_share(self) -> float:
        """True share of the field that is stained, 0 to 1."""
        return float(self.truth.mean())

    @property
    def positive_share(self) -> float:
        """True share of nuclei that are labelled, 0 to 1; not a number where there are no nuclei."""
        return float(self.nuclei["positive"].mean()) if self.nuclei is not None and len(self.nuclei) else float("nan")


def stained_field(
    kind: str = "alizarin red",
    *,
    area_share: float = 0.2,
    size_px: int = 192,
    shading: float = 0.15,
    noise: float = 0.01,
    weak_share: float = 0.0,
    debris: int = 0,
    seed: int = 1,
) -> Field:
    """Return a SIMULATED field with a known stained area.

    Parameters
    ----------
    kind
        One of `STAINS`.
    area_share
        True share of the field that is stained, from 0 (a blank field) to 0.9.
    size_px
        Height and width, from 64 to 1024.
    shading
        How much darker the corners are than the middle, from 0 to 0.6.
    noise
        Standard deviation of the camera's noise, in parts of full light; light is clipped to 0.002–1.
    weak_share
        Share of the stained area that holds little stain (a second level of concentration), from 0 to 1.
    debris
        Number of small dark specks, which are not stain.
    seed
        The same seed gives the same field.
    """
    raise NotImplementedError


def nuclei_field(
    *,
    nuclei: int = 120,
    positive_share: float = 0.35,
    size_px: int = 512,
    shading: float = 0.0,
    noise: float = 0.08,
    radius_px: float = 9.0,
    seed: int = 1,
) -> Field:
    """Return a SIMULATED EdU field: all nuclei in blue (DAPI), those that made DNA in green (EdU), some touching.

    Parameters
    ----------
    nuclei
        Number of nuclei, from 0 to 400; they lie anywhere, so that some touch or overlap.
    positive_share
        Probability with which a nucleus is labelled, from 0 to 1; `Field.positive_share` is what came out.
    size_px, shading, noise, seed
        As for `stained_field`.
    radius_px
        Mean radius of a nucleus; single ones vary by 15 %.
    """
    raise NotImplementedError


def batch(kind: str = "alizarin red", *, shares: tuple[float, ...] = (0.0, 0.05, 0.2, 0.45), **options) -> list[Field]:
    """Return one SIMULATED field for each true share, the first of them blank as a rule: a batch, stained together.

    `options` go to `stained_field`; each field has its own seed.
    """
    raise NotImplementedError
