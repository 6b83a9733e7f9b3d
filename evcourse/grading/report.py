"""The class report: one page that a lecturer looks at, with what needs a lecturer at its top."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evcourse.grading import class_charts, feedback, pages
from evcourse.grading.pages import by_learner, escaped, points
from evcourse.grading.results import Row
from evcourse.grading.shared_answers import Shared, same_files, shared_answers
from evcourse.questions.plain import counted

if TYPE_CHECKING:
    from evcourse.questions import Kind, Lesson

MOST_GROUPS = 6
MOST_NAMES = 8


def report(rows: list[Row], lesson: Lesson, secret: bytes = b"") -> str:
    """Return the report on a class as HTML."""
    shared, same = shared_answers(rows, lesson), same_files(rows)
    body = [f"<h1>{escaped(lesson.title)}</h1>", _facts(rows), _first(rows, len(shared), len(same))]
    body += ["<h2>Points</h2>", class_charts.image(class_charts.score_distribution(rows))]
    body += ['<h2 id="questions">Questions</h2>', class_charts.image(class_charts.question_states(rows))]
    body += [_question(kind, rows, secret) for kind in lesson]
    body += ['<h2 id="map">Learners and questions</h2>', _legend(len(rows)), class_charts.image(class_charts.heat_map(rows))]
    body += [_shared(shared, same), _failures(rows), _odd(rows), _everybody(rows)]
    return pages.page(f"Class report: {lesson.title}", "\n".join(filter(None, body)))


def _facts(rows: list[Row]) -> str:
    scores, of = [row["points"] for row in rows], max((row["of"] for row in rows), default=0)
    middle = f"median {points(statistics.median(scores))}, mean {points(statistics.fmean(scores))}" if scores else "nobody"
    words = f"{counted(len(rows), 'submission')}; {middle} of {counted(of, 'point')}."
    uncaged = any(not row.get("sandbox", True) for row in rows)
    return f'<p class="lead">{words}</p>' + (pages.paragraph(feedback.UNCAGED, "note") if uncaged else "")


def _first(rows: list[Row], shared: int, same: int) -> str:
    """Return the list of what a lecturer has to do, each with a link to it."""
    failed = sum(bool(row.get("problem")) for row in rows)
    partly = sum(not row.get("problem") and any(each["state"] == "failed" for each in row["questions"]) for row in rows)
    waiting = sum(feedback.is_waiting(each) for row in rows for each in row["questions"])
    listed = [
        (waiting, f"{counted(waiting, 'answer')} in words to be marked by hand, in <code>manual.csv</code>", "questions"),
        (failed, f"{counted(failed, 'submission')} that could not be run at all", "failures"),
        (partly, f"{counted(partly, 'submission')} with a question that could not be run", "failures"),
        (shared + same, f"{counted(shared + same, 'sign')} of shared answers", "shared"),
    ]
    entries = "".join(f'<li><a href="#{place}">{words}</a></li>' for number, words, place in listed if number)
    return f"<h2>Look at these first</h2><ul>{entries}</ul>" if entries else ""


def _legend(size: int) -> str:
    several = f" One line is the mean of {-(-size // 100)} learners." if size > class_charts.MOST_LINES else ""
    words = "The numbers are points, the darker the better. – not answered, ! could not be run, ? to be marked by hand."
    return pages.paragraph(words + several, "quiet")


@dataclass(frozen=True)
class _Group:
    """Wrong answers of one kind: what they say, why, and who gave them."""

    words: str
    misconception: str
    hint: str
    learners: tuple[str, ...]


def _question(kind: Kind, rows: list[Row], secret: bytes) -> str:
    answers = [(row["learner"], each) for row in rows for each in row["questions"] if each["name"] == kind.name]
    right = sum(each["points"] >= each["of"] for _, each in answers)
    groups = wrong_answers(kind, answers, secret)
    head = f"<h3>{escaped(kind.name)}: {right} of {len(answers)} right</h3>"
    if not groups:
        return head + pages.paragraph("No wrong answers.", "quiet")
    columns = {"Wrong answer": False, "Learners": True, "Misconception, and its hint": False, "For example": False}
    lines = [_group_line(each) for each in groups[:MOST_GROUPS]]
    more = len(groups) - MOST_GROUPS
    rest = pages.paragraph(f"{counted(more, 'more kind')} of wrong answers, each rarer.", "quiet") if more > 0 else ""
    return head + pages.table(f"Commonest wrong answers to {kind.name}", columns, lines) + rest


def _group_line(group: _Group) -> tuple[str, ...]:
    names = ", ".join(by_learner(each) for each in group.learners[:3])
    why = f"<strong>{escaped(group.misconception)}</strong><br>{escaped(group.hint)}" if group.misconception else "–"
    return by_learner(group.words), str(len(group.learners)), why, names


def wrong_answers(kind: Kind, answers: list[tuple[str, dict[str, Any]]], secret: bytes = b"") -> list[_Group]:
    """Return the wrong answers to a question in groups, the largest first; the same misconception is one group."""
    grouped: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for learner, each in answers:
        if each["state"] == "answered" and each["points"] < each["of"] and not feedback.is_waiting(each):
            key = (each["misconception"], "" if each["misconception"] else _failed_items(kind, each))
            grouped.setdefault(key, []).append((learner, each))
    groups = [_group(kind, key, members, secret) for key, members in grouped.items()]
    return sorted(groups, key=lambda group: (-len(group.learners), group.words))


def _failed_items(kind: Kind, question: dict[str, Any]) -> str:
    """Return what tells unexplained wrong answers apart: of learners with different numbers, not the answer itself."""
    failed = [item for item in question["items"] if not item["holds"]]
    if not kind.has_variant or kind.kind() in ("Choice", "Choices"):
        return feedback.in_words(question["answer"])
    return failed[0]["words"] if [item["about"] for item in failed] == ["answer"] else ", ".join(item["about"] for item in failed)


def _group(kind: Kind, key: tuple[str, str], members: list[tuple[str, dict[str, Any]]], secret: bytes) -> _Group:
    learners = tuple(learner for learner, _ in members)
    first, question = members[0]
    misconception, failed = key
    if misconception or not kind.has_variant or kind.kind() in ("Choice", "Choices"):
        words = feedback.in_words(question["answer"], kind, _given(kind, first, secret))
        several = len({repr(each["answer"]) for _, each in members}) > 1
        return _Group(f"for example {words}" if several else words, misconception.replace("_", " "), question["hint"], learners)
    shown = Counter(feedback.in_words(each["answer"], kind, _given(kind, learner, secret)) for learner, each in members)
    examples = "; ".join(words for words, _ in shown.most_common(3)) if kind.kind() == "Number" else f"not right: {failed}"
    return _Group(f"other answers: {examples}" if kind.kind() == "Number" else examples, "", "", learners)


def _given(kind: Kind, learner: str, secret: bytes) -> dict[str, Any]:
    from evcourse.questions.question import variant

    return variant(kind, learner, secret)


def _shared(shared: list[Shared], same: list[list[str]]) -> str:
    if not shared and not same:
        return ""
    words = (
        "Everybody has other numbers, so an answer that is right for somebody else's numbers only was probably copied from"
        " there. It is a reason to talk, and no proof: people who work together mix up notebooks."
    )
    body = ['<h2 id="shared">Shared answers</h2>', pages.paragraph(words)]
    if shared:
        columns = {"Learner": False, "Question": False, "Answer": False, "Right for": False}
        lines = [_shared_line(each) for each in shared]
        body.append(pages.table("Answers that are right for another learner only", columns, lines))
    if same:
        lines = [(", ".join(map(by_learner, learners[:MOST_NAMES])), str(len(learners))) for learners in same]
        body.append(pages.table("Files that are the same byte for byte", {"Learners": False, "How many": True}, lines))
    return "".join(body)


def _shared_line(shared: Shared) -> tuple[str, ...]:
    answer = feedback.in_words(shared.answer)
    owners = ", ".join(map(by_learner, shared.owners))
    return by_learner(shared.learner), escaped(shared.question), by_learner(answer), owners


def _failures(rows: list[Row]) -> str:
    lines = [(_link(row), "all", by_learner(row["problem"]), by_learner(row["file"])) for row in rows if row.get("problem")]
    lines += [
        (_link(row), escaped(each["name"]), by_learner(each["reason"]), by_learner(row["file"]))
        for row in rows
        if not row.get("problem")
        for each in row["questions"]
        if each["state"] == "failed"
    ]
    columns = {"Learner": False, "Question": False, "Reason": False, "File": False}
    return '<h2 id="failures">What could not be run</h2>' + pages.table("Reasons", columns, lines) if lines else ""


def _odd(rows: list[Row]) -> str:
    lines = [(_link(row), "<br>".join(by_learner(note) for note in row["notes"])) for row in rows if row.get("notes")]
    table = pages.table("Notes on notebooks", {"Learner": False, "Note": False}, lines)
    return f'<h2 id="odd">What was odd, and how it was taken</h2>{table}' if lines else ""


def _everybody(rows: list[Row]) -> str:
    names = list(dict.fromkeys(each["name"] for row in rows for each in row["questions"]))
    columns = {"Learner": False, "Points": True} | dict.fromkeys(names, True)
    lines = [(_link(row), points(row["points"]), *_cells(row, names)) for row in rows]
    return f'<h2 id="everybody">Everybody</h2>{pages.table("Points of all learners", columns, lines)}'


def _cells(row: Row, names: list[str]) -> list[str]:
    by_name = {each["name"]: class_charts.sign(each) for each in row["questions"]}
    return [by_name.get(name, "–") for name in names]


def _link(row: Row) -> str:
    return f'<a href="feedback/{pages.file_name(row["learner"])}">{by_learner(row["learner"])}</a>'
