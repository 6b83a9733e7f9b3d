"""Feedback pages and the class report say what they should, to everybody, and run nothing that a learner wrote."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evcourse.grading import class_charts, feedback, pages
from evcourse.grading.outputs import write_all
from evcourse.grading.report import report, wrong_answers
from tests import sample_rows
from tests.sample_rows import SECRET

TEXT = "Ships sink below the horizon with the hull first, so it is round, nearly, I think."
INJECTIONS = [
    "<script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "\"><svg onload=window.hit=1>", "'><b>", "</title><script>window.hit=1</script>",
    "</style><script>window.hit=1</script>", "</pre></details><iframe src=javascript:parent.hit=1>", "javascript:window.hit=1", "<a href=javascript:hit=1>x</a>",
    "<style>*{display:none}</style>", "<meta http-equiv=refresh content=0;url=http://127.0.0.1:9>", "<base href=http://127.0.0.1:9>", "<form action=http://127.0.0.1:9>",
    "<link rel=stylesheet href=http://127.0.0.1:9>", "<!--", "]]>", "&lt;script&gt;", "\u202egnp.exe", "\u2028alert(1)", "\0<script>", "<math><mtext><script>hit=1</script>",
    "{{7*7}}", "${7*7}", "**<b>**", "`<script>`", "- <script>", "%3Cscript%3E", "<details open ontoggle=window.hit=1>", "datum['x']", "'; hit=1; //", "\ud800",
]  # fmt: skip
EVIL = " ".join(INJECTIONS)
VOID = {"meta", "link", "img", "br", "input", "hr", "wbr"}
#: What the pages themselves are made of.
OWN = {
    "html", "head", "meta", "title", "style", "body", "a", "main", "nav", "h1", "h2", "h3", "p", "strong", "span", "div", "table", "caption", "thead", "tbody",
    "tr", "th", "td", "ul", "li", "details", "summary", "code", "pre", "samp", "img", "br", "blockquote",
}  # fmt: skip


class Parts(HTMLParser):
    """The elements of a page, and whether each is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.unbalanced, self.words = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attributes]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, words):
        self.words.append(words)

    def all(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]


def evil_row(words, number=0):
    """Return a row with somebody's words wherever a learner can put any."""
    answers = {"roundness": f"{words} {TEXT}", "divisors": {words, "x"}, "planets": [words, "Mars"], "circle": "failed", "chain": "failed"}
    row = sample_rows.row(f"{words}{number}", answers, file=words, notes=[words], problem="", sha256="f" * 64)
    for each in row["questions"]:
        each["reason"] = words if each["state"] == "failed" else ""
        each["comment"] = words
    return row


def class_of(size=12):
    how = [{"circle": "right", "corners": "right"}, {"circle": ":gives_the_area", "flat": ":takes_round_for_plane"}, {}, {"circle": "failed", "roundness": TEXT}]
    how += [{"circle": "twenty", "circles": "right", "cone": ":gives_the_cylinder", "growth": "right", "planets": ["Mars"]}]
    rows = [sample_rows.row(f"learner {number:03}", how[number % len(how)]) for number in range(size)]
    return [*rows, sample_rows.row("broken", {}, problem="The file is empty.", sandbox=False)]


def written(kind, rows):
    lesson = sample_rows.declared()
    return report(rows, lesson, SECRET) if kind == "report" else feedback.feedback(rows[0], lesson, SECRET)


# --- nothing that a learner wrote is more than words -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["report", "feedback"])
@pytest.mark.parametrize("words", [*INJECTIONS, EVIL], ids=ascii)
def test_no_page_holds_an_element_that_a_learner_wrote(words, kind):
    text = written(kind, [evil_row(words, number) for number in range(2)])
    parts = Parts(text)
    assert set(parts.tags) <= OWN and parts.unbalanced == [] and parts.open == []
    assert [name for _, name, _ in parts.attributes if name.startswith("on")] == []
    assert all(address.startswith(("#", "data:image/svg+xml;base64,", "feedback/")) for address in parts.all("href") + parts.all("src"))
    assert not re.search(r"[\u202a-\u202e\u2028\u2029\0\ud800-\udfff]", text)
    text.encode("utf-8")


def test_the_charts_hold_a_learners_name_as_words_only():
    text = written("report", [evil_row(EVIL), evil_row("<script>alert(1)</script>")])
    drawn = [base64.b64decode(each.partition(",")[2]).decode() for each in Parts(text).all("src")]
    assert len(drawn) == 3
    assert not any(re.search(r"<(script|foreignObject|iframe|image|a)\b|\son\w+=", svg) for svg in drawn)


@pytest.mark.parametrize("answer", [None, [], {}, {"names": 1, "rows": 2}, {"names": [[]], "rows": [1]}, {"text": 5}, {"cut": "<b>"}, [[[]]], "x", 1e300, {"a": {"b": "<i>"}}, [{"value": {}}], [{"mark": 1}]], ids=repr)
def test_a_forged_answer_of_any_shape_is_shown_as_data(answer):
    row = sample_rows.row("anna", {})
    for each in row["questions"]:
        each.update(state="answered", answer=answer)
    for kind in ("report", "feedback"):
        assert set(Parts(written(kind, [row, row | {"learner": "ben"}])).tags) <= OWN


@pytest.mark.parametrize("name", ["anna", "Anna", "../../x", "/etc/passwd", "con", "a" * 300, "", "..", "a\0b", "Ä", "a b", "a_b", "<b>", "\ud800"])
def test_every_learner_has_a_file_name_of_their_own(name):
    own = pages.file_name(name)
    assert re.fullmatch(r"[a-z0-9_-]{1,80}\.html", own)
    assert own.casefold() not in {pages.file_name(other).casefold() for other in (name + "x", name.swapcase() + "!", f"{name}_")}


# --- what the pages say ----------------------------------------------------------------------------------------------


def test_a_feedback_page_says_what_came_in_what_was_expected_and_where_to_look():
    words = written("feedback", [sample_rows.row("anna", {"circle": ":gives_the_area", "cone": ":gives_the_cylinder", "roundness": TEXT})])
    assert "a number in mm, within 0.1 %" in words
    assert "That is the area." in words
    assert re.search(r"cone\([\d.]+, [\d.]+\) returned [\d.]+", words)
    assert TEXT in words and "waits for your lecturer" in words


def test_a_feedback_page_never_gives_an_answer_away():
    lesson = sample_rows.declared()
    row = sample_rows.row("anna", {"circle": 1.0, "divisors": {2}, "planets": ["Mars"]})
    text = " ".join(Parts(feedback.feedback(row, lesson, SECRET)).words)
    wanted = lesson.kinds["circle"].expected(sample_rows.given(lesson.kinds["circle"], "anna"))
    assert f"{wanted:.4g}" not in text and "Mercury" not in text


def test_a_submission_that_could_not_be_run_says_why_once():
    row = sample_rows.row("anna", dict.fromkeys(sample_rows.declared().kinds, "failed"), problem="The file is empty.")
    assert written("feedback", [row]).count("The file is empty.") == 1


def test_a_lecturers_points_and_comment_are_on_the_page():
    row = sample_rows.row("anna", {"roundness": TEXT})
    row["questions"][-1] |= {"points": 2.5, "comment": "Think of the poles.", "by_hand": True}
    words = written("feedback", [row])
    assert "marked by your lecturer, 2.5 of 3 points" in words and "Think of the poles." in words


@pytest.mark.parametrize("kind", ["report", "feedback"])
def test_a_page_without_a_cage_says_so(kind):
    row = sample_rows.row("anna", {})
    assert "--no-sandbox" in written(kind, [row | {"sandbox": False}]) and "--no-sandbox" not in written(kind, [row])


def test_the_report_leads_to_what_needs_a_lecturer():
    text = written("report", class_of())
    for words in ("to be marked by hand", "could not be run at all", "gives the area", "takes round for plane", "The file is empty."):
        assert words in text
    parts = Parts(text)
    places = set(parts.all("id"))
    assert {each[1:] for each in parts.all("href") if each.startswith("#")} <= places


def test_the_same_misconception_is_one_group_whatever_the_numbers():
    kind = sample_rows.declared().kinds["circle"]
    answers = [(f"l{n}", sample_rows.question(kind, f"l{n}", how)) for n, how in enumerate([":gives_the_area"] * 4 + ["right"] * 2 + ["text"] * 3 + [17.0])]
    groups = wrong_answers(kind, answers, SECRET)
    assert [(group.misconception, len(group.learners)) for group in groups] == [("gives the area", 4), ("", 3), ("", 1)]


def test_a_report_on_nobody_or_on_thousands_is_still_one_page():
    row = sample_rows.row("anna", {"circle": "right"})
    many = [row | {"learner": f"learner {number}", "sha256": str(number)} for number in range(3_000)]
    text = written("report", many)
    assert "One line is the mean of 30 learners." in text
    assert len(text) < 3_000_000
    assert "0 submissions" in written("report", [])


def test_everything_is_written_and_pages_of_nobody_are_taken_away(tmp_path):
    rows, lesson = class_of(), sample_rows.declared()
    write_all(tmp_path, rows, lesson, SECRET)
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write_all(tmp_path, rows, lesson, SECRET)
    assert before == {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(list((tmp_path / "feedback").iterdir())) == len(rows)
    write_all(tmp_path, rows[:3], lesson, SECRET)
    assert len(list((tmp_path / "feedback").iterdir())) == 3
    assert all(f'href="feedback/{path.name}"' in (tmp_path / "report.html").read_text(encoding="utf-8") for path in (tmp_path / "feedback").iterdir())


# --- for everybody ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["report", "feedback"])
def test_a_page_has_a_language_a_title_one_first_heading_and_no_step_left_out(kind):
    text = written(kind, class_of())
    parts = Parts(text)
    assert ("html", "lang", "en") in parts.attributes and len(re.findall(r"<title>[^<]{5,}</title>", text)) == 1
    levels = [int(tag[1]) for tag in parts.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(parts.all("id")) == len(set(parts.all("id")))
    assert all(len(each) > 20 for each in parts.all("alt")) and len(parts.all("alt")) == parts.tags.count("img")
    assert parts.tags.count("caption") == parts.tags.count("table") and parts.tags.count("main") == 1


@pytest.mark.parametrize("kind", ["report", "feedback"])
def test_a_page_needs_nothing_from_elsewhere(kind):
    parts = Parts(written(kind, class_of()))
    assert not {"script", "link", "iframe", "object", "embed", "form"} & set(parts.tags)
    (policy,) = [value for tag, name, value in parts.attributes if name == "content" and "default-src" in value]
    assert "default-src 'none'" in policy
    assert "url(" not in "".join(parts.words) and "@import" not in "".join(parts.words)


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("state", class_charts.STATES)
def test_the_sign_in_every_cell_of_the_heat_map_is_readable(state):
    assert contrast(*class_charts.STATES[state]) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), [("#222", "#fff"), ("#555", "#fff"), ("#00528a", "#fff"), ("#222", "#f4f4f4")])
def test_words_are_readable_on_their_ground(ink, paper):
    assert ink in pages._STYLE and contrast(ink, paper) >= 4.5


def test_no_outcome_is_told_by_colour_alone():
    rows = class_of()
    shown = {class_charts.state(each): class_charts.sign(each) for row in rows for each in row["questions"]}
    assert len({shown["not answered"], shown["could not be run"], shown["to be marked by hand"], shown["all points"], shown["no points"]}) == 5
    assert {"✓ right", "✗ not yet"} <= {each for row in rows for q in row["questions"] for each in map(feedback._sign, q["items"])}
    assert Path(pages.file_name("anna")).suffix == ".html"
