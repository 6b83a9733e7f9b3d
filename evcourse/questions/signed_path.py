"""A question whose answer is a path through a graph of signed arrows."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.kind import Json, Kind
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item

MOST_STEPS = 50
_SIGNS = {"+": 1, "+1": 1, "1": 1, "-": -1, "−": -1, "-1": -1, "−1": -1}


class SignedPath(Kind):
    """Arrows from a start to an end, each (source, sign, target); any path with the right ends and net sign counts.

    Attributes
    ----------
    only
        Whether only the expected path counts.
    """

    only: ClassVar[bool] = False

    def edges(self, given: dict[str, Any]) -> list[tuple[str, Any, str]]:
        """Return every arrow of the graph as (source, sign, target)."""
        raise NotImplementedError(f"{self.name} does not say which graph the path runs through.")

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        return super().asked(given) | {"edges": [_step(edge) for edge in self.edges(given)]}

    def wanted(self, asked: dict[str, Json]) -> str:
        return 'a list of steps (source, sign, target): [("A", "+", "B"), ("B", "-", "C")].'

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        if plain.is_a(answer, *plain.known("pandas", "DataFrame")):
            answer = list(answer.head(MOST_STEPS + 1).itertuples(index=False, name=None))
        return [_step(each) for each in plain.items(answer, "A list of steps", MOST_STEPS)] or None

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        real = {_folded(step) for step in (*asked["edges"], *key)}
        items = [_arrows(answer, real), _joined(answer), *_ends(answer, key), _net(answer, key)]
        if not self.only:
            return items
        same = [_folded(step) for step in answer] == [_folded(step) for step in key]
        return [*items, Item("path", same, f"This is {'' if same else 'not '}the path that was asked for.", 0)]


def net_sign(path: Json) -> int:
    """Return the sign of a whole path: the product of the signs of its steps."""
    return math.prod(sign for _, sign, _ in path)


def _step(thing: Any) -> Json:
    parts = plain.items(thing, "A step (source, sign, target)", 10)
    if len(parts) != 3:
        raise Unreadable(f"A step has three parts, (source, sign, target); one of yours has {len(parts)}.")
    source, sign, target = parts
    return [plain.text(source, "The name of a source"), _sign(sign), plain.text(target, "The name of a target")]


def _sign(thing: Any) -> int:
    words = thing if plain.is_a(thing, str) else f"{plain.number(thing, 'A sign'):g}"
    sign = _SIGNS.get(plain.text(words).strip())
    if sign is None:
        raise Unreadable(f'A sign is "+" or "-" (or 1 or -1); one of yours is {plain.short(words)!r}.')
    return sign


def _folded(step: Json) -> tuple[str, int, str]:
    return plain.folded(step[0]), step[1], plain.folded(step[2])


def _arrows(answer: Json, real: set[tuple[str, int, str]]) -> Item:
    wrong = [step for step in answer if _folded(step) not in real]
    got = 1 - len(wrong) / len(answer)
    if not wrong:
        return Item("arrows", True, "Every step is an arrow of the graph, with its sign.", 0.4)
    source, sign, target = wrong[0]
    shown = f"{plain.short(source)} {'+' if sign > 0 else '−'} {plain.short(target)}"
    return Item("arrows", False, f"No such arrow in the graph: {shown}.", 0.4, got)


def _joined(answer: Json) -> Item:
    gaps = [step for step, then in zip(answer, answer[1:], strict=False) if _folded(step)[2] != _folded(then)[0]]
    broken = f"The path breaks off at {plain.short(gaps[0][2])}." if gaps else ""
    return Item("joined", not gaps, broken or "Each step begins where the one before it ends.", 0.1)


def _ends(answer: Json, key: Json) -> list[Item]:
    first, last = _folded(answer[0])[0] == _folded(key[0])[0], _folded(answer[-1])[2] == _folded(key[-1])[2]
    begins = f"The path {'begins' if first else 'does not begin'} where it should."
    ends = f"The path ends {'' if last else 'not '}where it should."
    return [Item("start", first, begins, 0.1), Item("end", last, ends, 0.1)]


def _net(answer: Json, key: Json) -> Item:
    holds = net_sign(answer) == net_sign(key)
    return Item("net sign", holds, f"The net sign of the whole path is {'' if holds else 'not '}the one asked for.", 0.3)
