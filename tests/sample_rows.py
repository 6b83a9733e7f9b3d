"""Rows of results for the sample lesson, made as a run makes them: answers read, then judged, in one process."""

import hashlib
from pathlib import Path

from evcourse.questions import lesson
from evcourse.questions.question import variant

FOLDER = Path(__file__).parent / "sample_lesson"
SECRET = b"a secret"


def declared():
    """Return the sample lesson, with every kind of question."""
    return lesson.declared(FOLDER)


def given(kind, learner):
    return variant(kind, learner, SECRET)


def row(learner, answers, of=None, **more):
    """Return a learner's row.

    Parameters
    ----------
    answers
        Question → the answer, "right", "failed", or a misconception's name behind a colon. What is left out is blank.
    of
        The lesson; left out, the sample lesson.
    """
    questions = [question(kind, learner, answers.get(kind.name)) for kind in of or declared()]
    sums = {name: round(sum(each[name] for each in questions), 2) for name in ("points", "of")}
    facts = {"learner": learner, "lesson": "sample_lesson", "file": f"{learner}/exercise.ipynb", "notes": [], "problem": ""}
    sha256 = hashlib.sha256(repr((learner, answers)).encode("utf-8", "replace")).hexdigest()
    return facts | {"sha256": sha256, "sandbox": True, "engine": "1"} | sums | {"questions": questions} | more


def question(kind, learner, answer):
    """Return the part of a row that belongs to one question."""
    numbers, failed = given(kind, learner), isinstance(answer, str) and answer == "failed"
    if isinstance(answer, str) and answer == "right":
        answer = kind.expected(numbers)
    elif isinstance(answer, str) and answer.startswith(":"):
        answer = kind.misconceptions()[answer[1:]](numbers)
    encoded = {} if failed else kind.encode(answer, kind.asked(numbers))
    verdict = kind.judge(encoded or {"blank": True}, numbers).to_json()
    state = "failed" if failed or "unreadable" in encoded else "answered" if "answer" in encoded else "not answered"
    reason = "The cell raised ValueError: no." if failed else encoded.get("unreadable", "")
    kept = {name: verdict[name] for name in ("points", "of", "items", "misconception", "hint", "expected", "note")}
    return {"name": kind.name, "state": state, "reason": reason, "answer": encoded.get("answer"), "manual": kind.kind() == "FreeText"} | kept
