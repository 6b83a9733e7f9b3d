"""Lesions on the balanced remodelling model: their slopes, their courses, a drug, and what is drawn of them."""

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

import evcourse as ev
from evcourse import charts
from evcourse.charts.lesions import explored_course
from evcourse.charts.theme import VEGA_LITE
from evcourse.models import metastasis, remodelling
from evcourse.models.metastasis import (
    AntiResorptive,
    day_without_bone,
    lesion_course,
    lesion_kind,
    lesion_site,
    up_to_no_bone,
)
from evcourse.models.remodelling import HEALTHY, chronic_slope, coupled_chronic_slope, steady_state

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

# The three lesions of the course's brief: factors, lasting slope in % per day, bone mass after 365 days, kind.
LESIONS = {
    "breast": ({"alpha1": 1.5, "alpha2": 0.7}, -0.1369, 46.35, "osteolytic"),
    "lung, uncoupled": ({"alpha1": 1.5, "g12": 0.9}, -0.0187, 86.84, "osteolytic"),
    "prostate": ({"alpha1": 0.8, "alpha2": 1.5}, 0.0831, 130.77, "osteosclerotic"),
    "lung, coupled": ({"alpha1": 1.5}, 0.0, 93.64, "no lasting change"),
}
each_lesion = pytest.mark.parametrize("name", LESIONS)
shares = st.floats(0, 0.95)


# --- lesions ---------------------------------------------------------------------------------------------------------


@each_lesion
def test_a_lesion_has_the_slope_and_the_mass_of_the_brief(name):
    factors, slope, mass, kind = LESIONS[name]
    site = HEALTHY.times(**factors)
    assert chronic_slope(site) == pytest.approx(slope, abs=5e-5)
    assert lesion_course(site, days=365).iloc[-1]["bone_mass_percent"] == pytest.approx(mass, abs=0.01)
    assert lesion_kind(site) == kind


def test_the_short_formula_of_the_slope_is_refused_where_coupling_changed():
    with pytest.raises(ValueError, match="use chronic_slope"):
        coupled_chronic_slope(HEALTHY.times(alpha1=1.5, g12=0.9))


def test_the_breast_lesion_ends_when_its_last_bone_is_gone():
    course = lesion_course(HEALTHY.times(alpha1=1.5, alpha2=0.7), days=1500)
    assert day_without_bone(course) == pytest.approx(703.5, abs=0.2)
    assert (course["bone_mass_percent"] >= 0).all()


@given(blocked=shares)
def test_in_a_coupled_site_the_drug_slows_loss_and_gain_in_the_same_proportion(blocked):
    for name in ("breast", "prostate"):
        site = HEALTHY.times(**LESIONS[name][0])
        treated = AntiResorptive(blocked_share=blocked).acting_on(site)
        assert chronic_slope(treated) == pytest.approx(chronic_slope(site) * (1 - blocked), rel=1e-9)


def test_where_coupling_is_weakened_the_drug_can_turn_loss_into_gain():
    site = HEALTHY.times(**LESIONS["lung, uncoupled"][0])
    assert chronic_slope(site) < 0 < chronic_slope(AntiResorptive(blocked_share=0.5).acting_on(site))


def test_a_drug_changes_nothing_before_its_day():
    site, drug = HEALTHY.times(alpha1=1.5, alpha2=0.7), AntiResorptive(from_day=300, blocked_share=0.5)
    untreated, treated = lesion_course(site, days=600), lesion_course(site, days=600, drug=drug)
    pd.testing.assert_frame_equal(untreated[:301], treated[:301], rtol=1e-6)
    assert treated["bone_mass_percent"].iloc[-1] > untreated["bone_mass_percent"].iloc[-1]
    assert treated["day"].is_monotonic_increasing and treated["day"].is_unique


@pytest.mark.parametrize("from_day", [0, 5, 600, 900])
def test_a_drug_may_begin_on_any_day_or_after_the_end(from_day):
    drug = AntiResorptive(from_day=from_day, blocked_share=0.5)
    course = lesion_course(HEALTHY.times(alpha2=0.9), days=600, drug=drug, step_days=10)
    assert course["day"].tolist() == list(range(0, 601, 10))


def test_a_drug_that_comes_too_late_finds_no_bone():
    site, drug = HEALTHY.times(alpha1=1.5, alpha2=0.7), AntiResorptive(from_day=1000)
    assert day_without_bone(lesion_course(site, days=1500, drug=drug)) == pytest.approx(703.5, abs=0.2)


def test_a_course_with_bone_to_the_end_is_left_alone():
    course = lesion_course(HEALTHY, days=100)
    assert up_to_no_bone(course) is course
    assert course["bone_mass_percent"].to_numpy() == pytest.approx(100, abs=1e-6)


# --- vesicles to constants -------------------------------------------------------------------------------------------


def test_cargos_of_one_line_on_one_constant_count_once():
    links = pd.DataFrame({"parameter": ["alpha1", "alpha1", "alpha2"], "factor": [1.5, 1.2, 0.7]})
    assert lesion_site(links) == HEALTHY.times(alpha1=1.5, alpha2=0.7)


@given(strength=st.floats(0, 1))
def test_the_strength_leads_from_healthy_to_the_full_lesion(strength):
    links = pd.DataFrame({"parameter": ["alpha1", "alpha2"], "factor": [1.5, 0.7]})
    site = lesion_site(links, strength=strength)
    assert 3 <= site.alpha1 <= 4.5 + 1e-9 and 2.8 - 1e-9 <= site.alpha2 <= 4


@pytest.mark.parametrize(("tumour", "kind"), [("breast", "osteolytic"), ("MDA PCa 2b", "osteosclerotic")])
def test_the_lesions_of_the_table_have_the_slopes_of_the_brief(tumour, kind):
    lesions = ev.load("lesions")
    links = lesions[lesions["lesion"].str.contains(tumour, case=False)]
    expected = LESIONS["breast" if tumour == "breast" else "prostate"]
    assert lesion_site(links) == HEALTHY.times(**expected[0])
    assert lesion_kind(lesion_site(links)) == kind


def test_every_direction_of_the_table_is_the_one_that_its_signal_has():
    effects = ev.load("cargo_effects").set_index("edge")["direction"]
    for row in ev.load("lesions").itertuples():
        assert row.basis in ("printed", "assumed")
        if row.edge in effects.index:
            assert np.sign(np.log(row.factor)) == effects[row.edge]


def test_every_lesion_can_be_computed():
    for _, links in ev.load("lesions").groupby("lesion"):
        assert lesion_course(lesion_site(links), days=300, step_days=10)["bone_mass_percent"].notna().all()


# --- charts ----------------------------------------------------------------------------------------------------------


def test_where_cells_settle_is_the_steady_state_of_every_lesion():
    healthy = steady_state(HEALTHY)
    for _, links in ev.load("lesions").groupby("lesion"):
        site = lesion_site(links)
        expected = [cells / each for cells, each in zip(steady_state(site), healthy, strict=True)]
        assert metastasis.settled_cells(site) == pytest.approx(expected)
        assert metastasis.settled_slope(site) == pytest.approx(chronic_slope(site), abs=1e-12)


@pytest.mark.parametrize(
    ("lesion", "blocked", "from_day", "words"),
    [
        (0, 0, 300, "In the long run: −0.137 % of the bone per day, none left on day 704."),
        (1, 0, 300, "In the long run: no lasting change."),
        (6, 50, 300, "Without the drug: +0.083 % of the bone per day. With it: +0.042 % of the bone per day."),
        (3, 50, 300, "Without the drug: no lasting change. With it: no lasting change."),
    ],
)
def test_the_sentence_under_a_lesion_says_what_python_computes(lesion, blocked, from_day, words):
    values = {"lesion": lesion, "strength_percent": 100, "blocked_percent": blocked, "from_day": from_day}
    assert f">{words}</text>" in with_its_sentence(values)


def test_a_drug_that_comes_after_the_last_bone_is_told_to_be_too_late():
    values = {"lesion": 0, "strength_percent": 100, "blocked_percent": 90, "from_day": 1000}
    assert "With it: too late, none left on day 704.</text>" in with_its_sentence(values)


def test_the_rows_that_are_drawn_lie_on_the_course_that_is_computed():
    values = {"lesion": 0, "strength_percent": 100, "blocked_percent": 50, "from_day": 300}
    drawn = explored_course(ev.load("lesions"), **values)
    site = HEALTHY.times(**LESIONS["breast"][0])
    full = lesion_course(site, days=1500, drug=AntiResorptive(from_day=300, blocked_share=0.5))
    between = np.interp(full["day"], drawn["day"], drawn["treated"])
    assert np.abs(between - full["bone_mass_percent"]).max() < 1.5
    assert len(drawn) < 60


def test_the_network_of_tumours_draws_one_mark_for_each_signal_on_a_bone_cell():
    signals = ev.load("signals")
    rows = charts.tumour_signals(signals[signals["origin_cell"].str.contains("cancer")]).to_dict()
    (shown,) = rows["datasets"].values()
    assert len(shown) == 12 and {row["effect"] for row in shown} == {"raised", "lowered"}
    assert ("prostate cancer (MDA PCa 2c)", "osteoclasts", "lowered") in {
        (row["line"], row["cell"], row["effect"]) for row in shown
    }


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: AntiResorptive(blocked_share=1), "blocked_share must lie between 0 and 0.95, but is 1"),
        (lambda: AntiResorptive(from_day=-1), "from_day must lie between"),
        (lambda: lesion_site(pd.DataFrame({"parameter": ["alfa"], "factor": [2.0]})), "no constant 'alfa'"),
        (lambda: lesion_site(pd.DataFrame({"parameter": [], "factor": []}), strength=2), "strength must lie"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(mistake, words):
    with pytest.raises(ValueError, match=words):
        mistake()


def test_the_module_says_which_numbers_are_invented():
    assert "teaching" in metastasis.__doc__ and "invented" in metastasis.__doc__
    assert "teaching modification" in " ".join(remodelling.bone_mass_rate.__doc__.split())


def with_its_sentence(values):
    """Return the lesion explorer as SVG, with the sentence under it in place of the title."""
    lesions = ev.load("lesions")
    chart = charts.lesion_explorer(explored_course(lesions, **values), lesions, **values)
    chart.title = alt.Title(alt.ExprRef("summary"))
    return vl_convert.vegalite_to_svg(chart.to_json(), vl_version=VEGA_LITE)
