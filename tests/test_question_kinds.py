"""Each kind of question reads what learners give it, and never raises, whatever that is."""

import contextlib
import itertools
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from evcourse.questions import KINDS, Choices, Function, misconception
from evcourse.questions.learner import Setting
from evcourse.questions.lesson import declared
from evcourse.questions.number import power_of_ten
from evcourse.questions.question import Question

KINDS_OF_SAMPLE = {each.name: each for each in declared(Path(__file__).parent / "sample_lesson")}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("EVCOURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture
def q():
    return {name: Question(kind, "ada", Setting()) for name, kind in KINDS_OF_SAMPLE.items()}


def right(question):
    return question._kind.expected(question._given)


def test_the_sample_has_a_question_of_every_kind():
    assert {each.kind() for each in KINDS_OF_SAMPLE.values()} == set(KINDS)


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("boxed", [float, np.float64, np.array, Decimal, Fraction])
def test_a_number_may_come_from_any_library(q, boxed):
    assert q["circle"].check(boxed(right(q["circle"]))).is_full


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (float("nan"), "NaN"),
        (np.float64("inf"), "infinite"),
        (10**400, "larger than"),
        (True, "a truth value"),
        ("`3.1` mm", "without quotation marks"),
        (pd.Series([1.0]), r"`\.item\(\)`"),
        (pd.DataFrame({"a": range(10**7)}), "a table of shape 10000000 × 1"),
        (math.sqrt, "Call the function"),
        ([1, 2], "a list"),
        (1j, "a complex"),
    ],
    ids=str,
)
def test_what_is_no_number_is_told_what_was_expected(q, answer, words):
    verdict = q["circle"].check(answer)
    assert verdict.state == "not readable"
    assert re.search(words, str(verdict)) and "a number in mm, within 0.1 %" in str(verdict)


@pytest.mark.parametrize("factor", [1000, 0.001, 1e6, 100])
def test_a_wrong_unit_gets_its_own_hint(q, factor):
    verdict = q["circle"].check(right(q["circle"]) * factor)
    assert (verdict.misconception, verdict.points) == ("power of ten", 0)


def test_a_wrong_sign_gets_its_own_hint(q):
    assert q["circle"].check(-right(q["circle"])).misconception == "wrong sign"


def test_a_number_rounded_too_far_is_right_as_far_as_it_goes(q):
    verdict = q["circle"].check(float(f"{right(q['circle']):.2g}"))
    assert (verdict.misconception, verdict.points) == ("rounded too far", 0)
    assert "give more digits" in str(verdict)


def test_one_digit_alone_is_not_right_as_far_as_it_goes(q):
    assert q["circle"].check(float(f"{right(q['circle']):.1g}")).misconception == ""


def test_an_absolute_tolerance_counts_for_a_wrong_power_of_ten():
    assert power_of_ten([(67.61, 0.676149)], 0.0, 0.0001) == 2
    assert power_of_ten([(0.05, 0.0005)], 0.0, 0.0001) == 0


# --- options ---------------------------------------------------------------------------------------------------------


def test_an_option_is_answered_by_letter_words_or_key(q):
    letter = next(letter for letter, key, _ in q["corners"]._asked["options"] if key == "equilateral")
    for answer in (letter, letter.lower(), "a  regular Triangle", "equilateral"):
        assert q["corners"].check(answer).is_full


def test_an_unknown_option_is_told_the_letters(q):
    assert "'e' is none of the options A, B, C." in str(q["corners"].check("E"))


def test_several_options_earn_and_lose_points(q):
    assert q["flat"].check(["circle", "square", "kite"]).is_full
    assert q["flat"].check({"circle", "square"}).points == 2
    assert q["flat"].check({"circle", "square", "cone"}).points == 1
    assert q["flat"].check({"circle", "square", "kite", "cone", "ball"}).points == 1
    assert q["flat"].check(set()).state == "not answered yet"


@pytest.mark.parametrize("written", ["{}, {}, {}", "{}; {} {}", "{{'{}', '{}', '{}'}}", "[{},{},{}]"])
def test_letters_may_stand_in_one_string(q, written):
    letters = [letter for letter, key, _ in q["flat"]._asked["options"] if key in ("circle", "square", "kite")]
    assert q["flat"].check(written.format(*letters)).is_full
    assert q["flat"].check({written.format(*letters).lower()}).is_full


def test_a_string_with_a_letter_that_is_no_option_is_refused_as_a_whole(q):
    assert "'a, z' is none of the options" in str(q["flat"].check("A, Z"))


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"circle", "ball", "cone"}, "takes_round_for_plane"),
        ({"circle", "square", "kite", "cone"}, "takes_round_for_plane"),
        ({"square", "ball"}, "takes_round_for_plane"),
        ({"square", "kite"}, ""),
        ({"circle", "square", "kite"}, ""),
    ],
    ids=["exactly", "a wrong one more", "another one missing", "what it does not miss", "right"],
)
def test_a_misconception_explains_wrong_options_or_missing_ones(q, answer, named):
    assert q["flat"].check(answer).misconception == named


def test_of_several_misconceptions_the_nearest_explains_an_answer():
    class pick(Choices):
        options = {each: each for each in ("one", "two", "three", "four", "five")}

        def expected(self, given):
            return {"one", "two"}

        @misconception(hint="far")
        def far(self, given):
            return {"three", "four", "five"}

        @misconception(hint="near")
        def near(self, given):
            return {"one", "three", "four"}

    pick.points, pick.name = 1, "pick"
    assert pick().judge({"answer": ["one", "three"]}, {}).hint == "near"
    assert pick().judge({"answer": ["three", "four", "five"]}, {}).hint == "far"


def test_options_missed_are_counted_but_not_named(q):
    verdict = str(q["flat"].check({"circle"}))
    letters = {key: letter for letter, key, _ in q["flat"]._asked["options"]}
    assert "2 more to find" in verdict
    assert f"  ✓ right: {letters['circle']} belongs." in verdict
    assert "square" not in verdict and "kite" not in verdict


def test_a_worked_solution_names_letters_and_not_an_authors_keys(q, monkeypatch):
    flat = q["flat"]._kind
    monkeypatch.setattr(type(flat), "solution", "These belong: {answer}.")
    given = {"_order": 3}
    letters = sorted(letter for letter, key, _ in flat.asked(given)["options"] if key in flat.expected(given))
    assert flat.worked_solution(given) == f"These belong: {', '.join(letters)}."


def test_controls_answer_as_a_variable_does(q):
    control = q["corners"].choose()
    assert q["corners"].check(control).state == "not answered yet"
    control.chosen = [next(letter for letter, key, _ in q["corners"]._asked["options"] if key == "equilateral")]
    assert q["corners"].check(control).is_full
    control.presses += 1
    assert control.verdict.startswith("corners: right, 1 of 1 point")


def test_controls_for_several_options(q):
    control = q["flat"].choose()
    control.chosen = [letter for letter, key, _ in q["flat"]._asked["options"] if key in ("circle", "square", "kite")]
    assert control.several and q["flat"].check(control).is_full


def test_a_question_without_options_has_no_controls(q):
    with pytest.raises(TypeError, match="no options"):
        q["circle"].choose()


# --- sets and lists --------------------------------------------------------------------------------------------------


def test_a_set_may_be_any_collection_and_repeat_itself(q):
    divisors = sorted(right(q["divisors"]))
    boxed = [[*divisors, 1, 1.0], tuple(divisors), np.array(divisors), pd.Series(divisors), (d for d in divisors)]
    for answer in [divisors, *boxed]:
        assert q["divisors"].check(answer).is_full


def test_a_set_has_partial_points_and_strangers_cost(q):
    divisors = right(q["divisors"])
    missing_two = set(sorted(divisors)[2:])
    assert q["divisors"].check(missing_two).points == pytest.approx(2 * (1 - 2 / len(divisors)), abs=0.01)
    assert q["divisors"].check(divisors | {-1}).points == pytest.approx(2 * (1 - 1 / len(divisors)), abs=0.01)
    assert q["divisors"].check({-5, -6}).points == 0


def test_a_list_is_judged_place_by_place(q):
    verdict = q["planets"].check(["mercury", "Earth", "Venus"])
    assert [item.holds for item in verdict.items] == [True, False, False, True]
    assert 0 < verdict.points < 2


def test_a_set_is_no_ordered_list(q):
    assert "which has no order" in str(q["planets"].check({"Mercury", "Venus", "Earth"}))


# --- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_may_have_its_rows_in_any_order_and_more_columns(q):
    table = right(q["circles"])
    for answer in (table.iloc[::-1], table.assign(extra="x"), table.set_index("d_mm"), table.astype({"size": "category"})):
        assert q["circles"].check(answer).is_full


def test_a_table_earns_points_cell_by_cell(q):
    table = right(q["circles"])
    table.loc[0, "area_mm2"] = float("nan")
    assert q["circles"].check(table).points == pytest.approx(4 * (1 - 1 / 12), abs=0.01)
    assert "3 of 4 rows agree" in str(q["circles"].check(table))


def test_one_wrong_column_still_gets_its_misconceptions_hint(q):
    table = right(q["circles"]).assign(size="none")
    assert q["circles"].check(table).misconception == ""
    table = right(q["circles"])
    verdict = q["circles"].check(table.assign(area_mm2=table["area_mm2"] * 4))
    assert verdict.misconception == "takes_the_diameter_for_the_radius"


def test_the_first_wrong_row_of_a_table_is_named(q):
    table = right(q["circles"])
    table.loc[1:, "area_mm2"] = 0.0
    assert f"look at d_mm {table['d_mm'][1]}." in str(q["circles"].check(table))


def test_a_table_with_two_errors_gets_the_hint_of_the_nearest_misconception(q):
    table = right(q["circles"])
    table["area_mm2"] *= 4
    table.loc[0, "size"] = "none"
    assert q["circles"].check(table).misconception == "takes_the_diameter_for_the_radius"


def test_one_wrong_cell_of_a_misconception_is_not_yet_that_misconception(q):
    table = right(q["circles"])
    table.loc[0, "area_mm2"] *= 4
    assert q["circles"].check(table).misconception == ""


@pytest.mark.parametrize(
    ("column", "cells", "words"),
    [
        ("area_mm2", ["1", "2", "3", "4"], "numbers were expected, without quotation marks"),
        ("size", [True, False, True, False], "words were expected, in quotation marks"),
        ("size", [1, 0, 1, 0], "words were expected, in quotation marks"),
    ],
)
def test_a_column_of_another_type_is_told_so(q, column, cells, words):
    verdict = q["circles"].check(right(q["circles"]).assign(**{column: cells}))
    assert verdict.hint == f"Column {column}: {words}."


@pytest.mark.parametrize("factor", [100, 0.001])
def test_a_column_off_by_a_power_of_ten_gets_that_hint(q, factor):
    table = right(q["circles"])
    verdict = q["circles"].check(table.assign(circumference_mm=table["circumference_mm"] * factor))
    assert verdict.misconception == "power of ten"
    assert "Column circumference_mm: the digits are right" in verdict.hint and "in mm." in verdict.hint


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop(columns="area_mm2"), "There is no column 'area_mm2'"),
        (lambda table: table.rename(columns={"d_mm": "d"}), "One column 'd_mm' was expected"),
        (lambda table: pd.concat([table, table]), "4 not asked for"),
        (lambda table: table.iloc[1:], "1 missing"),
        (lambda table: table.to_dict("records"), "you gave a list"),
        (lambda table: pd.concat([table, table["d_mm"]], axis=1), "One column 'd_mm' was expected"),
        (lambda table: pd.DataFrame({"d_mm": range(10**7)}), "10000000 rows"),
    ],
)
def test_a_table_of_another_shape_is_told_which_was_expected(q, change, words):
    verdict = q["circles"].check(change(right(q["circles"])))
    assert words in str(verdict) and not verdict.is_full


def test_a_table_of_wrong_numbers_earns_nothing_for_its_keys(q):
    table = right(q["circles"])
    assert q["circles"].check(table.assign(circumference_mm=0, area_mm2=0, size="?")).points == 0


# --- functions -------------------------------------------------------------------------------------------------------


def fails_on_some(radius_cm, height_cm):
    if radius_cm < 5:
        raise ValueError(f"too thin: {object()}")
    return math.pi * radius_cm**2 * height_cm / 3


def leaves(*_arguments):
    raise SystemExit


def test_a_function_has_a_reason_for_each_failing_input(q):
    verdict = q["cone"].check(fails_on_some)
    assert 0 < verdict.points < 3
    assert "raised ValueError: too thin: <object object>" in str(verdict)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda radius: radius, "takes 1 positional argument"),
        (lambda *_: "text", "a number was expected"),
        (lambda *_: itertools.count(), "returned something else"),
        (lambda *_: iter(int, 1), "returned something else"),
        (lambda *_: float("nan"), "NaN"),
        (lambda *_: 1 / 0, "ZeroDivisionError"),
        (leaves, "raised SystemExit"),
        (3.0, "you gave a number"),
    ],
)
def test_a_function_that_cannot_be_right_says_why(q, function, words):
    verdict = q["cone"].check(function)
    assert words in str(verdict) and verdict.points == 0


def test_a_function_that_returns_nothing_is_not_answered_yet(q):
    assert q["cone"].check(lambda *_: None).state == "not answered yet"
    assert q["cone"].check(lambda *_: ...).state == "not answered yet"


def test_a_function_that_prints_instead_is_an_attempt(q):
    verdict = q["cone"].check(lambda radius, height: print(radius * height))
    assert verdict.state == "not right yet"
    assert "Each of the 4 calls returned nothing (is there a return?); it printed something." in str(verdict)


def test_what_happens_in_every_call_is_said_once(q):
    verdict = q["cone"].check(lambda radius: radius)
    assert [item.about for item in verdict.items] == ["every input"]
    assert "Each of the 4 calls raised TypeError: " in str(verdict)


@pytest.mark.parametrize("base", [float, np.float64])
def test_a_caret_for_a_power_gets_its_own_hint(q, base):
    verdict = q["cone"].check(lambda radius, height: base(radius) ^ 2 * height)
    assert verdict.misconception == "caret for a power" and "written **" in verdict.hint


@pytest.mark.parametrize(("tolerance", "words"), [(0.002, "a value; numbers within 0.2 %."), (0.0, "a value.")])
def test_a_function_without_one_unit_still_says_its_tolerance(tolerance, words):
    kind = type("f", (Function,), {"unit": "", "tolerance": tolerance, "inputs": lambda self, given: [(1,)]})()
    assert kind.wanted(kind.asked({})).endswith(f"returns {words}")


def test_a_loop_without_end_is_stopped(q, monkeypatch):
    monkeypatch.setattr("evcourse.questions.clock.SECONDS", 0.2)

    def endless(*_arguments):
        while True:
            with contextlib.suppress(Exception):
                pass

    assert "took too long" in str(q["cone"].check(endless))


def test_a_function_cannot_change_the_next_input_or_print_into_the_verdict(q, capsys):
    def noisy(radius_cm, height_cm):
        print("!" * 1000)
        return math.pi * radius_cm**2 * height_cm / 3

    assert q["cone"].check(noisy).is_full
    assert capsys.readouterr().out == ""


def test_a_function_off_by_a_power_of_ten_gets_that_hint(q):
    assert q["cone"].check(lambda r, h: 1000 * math.pi * r**2 * h / 3).misconception == "power of ten"


# --- charts ----------------------------------------------------------------------------------------------------------


def powers(q, names=("side", "value", "series")):
    table = pd.DataFrame([(float(x), float(x**p), str(p)) for p in (3, 2) for x in range(1, q["growth"].given["n"] + 1)])
    return table.set_axis(list(names), axis=1)


def drawn(table, mark="mark_line", x="Side (mm)", scale="linear"):
    names = list(table)
    encodings = {"x": alt.X(f"{names[0]}:Q").title(x).scale(type=scale), "y": f"{names[1]}:Q", "color": f"{names[2]}:N"}
    return getattr(alt.Chart(table), mark)().encode(**encodings)


def test_a_chart_may_name_its_columns_and_series_as_it_likes(q):
    assert q["growth"].check(drawn(powers(q, ["a", "b.c", "d"]).rename(columns={"b.c": "bc"}))).is_full
    assert q["growth"].check(drawn(powers(q).sample(frac=1, random_state=1))).is_full


def test_two_layers_are_two_series(q):
    table = powers(q)
    x = alt.X("side:Q").title("Side / (mm)")
    layers = [alt.Chart(part).mark_line().encode(x=x, y="value:Q") for _, part in table.groupby("series")]
    assert q["growth"].check(alt.layer(*layers)).is_full


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (dict(mark="mark_bar"), "mark"),
        (dict(x="Side"), "label of x"),
        (dict(scale="log"), "x"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_one_flaw_of_a_chart_costs_its_own_item(q, change, about):
    verdict = q["growth"].check(drawn(powers(q), **change))
    assert [item.about for item in verdict.items if not item.holds] == [about]
    assert 0 < verdict.points < 4


def test_wrong_data_of_a_chart_are_found(q):
    verdict = q["growth"].check(drawn(powers(q).assign(value=lambda each: each["value"] + 1)))
    assert [item.about for item in verdict.items if not item.holds] == ["data"]


def test_what_a_chart_is_looked_at_for_may_weigh_differently(q, monkeypatch):
    monkeypatch.setattr(type(q["growth"]._kind), "weights", {"data": 0.7})
    verdict = q["growth"].check(drawn(powers(q).assign(value=lambda each: each["value"] + 1)))
    assert verdict.points == pytest.approx(0.3 * 4)


@pytest.mark.parametrize("weights", [{"date": 0.5}, {"data": 1.0}, {"mark": 0.2, "encodings": 0.2, "data": 0.2, "labels": 0.2}])
def test_weights_that_do_not_add_up_are_the_authors_to_mend(q, monkeypatch, weights):
    monkeypatch.setattr(type(q["growth"]._kind), "weights", weights)
    with pytest.raises(ValueError, match="growth: weights of mark, encodings, data, labels"):
        q["growth"].check(drawn(powers(q)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (object(), "An Altair chart was expected"),
        ({"mark": "line"}, "you gave a dictionary"),
        (alt.Chart(), "A chart with a mark was expected"),
        (alt.Chart(pd.DataFrame({"a": [1]})).mark_line().encode(x="b"), "Altair cannot draw this chart"),
        (alt.Chart(pd.DataFrame({"a": range(10**7)})).mark_line().encode(x="a:Q"), "yours has 10000000"),
        (alt.Chart("no_such.csv").mark_line().encode(x="a:Q", y="b:Q"), "0 of 2 series"),
    ],
    ids=["no chart", "dictionary", "no mark", "no such column", "ten million rows", "a file"],
)
def test_what_is_no_chart_of_data_says_so(q, answer, words):
    assert words in str(q["growth"].check(answer))


# --- paths and texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plus", ["+", 1, "+1", 1.0, np.int64(1)])
def test_signs_may_be_written_in_many_ways(q, plus):
    assert q["chain"].check([("Sun", plus, "warmth"), ("warmth", "−", "ice")]).is_full
    assert q["chain"].check(pd.DataFrame([("sun", plus, "warmth"), ("warmth", -1, "ice")])).is_full


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ([("sun", "-", "warmth"), ("warmth", "+", "ice")], {"arrows"}),
        ([("sun", "+", "ice"), ("warmth", "-", "ice")], {"joined"}),
        ([("warmth", "-", "ice")], {"start"}),
        ([("sun", "+", "ice"), ("ice", "-", "sea level")], {"end"}),
    ],
    ids=str,
)
def test_a_path_is_judged_by_its_arrows_joints_ends_and_sign(q, path, about):
    verdict = q["chain"].check(path)
    assert {item.about for item in verdict.items if not item.holds} == about
    assert 0 < verdict.points < 2


NO_PATHS = [["sun", "ice"], [("sun", "ice")], [("sun", "?", "ice")], [("sun", 0, "ice")], 7, [7]]


@pytest.mark.parametrize("path", NO_PATHS, ids=str)
def test_what_is_no_path_is_told_how_one_is_written(q, path):
    assert '[("A", "+", "B"), ("B", "-", "C")]' in str(q["chain"].check(path))


def test_free_text_is_scored_by_its_writer_and_marked_so(q):
    text = right(q["roundness"])
    first = q["roundness"].check(text)
    assert (first.state, first.points, first.self_scored) == ("to be scored", 0, False)
    scored = q["roundness"].check(text, {"shape": 1, "evidence": 1})
    assert scored.points == 2 and "(self-scored)" in str(scored) and "a lecturer marks the text" in str(scored)


def test_the_rubric_of_a_text_is_shown_with_the_first_text_that_is_scored(q):
    before = [q["roundness"].prompt, q["roundness"].check(...), q["roundness"].check("Too short.")]
    assert [each for each in before if "evidence" in str(each)] == []
    assert "at least 8 words; afterwards you score it yourself, with 2 criteria." in str(before[0])
    assert '{"shape": 0 to 2, "evidence": 0 to 1}' in str(q["roundness"].check(right(q["roundness"])))


@pytest.mark.parametrize(
    ("scores", "words"),
    [({"shape": 3}, "between 0 and 2"), ({"beauty": 1}, "No criterion 'beauty'"), ([1, 1], "{name: points}")],
)
def test_scores_beyond_the_rubric_are_refused(q, scores, words):
    assert words in str(q["roundness"].check(right(q["roundness"]), scores))


def test_a_text_too_short_is_not_scored(q):
    verdict = q["roundness"].check("Yes.", {"shape": 2, "evidence": 1})
    assert verdict.points == 0 and "1 word; at least 8" in str(verdict)


# --- virtual studies -------------------------------------------------------------------------------------------------


def changed_study(q, **parts):
    return right(q["study"]) | parts


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"plan": {}}, "'arms' is missing"),
        ({"plan": "four arms"}, "you gave text"),
        ({"probabilities": {"both": 1}}, "'through PTEN' is missing"),
        ({"interval": 0.1}, r"An interval \(low, high\) was expected"),
        ({"interval": [1, 2, 3]}, "yours has 3 ends"),
        ({"estimate": "0.1"}, "without quotation marks"),
        ({"estimate": float("nan")}, "NaN"),
    ],
    ids=str,
)
def test_a_study_with_a_part_amiss_is_told_which(q, parts, words):
    verdict = q["study"].check(changed_study(q, **parts))
    assert verdict.state == "not readable" and re.search(words, str(verdict))


@pytest.mark.parametrize(("changed", "words"), [({"both": 1.2}, "between 0 and 1"), ({"both": 0.9}, "add up to 1")])
def test_probabilities_that_are_none_are_refused(q, changed, words):
    even = dict.fromkeys(right(q["study"])["probabilities"], 0.25)
    assert words in str(q["study"].check(changed_study(q, probabilities=even | changed)))


@pytest.mark.parametrize(
    "changed",
    [{"animals": 10**9}, {"animals": "many"}, {"arms": ["PMO"] * 10**5}, {"arms": [["PMO"]]}, {"hours": None}, {"unit": "A" * 10**6}],
    ids=lambda changed: next(iter(changed)),
)
def test_a_plan_that_the_laboratory_cannot_carry_out_is_refused_in_a_sentence(q, changed):
    answer = right(q["study"])
    verdict = q["study"].check(answer | {"plan": answer["plan"] | changed})
    assert verdict.state == "not readable" and len(str(verdict)) < 1500


def test_a_study_may_give_its_interval_in_either_order_and_rounded(q):
    answer = right(q["study"])
    low, high = answer["interval"]
    assert q["study"].check(answer | {"interval": (round(high, 2), round(low, 2)), "estimate": round(answer["estimate"], 2)}).is_full


def test_a_forged_study_is_read_again_where_it_is_judged(q):
    question = q["study"]
    answer = question._kind.encode(right(question), question._asked)["answer"]
    forged = answer | {"probabilities": dict.fromkeys(answer["probabilities"], 7.0)}
    with pytest.raises(Exception, match="between 0 and 1"):
        question._kind.judge({"answer": forged}, question._given)


def test_of_several_flaws_of_a_study_the_gravest_known_one_is_named(q):
    kind, given = q["study"]._kind, q["study"]._given
    plan = kind.design(given, arms=["PMO", "PMO+Exo", "PMO+Exo+MK"], contrast="drop", blinded=False)
    assert q["study"].check(kind.answered(plan, given)).misconception == "leaves_out_an_arm"


# --- anything at all -------------------------------------------------------------------------------------------------


class Hostile:
    """An object whose every special method raises."""

    def _refuse(self, *_arguments, **_names):
        raise SystemExit("no")

    __repr__ = __str__ = __eq__ = __len__ = __float__ = __iter__ = __bool__ = __hash__ = __getitem__ = _refuse
    __int__ = __index__ = __array__ = __call__ = __contains__ = _refuse

    def __getattr__(self, name):
        raise KeyboardInterrupt


class LyingFloat(float):
    __repr__ = __str__ = __float__ = __eq__ = __lt__ = __abs__ = Hostile._refuse


class LyingText(str):
    __repr__ = __str__ = __eq__ = __len__ = __getitem__ = strip = split = Hostile._refuse
    __hash__ = str.__hash__


class LyingList(list):
    __len__ = __iter__ = __repr__ = __getitem__ = Hostile._refuse


class LyingFrame(pd.DataFrame):
    @property
    def shape(self):
        raise SystemExit

    columns = index = shape


def endless_generator():
    while True:
        yield 1


def deep_list():
    inner = []
    for _ in range(100_000):
        inner = [inner]
    return inner


def self_containing_list():
    members = []
    members.append(members)
    return members


HOSTILE = {
    "hostile": Hostile,
    "hostile class": lambda: Hostile,
    "lying float": lambda: LyingFloat(1.5),
    "lying text": lambda: LyingText("Z"),
    "lying list": lambda: LyingList([1, 2]),
    "lying frame": lambda: LyingFrame({"d_mm": [1]}),
    "endless generator": endless_generator,
    "endless filter": lambda: filter(None, itertools.count(1)),
    "deep list": deep_list,
    "list in itself": self_containing_list,
    "list of hostile": lambda: [Hostile()] * 3,
    "frame of hostile": lambda: pd.DataFrame({"d_mm": [Hostile()], "area_mm2": [Hostile()]}),
    "frame with odd names": lambda: pd.DataFrame([[1, 2, 3]], columns=["d_mm", None, ("d_mm", 1)]),
    "ten million rows": lambda: pd.DataFrame({"d_mm": np.zeros(10**7)}),
    "ten million values": lambda: np.zeros(10**7),
    "ten million characters": lambda: "A" * 10**7,
    "long list of long text": lambda: ["A" * 2000] * 1000,
    "lists of lists of lists": lambda: [[["A" * 10] * 1000] * 1000] * 1000,
    "chart of hostile": lambda: alt.Chart(pd.DataFrame({"x": [Hostile()]})).mark_line().encode(x="x:Q"),
    "surrogate": lambda: "\ud800",
    "back-ticks": lambda: "`</div>` & {x} \x00 \x1b[31m ™",
    "module": lambda: math,
    "lambda": lambda: lambda *_: Hostile(),
    "dictionary": lambda: {Hostile: Hostile()},
    "timestamps": lambda: pd.date_range("2026-01-01", periods=3),
    "missing": lambda: pd.NA,
    "ten to the ten to the five": lambda: 10**100_000,
}


def agrees_to_anything(question, answer):
    """Check an answer and show the verdict; nothing may be raised, and what was read stays small."""
    verdict = question.check(answer)
    assert 0 <= verdict.points <= verdict.of
    assert len(str(verdict)) < 20_000 and "\x1b" not in str(verdict)
    assert "</div>`" not in verdict.html()
    encoded = question._kind.encode(answer, question._asked)
    assert len(json.dumps(encoded, allow_nan=False)) < 500_000
    return verdict


@pytest.mark.parametrize("name", KINDS_OF_SAMPLE)
@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_is_raised_by(q, name, what, monkeypatch):
    monkeypatch.setattr("evcourse.questions.clock.SECONDS", 0.3)
    verdict = agrees_to_anything(q[name], HOSTILE[what]())
    assert not verdict.is_full


NUMBERS = st.booleans() | st.integers() | st.floats() | st.complex_numbers()
SCALARS = st.none() | NUMBERS | st.text(max_size=20) | st.binary()
COLUMNS = st.sampled_from(["d_mm", "area_mm2", "size", "x"])
OBJECTS = st.recursive(
    SCALARS | st.builds(Hostile),
    lambda inner: st.lists(inner, max_size=5)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    | st.lists(inner, max_size=4).map(lambda cells: pd.Series(cells, dtype=object))
    | st.dictionaries(COLUMNS, inner, max_size=3).map(lambda row: pd.DataFrame([row]))
    | inner.map(lambda value: lambda *_: value),
    max_leaves=12,
)


@pytest.mark.parametrize("name", KINDS_OF_SAMPLE)
@settings(max_examples=60, deadline=None)
@for_any(answer=OBJECTS)
def test_no_object_whatever_makes_a_check_raise(tmp_path_factory, name, answer):
    question = Question(KINDS_OF_SAMPLE[name], "ada", Setting())
    agrees_to_anything(question, answer)


@settings(max_examples=60, deadline=None)
@for_any(scores=OBJECTS)
def test_no_scores_whatever_make_a_check_raise(tmp_path_factory, scores):
    question = Question(KINDS_OF_SAMPLE["roundness"], "ada", Setting())
    agrees_to_anything(question, (right(question), scores))
