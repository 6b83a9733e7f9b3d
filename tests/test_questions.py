"""A question in a learner's hands: own numbers, staged help, a verdict in words; and what an author may declare."""

import json
import re
import shutil
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from evcourse import progress
from evcourse.questions import KINDS, Choice, Item, Kind, Lesson, Number, Verdict, exercises, misconception
from evcourse.questions.learner import Setting, identity, numbers, setting
from evcourse.questions.lesson import declared, find
from evcourse.questions.lesson_map import lesson_map
from evcourse.questions.opened import hand_out
from evcourse.questions.question import variant, variants
from evcourse.questions.sheet import Sheet, public
from evcourse.questions.verify import VerifyError, verify
from tests.sample_notebook import FILLED, code, notebook, write

SAMPLE = Path(__file__).parent / "sample_lesson"
COURSE = SAMPLE.parent.parent


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder with the sample lesson as its only exercises, and nothing done."""
    for name in ("JUPYTERHUB_USER", "EVCOURSE_MODE", "EVCOURSE_SECRET", "EVCOURSE_PROGRESS", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(SAMPLE, tmp_path / "exercises" / "sample_lesson", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def q(course):
    return exercises("sample_lesson")


# --- whose numbers ---------------------------------------------------------------------------------------------------


NUMBERS_OF_ADA = 1584593791885724875
NUMBERS_OF_ADA_IN_CLASS = 15888920837819730261


def test_the_numbers_of_a_learner_never_change():
    # Written down once: a change here changes the numbers of every learner who has begun.
    assert numbers("ada", "lesson", "question").getrandbits(64) == NUMBERS_OF_ADA
    assert numbers("ada", "lesson", "question", b"secret").getrandbits(64) == NUMBERS_OF_ADA_IN_CLASS


def test_two_learners_two_questions_and_two_secrets_differ():
    draws = [numbers(*each).random() for each in [("a", "b", "c"), ("ab", "", "c"), ("a", "b", "d"), ("a", "b", "c", b"s")]]
    assert len(set(draws)) == 4


def test_a_guest_is_told_how_to_get_numbers_of_their_own(q):
    assert identity() == "guest"
    assert '.i_am("…")' in str(q)
    before = q.circle.given
    assert q.i_am("Ada").circle.given != before
    assert exercises("sample_lesson").circle.given == q.circle.given
    assert "'Ada'" in str(q)


def test_the_hubs_user_name_comes_first(course, monkeypatch):
    progress.introduce("Ada")
    monkeypatch.setenv("JUPYTERHUB_USER", "grace")
    assert identity() == "grace"
    assert exercises("sample_lesson").circle.given == exercises("sample_lesson", learner="grace").circle.given


def test_a_damaged_progress_file_stops_nobody(course):
    (course / "progress.json").write_text("{", encoding="utf-8")
    verdict = exercises("sample_lesson").circle.check(1.0)
    assert "This try was not kept" in str(verdict)
    assert (course / "progress.json").read_text(encoding="utf-8") == "{"


def test_a_class_has_a_secret_and_may_withhold_solutions(course):
    alone = exercises("sample_lesson").circle.given
    (course / "course.toml").write_text('secret = "rosebud"\nwithhold_solutions = true\n', encoding="utf-8")
    assert setting() == Setting(b"rosebud", True)
    q = exercises("sample_lesson")
    assert q.circle.given != alone
    q.circle.check(q.circle._kind.expected(q.circle._given))
    assert "closed in this class" in str(q.circle.solution())


def test_a_variable_sets_the_class_mode(course, monkeypatch):
    monkeypatch.setenv("EVCOURSE_MODE", "class")
    assert setting().withholds_solutions
    assert "Your lecturer keeps the solutions closed." in str(exercises("sample_lesson"))


def test_a_damaged_course_file_is_no_silent_change_of_numbers(course):
    (course / "course.toml").write_text("secret = ", encoding="utf-8")
    with pytest.raises(ValueError, match="mend or remove it"):
        exercises("sample_lesson")


# --- opening a lesson ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [".", "notebooks", "exercises", "exercises/sample_lesson"])
def test_a_lesson_is_found_from_everywhere_in_the_course_folder(course, monkeypatch, folder):
    monkeypatch.chdir(course / folder)
    assert find("sample_lesson") == course / "exercises" / "sample_lesson"


def test_a_copy_beside_the_notebook_comes_first(course, monkeypatch):
    shutil.copytree(SAMPLE, course / "mine" / "sample_lesson")
    monkeypatch.chdir(course / "mine")
    assert find("sample_lesson") == course / "mine" / "sample_lesson"


def test_an_unknown_lesson_answers_with_the_nearest(course):
    with pytest.raises(LookupError, match="No exercises named 'simple_lesson'. Did you mean 'sample_lesson'?"):
        exercises("simple_lesson")


def test_an_unknown_question_answers_with_the_nearest(q):
    with pytest.raises(AttributeError, match="No question named 'circel'. Did you mean 'circle'?"):
        _ = q.circel


def test_opening_a_lesson_prepares_every_kind_of_question_in_it(course, monkeypatch):
    prepared = []
    for name, kind in KINDS.items():
        monkeypatch.setattr(kind, "prepare", staticmethod(partial(prepared.append, name)))
    exercises("sample_lesson")
    assert sorted(prepared) == sorted(KINDS)


def test_opening_shows_questions_points_and_minutes(q):
    assert "A lesson for tests: 11 questions, 30 points, about 66 minutes." in str(q).replace("**", "")
    assert "circle: 2 points, about 3 minutes (apply)" in str(q)
    assert "no secret" in str(q)
    assert dir(q) == sorted([*(each.name for each in q), "i_am"])


def test_nothing_that_a_notebook_shows_holds_the_answer(q):
    answer = q.circle._kind.expected(q.circle._given)
    shown = [q, q.circle, q.circle.prompt, q.circle.given, q.circle.check(...), q.circle.check(1.0), q.circle.hint()]
    assert all(f"{answer:.3f}"[:5] not in repr(each) for each in shown)
    assert not {"expected", "key", "misconceptions"} & set(dir(q.circle))


# --- the three steps -------------------------------------------------------------------------------------------------


def test_the_prompt_has_the_learners_numbers_and_what_to_answer(q):
    words, markup = str(q.circle.prompt), q.circle.prompt._repr_mimebundle_()["text/html"]
    assert f"diameter {q.circle.given['d_mm']} mm" in words
    assert "Answer: a number in mm, within 0.1 %." in words
    assert "<code>math</code>" in markup and "<strong>one</strong>" in markup and markup.count("<li>") == 2
    assert "Everybody has the same numbers" in str(q.flat.prompt)


def test_options_are_listed_with_their_letters(q):
    assert re.search(r"- A\. a .*\n- B\. a .*\n- C\. a ", str(q.corners.prompt))


def test_a_verdict_says_in_words_what_its_signs_say(q):
    right, wrong = q.flat.check({"circle", "square", "kite"}), q.flat.check({"circle", "cone"})
    assert str(right).startswith("flat: right, 3 of 3 points") and "✓ right: " in str(right)
    assert "✗ not yet: Not complete: 2 more to find and 1 too many." in str(wrong)
    assert "Expected: a set of letters" in str(wrong) and "Expected" not in str(right)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.words = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def test_a_verdict_is_announced_and_escapes_what_learners_write():
    item = Item("value", False, "<script>alert(1)</script> & `ticks`")
    parsed = Tags()
    parsed.feed(Verdict("x", "not right yet", 0, 2, (item,), "a number", "m", "look <here>").html())
    assert parsed.open == [] and ("div", "status") in [(tag, attrs.get("role")) for tag, attrs in parsed.seen]
    assert "script" not in [tag for tag, _ in parsed.seen]
    assert "<script>alert(1)</script> & `ticks`" in parsed.words and "look <here>" in parsed.words


def test_a_verdict_is_plain_data():
    verdict = Verdict("x", "right", 2, 2, (Item("value", True, "yes"),))
    assert json.loads(json.dumps(verdict.to_json()))["items"][0]["holds"] is True


def test_answers_pass_between_processes_as_json(q):
    for question in q:
        kind, asked = question._kind, json.loads(json.dumps(question._asked))
        encoded = json.loads(json.dumps(type(kind).encode(kind.complete(question._given), asked)))
        assert kind.judge(encoded, question._given).is_full


def test_reading_an_answer_needs_nothing_that_gives_it_away(q):
    asked = q.circle._asked
    assert asked == {"kind": "Number", "unit": "mm", "within": "within 0.1 %"}


def test_a_sheet_stands_in_for_a_lesson_where_its_answers_must_not_be(course, monkeypatch):
    lesson = declared(find("sample_lesson"))
    collected = {}
    facts = json.loads(json.dumps(public(lesson, variants(lesson, "ada", b"secret"))))
    monkeypatch.setattr("evcourse.questions.opened._sheets", {})
    hand_out(Sheet(facts, collected.__setitem__))
    q = exercises("sample_lesson").i_am("somebody else")
    for kind in lesson:
        answer = kind.complete(variant(kind, "ada", b"secret"))
        getattr(q, kind.name).check(*(answer if kind.kind() == "FreeText" else [answer]))
    verdicts = [kind.judge(json.loads(json.dumps(collected[kind.name])), variant(kind, "ada", b"secret")) for kind in lesson]
    assert len(q) == len(verdicts) and all(each.is_full for each in verdicts)
    assert q.circle.given == {"d_mm": variant(lesson.kinds["circle"], "ada", b"secret")["d_mm"]}
    assert "not shown here" in f"{q.circle.hint()} {q.circle.solution()} {q.corners.choose()}"
    with pytest.raises(AttributeError, match="No question named 'circel'"):
        _ = q.circel


def test_what_a_sheet_knows_does_not_give_the_answer_away(course):
    lesson = declared(find("sample_lesson"))
    facts = public(lesson, variants(lesson, "ada"))["questions"]
    for name in ("circle", "circles", "cone", "roundness"):
        kind = lesson.kinds[name]
        key = json.dumps(kind.key(variant(kind, "ada")))
        numbers_of_key = re.findall(r"\d+\.\d{5,}", key) or [key]
        assert not [each for each in numbers_of_key if each in json.dumps(facts[name])]


# --- staged help -----------------------------------------------------------------------------------------------------


def test_hints_come_one_after_the_other(q):
    assert [str(q.circle.hint())[:12] for _ in range(3)] == ["Hint 1 of 2:", "Hint 2 of 2:", "Hint 2 of 2:"]


def test_the_solution_opens_after_three_different_answers(q):
    for answer in (1.0, 1.0, ..., "x", 2.0):
        q.circle.check(answer)
    assert "after 1 more different answer" in str(q.circle.solution())
    q.circle.check(3.0)
    assert f"pi × {q.circle.given['d_mm']} mm = " in str(q.circle.solution())


def test_the_solution_opens_once_the_question_is_answered(q):
    q.circle.check(q.circle._kind.expected(q.circle._given))
    assert "The circumference is pi times" in str(q.circle.solution())


def test_the_model_answer_of_a_text_opens_after_one_try(q):
    assert "after 1 more" in str(q.roundness.solution())
    q.roundness.check("I think that it is a ball because of ships.")
    assert "hull first" in str(q.roundness.solution())


# --- the map ---------------------------------------------------------------------------------------------------------


def test_the_map_shows_what_is_done(q, course):
    q.circle.check(q.circle._kind.expected(q.circle._given))
    q.flat.check({"circle", "square"})
    progress.note("sample_lesson", "sizes", 1)
    (row,) = lesson_map().to_dict("records")
    assert row == {
        "lesson": "sample_lesson",
        "title": "A lesson for tests",
        "questions": 11,
        "done": 1,
        "tried": 2,
        "points": 4.0,
        "of": 30,
        "minutes": 66,
        "predictions": 1,
    }


# --- what authors may not declare ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"points": 2, "minutes": 1, "bloom": "guess"}, "No level 'guess'"),
        ({"points": 0, "minutes": 1, "bloom": "apply"}, "more than 0"),
        ({"points": 2, "minutes": -1, "bloom": "apply"}, "more than 0"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(facts, words):
    with pytest.raises(ValueError, match=words):
        Lesson("x").question(**facts)


def test_two_questions_of_one_name_are_refused():
    lesson = Lesson("x")
    twice = type("twice", (Number,), {})
    lesson.question(points=1, minutes=1, bloom="apply")(twice)
    with pytest.raises(ValueError, match="Two questions are named 'twice'"):
        lesson.question(points=1, minutes=1, bloom="apply")(twice)


def test_an_expected_answer_of_another_kind_is_the_authors_to_mend():
    class wrong(Choice):
        options = {"one": "1", "two": "2"}

        def expected(self, given):
            return "three"

    lesson = Lesson("x")
    lesson.question(points=1, minutes=1, bloom="apply")(wrong)
    with pytest.raises(ValueError, match="wrong: expected gives no answer of this kind"):
        lesson.kinds["wrong"].judge({"answer": "one"}, {})


@pytest.mark.parametrize("options", [{}, {"A": "one", "B": "two"}, {f"key {n}": "" for n in range(11)}], ids=len)
def test_options_that_no_letter_fits_are_the_authors_to_mend(options):
    question = type("odd", (Choice,), {"options": options})()
    question.name = "odd"
    with pytest.raises(ValueError, match="odd: 2 to 10 options with keys of two characters or more"):
        question.asked({})


def test_a_file_without_a_lesson_says_what_it_needs(tmp_path):
    (tmp_path / "questions.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(LookupError, match=r"lesson = Lesson\('its title'\)"):
        declared(tmp_path)


def test_the_first_misconception_that_explains_the_answer_wins():
    class two(Number):
        def expected(self, given):
            return 1.0

        @misconception(hint="first")
        def a(self, given):
            return 2.0

        @misconception(hint="second")
        def b(self, given):
            return 2.0

    two.points, two.name = 1, "two"
    assert two().judge({"answer": 2.0}, {}).hint == "first"


def test_kinds_know_no_lesson():
    assert Kind.lesson == "" and Number().lesson == ""


# --- verifying a notebook --------------------------------------------------------------------------------------------


def test_verify_says_question_by_question_what_holds(course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(COURSE))
    path = write(course / "exercises" / "sample_lesson" / "mine.ipynb", {**FILLED, "flat": "..."})
    before = path.read_bytes()
    report = verify(path)
    said = {each.question: each.words for each in report.findings}
    assert said["circle"] == "holds, 2 of 2 points."
    assert said["flat"] == "is not answered yet, 0 of 3 points."
    assert said["planets"] == "does not hold yet, 1.5 of 2 points."
    assert said["cone"] == "is not checked in this notebook, 0 of 3 points."
    assert not report.holds and "Not verified yet: 3.5 of 30 points." in str(report)
    assert path.read_bytes() == before and list(path.parent.glob(".verify*")) == []
    assert not progress.file().exists()


def test_verify_finds_an_output_that_does_not_come_again(course, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(COURSE))
    path = course / "exercises" / "sample_lesson" / "mine.ipynb"
    mine = notebook(FILLED)
    mine.cells.append(code("6 * 7", "last"))
    result = nbformat.v4.new_output("execute_result", {"text/plain": "41"}, execution_count=1)
    mine.cells[-1].update(outputs=[result], execution_count=1)
    path.write_text(nbformat.writes(mine), encoding="utf-8")
    assert len(mine.cells) in verify(path).differing


@pytest.mark.parametrize(("content", "words"), [("{", "cannot be read"), ('{"cells": []}', "opens no exercises")])
def test_what_cannot_be_verified_says_why(course, content, words):
    (course / "bad.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(VerifyError, match=words):
        verify(course / "bad.ipynb")


def test_nbgrader_reads_points_off_a_check_cell(q, monkeypatch):
    verdict = q.flat.check({"circle", "square"})
    assert verdict._repr_mimebundle_()["text/plain"] == str(verdict)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert verdict._repr_mimebundle_()["text/plain"] == "2"
