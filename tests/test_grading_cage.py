"""Hostile submissions get nothing and harm nobody: every one in tests/abuse, in a class with honest ones beside it."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import pytest

from evcourse.grading import grader as grading
from evcourse.grading import messages, probe, processes
from evcourse.grading.cage import Limits
from evcourse.grading.cgroups import Group
from evcourse.grading.grader import Grader, Refused, Settings
from evcourse.grading.keeper import Keeper
from evcourse.grading.submission import Cell, Submission

TESTS = Path(__file__).resolve().parent
SAMPLE = TESTS / "sample_lesson"
SECRET = "a secret that nobody may see"
NAMES = ["circle", "corners", "flat", "divisors", "planets", "circles", "cone", "growth", "chain", "study", "roundness"]
RIGHT = {
    "circle": 'circle = 3.14159265 * q.circle.given["d_mm"]',
    "flat": 'flat = {"circle", "square", "kite"}',
    "planets": 'planets = ["Mercury", "Venus", "Earth"]',
    "cone": "def cone(radius_cm, height_cm):\n    return 3.14159265 * radius_cm**2 * height_cm / 3",
}
POINTS = 10
LIMITS = Limits(cell_seconds=1.0, notebook_seconds=5.0, memory_mib=512, output_bytes=2 << 20)
TRACES = ("STOLEN", "ESCAPED", "REACHED", "LEFT", SECRET)


def corpus():
    """Return name → source of every hostile submission, in the order of the files."""
    found = {}
    for path in sorted((TESTS / "abuse").glob("*.py")):
        for part in re.split(r"^#### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            heading, _, source = part.partition("\n")
            found[f"{path.stem}-{heading.partition(':')[0]}"] = source
    return found


CORPUS = corpus()
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="class grading needs Linux")


def submission(learner, answers=None, hostile=""):
    """Return a notebook on the sample lesson with some answers; hostile code stands before the checks."""
    opening = Cell("open", "import evcourse as ev\nfrom evcourse.questions import exercises\nq = exercises('sample_lesson')")
    filled = [Cell(name, (answers or {}).get(name, f"{name} = ..."), name) for name in NAMES]
    own = [Cell("own", hostile)] if hostile else []
    checks = [Cell(f"{name}-check", f"q.{name}.check({name})", name, True) for name in NAMES]
    return Submission(learner, "sample_lesson", f"{learner}.ipynb", learner, (opening, *filled, *own, *checks))


class World:
    """What is outside the cage: a server that notes who comes, a folder for traces, a key and a secret to steal."""

    def __init__(self, folder):
        self.target = folder / "target"
        self.target.mkdir()
        self.target.chmod(0o777)
        self.visitors = []
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._receive, daemon=True).start()

    def filled(self, source):
        values = {"PORT": self.server.getsockname()[1], "TARGET": self.target, "KEY": SAMPLE / "questions.py", "SECRET": SECRET}
        for name, value in values.items():
            source = source.replace(f"@@{name}@@", str(value))
        return source

    def _receive(self):
        while True:
            self.visitors.append(self.server.accept())


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def caged(world):
    """A grader in a cage, with little time for each cell."""
    os.environ["EVCOURSE_SECRET"] = SECRET
    with Grader(Settings(SAMPLE, SECRET.encode(), 4, True, LIMITS, (world.target,))) as grader:
        yield grader
    del os.environ["EVCOURSE_SECRET"]


@pytest.fixture(scope="module")
def lone(caged):
    """The rows of honest learners, graded with nobody beside them."""
    return rows(caged, [submission("honest", RIGHT), submission("blank")])


@pytest.fixture(scope="module")
def graded(caged, world, lone):
    """The rows of a class with every hostile submission and an honest one after each eighth."""
    learners = []
    for number, (name, source) in enumerate(CORPUS.items()):
        learners.append(submission(name, hostile=world.filled(source)))
        if number % 8 == 0:
            learners.append(submission("honest", RIGHT))
    found = [row for row, _ in caged.graded(learners)]
    return {row["learner"]: row for row in found}, [row for row in found if row["learner"] == "honest"]


def rows(grader, submissions):
    return {row["learner"]: row for row, _ in grader.graded(submissions)}


# --- hostile submissions ---------------------------------------------------------------------------------------------


def test_there_are_hostile_submissions_of_every_family():
    families = {name.partition("-")[0] for name in CORPUS}
    assert {"integrity", "theft", "messages", "escape", "network", "persistence", "exhaustion", "injection"} <= families
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_submission_gets_no_points(name, graded):
    row = graded[0][name]
    assert row["points"] == 0 and row["of"] == 30
    assert [each["points"] for each in row["questions"]] == [0] * len(NAMES)
    assert row["sandbox"] is True


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_submission_brings_nothing_out(name, graded):
    words = json.dumps(graded[0][name])
    assert [trace for trace in TRACES if trace in words] == []
    assert len(words) < 60_000


def test_the_honest_are_not_harmed_by_their_neighbours(graded, lone):
    assert lone["honest"]["points"] == POINTS
    assert all(row == lone["honest"] for row in graded[1])
    assert len(graded[1]) >= 8


def test_nobody_outside_was_reached_and_nothing_was_left_behind(graded, world):
    assert world.visitors == []
    assert list(world.target.iterdir()) == []
    assert [path for path in Path("/tmp").glob("evcourse-for-the-next*")] == []


def test_no_process_of_a_learner_is_left(caged, graded):
    assert children(caged.zygote().process.pid) == []


@pytest.mark.parametrize("name", ["endless_loop", "loop_that_swallows", "exit", "crash", "memory_bomb", "sleep"])
def test_a_cell_that_fails_costs_its_own_question_alone(caged, name):
    source = CORPUS[f"exhaustion-{name}"]
    row = rows(caged, [submission("half", RIGHT | {"planets": source})])["half"]
    states = {each["name"]: (each["points"], each["state"]) for each in row["questions"]}
    assert {question: states[question][0] for question in RIGHT} == {"circle": 2, "flat": 3, "planets": 0, "cone": 3}
    assert states["planets"][1] == "failed"
    assert next(each["reason"] for each in row["questions"] if each["name"] == "planets")


# --- the cage itself -------------------------------------------------------------------------------------------------


def test_the_probe_finds_nothing_in_the_cage(caged):
    assert probe.found(Keeper(caged.zygote(), Limits()), [str(SAMPLE)]) == ""


@pytest.mark.parametrize("what", ["can be read", "can be written", "network", "processes", "limit on memory", "user"])
def test_the_probe_sees_that_there_is_no_cage(what, found_without):
    assert what in found_without


@pytest.fixture(scope="module")
def found_without(world):
    helper = processes.Zygote({"limits": asdict(LIMITS), "sandbox": False, "readable": [], "hidden": [], "imports": []})
    try:
        helper.ready()
        return probe.found(Keeper(helper, Limits()), [str(SAMPLE)])
    finally:
        helper.stop()
        Path("/tmp/evcourse-probe").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def uncaged():
    with Grader(Settings(SAMPLE, b"", 1, False, LIMITS)) as grader:
        yield grader


def test_without_a_cage_every_row_says_so(uncaged):
    row = rows(uncaged, [submission("trusted", RIGHT)])["trusted"]
    assert (row["sandbox"], row["points"]) == (False, POINTS)


@pytest.mark.parametrize(
    ("name", "trace"), [("theft-key_by_its_path", "STOLEN"), ("network-this_machine", "REACHED"), ("escape-shell", "ESCAPED")]
)
def test_without_a_cage_the_hostile_would_succeed(uncaged, tmp_path, name, trace):
    row = rows(uncaged, [submission(name, hostile=World(tmp_path).filled(CORPUS[name]))])[name]
    assert trace in json.dumps(row)


@pytest.mark.parametrize(("system", "named"), [("darwin", "macOS"), ("win32", "Windows")])
def test_other_systems_get_one_sentence_with_the_way_out(monkeypatch, system, named):
    monkeypatch.setattr(grading.sys, "platform", system)
    with pytest.raises(Refused, match=f"needs Linux.*this is {named}.*container"), Grader(Settings(SAMPLE)):
        pass


def test_a_cage_that_does_not_hold_is_refused_with_the_way_out(monkeypatch):
    started = []
    monkeypatch.setattr(processes.Zygote, "ready", lambda self: started.append(self))
    monkeypatch.setattr(probe, "found", lambda *a: "PermissionError: [Errno 1] Operation not permitted")
    with pytest.raises(Refused, match="does not hold.*--privileged.*--no-sandbox"), Grader(Settings(SAMPLE)):
        pass
    assert started[0].process.poll() is not None


def test_a_zygote_that_was_killed_is_replaced(caged, lone):
    caged.zygote().process.kill()
    caged.zygote().process.wait()
    assert rows(caged, [submission("honest", RIGHT)])["honest"] == lone["honest"]


def test_the_same_submission_gives_the_same_row(caged, lone):
    assert rows(caged, [submission("blank"), submission("honest", RIGHT)]) == lone


def test_a_cgroup_takes_limits_and_members(tmp_path):
    for name in ("memory.max", "memory.swap.max", "pids.max", "cgroup.procs"):
        (tmp_path / name).touch()
    group = Group([tmp_path])
    group.limit(1000, 10)
    group.add(7)
    assert [(tmp_path / name).read_text() for name in ("memory.max", "pids.max", "cgroup.procs")] == ["1000", "10", "7"]


@pytest.mark.parametrize("line", [b"[1]", b"1e999", b'{"a": NaN}', b'{"a": 1e999}', b"\xff", b"{" * 9000, b'{"a": "\\ud800"}', b""])
def test_what_is_no_plain_message_is_refused(line):
    with pytest.raises(messages.Untrusted):
        messages.parsed(line)


def children(pid):
    return [each for each in os.listdir("/proc") if each.isdigit() and parent(each) == pid]


def parent(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
