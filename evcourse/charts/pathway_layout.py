"""Where things stand in the drawing of the pathway: pixels from the upper left corner, y downwards."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, pi, sin

WIDTH, HEIGHT = 700, 412
MEMBRANE = (94, 118)
LIPIDS, FIRST_LIPID, STEP = 40, 262, 7.5
LAST_LIPID = FIRST_LIPID + (LIPIDS - 1) * STEP


@dataclass(frozen=True)
class Vessel:
    """A rounded box that fills with liquid.

    Parameters
    ----------
    quantity
        What its liquid stands for, a column of the model.
    names
        Its name, and lines below it.
    left, top, width, height
        Place and size in pixels.
    brake
        Whether it works against AKT.
    """

    quantity: str
    names: str
    left: int
    top: int
    width: int
    height: int
    brake: bool = False

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


VESSELS = (
    Vessel("pi3k", "PI3K", 206, 172, 104, 62),
    Vessel("pten_activity", "PTEN", 372, 172, 112, 74, brake=True),
    Vessel("akt_t308", "P-T308", 552, 194, 62, 58),
    Vessel("akt_s473", "P-S473", 622, 194, 62, 58),
    Vessel("output", "bone formation", 562, 322, 112, 62),
)
AKT = (544, 168, 692, 260)
"""Left, top, right and bottom of the box around AKT's two sites."""

NUCLEUS = (540, 296, WIDTH, HEIGHT)
EXOSOME = (96, 44)
DRUGS = {"bpv_umol_per_l": ("bpV(phen)", 392, 326), "mk2206_umol_per_l": ("MK-2206", 492, 326)}
PILL = (47, 15)
"""Half of the width and of the height of an inhibitor's box."""
"""Name and centre of each inhibitor, by its parameter."""


@dataclass(frozen=True)
class Link:
    """An arrow (raises) or a blunt line (lowers): four points of a Bézier curve, and what it is as strong as."""

    points: tuple[tuple[float, float], ...]
    raises: bool
    strength: str

    @property
    def path(self) -> str:
        a, b, c, d = (f"{x:g},{y:g}" for x, y in self.points)
        return f"M{a}C{b} {c} {d}"

    @property
    def head(self) -> str:
        (x1, y1), (x2, y2) = self.points[2:]
        return _head(x2, y2, atan2(y2 - y1, x2 - x1), self.raises)


def _head(x: float, y: float, angle: float, raises: bool) -> str:
    side = [(x + sign * 8 * cos(angle + pi / 2), y + sign * 8 * sin(angle + pi / 2)) for sign in (1, -1)]
    if not raises:
        return "M{:.1f},{:.1f}L{:.1f},{:.1f}".format(*side[0], *side[1])
    tip = (x + 7 * cos(angle), y + 7 * sin(angle))
    back = [(a - 5 * cos(angle), b - 5 * sin(angle)) for a, b in side]
    return "M{:.1f},{:.1f}L{:.1f},{:.1f}L{:.1f},{:.1f}Z".format(*tip, *back[0], *back[1])


LINKS = (
    Link(((88, 76), (88, 150), (120, 203), (194, 203)), True, "exosomes_held"),
    Link(((74, 73), (66, 300), (250, 288), (366, 236)), False, "exosomes_held"),
    Link(((258, 170), (258, 146), (304, 164), (320, 131)), True, "share_pi3k"),
    Link(((428, 170), (428, 155), (428, 140), (428, 129)), False, "share_pten_activity"),
    Link(((562, 122), (590, 126), (612, 132), (617, 157)), True, "share_pip3"),
    Link(((618, 262), (618, 280), (618, 292), (618, 310)), True, "share_akt_t308"),
    Link(((396, 310), (400, 294), (410, 276), (414, 254)), False, "bpv_held"),
    Link(((504, 310), (512, 292), (526, 278), (545, 267)), False, "mk_held"),
)
KEY = (
    Link(((18, 318), (28, 318), (38, 318), (46, 318)), True, "0.3"),
    Link(((18, 342), (28, 342), (38, 342), (52, 342)), False, "0.3"),
)
"""The two kinds of line, as the key shows them."""
REMARKS = [
    ("outside", 648, 14),
    ("inside", 10, 134),
    ("from the nucleus on", 586, 402),
    ("raises", 66, 318),
    ("lowers", 66, 342),
    ("half full (at the marks):", 44, 366),
    ("as much as in a control cell", 44, 380),
    ("in PTEN, pale: level, full colour: activity", 18, 400),
]
"""Small words and where they begin."""
