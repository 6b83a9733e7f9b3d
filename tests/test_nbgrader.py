"""The exercises work under the real nbgrader: full marks, none, and those in between."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from evcourse.questions.lesson import declared
from evcourse.questions.opened import Exercises
from tests.sample_notebook import FILLED, write

COURSE = Path(__file__).resolve().parent.parent
SAMPLE = COURSE / "tests" / "sample_lesson"
sys.path.insert(0, str(COURSE / "deploy"))

from make_exercises import STUB, lessons  # noqa: E402
from make_nbgrader_course import SETTINGS, write_source  # noqa: E402

pytest.importorskip("nbgrader", reason="the real nbgrader is not installed here")
MARKED = r"### BEGIN SOLUTION\n(.*?)### END SOLUTION"
PARTLY = {name: [body] for name, body in FILLED.items()}
RIGHT = PARTLY | {"planets": ['planets = ["Mercury", "Venus", "Earth"]']}


@pytest.fixture
def grading(tmp_path, monkeypatch):
    """An empty course for nbgrader."""
    monkeypatch.setenv("PYTHONPATH", str(COURSE))
    # nbgrader calls alembic, which lies beside this Python.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_points_are_full_none_or_in_between(grading):
    source = grading / "source" / "sample_lesson"
    write(source / "exercise.ipynb", FILLED | {"planets": RIGHT["planets"][0]})
    shutil.copyfile(SAMPLE / "questions.py", source / "questions.py")
    d_mm = Exercises(declared(SAMPLE), "literal").circle.given["d_mm"]
    # A number alone, so that it is right only where nbgrader's run has the same learner's numbers.
    literal = RIGHT | {"circle": [f"circle = {3.14159265 * d_mm}"]}
    answers = {"full": RIGHT, "blank": {}, "part": PARTLY, "literal": literal, "copied": literal}
    assert graded(grading, "sample_lesson", answers) == {"full": 7, "blank": 0, "part": 6.5, "literal": 7, "copied": 5}


# One lesson: all are made by the same maker, and nbgrader takes half a minute for each.
@pytest.mark.parametrize("lesson", lessons()[:1], ids=lambda folder: folder.name)
def test_the_solution_of_a_lesson_gets_full_marks_and_the_blank_none(grading, lesson):
    write_source(lesson, grading)
    points = {each.name: each.points for each in declared(lesson)}
    solved = solutions(lesson)
    some = {name: solved[name] for name in list(solved)[::2]}
    expected = {"full": sum(points.values()), "blank": 0, "half": sum(points[name] for name in some)}
    assert graded(grading, lesson.name, {"full": solved, "blank": {}, "half": some}) == pytest.approx(expected)


def solutions(lesson):
    """Return the bodies of each solution, in order, by the name of its cell."""
    cells = nbformat.read(lesson / "solution.ipynb", as_version=4).cells
    inside = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if "### BEGIN SOLUTION" in cell.source}
    return {name: [body.strip() for body in re.findall(MARKED, source, re.DOTALL)] for name, source in inside.items()}


def graded(folder, lesson, answers):
    """Return the marks that nbgrader gives to each learner's answers."""
    nbgrader(folder, "generate_assignment", lesson)
    released = folder / "release" / lesson
    for learner, mine in answers.items():
        submitted = folder / "submitted" / learner / lesson
        shutil.copytree(released, submitted)
        submit(submitted / "exercise.ipynb", mine)
    nbgrader(folder, "autograde", lesson)
    return marks(folder, lesson)


def submit(path, answers):
    """Put answers in place of the comments of a released notebook."""
    mine = nbformat.read(path, as_version=4)
    for cell in mine.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        for body in answers.get(name, []):
            cell.source = cell.source.replace(STUB, body, 1)
    path.write_text(nbformat.writes(mine), encoding="utf-8")


def nbgrader(folder, *command):
    done = subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def marks(folder, lesson):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        return {each.student.id: each.score for each in book.assignment_submissions(lesson)}
