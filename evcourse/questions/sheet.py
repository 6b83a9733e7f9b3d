"""A lesson's questions without their answers: what a cage needs to run a learner's notebook and to carry answers out.

Outside, `public` writes down as JSON all that a notebook may know. Inside, a `Sheet` made from it stands in for the
lesson: its questions read answers (`encode`) and hand them to a collector. No `questions.py` is needed there, no model
and no key; judging is done outside, from the JSON that comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evcourse.questions.kind import Json
from evcourse.questions.lesson import Lesson
from evcourse.questions.page import Page

Collector = Callable[[str, dict[str, Json]], None]


def public(declared: Lesson, given: dict[str, dict[str, Any]]) -> dict[str, Json]:
    """Return what a notebook may know of a lesson, as JSON: for each question given, asked and prompt.

    Parameters
    ----------
    given
        The learner's own numbers of each question, as `variants` draws them.
    """
    questions = {
        kind.name: {
            "given": {name: value for name, value in given[kind.name].items() if not name.startswith("_")},
            "asked": kind.asked(given[kind.name]),
            "prompt": kind.prompt(given[kind.name]),
        }
        for kind in declared
    }
    return {"lesson": declared.name, "questions": questions}


class Sheet:
    """Stands in for a lesson's exercises where its answers must not be.

    Parameters
    ----------
    facts
        What `public` returned.
    collect
        Called with a question's name and the encoded answer at every check.
    """

    def __init__(self, facts: dict[str, Json], collect: Collector) -> None:
        self.lesson = facts["lesson"]
        self._questions = {name: SheetQuestion(name, each, collect) for name, each in facts["questions"].items()}

    def i_am(self, _name: str) -> Sheet:
        """Return the sheet as it is: whose answers these are is known outside."""
        return self

    def __getattr__(self, name: str) -> SheetQuestion:
        if name.startswith("_") or name not in self._questions:
            raise AttributeError(f"No question named {name!r}.")
        return self._questions[name]

    def __iter__(self) -> Iterator[SheetQuestion]:
        return iter(self._questions.values())

    def __len__(self) -> int:
        return len(self._questions)


class SheetQuestion:
    """One question of a sheet: it shows its prompt and numbers, and passes answers on."""

    def __init__(self, name: str, facts: dict[str, Json], collect: Collector) -> None:
        self.name, self.given, self._asked, self._collect = name, facts["given"], facts["asked"], collect
        self.prompt = Page(facts["prompt"])

    def check(self, answer: Any, scores: Any = None) -> Page:
        """Pass an answer on; what it is worth is found elsewhere."""
        from evcourse.questions import KINDS

        kind = KINDS[self._asked["kind"]]
        self._collect(self.name, kind.encode(answer if scores is None else (answer, scores), self._asked))
        return Page(f"{self.name}: handed in.")

    def hint(self) -> Page:
        """Return a page without a hint."""
        return Page("Hints are not shown here.")

    def solution(self) -> Page:
        """Return a page without a solution."""
        return Page("Solutions are not shown here.")

    def choose(self) -> Page:
        """Return a page in place of the controls."""
        return Page("Controls are not shown here.")
