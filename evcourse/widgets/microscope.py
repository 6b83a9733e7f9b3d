"""The microscope: simulated fields whose truth is known, and a threshold to move."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from evcourse import charts
from evcourse.charts import microscope as panels
from evcourse.models import image_analysis, micrographs
from evcourse.models.image_analysis import ALL, EACH
from evcourse.models.micrographs import EDU, STAINS, Field, Scene
from evcourse.widgets.live_chart import Choice, LiveChart, Slider

SIZE_PX, NUCLEI, NUCLEUS_PX = 144, 45, 6.0
FIELDS = ("blank (nothing stained)", "little stain", "some stain", "much stain")
SHARES = (0.0, 0.05, 0.2, 0.45)
LABELLED = (0.0, 0.15, 0.4, 0.8)
NOISE = {EDU: 0.06}
HARD = {"clean": {}, "weak": {"weak_share": 0.5}, "debris": {"debris": 12}, "both": {"weak_share": 0.5, "debris": 12}}
AT_START = {"stain": "alizarin red", "field": 2, "method": EACH, "threshold": image_analysis.FIXED, "shading": 0.15, "difficulty": "clean"}


def microscope() -> LiveChart:
    """Return a batch of SIMULATED fields with stain, shading and threshold to choose, and the truth beside the result.

    Python separates the colours and compares pixel by pixel; so this chart needs its kernel.
    """
    return LiveChart(
        charts.field_of_view(_shown(AT_START), **AT_START),
        Choice("stain", "Stain", {name: name for name in (*STAINS, EDU)}),
        Choice("field", "Field", {name: place for place, name in enumerate(FIELDS)}),
        Choice("method", "Threshold by", {words: name for name, (words, *_) in panels.METHODS.items()}),
        Slider("threshold", "Your slider", 0.02, 1.2, 0.02),
        Slider("shading", "Shading", 0, 0.6, 0.05),
        Choice("difficulty", "Made harder by", {"nothing": "clean", "weakly stained places": "weak", "debris": "debris", "both": "both"}),
        recompute=_shown,
        undo=True,
    )


@lru_cache(maxsize=4)
def _scenes(stain: str, difficulty: str) -> list[Scene]:
    """A batch before it is photographed; drawing it takes longer than all the rest."""
    if stain == EDU:
        return [
            micrographs.nuclei_scene(nuclei=NUCLEI, positive_share=share, size_px=SIZE_PX, radius_px=NUCLEUS_PX, seed=11)
            for share in LABELLED
        ]
    options = {"size_px": SIZE_PX, **HARD[difficulty]}
    return [
        micrographs.stained_scene(stain, area_share=share, seed=place, **options)
        for place, share in enumerate(SHARES, 1)
    ]


@lru_cache(maxsize=16)
def _amounts(stain: str, difficulty: str, shading: float) -> list[tuple[Field, np.ndarray]]:
    """The photographs of a batch, and the amount of stain in them."""
    noise = NOISE.get(stain, 0.01)
    fields = [micrographs.photographed(scene, shading=shading, noise=noise) for scene in _scenes(stain, difficulty)]
    return [(field, image_analysis.stain_amount(field)) for field in fields]


@lru_cache(maxsize=16)
def _automatic(stain: str, difficulty: str, shading: float) -> dict[str, list[float]]:
    amounts = [amount for _, amount in _amounts(stain, difficulty, shading)]
    return {method: image_analysis.thresholds(amounts, method) for method in (EACH, ALL)}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    setting = (values["stain"], values["difficulty"] if values["stain"] != EDU else "clean", float(values["shading"]))
    fields = _amounts(*setting)
    limits = {**_automatic(*setting), panels.BY_HAND: [values["threshold"]] * len(fields)}
    field, amount = fields[values["field"]]
    limit = limits[values["method"]][values["field"]]
    mask = amount > limit
    return {
        "pictures": panels.pictures_of(field.image, mask, field.truth),
        "histogram": panels.histogram_of(amount, field.truth),
        "batch": _batch(fields, limits),
        "limit": round(limit, 4),
        "share": image_analysis.area_share(mask),
        "false_share": image_analysis.area_share(mask & ~field.truth),
        "missed_share": image_analysis.area_share(field.truth & ~mask),
        "summary": _sentence(values, field, mask, limit),
    }


def _batch(fields: list[tuple[Field, np.ndarray]], limits: dict[str, list[float]]) -> list[dict[str, Any]]:
    return [
        {
            "field": name,
            "method": panels.METHODS[method][0],
            "share": round(image_analysis.area_share(amount > limit), 4),
            "truth": round(field.area_share, 4),
        }
        for method, each in limits.items()
        for name, (field, amount), limit in zip(panels.SHOWN, fields, each, strict=True)
    ]


def _sentence(values: dict[str, Any], field: Field, mask: np.ndarray, limit: float) -> str:
    found, overlap = image_analysis.area_share(mask), image_analysis.dice(mask, field.truth)
    words = panels.METHODS[values["method"]][0]
    told = [f"{words[0].upper()}{words[1:]}: threshold {limit:.2f}.", f"Called stained {found:.1%}, truly stained {field.area_share:.1%}, Dice {overlap:.2f}."]
    if not field.truth.any():
        told[-1] = f"Called stained {found:.1%} of a field without any stain."
    if field.kind == EDU:
        told.append(_counted(values["field"], float(values["shading"]), field, limit))
    return " ".join(told)


def _counted(place: int, shading: float, field: Field, limit: float) -> str:
    light = _light_of_nuclei(place, shading)
    return (
        f"Watershed counts {len(light)} nuclei of {len(field.nuclei)}; positive {(light > limit).mean():.0%} of those "
        f"counted, truly {field.positive_share:.0%}."
    )


@lru_cache(maxsize=64)
def _light_of_nuclei(place: int, shading: float) -> np.ndarray:
    """Mean green light of each nucleus found in an EdU field: where nuclei lie does not depend on the threshold."""
    field, _ = _amounts(EDU, "clean", shading)[place]
    return image_analysis.counted_nuclei(field)["edu"].to_numpy()
