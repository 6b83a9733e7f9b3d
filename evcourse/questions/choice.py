"""Questions with options: one of them, or several."""

from __future__ import annotations

import random
import re
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind, filled
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item

LETTERS = "ABCDEFGHIJ"


class Choice(Kind):
    """One of a few options, each with a letter; the order of the options is the learner's own.

    Attributes
    ----------
    options
        Short key (two characters or more) → the words shown. `expected` and misconceptions return keys. A subclass
        may define `options_for(self, given)` instead.
    shuffled
        Whether the order differs between learners; False where the options have an order of their own.
    """

    options: ClassVar[dict[str, str]] = {}
    shuffled: ClassVar[bool] = True
    several: ClassVar[bool] = False

    def options_for(self, given: dict[str, Any]) -> dict[str, str]:
        """Return key → words for this learner's numbers."""
        return self.options

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        options = list(self.options_for(given).items())
        if not 2 <= len(options) <= len(LETTERS) or any(len(key) < 2 for key, _ in options):
            raise ValueError(f"{self.name}: 2 to {len(LETTERS)} options with keys of two characters or more, not {options}.")
        if self.shuffled:
            # The engine adds a number of the learner's own to `given`, under a name no author uses.
            random.Random(given.get("_order", 0)).shuffle(options)
        lettered = [[letter, key, words] for letter, (key, words) in zip(LETTERS, options, strict=False)]
        return super().asked(given) | {"options": lettered, "several": self.several}

    def wanted(self, asked: dict[str, Json]) -> str:
        letters = ", ".join(letter for letter, _, _ in asked["options"])
        return f'one letter in quotation marks, out of {letters}: for example "{asked["options"][0][0]}".'

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        chosen = chosen_in(answer)
        return None if plain.is_blank(chosen) else _key(chosen, asked)

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        holds = answer == key
        words = f"{_letter(answer, asked)} is {'' if holds else 'not '}the option that fits."
        return [Item("option", holds, words)]

    def worked_solution(self, given: dict[str, Any]) -> str:
        """Return the worked solution; `{answer}` stands for this learner's letter or letters, and not for an author's keys."""
        key, asked = self.key(given), self.asked(given)
        letters = sorted(_letter(each, asked) for each in ([key] if isinstance(key, str) else key))
        return filled(self.solution, given | {"answer": ", ".join(letters)})


class Choices(Choice):
    """Any number of a few options; answered with a set or list of letters, or with text such as "A, C".

    Every option that belongs earns its share, every option that does not belong takes one away. A misconception's hint
    appears, too, where it explains every wrong option chosen, or every right one left out; then the nearest one wins.
    """

    several = True

    def wanted(self, asked: dict[str, Json]) -> str:
        letters = [letter for letter, _, _ in asked["options"]]
        return f'a set of letters out of {", ".join(letters)}: for example {{"{letters[0]}", "{letters[1]}"}}.'

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        chosen = chosen_in(answer)
        members = [chosen] if plain.is_a(chosen, str) else plain.items(chosen, "A set of letters", len(LETTERS))
        return sorted({key for each in members for key in _keys(each, asked)}) or None

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        chosen, right = set(answer), set(key)
        share = 1 / len(right)
        items = [
            Item(option, option in right, f"{letter} {'belongs' if option in right else 'does not belong'}.", 0)
            for letter, option, _ in asked["options"]
            if option in chosen
        ]
        return [*items, _tally(chosen, right, share)]

    def _matched(self, answer: Json, items: list[Item], given: dict[str, Any]) -> tuple[str, str]:
        name, hint = super()._matched(answer, items, given)
        if name or all(item.holds for item in items):
            return name, hint
        chosen, right, methods = set(answer), set(self.key(given)), self.misconceptions()
        held = {name: set(self.key(given, method)) for name, method in methods.items()}
        explaining = [name for name in held if _explains(held[name], chosen, right)]
        nearest = min(explaining, key=lambda name: len(held[name] ^ chosen), default="")
        return (nearest, filled(methods[nearest].hint, given)) if nearest else ("", "")


def chosen_in(answer: Any) -> Any:
    """Return the letter or letters chosen in a control of `choose()`; anything else is returned as it is."""
    if not plain.is_a(answer, *plain.known("evcourse.widgets.options", "Options")):
        return answer
    letters = list(answer.chosen)
    return letters if answer.several else "".join(letters[:1])


def _explains(held: set[str], chosen: set[str], right: set[str]) -> bool:
    """Return whether who holds a misconception chooses all the wrong options chosen, or leaves out all those missing."""
    wrong, missing = chosen - right, right - chosen
    return bool(wrong) and wrong <= held or bool(missing) and not missing & held


def _tally(chosen: set[str], right: set[str], share: float) -> Item:
    missing, extra = len(right - chosen), len(chosen - right)
    if not missing and not extra:
        return Item("all", True, "All that belong are there, and no other.")
    words = [f"{missing} more to find" if missing else "", f"{extra} too many" if extra else ""]
    got = max(0.0, (len(chosen & right) - extra) * share)
    return Item("all", False, f"Not complete: {' and '.join(filter(None, words))}.", 1.0, got)


def _keys(choice: Any, asked: dict[str, Json]) -> list[str]:
    """Return the keys of a letter, or of several in one string: braces and inner quotation marks are easily forgotten."""
    parts = [part for part in re.split(r"[\s,;{}()\[\]'\"]+", plain.text(choice, "A letter")) if part]
    letters = {plain.folded(letter) for letter, _, _ in asked["options"]}
    if parts and all(plain.folded(part) in letters for part in parts):
        return [_key(part, asked) for part in parts]
    return [_key(choice, asked)]


def _key(choice: Any, asked: dict[str, Json]) -> str:
    words = plain.folded(plain.text(choice, "A letter"))
    for option in asked["options"]:
        if words in map(plain.folded, option):
            return option[1]
    letters = ", ".join(letter for letter, _, _ in asked["options"])
    raise Unreadable(f"{plain.short(words)!r} is none of the options {letters}.")


def _letter(key: str, asked: dict[str, Json]) -> str:
    return next(letter for letter, option, _ in asked["options"] if option == key)
