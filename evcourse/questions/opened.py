"""A lesson's questions, opened by a learner: `q = ev.exercises("…")`, then `q.<question>.check(answer)`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from evcourse import progress
from evcourse.questions import learner, lesson
from evcourse.questions.page import Page
from evcourse.questions.plain import counted
from evcourse.questions.question import Question
from evcourse.questions.sheet import Sheet


class Exercises:
    """The questions of a lesson with one learner's numbers, each an attribute.

    Parameters
    ----------
    declared
        The lesson.
    learner_id
        Whose numbers; left out, those of whoever is at work here.
    """

    def __init__(self, declared: lesson.Lesson, learner_id: str | None = None) -> None:
        self._lesson = declared
        self._learner = learner_id
        self._questions: dict[str, Question] = {}
        self._draw()
        for kind in {type(kind).kind(): kind for kind in declared}.values():
            kind.prepare()

    def i_am(self, name: str) -> Exercises:
        """Keep your name in the course folder and return the questions with your own numbers."""
        progress.introduce(name)
        self._learner = None
        self._draw()
        return self

    def __getattr__(self, name: str) -> Question:
        if not name.startswith("_") and name in self._questions:
            return self._questions[name]
        known = [] if name.startswith("_") else list(self._questions)
        near = difflib.get_close_matches(name, known, 1, 0.4)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
        raise AttributeError(f"No question named {name!r}. {hint}")

    def __dir__(self) -> list[str]:
        return [*self._questions, "i_am"]

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __len__(self) -> int:
        return len(self._questions)

    def __repr__(self) -> str:
        return str(self._page())

    def _repr_mimebundle_(self, **options: object) -> dict[str, str]:
        return self._page()._repr_mimebundle_(**options)

    def _draw(self) -> None:
        self._setting = learner.setting()
        self._id = self._learner or _identity()
        self._questions = {kind.name: Question(kind, self._id, self._setting) for kind in self._lesson}

    def _page(self) -> Page:
        points, minutes = sum(each.points for each in self), sum(each.minutes for each in self)
        size = f"{counted(len(self), 'question')}, {counted(points, 'point')}, about {counted(minutes, 'minute')}"
        head = f"**{self._lesson.title}**: {size}."
        return Page("\n\n".join([head, "\n".join(f"- {each!r}" for each in self), self._who(), self._honesty()]))

    def _who(self) -> str:
        if self._id != learner.GUEST:
            return f"The numbers are those of {self._id!r}."
        return 'The numbers are those of every guest. For your own, give your name once: `.i_am("…")`.'

    def _honesty(self) -> str:
        if self._setting.withholds_solutions:
            return "Your lecturer keeps the solutions closed."
        return "The answers are on this machine and no secret; hints and, after three tries, solutions are there to help."


_sheets: dict[str, Sheet] = {}


def hand_out(sheet: Sheet) -> None:
    """Let `exercises` return this sheet from now on, in this process: a cage does it before a notebook runs."""
    _sheets[sheet.lesson] = sheet


def exercises(name: str, *, learner: str | None = None) -> Exercises | Sheet:
    """Return the questions of a lesson, with the numbers of the learner at work here.

    Parameters
    ----------
    name
        The lesson's name: that of its folder in `exercises/`.
    learner
        Whose numbers instead, for a lecturer.

    Raises
    ------
    LookupError
        If there are no exercises of this name; the message gives the nearest one.
    """
    return _sheets[name] if name in _sheets else Exercises(lesson.declared(lesson.find(name)), learner)


def _identity() -> str:
    try:
        return learner.identity()
    except progress.ProgressError:
        return learner.GUEST
