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

TEXTURE = 0.15
"""Standard deviation of the amount of stain within a stained place, as a share of it: the course's choice."""

WEAK = 0.4
"""Amount of stain in a weakly stained place; a strongly stained one holds 1. The course's choice."""

DARKEST = 1 / 255
"""Least light that an 8-bit camera tells from none."""

STAINS = {
    "alizarin red": (0.10, 0.75, 0.55),
    "ALP": (0.72, 0.62, 0.31),
    "DAB": (0.27, 0.57, 0.78),
}
"""Optical density in red, green and blue of one unit of stain. Alizarin red and ALP (a blue-violet NBT/BCIP product):
the course's choice, invented; DAB: Ruifrok & Johnston (2001), as in scikit-image's `rgb_from_hed`."""

HAEMATOXYLIN = (0.65, 0.70, 0.29)
"""Counterstain of the DAB fields, from the same source."""

EDU = "EdU"

HOW = "SIMULATED: drawn from a formula with a seed, not data of any paper."


@dataclass(frozen=True)
class Scene:
    """What lies under the microscope, before it is photographed.

    Attributes
    ----------
    kind, truth, nuclei
        As for `Field`.
    light
        What an even lamp and a perfect camera would give: height × width × 3, from 0 to 1.
    chance
        The camera's noise in standard deviations, of the same shape.
    """

    kind: str
    light: np.ndarray
    chance: np.ndarray
    truth: np.ndarray
    nuclei: pd.DataFrame | None = None


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


def stained_field(kind: str = "alizarin red", *, shading: float = 0.15, noise: float = 0.01, **options) -> Field:
    """Return a SIMULATED field with a known stained area: a `stained_scene`, photographed.

    Parameters
    ----------
    kind, **options
        As for `stained_scene`: area_share, size_px, weak_share, debris, seed.
    shading, noise
        As for `photographed`.
    """
    return photographed(stained_scene(kind, **options), shading=shading, noise=noise)


def nuclei_field(*, shading: float = 0.0, noise: float = 0.08, **options) -> Field:
    """Return a SIMULATED EdU field: all nuclei in blue (DAPI), those that made DNA in green (EdU), some touching.

    Parameters
    ----------
    **options
        As for `nuclei_scene`: nuclei, positive_share, size_px, radius_px, seed.
    shading, noise
        As for `photographed`; the noise is larger here because the light is faint.
    """
    return photographed(nuclei_scene(**options), shading=shading, noise=noise)


def batch(kind: str = "alizarin red", *, shares: tuple[float, ...] = (0.0, 0.05, 0.2, 0.45), **options) -> list[Field]:
    """Return one SIMULATED field for each true share, the first of them blank as a rule: a batch, stained together.

    `options` go to `stained_field`; the fields have the seeds `seed`, `seed` + 1 and so on.
    """
    first = options.pop("seed", 1)
    return [stained_field(kind, area_share=share, seed=first + place, **options) for place, share in enumerate(shares)]


def photographed(scene: Scene, *, shading: float = 0.15, noise: float = 0.01) -> Field:
    """Return a scene as a camera sees it.

    Parameters
    ----------
    shading
        How much darker the corners are than the middle, from 0 to 0.6: light falls with the square of the distance.
    noise
        Standard deviation of the camera's noise, in parts of full light, from 0 to 0.2; light is clipped to 0–1, in
        stained fields to 1/255–1.
    """
    require_between(0, 0.6, shading=shading)
    require_between(0, 0.2, noise=noise)
    seen = vignette(len(scene.truth), shading)[..., None] * scene.light + noise * scene.chance
    return Field(scene.kind, np.clip(seen, 0 if scene.kind == EDU else DARKEST, 1), scene.truth, scene.nuclei)


def stained_scene(
    kind: str = "alizarin red",
    *,
    area_share: float = 0.2,
    size_px: int = 192,
    weak_share: float = 0.0,
    debris: int = 0,
    seed: int = 1,
) -> Scene:
    """Return a SIMULATED dish or section with a known stained area.

    Parameters
    ----------
    kind
        One of `STAINS`.
    area_share
        True share of the field that is stained, from 0 (a blank field) to 0.9.
    size_px
        Height and width, from 64 to 1024.
    weak_share
        Share of the field in which stained places hold little stain (`WEAK`), from 0 to 1.
    debris
        Number of small dark specks, grey and not stain, from 0 to 100.
    seed
        The same seed gives the same scene.

    Notes
    -----
    The stained places are those where smoothed noise (Gaussian, σ = size/32) is highest, cut at a quantile, so the
    true area is exact to one pixel.
    """
    if kind not in STAINS:
        raise ValueError(f"No stain {kind!r}: choose {', '.join(STAINS)}; for EdU there is nuclei_field().")
    require_between(0, 0.9, area_share=area_share)
    require_between(64, 1024, size_px=size_px)
    require_between(0, 1, weak_share=weak_share)
    require_between(0, 100, debris=debris)
    rng = np.random.default_rng(seed)
    truth = _places(rng, area_share, size_px)
    amount = truth * _levels(rng, size_px, weak_share) * (1 + TEXTURE * _smooth(rng, size_px, 1.5))
    density = amount[..., None] * np.array(STAINS[kind]) + _specks(rng, debris, size_px)[..., None]
    if kind == "DAB":
        density = density + 0.3 * _places(rng, 0.12, size_px, size_px / 64)[..., None] * np.array(HAEMATOXYLIN)
    return Scene(kind, 10**-density, rng.standard_normal(density.shape), truth)


def nuclei_scene(
    *, nuclei: int = 120, positive_share: float = 0.35, size_px: int = 512, radius_px: float = 9.0, seed: int = 1
) -> Scene:
    """Return SIMULATED nuclei: blue light from all of them, green light from those that made DNA.

    Parameters
    ----------
    nuclei
        Number of nuclei, from 0 to 400; they lie anywhere, so that some touch, overlap or stand on the edge.
    positive_share
        Probability with which a nucleus is labelled, from 0 to 1; `Field.positive_share` is what came out.
    size_px, seed
        As for `stained_scene`.
    radius_px
        Mean radius of a nucleus, from 2 to 40; single ones vary by 15 %.

    Notes
    -----
    Discs, blurred (Gaussian, σ = 1.5 px); a nucleus gives 0.8 of full light, background none.
    """
    require_between(0, 400, nuclei=nuclei)
    require_between(0, 1, positive_share=positive_share)
    require_between(64, 1024, size_px=size_px)
    require_between(2, 40, radius_px=radius_px)
    rng = np.random.default_rng(seed)
    rows = _nuclei(rng, nuclei, positive_share, size_px, radius_px)
    everywhere, labelled = _discs(rows, size_px), _discs(rows[rows["positive"]], size_px)
    chance = rng.standard_normal((size_px, size_px, 3))
    chance[..., 0] = 0  # nothing is photographed in red
    light = np.dstack([np.zeros(everywhere.shape), _blurred(0.8 * labelled), _blurred(0.8 * everywhere)])
    return Scene(EDU, light, chance, labelled, rows)


def vignette(size_px: int, shading: float) -> np.ndarray:
    """Return the light of an empty field: 1 in the middle, 1 − shading in the corners."""
    across = np.linspace(-1, 1, size_px)
    return 1 - shading * (across**2 + across[:, None] ** 2) / 2


def _places(rng: np.random.Generator, share: float, size_px: int, grain_px: float | None = None) -> np.ndarray:
    """Blobs that cover an exact share of the field."""
    heights = _smooth(rng, size_px, grain_px or size_px / 32)
    return heights > np.quantile(heights, 1 - share) if share > 0 else np.zeros(heights.shape, dtype=bool)


def _levels(rng: np.random.Generator, size_px: int, weak_share: float) -> np.ndarray:
    """One level of stain for each place: little in some regions, much in the others."""
    return np.where(_places(rng, weak_share, size_px, size_px / 12), WEAK, 1.0)


def _smooth(rng: np.random.Generator, size_px: int, grain_px: float) -> np.ndarray:
    """Noise smoothed to grains, with mean 0 and standard deviation 1."""
    from scipy.ndimage import gaussian_filter

    grains = gaussian_filter(rng.standard_normal((size_px, size_px)), grain_px, mode="wrap")
    return (grains - grains.mean()) / grains.std()


def _specks(rng: np.random.Generator, number: int, size_px: int) -> np.ndarray:
    """Density of debris: grey discs of 1 to 3 pixels."""
    import pandas as pd

    places = rng.uniform(0, size_px, (number, 2))
    rows = pd.DataFrame({"row_px": places[:, 0], "column_px": places[:, 1], "radius_px": rng.uniform(1, 3, number)})
    return 0.9 * _discs(rows, size_px)


def _nuclei(rng: np.random.Generator, number: int, positive_share: float, size_px: int, radius_px: float) -> pd.DataFrame:
    import pandas as pd

    places = rng.uniform(0, size_px, (number, 2))
    radii = radius_px * np.clip(1 + 0.15 * rng.standard_normal(number), 0.5, 1.5)
    positive = rng.random(number) < positive_share
    return pd.DataFrame({"row_px": places[:, 0], "column_px": places[:, 1], "radius_px": radii, "positive": positive})


def _discs(rows: pd.DataFrame, size_px: int) -> np.ndarray:
    """Where any of the discs lies."""
    inside = np.zeros((size_px, size_px), dtype=bool)
    for row, column, radius in rows[["row_px", "column_px", "radius_px"]].to_numpy():
        top, left = (max(0, int(middle - radius)) for middle in (row, column))
        bottom, right = (int(middle + radius) + 2 for middle in (row, column))
        down, across = np.ogrid[top : min(bottom, size_px), left : min(right, size_px)]
        inside[top:bottom, left:right] |= (down - row) ** 2 + (across - column) ** 2 <= radius**2
    return inside


def _blurred(light: np.ndarray) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(light, 1.5)
