"""What every kind of question has in common: a declaration, and the three steps encode, judge and show."""

from __future__ import annotations

import inspect
import random
import re
from collections.abc import Callable
from typing import Any, ClassVar

from evcourse.questions import plain
from evcourse.questions.clock import TimeUp, limited
from evcourse.questions.plain import Unreadable
from evcourse.questions.verdict import Item, Verdict

Json = Any


def misconception(*, hint: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method that computes the answer somebody gives who holds a known misconception.

    Parameters
    ----------
    hint
        What to look at, never the answer.
    """

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        method.hint = hint
        return method

    return mark


class Kind:
    """A question as its author declares it. Everything here is the same for all learners and knows none of them."""

    hints: ClassVar[tuple[str, str]] = ("", "")
    solution: ClassVar[str] = ""
    #: Why different learners may have the same answer, where that cannot be avoided ("there are four classes").
    shared: ClassVar[str] = ""
    #: How many different answers open the worked solution.
    honest_tries: ClassVar[int] = 3
    name: str
    lesson: str = ""
    points: float
    minutes: float
    bloom: str

    def __init__(self) -> None:
        self._keys: dict[str, Any] = {}

    @classmethod
    def prepare(cls) -> None:
        """Load what reading an answer needs, so that the first check is as quick as the others."""

    def given(self, rng: random.Random) -> dict[str, Any]:
        """Return this learner's own numbers; a question that does not say which has no variant."""
        return {}

    def expected(self, given: dict[str, Any]) -> Any:
        """Return the right answer, as a learner would give it."""
        raise NotImplementedError(f"{type(self).__name__} does not say what is expected.")

    def complete(self, given: dict[str, Any]) -> Any:
        """Return the answer that earns every point."""
        return self.expected(given)

    def asked(self, given: dict[str, Any]) -> dict[str, Json]:
        """Return what reading an answer needs to know. It is public: nothing here follows from the answer."""
        return {"kind": self.kind()}

    def wanted(self, asked: dict[str, Json]) -> str:
        """Return in words what kind of answer is expected."""
        raise NotImplementedError

    @classmethod
    def read(cls, answer: Any, asked: dict[str, Json]) -> Json:
        """Return an answer as bounded JSON; raise `Unreadable` with a sentence where that is not possible."""
        raise NotImplementedError

    def compare(self, answer: Json, key: Json, asked: dict[str, Json]) -> list[Item]:
        """Return what holds of an answer, item by item."""
        raise NotImplementedError

    # From here on the same for every kind.

    @classmethod
    def kind(cls) -> str:
        """Return the name of the kind of question, as `KINDS` lists it."""
        return next(each.__name__ for each in cls.__mro__ if each.__module__.startswith(__package__ + "."))

    @classmethod
    def encode(cls, answer: Any, asked: dict[str, Json]) -> dict[str, Json]:
        """Return {"answer": JSON}, {"blank": True} or {"unreadable": a sentence}; never raise, whatever comes in."""
        try:
            if plain.is_blank(answer):
                return {"blank": True}
            with limited():
                return cls._blank_or_answer(cls.read(answer, asked))
        except Unreadable as reason:
            return {"unreadable": str(reason)}
        except TimeUp:
            return {"unreadable": "Your answer could not be read: looking at it took too long."}
        except BaseException:  # noqa: BLE001 - an object may raise anything, SystemExit and KeyboardInterrupt included
            return {"unreadable": "Your answer could not be read: looking at it raised an error of its own."}

    @staticmethod
    def _blank_or_answer(read: Json) -> dict[str, Json]:
        return {"blank": True} if read is None else {"answer": read}

    def key(self, given: dict[str, Any], of: Callable[..., Any] | None = None) -> Json:
        """Return the right answer (or that of a misconception) as JSON, read exactly as a learner's answer is."""
        method = of or self.expected
        # Kept for one learner at a time: a model may take a while, and one check asks several times.
        if self._keys.get("given") != given:
            self._keys = {"given": given}
        if method.__name__ not in self._keys:
            self._keys[method.__name__] = self._read_key(method, given)
        return self._keys[method.__name__]

    def _read_key(self, method: Callable[..., Any], given: dict[str, Any]) -> Json:
        encoded = self.encode(method(given), self.asked(given))
        if "answer" not in encoded:
            raise ValueError(f"{self.name}: {method.__name__} gives no answer of this kind: {encoded}.")
        return encoded["answer"]

    def judge(self, encoded: dict[str, Json], given: dict[str, Any]) -> Verdict:
        """Return the verdict on an encoded answer. A pure function of data: no learner's object comes this far."""
        asked = self.asked(given)
        if "answer" not in encoded:
            state = "not answered yet" if encoded.get("blank") else "not readable"
            reason = encoded.get("unreadable", "")
            items = (Item("answer", False, reason),) if reason else ()
            return Verdict(self.name, state, 0, self.points, items, self.wanted(asked))
        items = self.compare(encoded["answer"], self.key(given), asked)
        name, hint = self._matched(encoded["answer"], items, given)
        return self._verdict(items, asked, name, hint)

    def full_headline(self) -> str:
        """Return the first line of the verdict on a full answer, the same for all learners."""
        return Verdict(self.name, "right", self.points, self.points).headline()

    def _verdict(self, items: list[Item], asked: dict[str, Json], name: str, hint: str) -> Verdict:
        share = min(1.0, max(0.0, sum(item.earned for item in items)))
        # Whoever has every item has every point, whatever the shares add up to in floating-point numbers.
        points = self.points if all(item.holds for item in items) else min(round(share * self.points, 2), self.points - 0.01)
        state = "right" if points >= self.points else "partly right" if points else "not right yet"
        return Verdict(self.name, state, points, self.points, tuple(items), self.wanted(asked), name, hint)

    def _matched(self, answer: Json, items: list[Item], given: dict[str, Any]) -> tuple[str, str]:
        """Return the first misconception that explains every item that does not hold."""
        failed = {item.about for item in items if not item.holds}
        for name, method in self.misconceptions().items() if failed else ():
            wrong = self.compare(answer, self.key(given, method), self.asked(given))
            if failed <= {item.about for item in wrong if item.holds}:
                return name, filled(method.hint, given)
        return self.slip(answer, given) if failed else ("", "")

    def slip(self, answer: Json, given: dict[str, Any]) -> tuple[str, str]:
        """Return a slip that any question of this kind can meet (a power of ten, a sign), with its hint."""
        return "", ""

    def misconceptions(self) -> dict[str, Callable[..., Any]]:
        """Return the declared misconceptions in the order of their declaration."""
        names = [name for cls in reversed(type(self).__mro__) for name in vars(cls) if hasattr(vars(cls)[name], "hint")]
        return {name: getattr(self, name) for name in dict.fromkeys(names) if callable(getattr(self, name))}

    @property
    def has_variant(self) -> bool:
        """Whether learners get numbers of their own."""
        return type(self).given is not Kind.given

    def worked_solution(self, given: dict[str, Any]) -> str:
        """Return the worked solution with this learner's numbers; `{answer}` stands for the right answer."""
        return filled(self.solution, given | {"answer": plain.short(self.key(given))})

    def prompt(self, given: dict[str, Any]) -> str:
        """Return the question's text with this learner's numbers in it."""
        words = inspect.cleandoc(type(self).__doc__ or "")
        return filled(words, given)


def filled(words: str, given: dict[str, Any]) -> str:
    """Return text with each `{name}` or `{name:.1f}` that is given replaced by its value; other braces stay."""

    def value(match: re.Match[str]) -> str:
        name, form = match.group(1), match.group(2) or ""
        return format(given[name], form) if name in given else match.group(0)

    return re.sub(r"\{(\w+)(?::([^{}]*))?\}", value, words)
