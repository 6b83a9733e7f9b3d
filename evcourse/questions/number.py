"""A question whose answer is one number."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind
from evcourse.questions.verdict import Item


class Number(Kind):
    """One number in a stated unit.

    Attributes
    ----------
    unit
        The unit, "1" for a share or a ratio.
    tolerance
        Relative tolerance: 0.01 accepts 1 % either way.
    absolute
        Absolute tolerance in `unit`; the larger of the two counts.
    """

    unit: ClassVar[str] = "1"
    tolerance: ClassVar[float] = 0.01
    absolute: ClassVar[float] = 0.0

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        return super().asked(given) | {"unit": self.unit, "within": tolerances(self.tolerance, self.absolute)}

    def wanted(self, asked: dict[str, Json]) -> str:
        return f"{described_unit(asked['unit'])}, {asked['within']}."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        wanted = described_unit(asked["unit"])
        return plain.number(answer, wanted[0].upper() + wanted[1:])

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        holds = plain.close(answer, key, self.tolerance, self.absolute)
        words = f"{plain.short(answer)} is {'' if holds else 'not '}{asked['within']} of the expected number."
        return [Item("value", holds, words)]

    def slip(self, answer: Json, given: dict[str, Any]) -> tuple[str, str]:
        key = self.key(given)
        if answer and key and plain.close(-answer, key, self.tolerance, self.absolute):
            return "wrong sign", "The size is right, the sign is not: think again about the direction."
        if _is_rounded(answer, key):
            return "rounded too far", "Right as far as it goes: give more digits."
        if power_of_ten([(answer, key)], self.tolerance, self.absolute):
            return "power of ten", f"The digits are right, the power of ten is not: convert to {self.unit_in_words}."
        return "", ""

    @property
    def unit_in_words(self) -> str:
        return "a plain number (a share, not a percentage)" if self.unit == "1" else f"the unit {self.unit}"


def described_unit(unit: str) -> str:
    """Return "a number in nm", or what to say where there is no unit."""
    return "a number without a unit" if unit == "1" else f"a number in {unit}"


def tolerances(relative: float, absolute: float) -> str:
    """Return a tolerance in words."""
    share, size = f"{100 * relative:g} %", f"{absolute:g}"
    if relative and absolute:
        return f"within {share} or {size} (whichever is larger)"
    return f"within {size}" if absolute else f"within {share}" if relative else "exactly"


def power_of_ten(pairs: list[tuple[float, float]], tolerance: float, absolute: float = 0.0) -> int:
    """Return the one power of ten by which all numbers given differ from those wanted; 0 if there is none."""
    given, wanted = max(pairs, key=lambda pair: abs(pair[1]), default=(0.0, 0.0))
    # Numbers no larger than a few of their absolute tolerances have no digits that could be right.
    if abs(wanted) <= 10 * absolute or not 1e-30 < given / wanted < 1e30:
        return 0
    power = round(math.log10(given / wanted))
    return power if all(plain.close(mine / 10.0**power, right, tolerance, absolute) for mine, right in pairs) else 0


def _is_rounded(answer: float, key: float) -> bool:
    """Return whether an answer of two significant digits or more is what rounding to its last digit makes of a key."""
    _, digits, exponent = Decimal(repr(answer)).normalize().as_tuple()
    # A little more than one half, so that a key that ends in 5 may be rounded either way.
    return len(digits) >= 2 and abs(answer - key) <= 0.500001 * 10.0**exponent
