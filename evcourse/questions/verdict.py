"""What a check says: points, itemised, in words as well as signs; as text and as accessible HTML."""

from __future__ import annotations

import html
import os
from dataclasses import asdict, dataclass, field
from typing import Any

from evcourse.questions.plain import counted

_COLOURS = {"right": "#009E73", "partly right": "#0072B2"}


@dataclass(frozen=True)
class Item:
    """One thing that was looked at.

    Attributes
    ----------
    about
        What it is about; the same in every verdict on the question.
    holds
        Whether it is as it should be.
    words
        What was found, in a sentence that does not give the answer away.
    share
        Its part of the question's points, from 0 to 1; a negative one is taken off where it does not hold.
    got
        How much of the share was earned, from 0 to 1; left out, all of it or nothing.
    """

    about: str
    holds: bool
    words: str
    share: float = 1.0
    got: float | None = None

    @property
    def earned(self) -> float:
        part = self.got if self.got is not None else float(self.holds)
        return self.share * part if self.share >= 0 else self.share * (not self.holds)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes
    ----------
    question
        The question's name.
    state
        "right", "partly right", "not right yet", "not answered yet", "not readable" or "to be scored".
    points, of
        Points earned and points possible.
    items
        What was looked at, each with its own outcome.
    expected
        What kind of thing was expected (unit, shape, type), never which.
    misconception, hint
        The misconception that the answer matches and what to look at; empty where there is none.
    note
        Anything else worth saying, such as that points are self-scored.
    """

    question: str
    state: str
    points: float
    of: float
    items: tuple[Item, ...] = ()
    expected: str = ""
    misconception: str = ""
    hint: str = ""
    note: str = ""
    self_scored: bool = field(default=False)

    @property
    def is_full(self) -> bool:
        return self.points >= self.of

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return asdict(self) | {"items": [asdict(item) for item in self.items]}

    def __str__(self) -> str:
        lines = [self.headline()]
        lines += [f"  {_sign(item)}: {item.words}" for item in self.items]
        lines += [f"  {label}: {words}" for label, words in self._remarks()]
        return "\n".join(lines)

    __repr__ = __str__

    def html(self) -> str:
        """Return the verdict as HTML that a screen reader announces and that needs no colour to be understood."""
        items = "".join(f"<li>{_sign(item)}: {html.escape(item.words)}</li>" for item in self.items)
        remarks = "".join(f"<p><strong>{label}:</strong> {html.escape(words)}</p>" for label, words in self._remarks())
        style = f"border-left: 4px solid {_COLOURS.get(self.state, '#D55E00')}; padding: 2px 12px"
        listed = f'<ul style="list-style: none; padding-left: 0">{items}</ul>' if items else ""
        headline = html.escape(self.headline())
        return f'<div role="status" style="{style}"><p><strong>{headline}</strong></p>{listed}{remarks}</div>'

    def headline(self) -> str:
        scored = " (self-scored)" if self.self_scored else ""
        return f"{self.question}: {self.state}, {self.points:g} of {counted(self.of, 'point')}{scored}"

    def _remarks(self) -> list[tuple[str, str]]:
        expected = self.expected if self.state != "right" else ""
        labelled = [("Expected", expected), ("Look at this", self.hint), ("Note", self.note)]
        return [(label, words) for label, words in labelled if words]

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        if os.environ.get("EVCOURSE_VERIFY"):
            return {"text/plain": self.headline()}
        # nbgrader reads partial credit off the plain text of a check cell's result, as a number.
        graded = os.environ.get("NBGRADER_EXECUTION") == "autograde"
        return {"text/plain": f"{self.points:g}" if graded else str(self), "text/html": self.html()}


def _sign(item: Item) -> str:
    return "✓ right" if item.holds else "✗ not yet"
