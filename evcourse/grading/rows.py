"""One row of results for one submission: plain JSON that follows from the submission, the course and the secret only."""

from __future__ import annotations

import json
from typing import Any

from evcourse.grading.keeper import Findings
from evcourse.grading.submission import Submission

MOST_CHARACTERS = 4_000
_MOST_NOTES = 5
_UNANSWERED, _UNREADABLE = "not answered yet", "not readable"


def row(submission: Submission, found: Findings, verdicts: list[dict[str, Any]], setting: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a submission that was run.

    Parameters
    ----------
    found
        What came out of the cage.
    verdicts
        One for each question.
    setting
        What is the same in all rows of a run: `sandbox`, `engine` and `questions` as (name, points, in words).
    """
    answers, reasons = found.counting(), _reasons(submission, found)
    in_words = {name: words for name, _, words in setting["questions"]}
    listed = [
        _question(each, answers.get(each["question"]), reasons.get(each["question"], found.broken), in_words[each["question"]])
        for each in verdicts
    ]
    notes = [*submission.notes, *_elsewhere(submission, found), *([found.broken] if found.broken else [])]
    return _framed(submission, listed, setting, notes)


def failed_row(submission: Submission, problem: str, setting: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a submission of which nothing could be run or judged."""
    listed = [
        _entry(name, 0.0, of, "failed", problem) | {"manual": in_words} for name, of, in_words in setting["questions"]
    ]
    return _framed(submission, listed, setting, list(submission.notes)) | {"problem": problem}


def _framed(submission: Submission, questions: list[dict[str, Any]], setting: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    facts = {"learner": submission.learner, "lesson": submission.lesson, "file": submission.file, "sha256": submission.sha256}
    run = {"sandbox": setting["sandbox"], "engine": setting["engine"], "notes": notes, "problem": submission.problem}
    return facts | _sums(questions) | run | {"questions": questions}


def _sums(questions: list[dict[str, Any]]) -> dict[str, float]:
    return {name: round(sum(each[name] for each in questions), 2) for name in ("points", "of")}


def _question(verdict: dict[str, Any], encoded: Any, reason: str, in_words: bool) -> dict[str, Any]:
    answer = encoded.get("answer") if isinstance(encoded, dict) else None
    state = "failed" if reason else "not answered"
    if verdict["state"] == _UNREADABLE:
        state, reason = "failed", " ".join(item["words"] for item in verdict["items"])
    elif verdict["state"] != _UNANSWERED:
        state, reason = "answered", ""
    kept = {name: verdict[name] for name in ("items", "misconception", "hint", "expected", "note")}
    entry = _entry(verdict["question"], verdict["points"], verdict["of"], state, reason)
    return entry | kept | {"answer": _bounded(answer), "manual": in_words}


def _entry(name: str, points: float, of: float, state: str, reason: str) -> dict[str, Any]:
    empty = {"items": [], "misconception": "", "hint": "", "expected": "", "note": "", "answer": None, "manual": False}
    return {"name": name, "points": points, "of": of, "state": state, "reason": reason} | empty


def _reasons(submission: Submission, found: Findings) -> dict[str, str]:
    """Return question → why there is no answer, where one of its cells failed."""
    reasons: dict[str, str] = {}
    for number, words in sorted({**found.problems, **found.killers}.items()):
        cell = submission.cells[number]
        # A check cell that misses its variable says no more than that the question was not answered.
        if cell.question and not (cell.check and words.startswith("raised NameError")):
            reasons.setdefault(cell.question, f"The cell {words[:250]}.".replace("..", "."))
    return reasons


def _elsewhere(submission: Submission, found: Findings) -> list[str]:
    """Return what failed in cells that belong to no question, a few sentences."""
    failed = sorted({**found.problems, **found.killers}.items())
    others = [(submission.cells[number].name, words) for number, words in failed if not submission.cells[number].question]
    return [f"{name[:1].upper()}{name[1:60]} {words[:250]}." for name, words in others[:_MOST_NOTES]]


def _bounded(answer: Any) -> Any:
    text = json.dumps(answer, sort_keys=True)
    return answer if len(text) <= MOST_CHARACTERS else {"cut": text[:MOST_CHARACTERS]}
