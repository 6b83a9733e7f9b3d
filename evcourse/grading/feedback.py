"""One page of feedback for each learner: what came in, what was found, what kind of thing was expected, and a hint."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcourse.grading import pages
from evcourse.grading.pages import by_learner, escaped, paragraph, points
from evcourse.grading.results import Row, replace_file
from evcourse.questions.page import paragraphs
from evcourse.questions.plain import counted, short

if TYPE_CHECKING:
    from evcourse.questions import Kind, Lesson

UNCAGED = "These notebooks were run without a cage (--no-sandbox): the results are only as honest as the notebooks."
_WAY_OUT = "Ask your lecturer whether you may hand in the exercise notebook (.ipynb) again."
_MOST_ROWS = 20
# A caged notebook can forge what it hands in, and then it has any shape.
_OUT_OF_FORM = (TypeError, ValueError, KeyError, AttributeError, IndexError)


def write_all(folder: Path, rows: list[Row], lesson: Lesson, secret: bytes = b"") -> list[Path]:
    """Write one page for each row into a folder, take away pages of nobody, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for row in rows:
        path = folder / pages.file_name(row["learner"])
        replace_file(path, [feedback(row, lesson, secret).encode("utf-8", "replace")], lasting=False)
        written.append(path)
    for path in set(folder.glob("*.html")) - set(written):
        path.unlink()
    return written


def feedback(row: Row, lesson: Lesson, secret: bytes = b"") -> str:
    """Return a learner's page as HTML."""
    body = [f"<h1>{escaped(lesson.title)}</h1>", f"<p>Feedback for {by_learner(row['learner'], 'strong')}</p>"]
    total = f"{points(row['points'])} of {counted(row['of'], 'point')}"
    body.append(f'<p class="lead"><strong>{total}</strong>{_waiting(row)}</p>')
    body += [paragraph(f"Your submission could not be run. {row['problem']} {_WAY_OUT}", "note") if row.get("problem") else ""]
    body += [paragraph(UNCAGED, "note") if not row.get("sandbox", True) else "", _overview(row)]
    body += [_notes(row)] if row.get("notes") else []
    # Where nothing could be run, the same reason under every question would help nobody.
    shown_questions = row["questions"] if not row.get("problem") else [each for each in row["questions"] if each.get("by_hand")]
    body += [_section(each, lesson.kinds.get(each["name"]), row["learner"], secret) for each in shown_questions]
    return pages.page(f"Feedback: {lesson.title}", "\n".join(filter(None, body)))


def outcome(question: dict[str, Any]) -> str:
    """Return in a word or two how a question went."""
    if question.get("by_hand"):
        return "marked by your lecturer"
    if question["state"] == "failed":
        return "could not be run" if did_not_run(question) else "could not be read"
    if question["state"] == "not answered":
        return "not answered"
    if is_waiting(question):
        return "waits for your lecturer"
    if question["points"] >= question["of"]:
        return "right"
    return "partly right" if question["points"] else "not right yet"


def did_not_run(question: dict[str, Any]) -> bool:
    """Return whether a question's cells failed; an answer of the wrong sort (text for a number) did come in."""
    return question["state"] == "failed" and not question["items"]


def is_waiting(question: dict[str, Any]) -> bool:
    """Return whether a lecturer has to mark this answer by hand."""
    return bool(question.get("manual")) and question["state"] == "answered" and not question.get("by_hand")


def _waiting(row: Row) -> str:
    waiting = sum(map(is_waiting, row["questions"]))
    return f", and {counted(waiting, 'answer')} in words still to be marked by hand" if waiting else ""


def _overview(row: Row) -> str:
    columns = {"Question": False, "Outcome": False, "Points": True, "of": True}
    if row.get("problem") and not any(each.get("by_hand") for each in row["questions"]):
        return ""
    lines = [
        (f'<a href="#{escaped(each["name"])}">{escaped(each["name"])}</a>', outcome(each), _points(each), points(each["of"]))
        for each in row["questions"]
    ]
    return pages.table("Your questions", columns, lines)


def _points(question: dict[str, Any]) -> str:
    return "to come" if is_waiting(question) else points(question["points"])


def _notes(row: Row) -> str:
    listed = "".join(f"<li>{escaped(note)}</li>" for note in row["notes"])
    return f"<h2>About your notebook</h2><ul>{listed}</ul>"


def _section(question: dict[str, Any], kind: Kind | None, learner: str, secret: bytes) -> str:
    name = escaped(question["name"])
    given = _given(kind, learner, secret) if kind else {}
    of = counted(question["of"], "point")
    size = f"({of})" if is_waiting(question) else f"{points(question['points'])} of {of}"
    body = [f'<h2 id="{name}">{name}: {outcome(question)}, {size}</h2>'.replace(", (", " (")]
    body += [paragraph(question.get("warning", ""), "note"), _comment(question), _task(kind, given) if kind else ""]
    if did_not_run(question):
        body.append(f"<p><strong>Why:</strong> {by_learner(question['reason'])}</p>")
    body += [_answer(question, kind, given), _items(question)]
    body += [_remark("Expected", _expected(question, kind, given)), _remark("Look at this", question.get("hint", ""))]
    return "\n".join(filter(None, body))


def _given(kind: Kind, learner: str, secret: bytes) -> dict[str, Any]:
    from evcourse.questions.question import variant

    return variant(kind, learner, secret)


def _comment(question: dict[str, Any]) -> str:
    if not question.get("comment"):
        return ""
    return f"<p><strong>Your lecturer:</strong></p>{by_learner(question['comment'], 'blockquote')}"


def _task(kind: Kind, given: dict[str, Any]) -> str:
    options = "\n".join(f"- {letter}. {words}" for letter, _, words in kind.asked(given).get("options", []))
    # The course's own words, which its own page function escapes as well.
    return f"<details><summary>The task, with your numbers</summary>{paragraphs(kind.prompt(given))}{paragraphs(options)}</details>"


def _items(question: dict[str, Any]) -> str:
    if is_waiting(question) or question.get("by_hand"):
        return ""
    listed = "".join(f'<li>{_sign(item)}: {by_learner(item["words"])}</li>' for item in question["items"])
    return f'<ul class="items">{listed}</ul>' if listed else ""


def _sign(item: dict[str, Any]) -> str:
    return "✓ right" if item["holds"] else "✗ not yet"


def _expected(question: dict[str, Any], kind: Kind | None, given: dict[str, Any]) -> str:
    if question["points"] >= question["of"] or question.get("by_hand"):
        return ""
    return question.get("expected") or (kind.wanted(kind.asked(given)) if kind else "")


def _remark(label: str, words: str) -> str:
    return f"<p><strong>{label}:</strong> {escaped(words)}</p>" if words else ""


def _answer(question: dict[str, Any], kind: Kind | None, given: dict[str, Any]) -> str:
    # What a function returned and what a chart shows stands in the items already.
    is_told = bool(kind and kind.kind() in ("Function", "Chart") and question["items"])
    in_items = is_told and not question.get("by_hand")
    if question["state"] != "answered" or question.get("answer") is None or in_items:
        return ""
    return f"<p><strong>Your answer:</strong></p>{shown(question['answer'], kind, given)}"


def shown(answer: Any, kind: Kind | None, given: dict[str, Any]) -> str:
    """Return an answer as HTML: as a table, as text, or in a line; one that is in no such form as plain data."""
    try:
        return _in_its_form(answer, kind, given)
    except _OUT_OF_FORM:
        return by_learner(_data(answer), "pre")


def _in_its_form(answer: Any, kind: Kind | None, given: dict[str, Any]) -> str:
    if isinstance(answer, dict) and isinstance(answer.get("text"), str):
        return f'<div class="text">{by_learner(answer["text"].strip())}</div>'
    if isinstance(answer, dict) and {"names", "rows"} <= answer.keys():
        return _as_table(answer)
    return by_learner(in_words(answer, kind, given), "pre")


def in_words(answer: Any, kind: Kind | None = None, given: dict[str, Any] | None = None) -> str:
    """Return an answer on a line or a few: options with letters and words, calls with what they returned."""
    try:
        return _of_its_kind(answer, kind, given)
    except _OUT_OF_FORM:
        return _data(answer)


def _of_its_kind(answer: Any, kind: Kind | None, given: dict[str, Any] | None) -> str:
    of = kind.kind() if kind else ""
    asked = kind.asked(given) if kind and given is not None else {}
    if of in ("Choice", "Choices") and "options" in asked:
        chosen = answer if isinstance(answer, list) else [answer]
        return "\n".join(f"{letter}. {words}" for letter, key, words in asked["options"] if key in chosen)
    if of == "Function" and isinstance(answer, list):
        return "\n".join(_call(kind, *both) for both in zip(asked.get("inputs", []), answer, strict=False))
    if of == "Chart" and isinstance(answer, list):
        return "\n".join(f"{each['mark']} of {len(each['rows'])} values: {', '.join(each['channels'])}" for each in answer)
    if of == "FreeText":
        return short(answer["text"], 200)
    if of == "Table":
        return f"a table of {counted(len(answer['rows']), 'row')}: {', '.join(answer['names'])}"
    if of in ("Set", "OrderedList") and isinstance(answer, list):
        return ", ".join(short(each) for each in answer)
    return _data(answer)


def _data(answer: Any) -> str:
    if isinstance(answer, dict) and answer.keys() == {"cut"}:
        return f"too long to show; it begins with {short(answer['cut'], 300)}"
    return short(answer) if isinstance(answer, (int, float, str)) else short(json.dumps(answer, ensure_ascii=False), 500)


def _call(kind: Any, arguments: list[Any], output: Any) -> str:
    inside = ", ".join(repr(each) if isinstance(each, str) else short(each) for each in arguments)
    came = (short(output["value"]) if "value" in output else output.get("error", "")) if isinstance(output, dict) else short(output)
    return f"{kind.signature.partition('(')[0]}({inside}) → {came}"


def _as_table(answer: dict[str, Any]) -> str:
    rows = answer["rows"]
    more = f", the first {_MOST_ROWS} of {len(rows)} rows" if len(rows) > _MOST_ROWS else ""
    lines = [[html.escape(short(cell)) if cell is not None else "–" for cell in row] for row in rows[:_MOST_ROWS]]
    table = pages.table(f"Your table{more}", dict.fromkeys(answer["names"], False), lines)
    return f"<details><summary>A table of {counted(len(rows), 'row')}</summary>{table}</details>"
