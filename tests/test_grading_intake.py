"""Whatever a class hands in is found, read and told whose it is; nothing in it stops the others."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evcourse.grading import archives, naming, notebooks
from evcourse.grading.arrangement import Reference, arranged, without_magic
from evcourse.grading.intake import entries, roster_from, submission
from evcourse.grading.submission import Submission
from evcourse.questions import lesson
from tests import broken_notebooks, sample_notebook

LESSON = "sample_lesson"
FOLDER = Path(__file__).parent / LESSON


def good(**answers):
    filled = {"circle": "circle = 1.5"} | answers
    notebook = json.loads(nbformat.writes(sample_notebook.notebook(filled)))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        cell["source"] = source.replace("### BEGIN SOLUTION\n", "").replace("\n### END SOLUTION", "").replace("\npass", "")
    return notebook


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    blank = good(circle="pass")
    (folder / "exercise.ipynb").write_text(json.dumps(blank), encoding="utf-8")
    declared = lesson.declared(FOLDER)
    return Reference.of(declared, folder)


def handed_in(folder, files):
    """Write files (path → bytes or notebook) and return the folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def zipped(path, files, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, more.get("date", {}).get(name, (2026, 3, 1, 12, 0, 0)))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def read_class(source, reference, roster=None):
    return [submission(entry, reference) for entry in entries(source, LESSON, roster)]


def checks(found):
    """Return question → code that ran before its check, for what counts as an answer."""
    return {cell.question: [each.source for each in found.cells[:place]] for place, cell in enumerate(found.cells) if cell.check}


# --- whose is it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "learner", "number", "system", "late"),
    [
        ("anna.ipynb", "anna", "", "folder", False),
        ("anna (1).ipynb", "anna", "", "folder", False),
        ("anna/exercise.ipynb", "anna", "", "folder", False),
        ("submitted/anna/sample_lesson/exercise.ipynb", "anna", "", "nbgrader", False),
        ("Anna Müller_12345_assignsubmission_file_/exercise.ipynb", "Anna Müller", "12345", "Moodle", False),
        ("Anna Müller_12345_assignsubmission_file/my/exercise.ipynb", "Anna Müller", "12345", "Moodle", False),
        ("Anna Müller_12345_assignsubmission_file_exercise.ipynb", "Anna Müller", "12345", "Moodle", False),
        ("Default group_assignsubmission_file/exercise.ipynb", "Default group", "", "Moodle", False),
        ("Participant_99_assignsubmission_file/exercise.ipynb", "Participant", "99", "Moodle", False),
        ("mulleranna_12345_678901_exercise-1.ipynb", "mulleranna", "12345", "Canvas", False),
        ("mulleranna_LATE_12345_678901_my_exercise.ipynb", "mulleranna", "12345", "Canvas", True),
        ("d_angelo_LATE_12345_678901_exercise.ipynb", "d_angelo", "12345", "Canvas", True),
    ],
)
def test_a_path_says_whose_it_is(path, learner, number, system, late):
    found = naming.named(path)
    assert (found.learner, found.number, found.system, found.late) == (learner, number, system, late)


@pytest.mark.parametrize("name", ["", "\0\0", "a" * 5000, "\u202e", "  ", "e\u0301", "\ud800", "../../etc"])
def test_any_name_becomes_an_id_that_can_be_shown(name):
    found = naming.cleaned(name)
    assert 0 < len(found) <= naming.MOST_CHARACTERS
    assert found.isprintable() and naming.cleaned(found) == found


def test_the_same_class_is_found_however_it_is_handed_over(tmp_path, reference):
    flat = handed_in(tmp_path / "flat", {"anna.ipynb": good(), "ben.ipynb": good()})
    tree = handed_in(tmp_path / "tree", {"anna/exercise.ipynb": good(), "ben/mine.ipynb": good()})
    nbgrader = handed_in(tmp_path / "course", {f"submitted/{each}/{LESSON}/exercise.ipynb": good() for each in ("anna", "ben")})
    moodle = zipped(tmp_path / "m.zip", {f"{each}_{n}_assignsubmission_file_/exercise.ipynb": good() for n, each in enumerate(("anna", "ben"))})
    canvas = zipped(tmp_path / "c.zip", {f"{each}_{n}_7{n}_exercise-1.ipynb": good() for n, each in enumerate(("anna", "ben"))})
    wrapped = zipped(tmp_path / "w.zip", {f"class/{each}/exercise.ipynb": good() for each in ("anna", "ben")})
    for source in (flat, tree, nbgrader, nbgrader / "submitted", moodle, canvas, wrapped):
        read = read_class(source, reference)
        assert [each.learner for each in read] == ["anna", "ben"], source
        assert [each.problem for each in read] == ["", ""]
        assert len({each.cells for each in read}) == 1


def test_moodle_zips_in_a_folder_are_looked_into(tmp_path, reference):
    zipped(tmp_path / "group a.zip", {"Anna_1_assignsubmission_file/exercise.ipynb": good()})
    zipped(tmp_path / "group b.zip", {"Ben_2_assignsubmission_file/exercise.ipynb": good()})
    assert [each.learner for each in read_class(tmp_path, reference)] == ["Anna", "Ben"]


def test_two_learners_of_one_name_stay_two(tmp_path, reference):
    names = ["Kim Lee_1_assignsubmission_file/exercise.ipynb", "Kim Lee_2_assignsubmission_file/exercise.ipynb"]
    source = zipped(tmp_path / "m.zip", dict.fromkeys(names, good()))
    assert [each.learner for each in read_class(source, reference)] == ["Kim Lee 1", "Kim Lee 2"]


def test_a_roster_gives_the_ids_that_the_learners_worked_under(tmp_path, reference):
    (tmp_path / "roster.csv").write_text("learner,name,moodle\nam21,Anna Müller,12\nbk22,Ben King,13\n", encoding="utf-8")
    roster = roster_from(tmp_path / "roster.csv")
    names = ["Anna  müller_99_assignsubmission_file/exercise.ipynb", "B K_13_assignsubmission_file/exercise.ipynb"]
    assert [each.learner for each in read_class(zipped(tmp_path / "m.zip", dict.fromkeys(names, good())), reference, roster)] == ["am21", "bk22"]


def test_a_roster_without_ids_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "roster.csv").write_text("name\nAnna\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column 'learner'"):
        roster_from(tmp_path / "roster.csv")


def test_the_newer_of_two_submissions_counts_and_the_notes_say_so(tmp_path, reference):
    names = ["anna_5_100_exercise.ipynb", "anna_LATE_5_200_exercise-1.ipynb"]
    source = zipped(tmp_path / "c.zip", {names[0]: good(circle="circle = 1"), names[1]: good(circle="circle = 2")})
    (found,) = read_class(source, reference)
    assert found.file == names[1]
    assert any("2 notebooks were handed in" in note and names[0] in note for note in found.notes)
    assert any("late" in note for note in found.notes)


def test_the_date_decides_where_the_name_does_not(tmp_path, reference):
    names = ["a_5_assignsubmission_file/exercise.ipynb", "a_5_assignsubmission_file/exercise2.ipynb"]
    dates = {names[0]: (2026, 3, 2, 0, 0, 0), names[1]: (2026, 3, 1, 0, 0, 0)}
    (found,) = read_class(zipped(tmp_path / "m.zip", dict.fromkeys(names, good()), date=dates), reference)
    assert found.file == names[0]


def test_the_exercise_counts_and_not_a_newer_scratch_file_or_a_checkpoint(tmp_path, reference):
    files = {"a/exercise.ipynb": good(), "a/notes.ipynb": good(), "a/.ipynb_checkpoints/exercise-checkpoint.ipynb": good()}
    source = handed_in(tmp_path, files)
    os.utime(source / "a/exercise.ipynb", (1, 1))
    (found,) = read_class(source, reference)
    assert found.file == "a/exercise.ipynb"
    assert not any("checkpoint" in note for note in found.notes)


def test_only_the_lessons_assignment_is_taken_from_an_nbgrader_tree(tmp_path, reference):
    files = {f"submitted/anna/{each}/exercise.ipynb": good(circle=f"circle = '{each}'") for each in (LESSON, "other")}
    (found,) = read_class(handed_in(tmp_path, files), reference)
    assert found.file == f"submitted/anna/{LESSON}/exercise.ipynb" and found.notes == ()


def test_a_notebook_worked_on_under_another_name_is_told(tmp_path, reference):
    notebook = good()
    notebook["cells"][0]["source"] += "\nq.i_am('am21')"
    (found,) = read_class(handed_in(tmp_path, {"Anna/exercise.ipynb": notebook}), reference)
    assert any("'am21'" in note and "roster" in note for note in found.notes)


def test_somebody_who_handed_in_no_notebook_has_a_row_with_the_reason(tmp_path, reference):
    inner = io.BytesIO()
    zipped(inner, {"work/report.txt": b"x"})
    files = {"a/report.pdf": b"%PDF", "b/exercise.zip": inner.getvalue(), "c/x.py": b"print()"}
    found = read_class(handed_in(tmp_path, files), reference)
    assert [each.learner for each in found] == ["a", "b", "c"]
    assert all(each.problem and not each.cells for each in found)


def test_a_learners_own_zip_file_is_looked_into(tmp_path, reference):
    inner = io.BytesIO()
    zipped(inner, {"work/exercise.ipynb": good(), "__MACOSX/work/._exercise.ipynb": b"x"})
    (found,) = read_class(zipped(tmp_path / "m.zip", {"A_1_assignsubmission_file/work.zip": inner.getvalue()}), reference)
    assert found.problem == "" and found.cells


def test_nothing_handed_in_is_one_sentence(tmp_path):
    for source in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ValueError, match="handed in|no folder"):
            entries(source, LESSON)


# --- archives and links ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../up.ipynb", "/etc/passwd", "a/../../up.ipynb", "C:/x.ipynb", "..\\up.ipynb", "a\\..\\..\\b.ipynb"])
def test_a_path_that_leads_out_is_refused_with_a_reason_and_harms_nobody(path, tmp_path, reference):
    source = zipped(tmp_path / "m.zip", {"anna_1_2_exercise.ipynb": good(), path: good()})
    found = read_class(source, reference)
    assert [each.problem for each in found if each.learner == "anna"] == [""]
    assert all("leads out" in each.problem for each in found if each.learner != "anna")


def test_links_are_refused(tmp_path, reference):
    source = tmp_path / "m.zip"
    with zipfile.ZipFile(source, "w") as archive:
        info = zipfile.ZipInfo("a_1_assignsubmission_file/exercise.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (found,) = read_class(source, reference)
    assert "link" in found.problem
    folder = handed_in(tmp_path / "class", {"ben/exercise.ipynb": good()})
    (folder / "eve").mkdir()
    (folder / "eve/exercise.ipynb").symlink_to(folder / "ben/exercise.ipynb")
    (folder / "mallory").symlink_to(folder / "ben")
    assert {each.learner: bool(each.problem) for each in read_class(folder, reference)} == {"ben": False, "eve": True, "mallory": True}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path, reference):
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/exercise.ipynb")
    (found,) = read_class(tmp_path, reference)
    assert "device" in found.problem


def altered(content, change):
    """Return a zip file's bytes with its directory and headers changed by (flags, declared size)."""
    flags, size = change
    whole = bytearray(content)
    for mark, flag_at, size_at in ((b"PK\x03\x04", 6, 22), (b"PK\x01\x02", 8, 24)):
        at = whole.find(mark)
        whole[at + flag_at] |= flags
        if size:
            whole[at + size_at : at + size_at + 4] = size.to_bytes(4, "little")
    return bytes(whole)


@pytest.mark.parametrize(
    ("change", "reason"),
    [((1, 0), "encrypted"), ((0, 2**31), "unpacks to"), ((0, 10), "cannot be unpacked|JSON")],
    ids=["encrypted", "says it is huge", "lies about its size"],
)
def test_a_member_that_is_not_what_it_should_be_is_refused(change, reason, tmp_path, reference):
    packed = io.BytesIO()
    zipped(packed, {"a_1_2_exercise.ipynb": good()})
    (tmp_path / "m.zip").write_bytes(altered(packed.getvalue(), change))
    (found,) = read_class(tmp_path / "m.zip", reference)
    assert pytest.importorskip("re").search(reason, found.problem)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path, reference, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST", 2**20)
    source = zipped(tmp_path / "m.zip", {"a_1_2_exercise.ipynb": b"0" * 2**24, "b_2_3_exercise.ipynb": good()})
    assert {each.learner: bool(each.problem) for each in read_class(source, reference)} == {"a": True, "b": False}


def test_members_that_share_their_bytes_are_refused(tmp_path):
    packed = io.BytesIO()
    zipped(packed, {"a.ipynb": b"x" * 100, "b.ipynb": b"x" * 100})
    whole = bytearray(packed.getvalue())
    second = whole.find(b"PK\x01\x02", whole.find(b"PK\x01\x02") + 4)
    whole[second + 42 : second + 46] = (0).to_bytes(4, "little")
    assert [bool(each.refused) for each in archives.members(io.BytesIO(whole))] in ([False, True], [True, False])


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" * 9, b"x" * 1000, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_file_is_one_sentence(content, tmp_path):
    (tmp_path / "m.zip").write_bytes(content)
    with pytest.raises(ValueError, match="zip file|Nothing was handed in"):
        entries(tmp_path / "m.zip", LESSON)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=30))
def test_a_damaged_zip_file_never_raises_anything_but_a_sentence(changes, tmp_path, reference):
    packed = io.BytesIO()
    zipped(packed, {"a_1_2_exercise.ipynb": good(), "b_2_3_exercise.ipynb": good()})
    whole = bytearray(packed.getvalue())
    for at, byte in changes:
        whole[at % len(whole)] = byte
    (tmp_path / "m.zip").write_bytes(whole)
    try:
        found = entries(tmp_path / "m.zip", LESSON)
    except ValueError:
        return
    assert all(isinstance(submission(each, reference), Submission) for each in found)


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(broken_notebooks.hopeless(good())))
def test_a_hopeless_file_gives_a_reason(name, tmp_path, reference):
    content = broken_notebooks.hopeless(good())[name]
    (found,) = read_class(handed_in(tmp_path, {"a/exercise.ipynb": content}), reference)
    assert found.problem.endswith((".", ")."))
    json.dumps(found.to_json()).encode("utf-8")


@pytest.mark.parametrize("name", sorted(broken_notebooks.mendable(good())))
def test_a_mendable_file_is_read_and_its_answer_found(name, tmp_path, reference):
    content = broken_notebooks.mendable(good())[name]
    (found,) = read_class(handed_in(tmp_path, {"a/exercise.ipynb": content}), reference)
    assert found.problem == ""
    assert Submission.from_json(json.loads(json.dumps(found.to_json()))) == found
    before = checks(found)
    assert list(before) and set(before) == set(reference.questions)
    assert any("circle = 1.5" in source for source in before["circle"])
    assert any("exercises(" in source for source in before["circle"])


def test_two_hundred_megabytes_of_output_are_read_in_little_memory(tmp_path):
    path = tmp_path / "exercise.ipynb"
    path.write_text(json.dumps(broken_notebooks.with_output(good(), 200 * 2**20)), encoding="utf-8")
    program = (
        "import resource, sys; from pathlib import Path; from evcourse.grading.notebooks import read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = read(Path(sys.argv[1]))\n"
        # Pages of the file that are looked at count as well, and can be given back at any time.
        "private = [line for line in open('/proc/self/status') if line.startswith('RssAnon')]\n"
        "print(len(found.cells), found.problem, private[0].split()[1] if private else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    cells, anonymous = ran.stdout.split()
    assert int(cells) == len(good()["cells"])
    assert int(anonymous) < 100 * 1024


def test_a_file_beyond_the_limit_is_refused_with_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "LARGEST", 1000)
    (tmp_path / "x.ipynb").write_bytes(b" " * 1001)
    assert "at most" in notebooks.read(tmp_path / "x.ipynb").problem


def test_cutting_outputs_changes_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "exercise.ipynb"
    path.write_text(json.dumps(broken_notebooks.with_output(good(), 10_000), indent=1), encoding="utf-8")
    whole = notebooks.read(path)
    monkeypatch.setattr(notebooks, "MOST_TEXT", 9_000)
    assert notebooks.read(path).cells == whole.cells


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON,
        "source": st.sampled_from(["circle = 1", "q.circle.check(circle)", "%x", "q = exercises('a')"]) | JSON | st.lists(JSON, max_size=3),
        "id": st.sampled_from(["circle", "circle_check", "opening"]) | JSON,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": st.sampled_from(["circle", "flat"]) | JSON}) | JSON}) | JSON,
        "outputs": JSON,
    },
)
NOTEBOOK = st.fixed_dictionaries({"cells": st.lists(CELL | JSON, max_size=8) | JSON}, optional={"nbformat": JSON, "metadata": JSON, "worksheets": JSON})


@settings(max_examples=300, deadline=None)
@given(content=NOTEBOOK.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=300))
def test_no_notebook_crashes_the_intake(content, reference):
    reading = notebooks.read_bytes(content)
    cells, notes = arranged(reading, reference)
    json.dumps([reading.problem, *notes, *(cell.source for cell in cells)]).encode("utf-8")
    assert [cell.question for cell in cells if cell.check] and all(isinstance(note, str) for note in notes)


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 10_000), junk=st.binary(max_size=20), cut=st.integers(0, 50))
def test_no_damage_to_a_notebook_crashes_the_intake(at, junk, cut, reference):
    whole = json.dumps(good()).encode()
    at %= len(whole)
    assert isinstance(notebooks.read_bytes(whole[:at] + junk + whole[at + cut :]), notebooks.Reading)


# --- order -----------------------------------------------------------------------------------------------------------


def put_in_order(notebook, reference):
    return arranged(notebooks.read_bytes(json.dumps(notebook).encode()), reference)


def test_an_untouched_copy_behind_the_answer_does_not_undo_it(reference):
    notebook = good()
    notebook["cells"].insert(3, good(circle="pass")["cells"][1])
    cells, notes = put_in_order(notebook, reference)
    assert [cell.source for cell in cells if cell.question == "circle"] == ["circle = ...\ncircle = 1.5", "q.circle.check(circle)"]
    assert any("more than once" in note and "circle" in note for note in notes)


def test_an_unharmed_notebook_gets_no_notes(reference):
    assert put_in_order(good(), reference)[1] == ()


@pytest.mark.parametrize("source", ["q.circle.check(3.14)", "print('full marks')\nq.circle.check(circle)", "pass"])
def test_a_changed_check_is_run_beside_the_courses_own(source, reference):
    notebook = good()
    notebook["cells"][2]["source"] = source
    cells, notes = put_in_order(notebook, reference)
    assert [cell.source for cell in cells if cell.check and cell.question == "circle"] == ["q.circle.check(circle)"]
    assert any("check cell was changed" in note and "circle" in note for note in notes)


def test_a_deleted_answer_is_told_and_checked_all_the_same(reference):
    notebook = good()
    del notebook["cells"][1]
    cells, notes = put_in_order(notebook, reference)
    assert "circle" in {cell.question for cell in cells if cell.check}
    assert any("answer cell was missing" in note and "circle" in note for note in notes)


def test_an_answer_in_a_new_cell_is_found_by_its_name(reference):
    notebook = good()
    notebook["cells"][1] = {"cell_type": "code", "source": "circle = 7", "metadata": {}}
    cells, _ = put_in_order(notebook, reference)
    assert [cell.source for cell in cells if cell.question == "circle"] == ["circle = 7", "q.circle.check(circle)"]


def test_a_text_in_a_markdown_cell_is_an_answer_in_words(reference):
    notebook = good()
    cell = {"cell_type": "code", "id": "roundness", "source": "roundness = ...", "metadata": {"nbgrader": {"grade_id": "roundness"}}}
    from dataclasses import replace

    from evcourse.grading.arrangement import Own

    own = replace(reference, by_id=reference.by_id | {"roundness": Own(cell["source"], "roundness")})
    notebook["cells"].append(cell | {"cell_type": "markdown", "source": "It's \"flat\"."})
    cells, _ = put_in_order(notebook, own)
    (source,) = [cell.source for cell in cells if cell.question == "roundness" and not cell.check]
    namespace = {}
    exec(source, namespace)
    assert namespace["roundness"] == "It's \"flat\"."


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls\n    y = 2", "if x:\n    pass\n    y = 2"),
        ("%%time\nx = 1", "x = 1"),
        ("%%bash\nls", ""),
        ("print?", "pass"),
        ('text = """\n%d of\n!important\n"""', 'text = """\n%d of\n!important\n"""'),
        ("x = (7\n% 3)", "x = (7\n% 3)"),
    ],
)
def test_lines_for_the_notebook_program_are_left_out_and_nothing_else(source, left):
    assert without_magic(source)[0] == left


@pytest.mark.parametrize("source", ["(" * 9000, "-" * 19_000 + "1", "x" + ".a" * 9000, "x=" * 9000 + "1", "not " * 4900 + "1", "1" + "+1" * 9000, "[" * 9000])
def test_code_made_to_break_a_parser_breaks_nothing(source):
    program = "import sys; from evcourse.grading.arrangement import without_magic; without_magic('%x\\n' + sys.stdin.read())"
    ran = subprocess.run([sys.executable, "-c", program], input=source, text=True, capture_output=True)
    assert ran.returncode == 0, ran.stderr[-300:]
