"""Points and comments that a lecturer gives by hand: kept in one CSV file that no grading ever changes or forgets.

`manual.csv` lists every answer in words. The lecturer fills in `points` and `comment`, for any question of any learner;
empty cells leave the machine's points as they are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evcourse.grading import spreadsheets
from evcourse.grading.results import Row, with_question

NAME = "manual.csv"
COLUMNS = ["learner", "question", "points", "of", "comment", "answer", "answer_id"]
CHANGED = "The answer has changed since it was marked by hand."


@dataclass(frozen=True)
class Mark:
    """What a lecturer gave for one answer.

    Attributes
    ----------
    points
        None where only a comment was written.
    comment
        For the learner.
    answer_id
        Which answer was in front of the lecturer; empty if not known.
    """

    points: float | None
    comment: str
    answer_id: str = ""


Marks = dict[tuple[str, str], Mark]


def marks_in(path: Path) -> Marks:
    """Return (learner, question) → what was given by hand; nothing if there is no file.

    Raises
    ------
    ValueError
        If a line has points that are no number, or less than 0; it names the line.
    """
    if not path.is_file():
        return {}
    marks: Marks = {}
    for number, line in enumerate(spreadsheets.read(path), 2):
        points = _points(line.get("points", ""), f"{path.name}, line {number}")
        if points is not None or line.get("comment", "").strip():
            mark = Mark(points, line.get("comment", "").strip(), line.get("answer_id", ""))
            marks[line.get("learner", ""), line.get("question", "")] = mark
    return marks


def write_sheet(path: Path, rows: list[Row], marks: Marks) -> None:
    """Write the sheet for the lecturer: every answer in words, and everything that was given before."""
    lines = {}
    for row in rows:
        for each in row["questions"]:
            key = (row["learner"], each["name"])
            if key in marks or (each.get("manual") and each["state"] == "answered"):
                lines[key] = _line(key, each, marks.get(key))
    # Of somebody who is no longer in the class, too: a mark is never thrown away.
    gone = {key: [*key, mark.points, "", mark.comment, "", mark.answer_id] for key, mark in marks.items() if key not in lines}
    spreadsheets.write(path, COLUMNS, _ordered(lines | gone))


def marked(rows: list[Row], marks: Marks) -> list[Row]:
    """Return the rows with the points and comments given by hand in place of the machine's.

    Raises
    ------
    ValueError
        If somebody was given more points than the question has.
    """
    return [_marked(row, marks) for row in rows]


def answer_id(question: dict[str, Any]) -> str:
    """Return a short name for an answer, another one for every other answer."""
    content = json.dumps(question.get("answer"), sort_keys=True).encode("utf-8", "replace")
    return hashlib.sha256(content).hexdigest()[:12]


def _marked(row: Row, marks: Marks) -> Row:
    for question in row["questions"]:
        mark = marks.get((row["learner"], question["name"]))
        if mark:
            row = with_question(row, _with_mark(question, mark, row["learner"]))
    return row


def _with_mark(question: dict[str, Any], mark: Mark, learner: str) -> dict[str, Any]:
    if mark.points is not None and mark.points > question["of"]:
        limit = f"the question has {question['of']:g}"
        raise ValueError(f"{learner!r} was given {mark.points:g} points for {question['name']}, but {limit}: change {NAME}.")
    is_old = bool(mark.answer_id) and mark.answer_id != answer_id(question)
    points = question["points"] if mark.points is None else mark.points
    given = {"points": points, "comment": mark.comment, "by_hand": mark.points is not None}
    return question | given | ({"warning": CHANGED} if is_old else {})


def _line(key: tuple[str, str], question: dict[str, Any], mark: Mark | None) -> list[Any]:
    answer = question.get("answer")
    words = answer.get("text", answer.get("cut", "")) if isinstance(answer, dict) else json.dumps(answer, ensure_ascii=False)
    # The answer that was marked stays the one that was marked, until somebody marks the new one.
    marked_id = mark.answer_id if mark and mark.answer_id else answer_id(question)
    return [*key, mark.points if mark else None, question["of"], mark.comment if mark else "", words, marked_id]


def _ordered(lines: dict[tuple[str, str], list[Any]]) -> list[list[Any]]:
    return [lines[key] for key in sorted(lines, key=lambda key: (key[1], key[0]))]


def _points(cell: str, where: str) -> float | None:
    words = cell.strip().replace(",", ".")
    if not words:
        return None
    try:
        points = float(words)
    except ValueError:
        points = -1.0
    if not 0 <= points < 1_000_000:
        raise ValueError(f"{where}: {cell!r} is no number of points; write a number of 0 or more, or leave the cell empty.")
    return points
