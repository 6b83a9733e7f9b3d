"""Answers that were probably copied: right for another learner's numbers, and wrong for one's own.

Every learner has other numbers, so the right answer to somebody else's task is a wrong one here. That is a reason to
talk to two people, and no proof: who worked together may have mixed up two notebooks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evcourse.grading.results import Row

if TYPE_CHECKING:
    from evcourse.questions import Lesson

# An answer that is right for more learners than this is one that many tasks have, and says nothing.
_MOST_OWNERS = 3


@dataclass(frozen=True)
class Shared:
    """One learner's answer that is right for another learner's numbers.

    Attributes
    ----------
    learner
        Who gave it and was wrong.
    owners
        For whom it is right, and who gave it.
    question
        Its name.
    answer
        As JSON.
    """

    learner: str
    owners: tuple[str, ...]
    question: str
    answer: Any


def shared_answers(rows: list[Row], lesson: Lesson) -> list[Shared]:
    """Return the answers that are right for another learner only, in the order of the learners."""
    found = []
    for kind in lesson:
        if kind.has_variant and not kind.shared and kind.kind() not in ("Choice", "Choices", "FreeText"):
            found += _shared([(row["learner"], each) for row in rows for each in row["questions"] if each["name"] == kind.name])
    return sorted(found, key=lambda each: (each.learner, each.question))


def same_files(rows: list[Row]) -> list[list[str]]:
    """Return groups of learners whose files are the same byte for byte, where anything was answered in them."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row["sha256"] and any(each["state"] == "answered" for each in row["questions"]):
            groups.setdefault(row["sha256"], []).append(row["learner"])
    return [learners for learners in groups.values() if len(learners) > 1]


def _shared(answers: list[tuple[str, dict[str, Any]]]) -> list[Shared]:
    owners: dict[str, list[str]] = {}
    for learner, each in answers:
        if each["points"] >= each["of"] and each["state"] == "answered":
            owners.setdefault(_rounded(each["answer"]), []).append(learner)
    wrong = [(learner, each) for learner, each in answers if each["state"] == "answered" and each["points"] < each["of"]]
    return [
        Shared(learner, tuple(owners[key]), each["name"], each["answer"])
        for learner, each in wrong
        if 0 < len(owners.get(key := _rounded(each["answer"]), [])) <= _MOST_OWNERS and not each["misconception"]
    ]


def _rounded(answer: Any) -> str:
    """Return an answer as a key: numbers to four digits, so that a copied number is found in another notation."""
    return json.dumps(_to_four_digits(answer), sort_keys=True)


def _to_four_digits(answer: Any) -> Any:
    if isinstance(answer, float):
        return float(f"{answer:.4g}")
    if isinstance(answer, list):
        return [_to_four_digits(each) for each in answer]
    return {name: _to_four_digits(each) for name, each in answer.items()} if isinstance(answer, dict) else answer
