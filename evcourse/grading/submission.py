"""One learner's submission as plain text: what the run needs to know of a notebook, and nothing that it could do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Cell:
    """One piece of code to run.

    Attributes
    ----------
    name
        What to call it in a message: the course's name for the cell, or "cell 7".
    source
        Python code. It may be anything at all; it holds no null characters and no lone surrogates.
    question
        The question whose answer it holds or checks, empty for everything else.
    check
        Whether it is the course's own check cell, put where the learner's was. Only what is handed in while such a
        cell runs is the answer to its question.
    """

    name: str
    source: str
    question: str = ""
    check: bool = False


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one lesson.

    Attributes
    ----------
    learner
        Id, from which the learner's own numbers follow together with the course's secret.
    lesson
        Name of the lesson's folder in `exercises/`.
    file
        Where it came from, relative to what was given.
    sha256
        Of the file's bytes; empty where there is no file.
    cells
        Code in the order in which it is to run.
    notes
        What was odd and how it was taken, in sentences.
    problem
        Why nothing can be run, empty if something can. The row then says so and has 0 points.
    """

    learner: str
    lesson: str
    file: str
    sha256: str = ""
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the submission as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Submission:
        """Return the submission that `to_json` has written."""
        cells = tuple(Cell(**each) for each in content["cells"])
        return cls(**content | {"cells": cells, "notes": tuple(content["notes"])})
