"""The class report: one page that a lecturer looks at, with what needs a lecturer at its top."""

from __future__ import annotations

import json
import re
import statistics
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
MOST_LINES = 4


def report(rows: list[Row], lesson: Lesson, secret: bytes = b"") -> str:
    """Return the report on a class as HTML."""
    shared, same = shared_answers(rows, lesson), same_files(rows)
    body = [f"<h1>Class report: {escaped(lesson.title)}</h1>", _facts(rows), _first(rows, len(shared), len(same))]
    body += ['<h2 id="points">Points</h2>', class_charts.image(class_charts.score_distribution(rows))]
    body += ['<h2 id="questions">Questions</h2>', class_charts.image(class_charts.question_states(rows))]
    body += [_question(kind, rows, secret) for kind in lesson]
    body += ['<h2 id="map">Learners and questions</h2>', _legend(len(rows)), class_charts.image(class_charts.heat_map(rows))]
    body += [_shared(shared, same), _failures(rows), _odd(rows), _everybody(rows)]
    body.insert(2, _contents("".join(body)))
    return pages.page(f"Class report: {lesson.title}", "\n".join(filter(None, body)))


def _contents(body: str) -> str:
    parts = re.findall(r'<h2 id="(\w+)">([^<]+)</h2>', body)
    links = " · ".join(f'<a href="#{place}">{words}</a>' for place, words in parts)
    return f'<nav aria-label="Parts of this report">{links}</nav>'


def _facts(rows: list[Row]) -> str:
    scores, of = [row["points"] for row in rows], max((row["of"] for row in rows), default=0)
    middle = f"median {points(statistics.median(scores))}, mean {points(statistics.fmean(scores))}" if scores else "nobody"
    waiting = sum(feedback.is_waiting(each) for row in rows for each in row["questions"])
    still = f", {counted(waiting, 'answer')} in words not counted yet" if waiting else ""
    words = f"{counted(len(rows), 'submission')}; {middle} of {counted(of, 'point')}{still}."
    uncaged = any(not row.get("sandbox", True) for row in rows)
    return f'<p class="lead">{words}</p>' + (pages.paragraph(feedback.UNCAGED, "note") if uncaged else "")


def _first(rows: list[Row], shared: int, same: int) -> str:
    """Return the list of what a lecturer has to do, each with a link to it."""
    failed = sum(bool(row.get("problem")) for row in rows)
    partly = sum(not row.get("problem") and any(map(feedback.did_not_run, row["questions"])) for row in rows)
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
class Group:
    """Wrong answers of one kind.

    Attributes
    ----------
    answer
        One of them, in words.
    misconception, hint
        Which one explains them; empty if none does.
    learners
        Who gave them.
    differ
        Whether they are different answers, for learners with different numbers.
    tag
        The HTML element for the answer: "samp", or "span" where it is described in a sentence.
    """

    answer: str
    misconception: str
    hint: str
    learners: tuple[str, ...]
    differ: bool
    tag: str = "samp"


def _question(kind: Kind, rows: list[Row], secret: bytes) -> str:
    answers = [(row["learner"], each) for row in rows for each in row["questions"] if each["name"] == kind.name]
    right = sum(each["points"] >= each["of"] for _, each in answers)
    waiting = sum(feedback.is_waiting(each) for _, each in answers)
    still = f", {waiting} to be marked by hand" if waiting else ""
    head = f"<h3>{escaped(kind.name)}: {right} of {len(answers)} right{still}</h3>"
    groups = wrong_answers(kind, answers, secret)
    if not groups:
        return head + pages.paragraph("" if waiting else "No wrong answers.", "quiet")
    columns = {"Misconception, and its hint": False, "Learners": True, "Answer": False, "Who": False}
    more = len(groups) - MOST_GROUPS
    rest = pages.paragraph(f"And {counted(more, 'rarer kind')} of answers.", "quiet") if more > 0 else ""
    lines = map(_group_line, groups[:MOST_GROUPS])
    return head + pages.table("Commonest wrong answers", columns, lines) + rest


def _group_line(group: Group) -> tuple[str, ...]:
    names = ", ".join(map(_link_to, group.learners[:3])) + (" …" if len(group.learners) > 3 else "")
    known = f'{escaped(group.misconception)}<br><span class="hint">{escaped(group.hint)}</span>'
    why = known if group.misconception else '<span class="hint">none of the known ones</span>'
    example = '<span class="quiet">for example</span><br>' if group.differ else ""
    return why, str(len(group.learners)), example + by_learner(group.answer, group.tag), names


def wrong_answers(kind: Kind, answers: list[tuple[str, dict[str, Any]]], secret: bytes = b"") -> list[Group]:
    """Return the wrong answers to a question in groups, the largest first; the same misconception is one group."""
    grouped: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for learner, each in answers:
        if _is_wrong(each):
            key = (each["misconception"], "" if each["misconception"] else _alike(kind, each))
            grouped.setdefault(key, []).append((learner, each))
    groups = [_group(kind, key, members, secret) for key, members in grouped.items()]
    return sorted(groups, key=lambda group: (-len(group.learners), group.answer))


def _is_wrong(question: dict[str, Any]) -> bool:
    came_in = question["state"] != "not answered" and not feedback.did_not_run(question)
    # A text that is a lecturer's to mark is not wrong; what it was recognised by is worth knowing all the same.
    is_by_hand = feedback.is_waiting(question) or question.get("by_hand")
    is_known = bool(question["misconception"]) or not is_by_hand
    return came_in and question["points"] < question["of"] and is_known


def _alike(kind: Kind, question: dict[str, Any]) -> str:
    """Return what tells unexplained wrong answers apart: of learners with different numbers, not the answer itself."""
    failed = [item for item in question["items"] if not item["holds"]]
    if question["state"] == "failed":
        return failed[0]["words"] if failed else ""
    if not kind.has_variant or kind.kind() in ("Choice", "Choices"):
        return feedback.in_words(question["answer"])
    return ", ".join(item["about"] for item in failed)


def _group(kind: Kind, key: tuple[str, str], members: list[tuple[str, dict[str, Any]]], secret: bytes) -> Group:
    (first, question), (misconception, alike) = members[0], key
    learners = tuple(learner for learner, _ in members)
    differ = len({json.dumps(each["answer"], sort_keys=True) for _, each in members}) > 1
    is_long = kind.has_variant and kind.kind() not in ("Number", "Choice", "Choices")
    if question["state"] == "failed" or (is_long and not misconception):
        words = alike if question["state"] == "failed" else f"not right: {alike}"
        return Group(words, misconception.replace("_", " "), question["hint"], learners, False, "span")
    words = _cut(feedback.in_words(question["answer"], kind, _given(kind, first, secret)))
    return Group(words, misconception.replace("_", " "), question["hint"], learners, differ)


def _cut(words: str) -> str:
    lines = words.split("\n")
    return "\n".join(lines[:MOST_LINES]) + (f"\n… and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else "")


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
    failed = [row for row in rows if row.get("problem")]
    whole = [(_link(row), by_learner(row["problem"]), by_learner(row["file"].rpartition("/")[2])) for row in failed]
    single = [
        (_link(row), escaped(each["name"]), by_learner(each["reason"]))
        for row in rows
        for each in row["questions"]
        if not row.get("problem") and feedback.did_not_run(each)
    ]
    tables = [
        pages.table("Whole submissions", {"Learner": False, "Reason": False, "File": False}, whole) if whole else "",
        pages.table("Single questions", {"Learner": False, "Question": False, "Reason": False}, single) if single else "",
    ]
    return f'<h2 id="failures">What could not be run</h2>{"".join(tables)}' if whole or single else ""


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
    return _link_to(row["learner"])


def _link_to(learner: str) -> str:
    return f'<a href="feedback/{pages.file_name(learner)}">{by_learner(learner)}</a>'
