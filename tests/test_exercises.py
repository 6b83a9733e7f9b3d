"""Every question of every lesson keeps its promises, on every variant; a sample lesson shows that the proof bites."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from evcourse.questions.learner import Setting
from evcourse.questions.lesson import declared
from evcourse.questions.question import Question, variant
from tests.proofs import LEARNERS, given_away, judged, nudged, variants
from tests.sample_notebook import FILLED, write

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "deploy"))

from make_exercises import STUB, learners_copy, lessons, make  # noqa: E402

SAMPLE = COURSE / "tests" / "sample_lesson"
FOLDERS = [*sorted(path.parent for path in COURSE.glob("exercises/*/questions.py")), SAMPLE]
QUESTIONS = [question for folder in FOLDERS for question in declared(folder)]
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: f"{each.lesson}-{each.name}")


@every_question
def test_the_right_answer_gets_every_point_for_every_learner(question):
    verdicts = [judged(question, question.complete(given), given) for given in variants(question)]
    assert [str(each) for each in verdicts if not each.is_full or not all(item.holds for item in each.items)] == []


@every_question
@pytest.mark.parametrize("blank", [..., None, "", "  \n"], ids=repr)
def test_a_blank_is_not_answered_yet(question, blank):
    verdict = judged(question, blank, variants(question)[0])
    assert (verdict.state, verdict.points) == ("not answered yet", 0)


@every_question
def test_every_misconception_gets_fewer_points_and_its_own_hint(question):
    assert question.misconceptions(), "name at least one misconception that this question is after"
    # One learner after the other: a question keeps the answers of one at a time.
    for given in variants(question):
        for name, method in question.misconceptions().items():
            verdict = judged(question, method(given), given)
            assert not verdict.is_full, f"{name} is right for {given}"
            assert verdict.misconception == name, f"{given}: {verdict}"
            assert verdict.hint and verdict.hint in str(verdict)


@every_question
def test_an_answer_with_one_learners_numbers_does_not_pass_with_anothers(question):
    if not question.has_variant or question.shared or "options" in question.asked(variants(question)[0]):
        # Of a few options any two learners may share one; what is copied there is a letter, and letters are shuffled.
        return
    mine = variants(question)
    for given, other in zip(mine, [*mine[1:], mine[0]], strict=True):
        assert given != other
        methods = [question.expected, *question.misconceptions().values()]
        # Of a function, what can be copied is what it returned.
        answers = {method.__name__: {"answer": copied(question, method, given)} for method in methods}
        passing = [name for name, answer in answers.items() if question.judge(answer, other).is_full]
        assert passing == [], f"answers of {given} pass for {other}"


@every_question
def test_the_letters_of_options_differ_between_learners(question):
    if not getattr(question, "shuffled", False):
        return
    options = [question.asked(variant(question, learner))["options"] for learner in LEARNERS]
    assert len({tuple(key for _, key, _ in each) for each in options}) > 1


@every_question
def test_a_question_without_variant_says_so(question):
    says_so = "Everybody has the same numbers" in str(Question(question, "ada", Setting()).prompt)
    assert says_so == (not question.has_variant)


@every_question
def test_the_same_learner_always_gets_the_same_numbers_and_words(question):
    again = {each.name: each for each in declared(next(folder for folder in FOLDERS if folder.name == question.lesson))}
    for given, given_again in zip(variants(question), variants(again[question.name]), strict=True):
        assert given == given_again
    given = variants(question)[0]
    for method in [question.expected, *question.misconceptions().values()]:
        first, second = (judged(each, method(given), given) for each in (question, again[question.name]))
        assert (str(first), first.html()) == (str(second), second.html())


@every_question
def test_hints_do_not_contain_the_answer(question):
    assert [hint for given in variants(question) for hint in given_away(question, given)] == []


@every_question
def test_there_are_two_hints_and_a_worked_solution(question):
    assert all(question.hints) and question.solution
    given = variants(question)[0]
    assert "{" not in question.prompt(given).replace("{{", "").replace("`{", "")


@every_question
def test_a_number_just_beyond_its_tolerance_fails_and_just_within_passes(question):
    for given in variants(question)[:10]:
        for sign in (1, -1):
            within, beyond = (nudged(question, given, sign * factor) for factor in (0.99, 1.01))
            if within is None or beyond is None:
                continue
            assert question.judge(within, given).is_full
            assert not question.judge(beyond, given).is_full


@every_question
def test_given_numbers_are_plain_and_their_names_are_the_authors(question):
    for given in variants(question):
        for name, value in given.items():
            assert name == "_order" or not name.startswith("_")
            assert is_plain(value), f"{name} = {value!r}: numbers, text and lists of them only"


@pytest.mark.parametrize("folder", lessons(), ids=lambda folder: folder.name)
def test_the_learners_copy_is_what_its_source_gives(folder):
    made = learners_copy(nbformat.read(folder / "solution.ipynb", as_version=4))
    stored = nbformat.read(folder / "exercise.ipynb", as_version=4)
    assert [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in stored.cells] == [
        (cell.id, cell.cell_type, cell.source, cell.metadata) for cell in made.cells
    ], "run `make exercises`"


@pytest.mark.parametrize("folder", lessons(), ids=lambda folder: folder.name)
def test_every_question_of_a_lesson_is_asked_answered_and_graded(folder):
    notebook = nbformat.read(folder / "solution.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for question in declared(folder):
        checks = [cell for cell in code if f".{question.name}.check(" in cell.source]
        (grading,) = [cell.metadata.nbgrader for cell in checks]
        assert (grading.grade, grading.locked, grading.points) == (True, True, question.points)
        assert question.full_headline() in str(checks[0].outputs)
        assert any(f".{question.name}.prompt" in cell.source for cell in code)


@pytest.mark.parametrize("folder", lessons(), ids=lambda folder: folder.name)
def test_an_untouched_copy_answers_not_answered_yet_to_everything(folder):
    notebook = nbformat.read(folder / "exercise.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type in ("error", "stream")] == []
    for question in declared(folder):
        assert f"{question.name}: not answered yet, 0 of {question.points:g} point" in str(outputs)


def test_a_lesson_is_made_from_its_source(tmp_path):
    folder = tmp_path / "sample_lesson"
    shutil.copytree(SAMPLE, folder)
    write(folder / "solution.ipynb", FILLED)
    assert make(folder) == ""
    solution, exercise = ((folder / f"{name}.ipynb").read_text(encoding="utf-8") for name in ("solution", "exercise"))
    assert "circle: right, 2 of 2 points" in solution and "planets: partly right" in solution
    assert exercise.count("not answered yet, 0 of") >= 3 and STUB in exercise and "Mercury" not in exercise


def test_a_solution_is_replaced_with_its_indentation():
    source = "def f(x):\n    ...\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n\nf(1)"
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert learners_copy(notebook).cells[0].source == f"def f(x):\n    ...\n    {STUB}\n\nf(1)"
    assert "return x" in cell.source


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION\nx = 1", "x = 1\n### END SOLUTION", "x = 1 ### BEGIN SOLUTION"])
def test_a_mark_without_its_other_half_is_refused(source):
    with pytest.raises(ValueError, match="between two marks"):
        learners_copy(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]))


def test_there_are_enough_learners_for_the_proof():
    assert len(set(LEARNERS)) >= 50


def copied(question, method, given):
    """Return an answer as JSON, as it was with one learner's numbers; free text with every point for itself."""
    key = question.key(given, method)
    return key | {"scores": None} if isinstance(key, dict) and "scores" in key else key


def is_plain(value):
    if isinstance(value, list):
        return all(is_plain(each) for each in value)
    return value is None or type(value) in (bool, int, float, str)
