"""A class is graded to its end, whatever happens: killed and resumed, regraded, asked for what is not there."""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evcourse.cli import main
from evcourse.grading.cage import Limits
from evcourse.grading.grader import Grader, Settings
from evcourse.grading.run import grade_shard, settings_json
from tests.test_grading_cage import POINTS, RIGHT, SAMPLE, submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="class grading needs Linux")
CLONE = Path(__file__).resolve().parent.parent
WRONG = {"circle": "circle = 1.0", "planets": 'planets = ["Mars", "Venus", "Earth"]', "flat": "flat = 1 / 0"}
LEARNERS = 15


@pytest.fixture
def class_folder(tmp_path, monkeypatch):
    """A folder with a lesson of its own and a class that handed in notebooks, one of them broken."""
    lesson = tmp_path / "sample_lesson"
    lesson.mkdir()
    (lesson / "questions.py").write_bytes((SAMPLE / "questions.py").read_bytes())
    handed_in = tmp_path / "submissions"
    handed_in.mkdir()
    for number in range(LEARNERS):
        write(handed_in / f"learner{number:02}.ipynb", [RIGHT, WRONG, {}][number % 3])
    (handed_in / "learner99.ipynb").write_text('{"cells": [', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, answers):
    cells = [{"cell_type": "code", "source": cell.source, "metadata": {}, "outputs": [], "execution_count": None, "id": cell.name}
             for cell in submission("x", answers).cells]  # fmt: skip
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


def grade(*options, out="results"):
    return main(["grade", "submissions", "--out", out, "--lesson", "sample_lesson", "--quiet", "--jobs", "2", *options])


def rows(folder, out="results"):
    return [json.loads(line) for line in (folder / out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_class_has_a_row_for_everybody(class_folder, capsys):
    assert grade() == 0
    found = rows(class_folder)
    assert [row["learner"] for row in found] == [*(f"learner{number:02}" for number in range(LEARNERS)), "learner99"]
    assert found[0]["points"] == POINTS and found[2]["points"] == 0 and found[-1]["problem"]
    assert capsys.readouterr() == ("", "")
    assert (class_folder / "results" / "report.html").is_file()


def test_killed_at_random_moments_it_ends_with_the_same_bytes(class_folder):
    assert grade(out="at_once") == 0
    chance = random.Random()
    for _ in range(2):
        kill_after(chance.randint(1, 9))
    assert grade() == 0
    names = ["results.jsonl", "report.html", "gradebook_nbgrader.csv"]
    assert [name for name in names if content(class_folder, "results", name) != content(class_folder, "at_once", name)] == []
    assert list((class_folder / "results").glob("*partial*")) == []


def test_a_second_run_grades_nobody_again(class_folder, monkeypatch):
    assert grade() == 0
    before = content(class_folder, "results", "results.jsonl")
    monkeypatch.setattr("evcourse.grading.probe.found", lambda *a: "")
    monkeypatch.setattr("evcourse.grading.keeper.Keeper.findings", None)
    assert grade() == 0
    assert content(class_folder, "results", "results.jsonl") == before


def test_a_corrected_check_changes_its_own_question_alone(class_folder):
    assert grade() == 0
    before = rows(class_folder)
    check = class_folder / "sample_lesson" / "questions.py"
    check.write_text(check.read_text(encoding="utf-8").replace('["Mercury", "Venus", "Earth"]', '["Mars", "Venus", "Earth"]'), encoding="utf-8")
    assert grade("--regrade", "planets") == 0
    for old, new in zip(before, rows(class_folder), strict=True):
        assert [each for each in old["questions"] if each["name"] != "planets"] == [each for each in new["questions"] if each["name"] != "planets"]
        assert new["points"] == sum(each["points"] for each in new["questions"])
    points = [each["points"] for row in rows(class_folder)[:3] for each in row["questions"] if each["name"] == "planets"]
    assert points == [1.5, 2, 0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["nowhere", "--out", "o", "--lesson", "sample_lesson"], "nowhere"),
        (["submissions", "--out", "o", "--lesson", "sample_leson"], "sample_leson"),
        (["submissions", "--out", "o", "--lesson", "sample_lesson", "--regrade", "planet"], "planets"),
        (["submissions", "--out", "o", "--lesson", "sample_lesson", "--secret", "none"], "none"),
    ],
)
def test_what_cannot_be_graded_is_said_in_a_sentence(class_folder, capsys, options, words):
    assert main(["grade", *options, "--quiet"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("evcourse: ") and words in said and len(said.splitlines()) == 1


def test_a_shard_gives_the_rows_that_a_whole_run_gives():
    settings = Settings(SAMPLE, b"s", 1, True, Limits(cell_seconds=2.0))
    with Grader(settings) as grader:
        whole = [row for row, _ in grader.graded([submission("ann", RIGHT)])]
    assert grade_shard([submission("ann", RIGHT).to_json()], json.loads(json.dumps(settings_json(settings)))) == whole


def test_the_grader_stays_small_however_much_comes_out():
    flood = "import os\nfor d in range(3, 64):\n    try:\n        os.write(d, (b'x' * 99 + b'\\n') * 40000)\n    except OSError:\n        pass"
    with Grader(Settings(SAMPLE, b"", 2, True, Limits(cell_seconds=2.0))) as grader:
        list(grader.graded([submission("first", RIGHT, flood)]))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        list(grader.graded(submission(f"learner{number}", RIGHT, flood) for number in range(16)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def kill_after(lines):
    """Start grading in a process of its own and kill it once it has shown so many lines; wait until all of it is gone."""
    command = [sys.executable, "-m", "evcourse.cli", "grade", "submissions", "--out", "results", "--lesson", "sample_lesson", "--jobs", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(CLONE)})
    for _ in range(lines):
        process.stderr.readline()
    helpers = [os.pidfd_open(int(pid)) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    for helper in helpers:
        assert select.select([helper], [], [], 20)[0], "a helper process has outlived its grader"
        os.close(helper)


def content(folder, out, name):
    return (folder / out / name).read_bytes()
