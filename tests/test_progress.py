"""Progress is the learner's own: nothing done is lost, and no file is ever damaged further."""

import json
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_any
from hypothesis import strategies as st

from evcourse import progress

DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(date.isoformat)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.isoformat("T", "seconds") + "+00:00")
TRIED = st.builds(
    lambda tries, points, more, on: {"tries": tries, "points": points, "of": points + more, "on": on},
    st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=5, unique=True),
    st.integers(0, 4),
    st.integers(1, 4),
    DAYS,
)
PREDICTED = st.fixed_dictionaries({"choice": st.integers(1, 4), "on": DAYS})
CONTENTS = st.fixed_dictionaries(
    {
        "format": st.just(1),
        "learner": st.text(max_size=5),
        "answered": st.dictionaries(st.sampled_from("abc"), PREDICTED),
        "questions": st.dictionaries(st.sampled_from("abc"), TRIED),
        "plans": st.dictionaries(st.sampled_from("ab"), st.dictionaries(st.sampled_from("xyz"), TIMES)),
    }
)


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    monkeypatch.setenv("EVCOURSE_PROGRESS", str(path))
    return path


def test_nothing_is_written_before_something_is_done(file):
    assert (progress.read(), progress.questions(), progress.learner()) == ({}, {}, "")
    assert not file.exists()


def test_the_file_lies_in_the_course_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("EVCOURSE_PROGRESS")
    (tmp_path / "course" / "notebooks").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "course" / "notebooks")
    assert progress.file() == tmp_path / "course" / "progress.json"


def test_the_first_prediction_stands():
    progress.note("one", "sizes", 2)
    progress.note("one", "sizes", 3)
    progress.note("two", "sizes", 1)
    assert progress.read()["one/sizes"]["choice"] == 2
    assert progress.answered_per_lesson() == {"one": 1, "two": 1}


def test_the_best_points_stand_and_tries_are_counted_once():
    for points, fingerprint in [(1, "a"), (2, "b"), (0, "c"), (1, "a")]:
        progress.record("one", "sizes", points, 2, fingerprint)
    tried = progress.questions()["one/sizes"]
    assert (tried["points"], tried["of"], tried["tries"]) == (2, 2, ["a", "b", "c"])


def test_a_plan_written_down_twice_keeps_its_first_time_and_number():
    numbers = [progress.commit("one", *each) for each in [("a", "2026-01-01"), ("b", "2026-01-02"), ("a", "2026-01-03")]]
    assert numbers == [1, 2, 1]
    assert progress.plans("one") == {"a": "2026-01-01", "b": "2026-01-02"} and progress.plans("two") == {}


def test_a_name_is_kept_beside_what_was_done():
    progress.note("one", "sizes", 2)
    progress.introduce(" Ada ")
    assert progress.learner() == "Ada" and progress.read()


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, None, 7])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name: give text"):
        progress.introduce(name)


def test_what_was_exported_comes_back(file, tmp_path):
    progress.introduce("Ada")
    progress.note("one", "sizes", 2)
    progress.record("one", "share", 1, 2, "a")
    exported = progress.export_to(tmp_path / "mine.json")
    before = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    progress.import_from(exported)
    assert json.loads(file.read_text(encoding="utf-8")) == before


@for_any(here=CONTENTS, there=CONTENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_merging_loses_nothing(file, tmp_path, here, there):
    file.write_text(json.dumps(here), encoding="utf-8")
    other = tmp_path / "other.json"
    other.write_text(json.dumps(there), encoding="utf-8")
    progress.import_from(other)
    merged = json.loads(file.read_text(encoding="utf-8"))
    for old in (here, there):
        assert merged["answered"].keys() >= old["answered"].keys()
        for name, tried in old["questions"].items():
            mine = merged["questions"][name]
            assert mine["points"] / mine["of"] >= tried["points"] / tried["of"]
            assert set(mine["tries"]) >= set(tried["tries"])
        for subject, plans in old["plans"].items():
            assert all(merged["plans"][subject][plan] <= at for plan, at in plans.items())
    for plans in merged["plans"].values():
        assert list(plans.values()) == sorted(plans.values()), "in the order of writing"
    progress.import_from(other)
    assert json.loads(file.read_text(encoding="utf-8")) == merged, "importing twice changes nothing"


DAMAGED = [
    "",
    "not JSON",
    "[]",
    "{}",
    '{"format": 1, "answered": 3}',
    '{"format": 1, "questions": {"a": {}}}',
    '{"format": 1, "questions": {"a": {"tries": ["x"], "points": 3, "of": 2, "on": "2026-01-01"}}}',
    '{"format": 1, "questions": {"a": {"tries": [], "points": 1, "of": 0, "on": "2026-01-01"}}}',
    '{"format": 1, "questions": {"a": {"tries": [], "points": 1, "of": 2, "on": "yesterday"}}}',
    '{"format": 1, "learner": 7}',
    '{"format": 1, "plans": 3}',
    '{"format": 1, "plans": {"a": {"b": "yesterday"}}}',
    "[" * 100_000,
    '{"format": 1, "answered"',
]
EVERYTHING_THAT_TOUCHES_IT = [
    lambda: progress.read(),
    lambda: progress.note("one", "sizes", 1),
    lambda: progress.record("one", "sizes", 1, 2, "a"),
    lambda: progress.introduce("Ada"),
    lambda: progress.commit("one", "a", "2026-01-01"),
    lambda: progress.import_from(progress.file()),
    lambda: progress.export_to(progress.file()),
]


@pytest.mark.parametrize("damage", [*DAMAGED, '{"format": 2}', '{"format": "x"}'], ids=lambda each: each[:60])
@pytest.mark.parametrize("touch", EVERYTHING_THAT_TOUCHES_IT)
def test_a_damaged_or_newer_file_gives_one_sentence_and_is_kept(file, damage, touch):
    file.write_text(damage, encoding="utf-8")
    with pytest.raises(progress.ProgressError) as caught:
        touch()
    expected = "update evcourse" if "format" in damage and '"format": 1' not in damage else "rename it to start anew"
    assert expected in str(caught.value) and str(file) in str(caught.value)
    assert file.read_text(encoding="utf-8") == damage
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_bytes_that_are_no_text_are_damage_too(file):
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(progress.ProgressError, match="rename it"):
        progress.read()


def test_a_missing_or_damaged_import_changes_nothing(file, tmp_path):
    progress.note("one", "sizes", 1)
    before = file.read_bytes()
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    for name in ("bad.json", "none.json"):
        with pytest.raises(progress.ProgressError):
            progress.import_from(tmp_path / name)
    assert file.read_bytes() == before


def test_an_export_does_not_overwrite_somebody_elses_file(tmp_path):
    essay = tmp_path / "essay.txt"
    essay.write_text("work of weeks", encoding="utf-8")
    with pytest.raises(progress.ProgressError):
        progress.export_to(essay)
    assert essay.read_text(encoding="utf-8") == "work of weeks"


def test_an_interrupted_write_leaves_the_old_file(file, monkeypatch):
    progress.note("one", "sizes", 1)
    before = file.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("no power")))
    with pytest.raises(OSError, match="no power"):
        progress.note("one", "share", 1)
    assert file.read_bytes() == before


def test_additions_of_another_version_of_the_same_format_are_kept(file):
    file.write_text(json.dumps({"format": 1, "answered": {}, "colour": "blue"}), encoding="utf-8")
    progress.note("one", "sizes", 1)
    assert json.loads(file.read_text(encoding="utf-8"))["colour"] == "blue"
