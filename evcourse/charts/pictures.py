"""Small pictures inside a chart: a micrograph as JPEG, a mask as PNG, each written into its own address."""

from __future__ import annotations

import base64
import io

import numpy as np

CLEAR = (0, 0, 0, 0)


def photograph_address(image: np.ndarray, *, quality: int = 70) -> str:
    """Return a data address of an image (height × width × 3, from 0 to 1) as JPEG, for the `url` of an image mark."""
    from PIL import Image

    held = io.BytesIO()
    Image.fromarray(np.round(255 * image).astype(np.uint8)).save(held, "JPEG", quality=quality, subsampling=0)
    return _address("jpeg", held)


def mask_address(places: np.ndarray, colours: list[tuple[int, int, int, int]]) -> str:
    """Return a data address of a PNG of few colours.

    Parameters
    ----------
    places
        Height × width, the number of a colour in each pixel; 0 is clear.
    colours
        Red, green, blue and opacity, 0 to 255 each, of the colours from 1 on.
    """
    from PIL import Image

    held, all_colours = io.BytesIO(), [CLEAR, *colours]
    picture = Image.fromarray(places.astype(np.uint8), mode="P")
    picture.putpalette([part for colour in all_colours for part in colour[:3]])
    picture.save(held, "PNG", transparency=bytes(colour[3] for colour in all_colours), compress_level=6)
    return _address("png", held)


def _address(kind: str, held: io.BytesIO) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(held.getvalue()).decode()}"
