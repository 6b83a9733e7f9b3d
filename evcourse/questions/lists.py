"""Questions whose answer is a set, or a list in the right order."""

from __future__ import annotations

from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind
from evcourse.questions.verdict import Item

MOST_MEMBERS = 100


class Set(Kind):
    """Members in any order, each counted once; text is compared regardless of case and spaces.

    Every member that belongs earns its share, every one that does not takes one away.

    Attributes
    ----------
    noun
        What a member is, in the singular ("protein").
    tolerance, absolute
        Tolerances for members that are numbers.
    """

    noun: ClassVar[str] = "member"
    tolerance: ClassVar[float] = 0.01
    absolute: ClassVar[float] = 0.0

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        return super().asked(given) | {"noun": self.noun}

    def wanted(self, asked: dict[str, Json]) -> str:
        return f"a set with one member for each {asked['noun']}: {{…, …}}."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        return members(answer, "A set") or None

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        found = [self._place(each, key) for each in _distinct(answer)]
        items = [_belongs(member, place) for member, place in zip(_distinct(answer), found, strict=True)]
        hits = len({place for place in found if place is not None})
        return [*items, _completeness(hits, len(key), found.count(None), self.noun)]

    def _place(self, member: Json, key: list[Json]) -> int | None:
        same = (place for place, each in enumerate(key) if plain.alike(member, each, self.tolerance, self.absolute))
        return next(same, None)


class OrderedList(Set):
    """Members in the right order; each earns its share where it stands in its place."""

    def wanted(self, asked: dict[str, Json]) -> str:
        return f"a list with one member for each {asked['noun']}, in order: […, …]."

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        if plain.is_a(answer, set, frozenset):
            raise plain.Unreadable("A list was expected, […, …]; you gave a set, which has no order.")
        return members(answer, "A list") or None

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        share = 1 / (len(key) + 1)
        items = [self._at(place, answer, wanted, share) for place, wanted in enumerate(key)]
        as_many = "as many as" if len(answer) == len(key) else "not as many as"
        words = f"{plain.counted(len(answer), 'member')}, {as_many} expected."
        return [*items, Item("length", len(answer) == len(key), words, share if any(i.holds for i in items) else 0)]

    def _at(self, place: int, answer: list[Json], wanted: Json, share: float) -> Item:
        about = f"place {place + 1}"
        if place >= len(answer):
            return Item(about, False, f"Place {place + 1} is empty.", share)
        if plain.alike(answer[place], wanted, self.tolerance, self.absolute):
            return Item(about, True, f"{plain.short(answer[place])} stands in its place.", share)
        return Item(about, False, f"{plain.short(answer[place])} does not belong in place {place + 1}.", share)


def members(answer: Any, wanted: str) -> list[Json]:
    """Return the members of an answer as plain values; text alone counts as one member."""
    if plain.is_a(answer, str):
        return [plain.text(answer)]
    return [plain.value(each, 0) for each in plain.items(answer, wanted, MOST_MEMBERS)]


def _distinct(answer: list[Json]) -> list[Json]:
    seen = {repr(plain.folded(each) if isinstance(each, str) else each): each for each in reversed(answer)}
    return sorted(seen.values(), key=repr)


def _belongs(member: Json, place: int | None) -> Item:
    about = f"member {plain.folded(plain.short(member))}"
    words = f"{plain.short(member)} {'does not belong' if place is None else 'belongs'}."
    return Item(about, place is not None, words, 0)


def _completeness(hits: int, size: int, strangers: int, noun: str) -> Item:
    if hits == size and not strangers:
        return Item("all", True, "All that belong are there, and no other.")
    missing = f"{size - hits} more to find (one for each {noun})" if hits < size else ""
    words = " and ".join(filter(None, [missing, f"{strangers} too many" if strangers else ""]))
    return Item("all", False, f"Not complete: {words}.", 1.0, max(0.0, (hits - strangers) / size))
