"""The design of the study as data: each statement once, at the place where it stands, and what is not stated shown so."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
import vl_convert

import evcourse as ev
from evcourse import charts
from evcourse.charts.theme import VEGA_LITE
from evcourse.models.study_design import animal_arms, stated_groups

INHIBITORS = {"PMO+bpV(phen)", "PMO+Exo+MK-2206"}


@pytest.fixture(scope="module")
def cells():
    return stated_groups(ev.load("assay_groups"))


@pytest.fixture(scope="module")
def arms():
    return animal_arms(ev.load("animals"))


def test_every_group_of_every_assay_is_told_once(cells):
    rows = ev.load("assay_groups")
    assert not cells.duplicated(["assay", "group"]).any()
    assert set(zip(cells["assay"], cells["group"], strict=True)) == set(
        zip(rows["assay"], rows["group_std"], strict=True)
    )


def test_what_stands_in_one_part_only_is_told_so(cells):
    edu = cells[cells["assay"] == "EdU"].set_index("group")["stated"]
    assert set(edu[edu == "in both"].index) == {"Control", *INHIBITORS}
    assert set(edu[edu == "Results only"].index) == {"PMO", "PMO+Exo"}


def test_the_control_of_the_mice_stands_in_results_only_and_sham_in_methods_only(cells):
    in_mice = cells[cells["assay"].isin(["HE", "Masson", "IHC p-AKT"])]
    stated = in_mice.groupby("group")["stated"].unique().map(list)
    assert stated["Control"] == ["Results only"] and stated["Sham"] == ["Methods only"]
    assert (stated.drop(["Control", "Sham"]).map(lambda each: each == ["in both"])).all()


@pytest.mark.parametrize(
    ("places", "stated"),
    [(["methods"], "Methods only"), (["figure legend"], "Results only"), (["results", "methods"], "in both")],
)
def test_a_legend_counts_as_results(places, stated):
    (cell,) = stated_groups(rows_at(places)).itertuples()
    assert cell.stated == stated


@pytest.mark.parametrize("other", ["implied", "explicit"])
def test_a_group_that_is_named_once_in_a_part_is_named_there(other):
    (cell,) = stated_groups(rows_at(["results", "figure legend"], ["explicit", other])).itertuples()
    assert (cell.methods, cell.results) == ("", "named")


def test_a_group_that_is_never_named_is_inferred():
    (cell,) = stated_groups(rows_at(["methods", "results"], ["implied", "implied"])).itertuples()
    assert (cell.methods, cell.results) == ("inferred", "inferred")


def test_a_place_that_is_not_known_is_answered_with_a_sentence():
    with pytest.raises(ValueError, match=r"No place 'abstract' is known: a row belongs to one of methods, results"):
        stated_groups(rows_at(["abstract"]))


def test_the_treated_mice_use_up_all_that_are_counted(arms):
    facts = ev.load("animal_facts").set_index("quantity")["value"]
    treated = arms[arms["duration_weeks"].notna()]
    assert treated["n_animals"].sum() == facts["number of mice"]
    assert len(treated) == facts["treatment groups"]


def test_sham_and_control_are_there_without_number_and_treatment(arms):
    untold = arms[arms["duration_weeks"].isna()].set_index("group")
    assert set(untold.index) == {"sham", "control"}
    assert untold["n_animals"].isna().all() and (untold["given"] == "").all()


def test_a_group_that_results_call_by_a_shorter_name_is_no_group_of_its_own(arms):
    assert arms["group"].is_unique and "PMO" not in set(arms["group"])


@pytest.mark.parametrize(
    ("group", "given"),
    [
        ("PMO+PBS", "0.1 mL PBS"),
        ("PMO+Exos", "100 µg exosomes"),
        ("PMO+Exos+MK-2206", "100 µg exosomes + 1 µmol MK-2206"),
    ],
)
def test_a_dose_is_told_as_the_table_has_it(arms, group, given):
    assert arms.set_index("group").loc[group, "given"] == given


@pytest.mark.parametrize(
    ("draw", "table"), [(charts.assay_matrix, "assay_groups"), (charts.animal_time_line, "animals")]
)
def test_both_pictures_are_drawn_and_say_what_is_in_them(draw, table):
    chart = draw(ev.load(table))
    assert isinstance(chart, alt.LayerChart) and len(chart.description) > 100
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)
    words = {
        "assay_groups": ["M (R)", "(M)", "western blot p-AKT"],
        "animals": ["sham, n not stated", "?", "0.1 mL PBS a day"],
    }
    assert [each for each in words[table] if f">{each}</text>" not in svg] == []


def test_the_time_before_treatment_has_a_question_mark_for_every_group(arms):
    svg = vl_convert.vegalite_to_svg(charts.animal_time_line(ev.load("animals")).to_json(), vl_version=VEGA_LITE)
    assert svg.count(">?</text>") == len(arms)


def rows_at(places, stated=None):
    """Return rows that tell of one group of one assay at these places."""
    names = {"assay": "blot", "group_std": "PMO", "place": places, "stated": stated or ["explicit"] * len(places)}
    return pd.DataFrame(names)
