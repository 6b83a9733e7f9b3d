"""What a drawing of signals is made of: points, curves with a name and a head, and the plans where bone's cells stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, cos, pi, sin
from typing import NamedTuple

RADIUS = 40
ROW = 18
"""Distance, in pixels, of two cargos of a column."""


class Point(NamedTuple):
    """A place in pixels, from the upper left corner."""

    x: float
    y: float

    def __add__(self, other):
        return Point(self.x + other[0], self.y + other[1])

    def towards(self, angle: float, distance: float) -> Point:
        return Point(self.x + distance * cos(angle), self.y + distance * sin(angle))


@dataclass(frozen=True)
class Plan:
    """A size, places for bone's cells and the key, where a cell's way back to itself lies, and the columns' inner edges."""

    width: int
    height: int
    places: dict[str, Point]
    loops: dict[str, float]
    key: Point
    left: int | None = None
    right: int | None = None


# Bone alone: two rows of cells with room for the names of twelve cargos between osteoblast and stem cell.
BONE = Plan(
    760,
    560,
    {
        "osteocyte": Point(190, 44),
        "endothelium": Point(440, 44),
        "OB": Point(190, 256),
        "BMSC": Point(610, 256),
        "OC": Point(190, 484),
        "BMM": Point(610, 484),
    },
    loops={"OC": 2.5, "BMSC": -0.8, "OB": 3.14, "BMM": 0.8},
    key=Point(560, 22),
)
WHOLE = Plan(
    900,
    740,
    {
        "osteocyte": Point(420, 50),
        "endothelium": Point(620, 50),
        "OB": Point(346, 290),
        "BMSC": Point(592, 290),
        "OC": Point(346, 530),
        "BMM": Point(592, 530),
        "bone tissue": Point(592, 690),
    },
    loops={"OC": 1.75, "BMSC": -1.3, "OB": 3.14, "BMM": 0.8},
    key=Point(12, 672),
    left=110,
    right=806,
)


@dataclass(frozen=True)
class Curve:
    """A cubic curve from `start` to `end`, with a place for its name."""

    start: Point
    bend1: Point
    bend2: Point
    end: Point
    label: Point
    align: str = "center"
    halo: bool = False

    def at(self, share: float) -> Point:
        weights = ((1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3)
        points = (self.start, self.bend1, self.bend2, self.end)
        return Point(*(sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1)))

    @property
    def path(self) -> str:
        return f"M{_pair(self.start)}C{_pair(self.bend1)} {_pair(self.bend2)} {_pair(self.end)}"

    @property
    def arrival(self) -> float:
        """Direction at the end, in radians."""
        before = self.at(0.94)
        return atan2(self.end.y - before.y, self.end.x - before.x)

    def named_at(self, label: Point, align: str, *, halo: bool = True) -> Curve:
        """Return the same curve with its name at a place, on a white edge where it stands on a line."""
        return replace(self, label=label, align=align, halo=halo)

    def turned(self) -> Curve:
        """Return the same curve the other way round."""
        return replace(self, start=self.end, bend1=self.bend2, bend2=self.bend1, end=self.start)


def head_path(curve: Curve, sign: int) -> str:
    """Return the head of an arrow: a filled triangle where something is raised, a bar across where it is lowered."""
    end, angle = curve.end, curve.arrival
    if sign < 0:
        return f"M{_pair(end.towards(angle + pi / 2, 6.5))}L{_pair(end.towards(angle - pi / 2, 6.5))}"
    tip, back = end.towards(angle, 3), end.towards(angle, -8)
    corners = back.towards(angle + pi / 2, 5), back.towards(angle - pi / 2, 5)
    return f"M{_pair(tip)}L{_pair(corners[0])}L{_pair(corners[1])}Z"


def text_width(words: str) -> float:
    """Return about how many pixels some words take at 12 pixels height: enough to begin an arrow behind them."""
    widths = {**dict.fromkeys("iljtfr.,-|' ()", 0.3), **dict.fromkeys("mwMW", 0.83), **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 0.67)}
    return 12 * sum(widths.get(letter, 0.54) for letter in words)


def _pair(point: Point) -> str:
    return f"{point.x:.0f},{point.y:.0f}"
