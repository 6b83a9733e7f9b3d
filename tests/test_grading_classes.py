"""Whole classes, run as a lecturer runs them: however much of a class is broken, everybody has a scored row."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from evcourse.grading import run
from evcourse.grading.cage import Limits
from evcourse.grading.grader import Settings
from evcourse.grading.outputs import write_all
from evcourse.questions import lesson
from tests import broken_notebooks, sample_notebook

SIZE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The sample lesson's folder with its exercise notebook, as a course has it."""
    made = tmp_path_factory.mktemp("exercises") / "sample_lesson"
    shutil.copytree(Path(__file__).parent / "sample_lesson", made, ignore=shutil.ignore_patterns("__pycache__"))
    (made / "exercise.ipynb").write_text(json.dumps(notebook({})), encoding="utf-8")
    return made


def notebook(answers=sample_notebook.FILLED):
    filled = json.loads(nbformat.writes(sample_notebook.notebook(answers)))
    for cell in filled["cells"]:
        cell["source"] = "".join(cell["source"])
    return filled


def handed_in(target, broken):
    """Write a Moodle zip file in which some of a class have handed in something broken; return who has."""
    corpus = list(broken_notebooks.hopeless(notebook()).values())
    places = [place for place in range(SIZE) if place * broken // SIZE != (place + 1) * broken // SIZE]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(SIZE):
            content = corpus[places.index(place) % len(corpus)] if place in places else json.dumps(notebook()).encode()
            archive.writestr(f"learner {place:02}_{place}_assignsubmission_file_/exercise.ipynb", content)
    return {f"learner {place:02}" for place in places}


def graded(folder, source, out):
    # What is asked here does not depend on the cage, and these notebooks are our own.
    settings = Settings(folder, b"secret", jobs=2, sandbox=False, limits=Limits())
    return run.grade(run.Plan(source, out, settings, {}))


@pytest.mark.parametrize("share", [0.05, 0.5], ids=["5 percent", "50 percent"])
def test_however_much_of_a_class_is_broken_everybody_has_a_scored_row(share, folder, tmp_path):
    (tmp_path / "in").mkdir()
    broken = handed_in(tmp_path / "in" / "class.zip", round(share * SIZE))
    assert len(broken) == round(share * SIZE)
    rows = {row["learner"]: row for row in graded(folder, tmp_path / "in" / "class.zip", tmp_path / "out")}
    assert len(rows) == SIZE
    assert {learner for learner, row in rows.items() if row["problem"]} == broken
    assert all(rows[learner]["points"] == 0 and rows[learner]["of"] > 0 for learner in broken)
    unharmed = {row["points"] for learner, row in rows.items() if learner not in broken}
    assert len(unharmed) == 1 and unharmed != {0}
    final = write_all(tmp_path / "out", list(rows.values()), lesson.declared(folder), b"secret")
    assert len(final) == SIZE and len(list((tmp_path / "out" / "feedback").iterdir())) == SIZE


def test_notebooks_that_have_been_through_a_lot_keep_their_points(folder, tmp_path):
    corpus = broken_notebooks.mendable(notebook())
    for name, content in corpus.items():
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "exercise.ipynb").write_bytes(content)
    rows = {row["learner"]: row for row in graded(folder, tmp_path / "in", tmp_path / "out")}
    assert rows.keys() == corpus.keys() and [row["problem"] for row in rows.values()] == [""] * len(rows)
    wanted = max(row["points"] for row in rows.values())
    # Of one only a single answer is left.
    assert {name for name, row in rows.items() if row["points"] < wanted} == {"one cell left"}
    assert wanted > 5
