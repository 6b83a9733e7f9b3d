"""Results are kept at every moment; marks by hand survive; no cell of a gradebook is a formula; copies are found."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evcourse.grading import gradebooks, manual, results, spreadsheets
from evcourse.grading.results import NAME, PARTIAL, Results, merged, rows_in, with_question
from evcourse.grading.shared_answers import same_files, shared_answers
from tests import sample_rows

TEXT = "Ships sink below the horizon with the hull first, so it is round, nearly, I think."
#: Ways to make a spreadsheet compute, from published collections of such cells, and some of our own.
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "'=1+1", "\"=1+1", "＝1+1", "＋1",
    "－1", "＠SUM(1)", "|calc", "%0A=1+1", "=HYPERLINK(\"http://x\",\"y\")", "−1+1", "\u00a0=1", "\ufeff=1", "\u200b=1", "=1\x00", "-", "+", "=",
]  # fmt: skip


def cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def computes(cell):
    """Return whether a spreadsheet may take a cell for a formula."""
    start = unicodedata.normalize("NFKC", cell.strip(" \t\r\n\0\u00a0\ufeff\u200b'\""))[:1]
    return bool(start) and start in "=+-@|%−" and not cell.startswith("'")


# --- kept at every moment --------------------------------------------------------------------------------------------


def test_rows_come_out_in_the_order_of_the_learners_and_the_same_every_time(tmp_path):
    rows = [sample_rows.row(name, {"circle": "right"}) for name in ("Zoë", "anna", "Ben", "Äsa")]
    written = []
    for place in range(3):
        random.Random(place).shuffle(rows)
        kept = Results(tmp_path / str(place), "key")
        for row in rows:
            kept.add(row)
        assert kept.finish() == sorted(rows, key=lambda row: row["learner"])
        written.append((tmp_path / str(place) / NAME).read_bytes())
    assert written[0] == written[1] == written[2]


def test_an_unfinished_run_is_taken_up_again_and_ends_with_the_same_bytes(tmp_path):
    rows = [sample_rows.row(f"learner {number}", {}) for number in range(20)]
    whole = Results(tmp_path / "whole", "key")
    [whole.add(row) for row in rows]
    whole.finish()
    first = Results(tmp_path / "two", "key")
    [first.add(row) for row in rows[:7]]
    second = Results(tmp_path / "two", "key")
    assert len(second.done()) == 7
    [second.add(row) for row in rows if second.known(row["learner"], row["sha256"]) is None]
    second.finish()
    assert (tmp_path / "two" / NAME).read_bytes() == (tmp_path / "whole" / NAME).read_bytes()
    assert not (tmp_path / "two" / PARTIAL).exists()


@pytest.mark.parametrize("lost", range(2, 400, 37))
def test_a_line_that_was_cut_off_loses_itself_and_no_other(lost, tmp_path):
    rows = [sample_rows.row(f"learner {number}", {}) for number in range(3)]
    kept = Results(tmp_path, "key")
    [kept.add(row) for row in rows]
    path = tmp_path / PARTIAL
    path.write_bytes(path.read_bytes()[:-lost])
    again = Results(tmp_path, "key")
    assert [again.known(row["learner"], row["sha256"]) is not None for row in rows] == [True, True, False]
    again.add(rows[2])
    assert again.finish() == rows


def test_a_run_that_is_killed_at_any_moment_resumes_to_the_same_bytes(tmp_path):
    program = (
        "import sys; from pathlib import Path; from evcourse.grading.results import Results\n"
        "kept = Results(Path(sys.argv[1]), 'key')\n"
        "rows = [{'learner': f'l{n:04}', 'sha256': 'x', 'questions': [], 'text': 'ä' * 500} for n in range(400)]\n"
        "[kept.add(row) for row in rows if not kept.known(row['learner'], 'x')]\n"
        "print('added', flush=True); kept.finish()"
    )
    command = [sys.executable, "-c", program]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    for sizes in (1, 30_000, 200_000, 390_000):
        folder = tmp_path / f"killed at {sizes}"
        running = subprocess.Popen([*command, str(folder)], stdout=subprocess.PIPE)
        partial, final = folder / PARTIAL, folder / NAME
        while running.poll() is None and not final.exists() and not (partial.exists() and partial.stat().st_size >= sizes):
            pass
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
        subprocess.run([*command, str(folder)], check=True, capture_output=True)
        assert final.read_bytes() == (tmp_path / "whole" / NAME).read_bytes()


def test_rows_made_under_other_rules_are_not_taken_up(tmp_path):
    row = sample_rows.row("anna", {})
    old = Results(tmp_path, "old rules")
    old.add(row)
    assert Results(tmp_path, "new rules").done() == set()
    old.finish()
    assert Results(tmp_path, "new rules").done() == set()
    assert Results(tmp_path, "old rules").done() == {("anna", row["sha256"])}


def test_a_new_submission_replaces_the_old_and_who_has_left_is_gone(tmp_path):
    kept = Results(tmp_path, "key")
    [kept.add(sample_rows.row(name, {})) for name in ("anna", "ben")]
    kept.finish()
    again, newer = Results(tmp_path, "key"), sample_rows.row("anna", {"circle": "right"})
    assert again.known("anna", newer["sha256"]) is None
    again.add(newer)
    assert again.finish(["anna"]) == [newer]


def test_a_file_without_a_sum_is_looked_at_again(tmp_path):
    kept = Results(tmp_path, "key")
    kept.add(sample_rows.row("anna", {}, sha256="", problem="It was refused."))
    assert kept.known("anna", "") is None and kept.done() == set()


def test_runs_of_several_machines_are_put_together(tmp_path):
    for place, names in enumerate((["ben", "dora"], ["anna", "ben"])):
        kept = Results(tmp_path / str(place), "key")
        [kept.add(sample_rows.row(name, {})) for name in names]
        kept.finish()
    assert [row["learner"] for row in merged(tmp_path / "0", tmp_path / "1")] == ["anna", "ben", "dora"]
    (tmp_path / "1" / NAME).write_text(json.dumps(sample_rows.row("ben", {"circle": "right"})), encoding="utf-8")
    with pytest.raises(ValueError, match="'ben' has two different rows"):
        merged(tmp_path / "0", tmp_path / "1")


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_no_damage_to_a_results_file_raises(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / NAME
    path.write_bytes(content)
    assert isinstance(rows_in(path), list)


def test_one_question_replaced_adds_the_points_up_again():
    row = sample_rows.row("anna", {"circle": "right", "corners": "right"})
    again = with_question(row, sample_rows.question(sample_rows.declared().kinds["circle"], "anna", 0.0))
    assert again["points"] == row["points"] - 2 and again["of"] == row["of"]


# --- by hand ---------------------------------------------------------------------------------------------------------


def sheet(folder, rows):
    manual.write_sheet(folder / manual.NAME, rows, manual.marks_in(folder / manual.NAME))
    return {line["learner"]: line for line in spreadsheets.read(folder / manual.NAME)}


def mark(folder, learner, **given):
    """Fill in cells of the sheet, as a lecturer does in a spreadsheet."""
    lines = spreadsheets.read(folder / manual.NAME)
    changed = [line | (given if line["learner"] == learner else {}) for line in lines]
    spreadsheets.write(folder / manual.NAME, manual.COLUMNS, [line.values() for line in changed])


def test_every_answer_in_words_is_on_the_sheet(tmp_path):
    rows = [sample_rows.row("anna", {"roundness": TEXT}), sample_rows.row("ben", {}), sample_rows.row("cem", {"roundness": "failed"})]
    lines = sheet(tmp_path, rows)
    assert list(lines) == ["anna"] and lines["anna"]["answer"] == TEXT and lines["anna"]["points"] == ""


def test_points_and_comments_survive_grading_again(tmp_path):
    rows = [sample_rows.row("anna", {"roundness": TEXT}), sample_rows.row("ben", {"roundness": TEXT})]
    sheet(tmp_path, rows)
    mark(tmp_path, "anna", points="2,5", comment="=Good, but why?")
    for _ in range(3):
        lines = sheet(tmp_path, rows)
        assert (lines["anna"]["points"], lines["anna"]["comment"]) == ("2.5", "=Good, but why?")
        anna, ben = manual.marked(rows, manual.marks_in(tmp_path / manual.NAME))
        assert anna["points"] == rows[0]["points"] + 2.5 and ben == rows[1]
    (question,) = [each for each in anna["questions"] if each["name"] == "roundness"]
    assert question["comment"] == "=Good, but why?" and question["by_hand"] and "warning" not in question


def test_marks_of_a_changed_answer_stay_and_say_so(tmp_path):
    sheet(tmp_path, [sample_rows.row("anna", {"roundness": TEXT})])
    mark(tmp_path, "anna", points="3")
    newer = [sample_rows.row("anna", {"roundness": TEXT + " And flat at its poles."})]
    sheet(tmp_path, newer)
    (anna,) = manual.marked(newer, manual.marks_in(tmp_path / manual.NAME))
    (question,) = [each for each in anna["questions"] if each["name"] == "roundness"]
    assert question["points"] == 3 and question["warning"] == manual.CHANGED


def test_marks_of_somebody_who_is_gone_are_kept(tmp_path):
    sheet(tmp_path, [sample_rows.row("anna", {"roundness": TEXT})])
    mark(tmp_path, "anna", points="3", comment="good")
    assert sheet(tmp_path, [sample_rows.row("ben", {})])["anna"]["comment"] == "good"


def test_any_question_can_be_marked_by_hand(tmp_path):
    (tmp_path / manual.NAME).write_text("learner,question,points,comment\nanna,circle,1.5,seen in class\n", encoding="utf-8")
    (anna,) = manual.marked([sample_rows.row("anna", {"circle": 0.0})], manual.marks_in(tmp_path / manual.NAME))
    assert anna["points"] == 1.5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_sheet_saved_by_another_program_is_read(encoding, separator, tmp_path):
    lines = [["learner", "question", "points", "comment"], ["Chloé", "circle", "1", "schön"]]
    (tmp_path / manual.NAME).write_bytes("\n".join(separator.join(line) for line in lines).encode(encoding))
    assert manual.marks_in(tmp_path / manual.NAME) == {("Chloé", "circle"): manual.Mark(1.0, "schön")}


@pytest.mark.parametrize("points", ["two", "-1", "nan", "inf", "1e9", "=1"])
def test_points_that_cannot_be_are_one_sentence_with_the_line(points, tmp_path):
    (tmp_path / manual.NAME).write_text(f"learner,question,points\nanna,circle,{points}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="manual.csv, line 2"):
        manual.marks_in(tmp_path / manual.NAME)


def test_more_points_than_there_are_is_one_sentence():
    with pytest.raises(ValueError, match="'anna' was given 9 points for circle, but the question has 2"):
        manual.marked([sample_rows.row("anna", {})], {("anna", "circle"): manual.Mark(9.0, "")})


# --- gradebooks ------------------------------------------------------------------------------------------------------


def test_the_gradebooks_have_the_columns_of_their_systems(tmp_path):
    files = ["Anna Li_17_assignsubmission_file_/exercise.ipynb", "liben_LATE_23_99_exercise.ipynb", "cem/exercise.ipynb"]
    rows = [sample_rows.row(name, {"circle": "right"}, file=file) for name, file in zip(("Anna Li", "liben", "cem"), files, strict=True)]
    gradebooks.write_all(tmp_path, rows, "A lesson (77)")
    of = f"{rows[0]['of']:g}"
    assert cells(tmp_path / "gradebook_nbgrader.csv")[1] == ["sample_lesson", "", "", "Anna Li", "", "", "", "2", "0", "2", of]
    head, possible, *lines = cells(tmp_path / "gradebook_canvas.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A lesson (77)"]
    assert possible == ["    Points Possible", "", "", "", "", of]
    assert lines[1] == ["liben", "23", "", "", "", "2"] and lines[2] == ["cem", "", "", "cem", "", "2"]
    head, *lines = cells(tmp_path / "gradebook_moodle.csv")
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(head)
    assert lines[0][:4] == ["Participant 17", "Anna Li", "2", of] and lines[2][0] == ""


@pytest.mark.parametrize("formula", FORMULAS, ids=repr)
def test_no_cell_of_any_table_is_a_formula(formula, tmp_path):
    row = sample_rows.row(formula, {"roundness": f"{formula} {TEXT}"}, file=f"{formula}_1_2_x.ipynb", lesson=formula, problem=formula)
    row["questions"][0]["comment"] = formula
    marks = {(formula, "roundness"): manual.Mark(1.0, formula), (formula + "!", formula): manual.Mark(None, formula, formula)}
    manual.write_sheet(tmp_path / manual.NAME, [row], marks)
    gradebooks.write_all(tmp_path, manual.marked([row], marks), formula)
    tables = sorted(tmp_path.glob("*.csv"))
    assert len(tables) == 4
    assert [cell for path in tables for line in cells(path) for cell in line if computes(cell)] == []


@settings(max_examples=200, deadline=None)
@given(words=st.text(max_size=30) | st.sampled_from(FORMULAS).flatmap(lambda each: st.text(max_size=3).map(lambda more: more + each)))
def test_whatever_is_written_in_a_cell_stays_one_cell_and_no_formula(words, tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "x.csv"
    spreadsheets.write(path, ["a", "b"], [[words, 1.25]])
    (_, line) = cells(path)
    assert len(line) == 2 and line[1] == "1.25" and not computes(line[0])


def test_a_comment_comes_back_as_it_was_written(tmp_path):
    for words in ["good", "=see me", "'quoted'", "-", "ähm; \"well\", no"]:
        spreadsheets.write(tmp_path / "x.csv", ["a"], [[words]])
        assert spreadsheets.read(tmp_path / "x.csv") == [{"a": words}]


# --- shared answers --------------------------------------------------------------------------------------------------


def right_for(name, question):
    kind = sample_rows.declared().kinds[question]
    return kind.expected(sample_rows.given(kind, name))


def test_answers_that_were_copied_are_found_with_their_owner():
    everything = dict.fromkeys(("circle", "circles"), "right")
    rows = [sample_rows.row(f"learner {number}", everything) for number in range(30)]
    rows.append(sample_rows.row("copies a number", {"circle": round(right_for("learner 3", "circle"), 3)}))
    rows.append(sample_rows.row("copies a table", {"circles": right_for("learner 7", "circles")}))
    found = [(each.learner, each.owners, each.question) for each in shared_answers(rows, sample_rows.declared())]
    assert found == [("copies a number", ("learner 3",), "circle"), ("copies a table", ("learner 7",), "circles")]


def test_an_honest_class_has_no_shared_answers():
    rng, choices = random.Random(5), ["right", ":takes_the_diameter_for_the_radius", "failed", None]
    answers = [{name: rng.choice(choices) for name in ("circle", "circles")} for _ in range(80)]
    rows = [sample_rows.row(f"learner {number}", each) for number, each in enumerate(answers)]
    assert shared_answers(rows, sample_rows.declared()) == []


def test_what_everybody_shares_says_nothing():
    rows = [sample_rows.row(f"learner {n}", {"flat": "right", "planets": "right", "divisors": "right", "corners": "right"}) for n in range(20)]
    rows.append(sample_rows.row("wrong", {"flat": {"circle"}, "planets": ["Mars"], "corners": "cube"}))
    assert shared_answers(rows, sample_rows.declared()) == []


def test_the_same_file_from_two_learners_is_found_unless_it_is_blank():
    same = {"sha256": "a" * 64}
    rows = [sample_rows.row(name, {"circle": 1.0}, **same) for name in ("anna", "ben")]
    rows += [sample_rows.row(name, {}, sha256="b" * 64) for name in ("cem", "dora")]
    assert same_files(rows) == [["anna", "ben"]]
    assert results.NAME == Path(results.NAME).name
